// A figure of Plotly's, drawn by the page's own renderer over the twin, which stays where there is none.
import { storeTwins } from "./jupyter.js";
import { onTheme } from "./theme.js";

const PLOTLY = "application/vnd.plotly.v1+json";

// What a figure does not say itself, it takes from the page: no white card on a dark one.
function template(page) {
  const style = getComputedStyle(page), clear = "rgba(0, 0, 0, 0)";
  const [ink, faint] = ["--jp-content-font-color1", "--jp-border-color1"].map((name) => style.getPropertyValue(name).trim());
  const axis = { gridcolor: faint, zerolinecolor: faint, linecolor: faint };
  const scene = { xaxis: axis, yaxis: axis, zaxis: axis };
  const margin = { l: 60, r: 20, t: 36, b: 44 }; // with its own ones the numbers of a surface are cut off at this height
  const layout = { margin, paper_bgcolor: clear, plot_bgcolor: clear, font: { color: ink }, xaxis: axis, yaxis: axis, scene };
  return { layout };
}

async function render({ model, el }) {
  storeTwins(model);
  el.className = "cu-plot";
  el.innerHTML = model.get("twin"); // built and escaped in Python
  const image = el.querySelector("img"), manager = model.widget_manager;
  const registry = manager.rendermime ?? manager._rendermime;
  if (!registry?.mimeTypes.includes(PLOTLY)) return;
  const figure = model.get("figure"), stage = document.createElement("div");
  image.replaceWith(stage);
  stage.append(image);
  stage.style.position = "relative";
  const { height } = image;
  let drawn = image, worn = "";
  const draw = async () => {
    const renderer = registry.createRenderer(PLOTLY), { node } = renderer;
    stage.append(node);
    node.style.cssText = "position: absolute; inset: 0";
    // What it draws has no words: the sentence says what is there.
    node.setAttribute("role", "group");
    node.setAttribute("aria-label", model.get("says"));
    const layout = { ...figure.layout, height, template: template(el) };
    worn = JSON.stringify(layout.template);
    delete layout.width;
    try {
      await renderer.renderModel({ data: { [PLOTLY]: { ...figure, layout } }, metadata: {}, trusted: true, setData() {} });
    } catch (error) {
      node.remove();
      throw error;
    }
    node.style.position = "relative";
    drawn.hidden = true;
    if (drawn !== image) drawn.remove();
    drawn = node;
    dispatchEvent(new Event("resize")); // drawn anew it would keep the width that Plotly begins with
  };
  await draw();
  const forget = onTheme(() => JSON.stringify(template(el)) !== worn && draw());
  // Plotly hears of a new size of the window, but not of a new size of what it is in.
  let width = stage.clientWidth;
  const observer = new ResizeObserver(() => {
    if (stage.clientWidth === width) return;
    width = stage.clientWidth;
    dispatchEvent(new Event("resize"));
  });
  observer.observe(stage);
  return () => {
    forget();
    observer.disconnect();
  };
}

export default { render };
