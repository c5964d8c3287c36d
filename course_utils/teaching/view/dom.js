// Building and keeping nodes. Between two steps only what differs is touched: a node remembers what it was told.

import { withScripts } from "./scripts.js";

const SVG = "http://www.w3.org/2000/svg";
const told = new WeakMap();

// `written` is a plain text, in which powers and indices are set.
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "written") node.innerHTML = withScripts(value);
    else if (key in node) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

// The one place where ids are made: pages hold many figures, and copies of them, each with this module anew.
const prefix = `cu-${Math.random().toString(36).slice(2)}-`;
let idCount = 0;
export const newId = () => prefix + idCount++;

export function set(node, attributes) {
  if (!told.has(node)) told.set(node, {});
  const known = told.get(node);
  for (const [name, value] of Object.entries(attributes)) {
    if (known[name] === value) continue;
    known[name] = value;
    if (value === null || value === undefined) node.removeAttribute(name);
    else node.setAttribute(name, value);
  }
  return node;
}

const share = (part, whole) => `${((100 * part) / whole).toFixed(4)}%`;

// The style that puts a node at a box in pixels of the picture.
export function boxStyle([left, top, width, height], [wide, high]) {
  return `left:${share(left, wide)};top:${share(top, high)};width:${share(width, wide)};height:${share(height, high)}`;
}

// The style that puts the middle of a node somewhere in the picture, not smaller than `least` pixels of the screen and
// nowhere beyond the picture's sides: the page would become wider.
export function middleStyle([x, y, width, height], [wide, high], least) {
  const size = (part, whole) => `max(${least}px,${share(part, whole)})`;
  const half = `calc(${size(width, wide)}/2)`;
  return `left:clamp(${half},${share(x, wide)},100% - ${half});top:${share(y, high)};width:${size(width, wide)};height:${size(height, high)}`;
}

// A value of ARIA is a decimal: it has no exponent.
const decimal = (value) => (/e/.test(String(value)) && typeof value === "number" ? value.toLocaleString("en-US", { useGrouping: false, maximumFractionDigits: 20 }) : value);
export const aria = (state) => Object.fromEntries(Object.entries(state).map(([key, value]) => [`aria-${key}`, decimal(value)]));

export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function write(node, plain) {
  if (node.textContent !== plain) node.innerHTML = withScripts(plain);
}

// Give a parent exactly `count` children of a kind, keeping those it has.
export function children(parent, tag, count) {
  while (parent.childElementCount > count) parent.lastElementChild.remove();
  while (parent.childElementCount < count) parent.append(document.createElementNS(SVG, tag));
  return parent.children;
}

export const svgNode = (tag) => document.createElementNS(SVG, tag);
