// The little of a page that parts of the view need, to try them without a browser. Like Firefox before 119 it knows
// no properties of ARIA, only attributes.

const text = (child) => (typeof child === "string" ? child : child.textContent);

class Node {
  className = "";
  hidden = false;
  disabled = false;
  tabIndex = -1;
  value = "";
  dataset = {};
  style = { setProperty() {} };
  childNodes = [];
  parentNode = null;
  onclick = null;
  oninput = null;
  onkeydown = null;
  #attributes = new Map();
  #listeners = [];

  constructor(tag) {
    this.tagName = tag;
    const classes = new Set();
    this.classList = {
      add: (name) => classes.add(name), remove: (name) => classes.delete(name), contains: (name) => classes.has(name),
      toggle: (name, on) => (on ? classes.add(name) : classes.delete(name)),
    };
  }
  get parentElement() { return this.parentNode; }
  get childElementCount() { return this.children.length; }
  get lastElementChild() { return this.children.at(-1) ?? null; }
  get children() { return this.childNodes.filter((child) => child instanceof Node); }
  get textContent() { return this.childNodes.map(text).join(""); }
  set textContent(plain) { this.replaceChildren(plain); }
  get innerHTML() { return this.textContent; }
  set innerHTML(html) { this.replaceChildren(html); }

  setAttribute(name, value) { this.#attributes.set(name, String(value)); }
  getAttribute(name) { return this.#attributes.get(name) ?? null; }
  removeAttribute(name) { this.#attributes.delete(name); }
  append(...more) {
    for (const child of more) {
      if (child instanceof Node) { child.remove(); child.parentNode = this; }
      this.childNodes.push(child);
    }
  }
  replaceChildren(...more) {
    this.children.forEach((child) => child.remove());
    this.childNodes = [];
    this.append(...more);
  }
  remove() {
    if (this.parentNode) this.parentNode.childNodes = this.parentNode.childNodes.filter((child) => child !== this);
    this.parentNode = null;
  }
  prepend(...more) {
    const before = this.childNodes;
    this.replaceChildren(...more, ...before);
  }
  replaceWith(...others) {
    const at = this.parentNode.childNodes.indexOf(this), before = this.parentNode.childNodes;
    this.parentNode.replaceChildren(...before.slice(0, at), ...others, ...before.slice(at + 1));
  }
  contains(other) { return other === this || this.children.some((child) => child.contains(other)); }
  all(fits) { return this.children.flatMap((child) => [...(fits(child) ? [child] : []), ...child.all(fits)]); }
  querySelectorAll(tags) { return this.all((node) => tags.split(", ").includes(node.tagName)); }
  querySelector(tag) { return this.querySelectorAll(tag)[0] ?? null; }
  closest() { return null; }

  addEventListener(type, listener) { this.#listeners.push([type, listener]); }
  // Let something happen here. Returns whether it was taken: then the browser leaves it alone.
  fire(type, what = {}) {
    let stopped = false, taken = false;
    const event = { button: 0, ...what, type, target: this, preventDefault() { taken = true; }, stopPropagation() { stopped = true; } };
    for (let node = this; node && !stopped; node = node.parentNode) {
      node.#listeners.filter(([of]) => of === type).forEach(([, listener]) => listener(event));
      node[`on${type}`]?.(event);
    }
    return taken;
  }
  focus() {
    const before = document.activeElement;
    if (before === this) return;
    document.activeElement = this;
    before?.fire("focusout", { relatedTarget: this });
    this.fire("focusin", { relatedTarget: before });
  }
  setPointerCapture() {}
  getBoundingClientRect() { return { left: 0, top: 0, width: 100, height: 100 }; }
  getContext() { return { putImageData() {} }; }
}

const create = (tag) => new Node(tag);
globalThis.document = { activeElement: null, createElement: create, createElementNS: (_, tag) => create(tag), documentElement: create("html"), body: create("body") };
globalThis.getComputedStyle = () => ({ getPropertyValue: () => "" });
globalThis.matchMedia = () => ({ matches: true, addEventListener() {}, removeEventListener() {} });
globalThis.MutationObserver = class { observe() {} disconnect() {} };
export const resized = []; // what each figure does when it has another width
globalThis.ResizeObserver = class {
  constructor(heard) { resized.push((width) => heard([{ contentRect: { width } }])); }
  observe() {}
  disconnect() {}
};
globalThis.ImageData = class {
  constructor(width, height) { this.data = new Uint8ClampedArray(4 * width * height); }
};
