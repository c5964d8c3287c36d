// A field for code: at once a plain one, where Tab indents too, and CodeMirror as soon as that has been loaded.
import { address, make } from "./dom.js";

// Returns {node, text(), write(text), show(text)}. `label` names it, `described` is the id of what explains its keys,
// changed(text) is told what is written, and not what is only shown, check() that the reader is done.
export function editor(wanted) {
  let shows = false;
  const given = { ...wanted, changed: (text) => { if (!shows) wanted.changed(text); } };
  let field = plainField(given);
  const node = make("div", { className: "cu-editor" }, field.node);
  node.addEventListener("keydown", (event) => { // both keys on all systems: CodeMirror knows one on each
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    given.check();
  }, true);
  import(address("_static/codemirror.js")).then(({ codeField }) => {
    const { text, selection, focused } = field.state();
    const better = codeField({ ...given, text, selection });
    field.node.replaceWith(better.node);
    field = better;
    if (focused) better.focus();
  }).catch(() => {}); // the plain field stays
  const show = (next) => {
    shows = true;
    field.write(next);
    shows = false;
  };
  return { node, text: () => field.text(), write: (next) => field.write(next), show };
}

function plainField({ text, label, described, changed }) {
  const field = make("textarea", {
    value: text, "aria-label": label, "aria-describedby": described, spellcheck: false, autocapitalize: "off",
    rows: Math.max(4, text.split("\n").length + 2),
  });
  let leaving = false;
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { leaving = true; return; }
    if (event.key === "Tab" && !leaving && !event.shiftKey) {
      event.preventDefault();
      field.setRangeText("    ", field.selectionStart, field.selectionEnd, "end");
      changed(field.value);
    }
    leaving = false;
  });
  field.addEventListener("input", () => changed(field.value));
  return {
    node: field,
    state: () => ({ text: field.value, selection: [field.selectionStart, field.selectionEnd], focused: document.activeElement === field }),
    text: () => field.value,
    write: (next) => { field.value = next; changed(next); },
  };
}
