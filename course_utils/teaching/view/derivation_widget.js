// A derivation as a widget: the kernel answers, JupyterLab sets the formulas.
import { showDerivation } from "./derivation.js";
import { keepListening, onPage, storeTwins } from "./jupyter.js";

async function render({ model, el }) {
  const typesetter = () => model.widget_manager?._rendermime?.latexTypesetter;
  const elsewhere = (node) => globalThis.MathJax?.typesetPromise?.([node]); // on an exported page
  const ready = onPage(el);
  const typeset = (node) => ready.then(() => (typesetter() ? typesetter().typeset(node) : elsewhere(node)));
  const answer = showDerivation({ content: model.get("content"), send: (request) => model.send(request), typeset }, el);
  model.on("msg:custom", answer);
  storeTwins(model);
  await keepListening(model);
  return () => model.off("msg:custom", answer);
}

export default { render };
