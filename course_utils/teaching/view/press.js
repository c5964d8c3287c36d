// What is pressed: a button on each polygon of a mark switches the bit of that number.
import { boxStyle, make, set } from "./dom.js";
import { isModified, take } from "./keys.js";
import { outlines } from "./marks/polygons.js";
import { panelMap } from "./scales.js";

// Which control's which bit lies where: [left, top, width, height] in pixels of the picture.
export function pressesOf(spec) {
  return spec.panels.flatMap((panel) => panel.marks.flatMap((mark) => {
    if (!mark.drags?.press) return [];
    return outlines(mark, panelMap(panel)).map((corners, bit) => {
      const [xs, ys] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
      const [left, top] = [Math.min(...xs), Math.min(...ys)];
      return { control: mark.drags.press.control, bit, box: [left, top, Math.max(...xs) - left, Math.max(...ys) - top] };
    });
  }));
}

// Bits are numbered as powers of two: bit 0 is the last of its group.
export const bitNames = ({ groups }) => groups.flatMap(([group, count]) =>
  Array.from({ length: count }, (_, i) => (count > 1 ? `${group} bit ${count - 1 - i}` : `${group} bit`)));

export const flipped = (bits, at) => bits.slice(0, at) + (bits[at] === "1" ? "0" : "1") + bits.slice(at + 1);

// kit: controls, values(), press(values)
export function makePresses(stage, kit) {
  const layer = make("div", { className: "cu-presses" });
  stage.append(layer);
  const buttons = [];

  const controlOf = (press) => kit.controls.find(({ name }) => name === press.control);

  function create() {
    const button = make("button", { type: "button" });
    button.dataset.lmSuppressShortcuts = "true"; // JupyterLab's arrow keys
    button.addEventListener("click", () => {
      makeStop(button);
      const { control, bit } = button.press;
      kit.press({ ...kit.values(), [control]: flipped(kit.values()[control], bit) });
    });
    layer.append(button);
    buttons.push(button);
  }
  // One stop for the Tab key; arrow keys, Home and End walk along the bits, as in a toolbar.
  const makeStop = (chosen) => buttons.forEach((button) => { button.tabIndex = button === chosen ? 0 : -1; });
  layer.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target), end = buttons.length - 1;
    const target = { ArrowLeft: Math.max(0, at - 1), ArrowRight: Math.min(end, at + 1), Home: 0, End: end }[event.key];
    if (target === undefined || isModified(event)) return;
    take(event);
    makeStop(buttons[target]);
    buttons[target].focus();
  });

  function refresh(spec) {
    const presses = pressesOf(spec).filter(({ control }) => control in kit.values()), changed = presses.length !== buttons.length;
    while (buttons.length > presses.length) buttons.pop().remove();
    while (buttons.length < presses.length) create();
    presses.forEach((press, i) => dress(buttons[i], press, spec));
    if (!changed) return;
    makeStop(buttons[0]);
    if (presses.length > 0) set(layer, { role: "group", "aria-label": controlOf(presses[0]).label });
  }

  function dress(button, press, spec) {
    button.press = press;
    const name = bitNames(controlOf(press))[press.bit];
    set(button, {
      style: boxStyle(press.box, [spec.width, spec.height]),
      "aria-label": name, title: name, "aria-pressed": String(kit.values()[press.control][press.bit] === "1"),
    });
  }
  return { refresh };
}
