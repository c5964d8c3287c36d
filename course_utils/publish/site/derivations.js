// Derivations, with the same view as in JupyterLab; lines that a reader writes are judged by Python in the page.
import { showDerivation } from "./derivation.js";
import { make, typeset } from "./dom.js";
import { python } from "./python.js";

export function askingDerivation(node, content) {
  const root = make("div");
  const send = (request) => python.derivation(node.dataset.name, request)
    .catch((error) => ({ ...request, passed: false, mark: "", says: error.message })).then(answer);
  const answer = showDerivation({ content, send, typeset }, root);
  const still = node.querySelector(".cu-static");
  still.after(root);
  still.hidden = true; // paper shows it
}
