// A node with properties (or attributes, where there is no such property) and children.
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in node) node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// Sets formulas, one request after the other; without nodes, those of the whole page. Until MathJax comes there is none.
export function typeset(...nodes) {
  const { MathJax } = globalThis;
  if (!MathJax?.startup?.promise) return;
  MathJax.startup.promise = MathJax.startup.promise.then(() => MathJax.typesetPromise(nodes.length > 0 ? nodes : undefined));
}

// An address of the site, from wherever in it the page is.
export const address = (path) => new URL(`${document.documentElement.dataset.content_root ?? "./"}${path}`, location.href).href;
