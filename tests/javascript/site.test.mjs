// What a page does when it begins, where a picture does not come, nothing is kept, and a newer edition does come.
import "./page.mjs";
import assert from "node:assert/strict";
import { mock, test } from "node:test";

mock.timers.enable({ apis: ["setTimeout"] });
const film = document.createElement("div"), asked = [], heard = {};
film.classList.add("cu-film");
film.dataset.name = "none";
film.querySelector = () => null;
globalThis.location = { href: "https://example.org/page.html", protocol: "https:", hash: "", search: "" };
globalThis.addEventListener = () => {};
globalThis.fetch = () => new Promise(() => {});
globalThis.IntersectionObserver = class {
  constructor(come) { this.come = come; }
  observe(target) { this.come([{ isIntersecting: true, target }]); }
  unobserve() {}
};
document.querySelector = (selector) => { asked.push(selector); return null; };
document.querySelectorAll = (selector) => (selector === ".cu-piece" ? [film] : []);
const serviceWorker = { register: async () => {}, addEventListener: (type, listener) => { heard[type] = listener; } };
Object.defineProperty(globalThis, "navigator", { configurable: true, value: { serviceWorker } });
await import(`${process.env.SITE}/site.js`);
const { keep } = await import(`${process.env.SITE}/store.js`);

const said = () => document.body.children.map(({ textContent }) => textContent);

test("formulas of a page wait for the picture in sight, but not for ever", () => {
  const formulas = () => asked.some((selector) => selector.includes("mathjax"));
  mock.timers.tick(1999);
  assert.ok(!formulas());
  mock.timers.tick(1);
  assert.ok(formulas());
});

test("a newer edition is told, and whether all of it is here", () => {
  for (const lacks of [false, true]) heard.message({ data: { newer: true, lacks } });
  const [part, whole] = said();
  assert.match(whole, /load the page again to see it\.$/);
  assert.match(part, /Not all of it is on this device/);
});

test("where nothing is kept there is at once what saves it", () => {
  document.body.replaceChildren();
  keep("answers", "01-q", "A"); // no storage here
  assert.match(said()[0], /keeps nothing here.*Save as a file$/);
});
