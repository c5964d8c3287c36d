// The numbers of one mark entry, shown beside it.
import { make } from "./dom.js";
import { describe } from "./hover.js";

export function makeTip(stage) {
  // What it says, a screen reader hears from the handle, the sentence and the table.
  const node = make("div", { className: "cu-tip", hidden: true, "aria-hidden": "true" });
  stage.append(node);
  let target = null;

  function refresh(spec) {
    const mark = target && spec.panels[target.panel]?.marks[target.mark];
    node.hidden = !mark;
    if (!mark) return;
    const text = describe(mark, target.index), [x, y] = target.at;
    if (node.textContent !== text) node.textContent = text;
    node.style.left = `${(100 * x) / spec.width}%`;
    node.style.top = `${(100 * y) / spec.height}%`;
    const sideways = x < 0.2 * spec.width ? "0%" : x > 0.8 * spec.width ? "-100%" : "-50%";
    node.style.transform = `translate(${sideways}, ${y < 44 ? "16px" : "calc(-100% - 14px)"})`;
  }
  return {
    show(found, spec) { target = found; refresh(spec); },
    refresh,
  };
}
