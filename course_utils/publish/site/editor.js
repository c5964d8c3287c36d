// A field for code: Tab indents, Escape then Tab leaves it.
import { make } from "./dom.js";

export function editor(text, label, changed) {
  const field = make("textarea", { value: text, ariaLabel: label, spellcheck: false, autocapitalize: "off", className: "cu-editor", rows: Math.max(4, text.split("\n").length + 2) });
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
    text: () => field.value,
    write: (next) => { field.value = next; changed(next); },
  };
}
