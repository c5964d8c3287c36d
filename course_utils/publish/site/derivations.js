// Derivations, with the same view as in JupyterLab; lines that a reader writes are judged by Python in the page.
import { showDerivation } from "./derivation.js";
import { make, typeset } from "./dom.js";
import { python } from "./python.js";
import { all, keepLine } from "./store.js";

export function askingDerivation(node, content) {
  const root = make("div");
  const { name } = node.dataset;
  const send = (request) => python.derivation(name, request)
    .catch((error) => ({ ...request, passed: false, mark: "", says: error.message })).then(answer);
  const keep = (line, value) => keepLine(name, line, value);
  const answer = showDerivation({ content, send, typeset, waits: python.waits, kept: all().lines[name], keep }, root);
  const still = node.querySelector(".cu-static");
  still.after(root);
  still.hidden = true; // paper shows it
}
