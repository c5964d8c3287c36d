import { make } from "./figure.js";

export { make };

// Sets formulas, one request after the other; without nodes, those of the whole page. Until MathJax comes there is none.
export function typeset(...nodes) {
  const { MathJax } = globalThis;
  if (!MathJax?.startup?.promise) return;
  MathJax.startup.promise = MathJax.startup.promise.then(() => MathJax.typesetPromise(nodes.length > 0 ? nodes : undefined));
}

// An address of the site, from wherever in it the page is.
export const address = (path) => new URL(`${document.documentElement.dataset.content_root ?? "./"}${path}`, location.href).href;
