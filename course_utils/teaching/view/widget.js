// The figure as a widget: anywidget's model behind the three verbs.
import { make } from "./dom.js";
import { showFigure } from "./figure.js";
import { keepListening, storeTwins } from "./jupyter.js";

const DEAD = ["dead", "terminating", "restarting", "autorestarting"];

// `listening`: until then, an answer to a busy page would be lost.
function widgetAdapter(model, listening) {
  let real = null; // the model behind anywidget's
  listening.then((found) => { real = found; }, () => {});
  return {
    get: (key) => model.get(key),
    set(request) {
      listening.then(() => model.send(request)).catch(() => {}); // no kernel: `alive` says so when it is asked
    },
    on(callback) {
      const heard = (answer, buffers) => callback({ ...answer, buffers });
      model.on("msg:custom", heard);
      return () => model.off("msg:custom", heard);
    },
    alive() {
      const manager = model.widget_manager, kernel = manager.kernel;
      if (real?.comm_live === false) return false;
      return !("kernel" in manager) || Boolean(kernel && !kernel.isDisposed && !DEAD.includes(kernel.status));
    },
  };
}

// Fonts and rules are put into the page once: again with each figure, all of them would lose their letters briefly.
function adopt(text) {
  if ([...document.querySelectorAll("style.cu-style")].some((node) => node.textContent === text)) return;
  document.head.append(make("style", { className: "cu-style" }, text));
}

function render({ model, el }) {
  const listening = keepListening(model);
  storeTwins(model);
  adopt(model.get("rules"));
  const root = document.createElement("div");
  root.className = "cu-live";
  el.append(root);
  return showFigure(widgetAdapter(model, listening), root);
}

export default { render };
