// Exercises: written and checked in the page.
import { button, make, setResting, typeset } from "./dom.js";
import { editor } from "./editor.js";
import { python } from "./python.js";
import { all, keep, listenElsewhere } from "./store.js";

// What a reader wrote for the exercises above on the page: an exercise may say that one's own function can be called.
function writtenAbove(node) {
  const { code } = all(), exercises = [...document.querySelectorAll(".cu-exercise")];
  return exercises.slice(0, exercises.indexOf(node)).map(({ dataset }) => code[dataset.name]).filter(Boolean);
}

export function writableExercise(node, { name: called, stub }) {
  const { name } = node.dataset;
  const verdict = make("div", { className: "cu-verdict", role: "status" });
  // A verdict is about what was checked: it says so when that is no longer what is written.
  const checked = () => (all().verdicts[name]?.changed ? null : all().code[name]);
  let judged = checked();
  const compare = (text) => {
    const { [name]: { changed = false, ...said } = {} } = all().verdicts;
    if (said.status && changed !== (text !== judged)) keep("verdicts", name, changed ? said : { ...said, changed: true });
  };
  const run = async () => {
    if (!stop.hidden) return;
    setResting(check, true);
    stop.hidden = false;
    verdict.dataset.state = "";
    verdict.textContent = python.waits();
    const text = written.text();
    try {
      const said = await python.check(name, text, writtenAbove(node));
      verdict.innerHTML = said.html;
      verdict.dataset.state = said.json.status;
      judged = text;
      keep("verdicts", name, said.json);
      compare(written.text()); // one can write while it is checked
      typeset(verdict);
    } catch (error) {
      verdict.textContent = error.message;
    }
    setResting(check, false);
    if (document.activeElement === stop) check.focus();
    stop.hidden = true;
  };
  const check = button("Check", run);
  const stop = button("Stop", () => python.stop());
  stop.hidden = true;
  const reset = button("Start again", () => written.write(stub));
  const keys = make("p", { className: "cu-keys", id: `${node.id}-keys` }, "Tab indents; Escape, then Tab, leaves the field; Ctrl+Enter or ⌘+Enter checks.");
  const written = editor({
    text: all().code[name] ?? stub, label: `Your code for ${called}`, described: keys.id,
    changed: (text) => { keep("code", name, text); compare(text); }, check: run,
  });
  listenElsewhere(() => {
    const text = all().code[name];
    if (text === undefined || document.hasFocus()) return;
    judged = checked();
    if (text !== written.text()) written.show(text);
  });
  node.append(written.node, make("p", { className: "cu-buttons" }, check, stop, reset), keys, verdict);
}
