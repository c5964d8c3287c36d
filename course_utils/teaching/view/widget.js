// The figure as a widget: anywidget's model behind the three verbs.
import { showFigure } from "./figure.js";
import { keepListening, storeTwins } from "./jupyter.js";

const DEAD = ["dead", "terminating", "restarting", "autorestarting"];

function widgetAdapter(model) {
  return {
    get: (key) => model.get(key),
    set: (request) => model.send(request),
    on(callback) {
      const heard = (answer, buffers) => callback({ ...answer, buffers });
      model.on("msg:custom", heard);
      return () => model.off("msg:custom", heard);
    },
    alive() {
      const kernel = model.widget_manager.kernel;
      return !(kernel && (kernel.isDisposed || DEAD.includes(kernel.status)));
    },
  };
}

function render({ model, el }) {
  keepListening(model);
  storeTwins(model);
  const root = document.createElement("div");
  root.className = "cu-live";
  el.append(root);
  return showFigure(widgetAdapter(model), root);
}

export default { render };
