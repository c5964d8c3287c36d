import { make } from "./figure.js";

export { make };

// A button that rests while what it began goes on. If it were disabled, the keyboard would be nowhere.
export function button(label, click) {
  const one = make("button", { type: "button" }, label);
  one.addEventListener("click", () => { if (one.getAttribute("aria-disabled") !== "true") click(); });
  return one;
}
export const setResting = (one, rests) => one.setAttribute("aria-disabled", rests);

// MathJax is named by the page and started here: reading its program takes a page as long as its first picture does.
let formulas = null;
function mathJax() {
  const named = document.querySelector("script[src*='/mathjax/']");
  if (!named) return Promise.reject(new Error("this page has no formulas"));
  return new Promise((done, failed) => {
    document.head.append(make("script", { src: named.src, onload: done, onerror: failed }));
  }).then(() => globalThis.MathJax.startup.promise);
}

// Sets formulas, one request after the other: first those of the whole page, then those in nodes that came later.
export function typeset(...nodes) {
  if (!formulas && nodes.length > 0) return; // the page's turn comes, with them
  formulas = (formulas?.catch(() => {}) ?? mathJax()).then(() => (nodes.length > 0 ? globalThis.MathJax.typesetPromise(nodes) : inTurns()));
  formulas.catch(() => {}); // they stay as TeX, which can be read
}

// Those of the page in turns, from what is in sight downwards: at once they would hold a telephone for seconds.
const WITH_FORMULAS = ".math, .mathjax_process";
const A_TURN = 6;
async function inTurns() {
  const all = [...document.querySelectorAll(WITH_FORMULAS)].filter((node) => !node.parentElement.closest(WITH_FORMULAS));
  const inSight = Math.max(0, all.findIndex((node) => node.getBoundingClientRect().bottom > 0));
  const inOrder = [...all.slice(inSight), ...all.slice(0, inSight)];
  for (let turn = 0; turn < inOrder.length; turn += A_TURN) {
    await globalThis.MathJax.typesetPromise(inOrder.slice(turn, turn + A_TURN));
    await new Promise((done) => setTimeout(done)); // a browser that prints paints no frames
  }
}

// Resolves when the browser has painted what is there now.
export const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

// An address of the site, from wherever in it the page is.
export const address = (path) => new URL(`${document.documentElement.dataset.content_root ?? "./"}${path}`, location.href).href;
