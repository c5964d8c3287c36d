// A derivation whose answers come late, for somebody else, or not at all.
import "./page.mjs";
import assert from "node:assert/strict";
import { test } from "node:test";
import { showDerivation } from "../../course_utils/teaching/view/derivation.js";
import widget from "../../course_utils/teaching/view/derivation_widget.js";
import { GONE } from "../../course_utils/teaching/view/gone.js";

const row = { number: 1, left: "p", relation: "=", right: "1 - q", because: "", faded: true, asks: "Line 1: p =", shown: "p = 1 - q" };
const CONTENT = { rows: [row], modes: ["worked", "faded", "blank"], mode: "faded", headings: [], caption: "", head: "", title: "T" };
const PLANTED = { ...CONTENT, modes: [], mode: "worked", accusation: "is false" };

// Time stands still until it is moved.
function stopped(context) {
  const waiting = [];
  context.mock.method(globalThis, "setTimeout", (act) => waiting.push(act));
  return () => waiting.splice(0).forEach((act) => act());
}

const heard = (el) => ({
  all: () => el.all((node) => ["cu-feedback", "cu-preview"].includes(node.className)).map((node) => node.textContent),
  field: el.querySelector("input"),
  check: () => el.querySelector("input").fire("keydown", { key: "Enter" }),
});

function shown(options = {}, content = CONTENT) {
  const el = document.createElement("div"), sent = [];
  const answer = showDerivation({ content, send: (request) => sent.push(request), typeset() {}, ...options }, el);
  return { el, sent, answer, ...heard(el) };
}
const WRONG = { passed: false, mark: "✗", says: "Line 1 is wrong.", formula: "q" };

test("Enter judges a line, but not where it ends what an input method writes", () => {
  const { el, sent, check } = shown();
  el.querySelector("input").fire("keydown", { key: "Enter", isComposing: true });
  assert.equal(sent.length, 0);
  check();
  assert.equal(sent.length, 1);
});

test("two views of one derivation do not take each other's answers", () => {
  const [one, other] = [shown(), shown()];
  [one, other].forEach((view) => view.check());
  const reply = { ...other.sent[0], ...WRONG };
  [one, other].forEach((view) => view.answer(reply)); // both hear it
  assert.deepEqual([one, other].map((view) => view.all()[1]), ["…", "✗ Line 1 is wrong."]);
});

test("only the answer to the last text is taken, once", () => {
  const view = shown();
  view.check();
  view.check();
  view.answer({ ...view.sent[0], ...WRONG });
  assert.equal(view.all()[1], "…");
  view.answer({ ...view.sent[1], ...WRONG });
  view.answer({ ...view.sent[1], ...WRONG, says: "Again." });
  assert.equal(view.all()[1], "✗ Line 1 is wrong.");
});

test("a derivation says that nobody answers any more, and waits for one who is busy", (context) => {
  const wait = stopped(context);
  let alive = true;
  const view = shown({ alive: () => alive });
  view.check();
  wait();
  wait();
  assert.equal(view.all()[1], "…");
  alive = false;
  wait();
  assert.deepEqual(view.all(), ["", GONE]);
  view.answer({ ...view.sent[0], ...WRONG });
  assert.equal(view.all()[1], GONE);
  view.field.value = "q";
  view.field.fire("input");
  wait();
  assert.deepEqual(view.all(), [GONE, ""], "also while it is written");

  const accusing = shown({ alive: () => alive }, PLANTED);
  accusing.el.querySelector("button").fire("click");
  wait();
  assert.deepEqual(accusing.all(), [GONE]);
});

test("what was right stays right when nobody can judge the same text", () => {
  const told = [];
  const view = shown({ kept: { 1: { text: "1 - q", status: "passed" } }, keep: (...line) => told.push(line) });
  view.check();
  view.answer({ ...view.sent[0], passed: false, mark: "", says: "no network" });
  assert.deepEqual(told, [[1, { text: "1 - q", status: "passed" }]]);
  view.field.value = "q";
  view.field.fire("input");
  assert.deepEqual(told.at(-1), [1, { text: "q" }], "and another text is another");
  view.check();
  view.answer({ ...view.sent.at(-1), ...WRONG });
  assert.deepEqual(told.at(-1), [1, { text: "q", status: "failed" }]);
});

test("what one waits for is said", () => {
  const view = shown({ waits: () => "Python is starting" });
  view.check();
  assert.equal(view.all()[1], "Python is starting");
});

test("the names of its buttons and fields are attributes", () => {
  const { el, field } = shown();
  assert.equal(field.getAttribute("aria-label"), "Line 1: p =");
  assert.ok(el.all((node) => node.getAttribute("aria-label") === "Check line 1").length);
});

// A model of anywidget's, and the one behind it.
function modelOf({ kernel = { status: "idle" }, found = true } = {}) {
  class Base { _handle_comm_msg() {} }
  class Real extends Base {}
  const listeners = new Set(), sent = [];
  const manager = { kernel, get_model: () => (found ? Promise.resolve(new (class extends Real {})()) : Promise.reject(new Error("none"))) };
  return {
    sent, listeners, widget_manager: manager, get: (name) => (name === "content" ? CONTENT : "own"), send: (request) => sent.push(request),
    on: (_, listener) => listeners.add(listener), off: (_, listener) => listeners.delete(listener),
  };
}
globalThis.ResizeObserver = class { observe() {} disconnect() {} };

test("a derivation in Jupyter asks its kernel, and learns when that is gone", async (context) => {
  const wait = stopped(context);
  for (const [how, asked] of [[{}, 1], [{ kernel: { status: "dead" } }, 1], [{ kernel: null }, 1], [{ found: false }, 0]]) {
    const el = document.createElement("div"), model = modelOf(how), end = widget.render({ model, el }), { all, check } = heard(el);
    assert.equal(typeof end, "function", "whatever comes of the model, there is a way to end it");
    check();
    await new Promise(setImmediate);
    wait();
    assert.equal(model.sent.length, asked);
    assert.equal(all()[1], model.widget_manager.kernel?.status === "idle" && asked ? "…" : GONE);
    end();
    assert.equal(model.listeners.size, 0);
    wait();
    wait();
    assert.equal(all()[1], GONE, "a view that is taken away waits no longer");
  }
});
