// Exercises: written and checked in the page.
import { make, typeset } from "./dom.js";
import { editor } from "./editor.js";
import { python } from "./python.js";
import { all, keep } from "./store.js";

export function writableExercise(node, { stub }) {
  const { name } = node.dataset;
  const verdict = make("div", { className: "cu-verdict", role: "status" });
  const written = editor(all().code[name] ?? stub, `Your code for this exercise`, (text) => keep("code", name, text));
  const button = (label, click) => {
    const one = make("button", { type: "button" }, label);
    one.addEventListener("click", click);
    return one;
  };
  const check = button("Check", async () => {
    check.disabled = true;
    stop.hidden = false;
    verdict.textContent = python.ready() ? "Checking…" : "Python is starting in this page; this takes a few seconds the first time…";
    try {
      const said = await python.check(name, written.text());
      verdict.innerHTML = said.html;
      keep("verdicts", name, said.json);
      typeset(verdict);
    } catch (error) {
      verdict.textContent = error.message;
    }
    check.disabled = false;
    stop.hidden = true;
  });
  const stop = button("Stop", () => python.stop());
  stop.hidden = true;
  const reset = button("Start again", () => written.write(stub));
  node.append(written.node, make("p", { className: "cu-buttons" }, check, stop, reset), verdict);
}
