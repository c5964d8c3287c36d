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

// Formulas in what was added later; those that stand in the page MathJax finds by itself.
export function typeset(node) {
  globalThis.MathJax?.startup?.promise?.then(() => globalThis.MathJax.typesetPromise([node]));
}

// An address of the site, from wherever in it the page is.
export const address = (path) => new URL(`${document.documentElement.dataset.content_root ?? "./"}${path}`, location.href).href;
