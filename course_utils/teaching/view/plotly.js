// A figure of Plotly's, drawn by the page's own renderer over the twin, which stays where there is none.
import { storeTwins } from "./jupyter.js";

const PLOTLY = "application/vnd.plotly.v1+json";

async function render({ model, el }) {
  storeTwins(model);
  el.className = "cu-plot";
  el.innerHTML = model.get("twin"); // built and escaped in Python
  const image = el.querySelector("img"), manager = model.widget_manager;
  const registry = manager.rendermime ?? manager._rendermime;
  if (!registry?.mimeTypes.includes(PLOTLY)) return;
  const renderer = registry.createRenderer(PLOTLY), { node } = renderer;
  const figure = model.get("figure"), stage = document.createElement("div");
  image.replaceWith(stage);
  stage.append(image, node);
  stage.style.position = "relative";
  node.style.cssText = "position: absolute; inset: 0";
  // What it draws has buttons, but no words: the sentence says what is there.
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", model.get("says"));
  const layout = { ...figure.layout, height: image.height };
  delete layout.width;
  try {
    await renderer.renderModel({ data: { [PLOTLY]: { ...figure, layout } }, metadata: {}, trusted: true, setData() {} });
  } catch (error) {
    node.remove();
    throw error;
  }
  node.style.position = "relative";
  image.hidden = true;
  // Plotly hears of a new size of the window, but not of a new size of what it is in.
  let width = stage.clientWidth;
  const observer = new ResizeObserver(() => {
    if (stage.clientWidth === width) return;
    width = stage.clientWidth;
    dispatchEvent(new Event("resize"));
  });
  observer.observe(stage);
  return () => observer.disconnect();
}

export default { render };
