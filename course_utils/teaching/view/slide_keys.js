// The keys of a slide show (jupyterlab-slideshow) in JupyterLab, whatever was clicked before.
//
// The show hears its keys only while a cell has the focus, and a click gives the focus to a button, to a slider or to
// nothing at all. So what was reached by the pointer leaves the keys to the show, and what was reached with the Tab
// key keeps those that move or press it. PageDown and PageUp, which clickers send, are the show's wherever the focus is.
import { isModified } from "./keys.js";

const SHOW = "body[data-jp-deck-mode=presenting]";
const ON_STAGE = `${SHOW} .jp-Deck .jp-Cell.jp-mod-active`;
const OF_THE_SHOW = ".jp-Deck, .jp-Deck-Remote"; // a dialog or a sidebar keeps its keys
const TYPED = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, [contenteditable=true]";
const PRESSED = "button, summary, a, select, canvas, input:is([type=checkbox], [type=radio]), [role=slider]";
const WITH_ARROWS = "input:is([type=range], [type=radio]), select, canvas, [role=slider], .cu-presses *";
const SPACE = { key: " ", code: "Space", keyCode: 32 };
const CLICKER = { PageDown: SPACE, PageUp: { ...SPACE, shiftKey: true } };
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

// Does what has the focus use this key itself?
export function keeps(target, key, pointed) {
  if (target.matches(TYPED)) return key !== " " || target.type !== "number";
  if (pointed) return false;
  if (key === " ") return target.matches(PRESSED);
  return ARROWS.includes(key) && target.matches(WITH_ARROWS);
}

export function keepSlideKeys() {
  if (document.keepsSlideKeys) return;
  document.keepsSlideKeys = true;
  let pointed = false, held = false; // was the focus moved by the pointer; is it pressed
  const watch = (type, act) => window.addEventListener(type, act, { capture: true }); // before JupyterLab does

  watch("pointerdown", () => { pointed = held = true; });
  for (const type of ["pointerup", "pointercancel"]) watch(type, () => { held = false; });
  watch("keydown", (event) => {
    if (event.key === "Tab") pointed = false;
    const cell = document.querySelector(ON_STAGE), { target } = event;
    if (!cell || held || isModified(event)) return;
    if (target !== document.body && !target.closest?.(OF_THE_SHOW)) return;
    const stop = () => { event.preventDefault(); event.stopImmediatePropagation(); };
    const step = CLICKER[event.key];
    if (target === cell && !step) {
      // A letter would cut or add a cell, and Enter open its source, which no slide shows.
      if (event.key !== " " && (event.key.length === 1 || (event.key === "Enter" && !event.shiftKey))) stop();
    } else if (step || [" ", "Escape", ...ARROWS].includes(event.key)) {
      if (!step && keeps(target, event.key, pointed)) {
        target.dataset.lmSuppressShortcuts = "true";
        return;
      }
      if (event.key === "Escape" && !pointed) return; // it takes back what the keys have moved
      stop();
      cell.focus({ preventScroll: true });
      const { key, code, keyCode, shiftKey } = step ?? event;
      cell.dispatchEvent(new KeyboardEvent("keydown", { key, code, keyCode, shiftKey, bubbles: true, cancelable: true }));
    } else if (event.key === "Enter" && pointed && target.matches(TYPED)) {
      setTimeout(() => cell.focus({ preventScroll: true })); // typed to the end
    }
  });
  watch("change", ({ target }) => {
    if (pointed && target.matches("select")) document.querySelector(ON_STAGE)?.focus({ preventScroll: true });
  });
  watch("dblclick", (event) => { // it would open the source of a text
    if (event.target.closest?.(`${SHOW} .jp-MarkdownCell`)) event.stopPropagation();
  });
}
