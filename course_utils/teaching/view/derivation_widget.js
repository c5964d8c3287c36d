// A derivation as a widget: the kernel answers, JupyterLab sets the formulas.
import { showDerivation } from "./derivation.js";
import { kernelOf, onPage, storeTwins } from "./jupyter.js";

function render({ model, el }) {
  const typesetter = () => model.widget_manager?._rendermime?.latexTypesetter;
  const elsewhere = (node) => globalThis.MathJax?.typesetPromise?.([node]); // on an exported page
  const ready = onPage(el);
  const typeset = (node) => ready.then(() => (typesetter() ? typesetter().typeset(node) : elsewhere(node)));
  const kernel = kernelOf(model);
  let shown = true; // a view that was taken away waits for nothing
  const alive = () => shown && kernel.alive();
  const forget = kernel.on(showDerivation({ content: model.get("content"), send: kernel.set, alive, typeset }, el));
  storeTwins(model);
  return () => {
    shown = false;
    forget();
  };
}

export default { render };
