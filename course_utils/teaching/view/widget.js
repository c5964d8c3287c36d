// The figure as a widget: anywidget's model behind the three verbs.
import { make } from "./dom.js";
import { showFigure } from "./figure.js";
import { keepListening, keepSlideKeys, storeTwins } from "./jupyter.js";

const DEAD = ["dead", "terminating", "restarting", "autorestarting"];

function widgetAdapter(model) {
  let real = null; // the model behind anywidget's, which knows whether the kernel still hears it
  model.widget_manager.get_model(model.get("kept")[0]).then((found) => { real = found; });
  return {
    get: (key) => model.get(key),
    set(request) {
      try {
        model.send(request);
      } catch {
        // The kernel is gone: `alive` says so when the figure asks.
      }
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
  keepListening(model);
  storeTwins(model);
  keepSlideKeys();
  adopt(model.get("rules"));
  const root = document.createElement("div");
  root.className = "cu-live";
  el.append(root);
  return showFigure(widgetAdapter(model), root);
}

export default { render };
