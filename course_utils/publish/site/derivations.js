// Derivations, with the same view as in JupyterLab; lines that a reader writes are judged by Python in the page.
import view from "./derivation.js";
import { make } from "./dom.js";
import { python } from "./python.js";

export function askingDerivation(node, content) {
  const listeners = new Set();
  const model = {
    get: () => content,
    on: (_, heard) => listeners.add(heard),
    off: (_, heard) => listeners.delete(heard),
    async send(request) {
      const said = await python.derivation(node.dataset.name, request)
        .catch((error) => ({ ...request, passed: false, mark: "", says: error.message }));
      listeners.forEach((heard) => heard(said));
    },
  };
  const root = make("div");
  view.render({ model, el: root });
  const still = node.querySelector(".cu-static");
  still.after(root);
  still.hidden = true; // paper shows it
}
