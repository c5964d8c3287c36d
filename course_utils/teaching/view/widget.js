// The figure as a widget: anywidget's model behind the three verbs.
import { make } from "./dom.js";
import { showFigure } from "./figure.js";
import { kernelOf, storeTwins } from "./jupyter.js";

// Fonts and rules are put into the page once: again with each figure, all of them would lose their letters briefly.
function adopt(text) {
  if ([...document.querySelectorAll("style.cu-style")].some((node) => node.textContent === text)) return;
  document.head.append(make("style", { className: "cu-style" }, text));
}

function render({ model, el }) {
  const kernel = kernelOf(model);
  storeTwins(model);
  adopt(model.get("rules"));
  const root = document.createElement("div");
  root.className = "cu-live";
  el.append(root);
  return showFigure({ get: (key) => model.get(key), ...kernel }, root);
}

export default { render };
