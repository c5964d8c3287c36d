// What the hand takes hold of: one element above each mark that can be dragged, with a slider for each axis.
import { aria, make, middleStyle, set } from "./dom.js";
import { clamp } from "./scales.js";
import { clickedTo, dataAt, handlesOf, isStep, movedTo, startDrag, steppedBy, steppedData, valueState } from "./drag.js";
import { describe } from "./hover.js";
import { isModified, take } from "./keys.js";

const SMALLEST = 24; // pixels of the screen (WCAG 2.5.8)
const ORIENTATION = { x: "horizontal", y: "vertical" };
const ACROSS = { x: ["ArrowUp", "ArrowDown"], y: ["ArrowLeft", "ArrowRight"] };

// kit: controls, values()        declarations and present values
//      picture()                 the spec that is shown
//      move(values, held, drag)  new values; where the held mark is; what only the kernel can translate
//      letGo()                   the hand is off
//      tip(handle or null)       show the numbers of a mark
export function makeHandles(stage, kit) {
  const layer = make("div", { className: "cu-handles" });
  stage.append(layer);
  const nodes = []; // { node, sliders, handle }
  let drag = null; // { start, item, before, pointer }
  const stops = new Map(); // panel -> place of its tab stop among the handles

  const pointOf = (event) => {
    const box = stage.getBoundingClientRect(), scale = kit.picture().width / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  };

  function create() {
    const node = make("div", { className: "cu-handle" });
    const sliders = ["x", "y"].map(() => {
      const slider = make("span", { role: "slider", tabIndex: -1 });
      slider.dataset.lmSuppressShortcuts = "true"; // JupyterLab's arrow keys
      return slider;
    });
    node.append(...sliders);
    const item = { node, sliders, handle: null, before: null };
    node.addEventListener("mousedown", (event) => event.preventDefault()); // it would take the focus away again
    node.addEventListener("pointercancel", (event) => { if (drag?.pointer === event.pointerId) restore(); });
    for (const [type, heard] of Object.entries({ pointerdown: grab, pointermove: follow, pointerup: letGo, lostpointercapture: letGo, keydown: key })) {
      node.addEventListener(type, (event) => heard(event, item));
    }
    node.addEventListener("focusin", ({ relatedTarget }) => {
      if (!node.contains(relatedTarget)) item.before = kit.values(); // else: from one slider of a point to the other
      makeStop(item);
      kit.tip(item.handle);
    });
    node.addEventListener("focusout", () => { if (!drag) kit.tip(null); });
    layer.append(node);
    return item;
  }

  function grab(event, item) {
    if (event.button !== 0 || drag) return;
    item.node.setPointerCapture(event.pointerId);
    sliderFor(item, item.handle.axes[0].axis).focus({ preventScroll: true });
    drag = { item, pointer: event.pointerId, before: kit.values(), start: startDrag(kit.picture(), item.handle, pointOf(event)) };
    item.node.classList.add("cu-held");
  }
  function follow(event, item) {
    if (drag?.item !== item || drag.pointer !== event.pointerId) return;
    const data = dataAt(drag.start, pointOf(event));
    moveTo(drag.start.handle, data);
    kit.tip(item.handle);
  }
  function moveTo(handle, data) {
    if (handle.to) return kit.move(kit.values(), null, { panel: handle.panel, mark: handle.to.mark, index: handle.index, ...data });
    const { values, held } = movedTo(handle, data, kit.values());
    kit.move(values, { handle, held });
  }
  function letGo(event, item) {
    if (drag?.item !== item || drag.pointer !== event.pointerId) return;
    end();
    kit.letGo();
  }
  function end() {
    drag.item.node.classList.remove("cu-held");
    drag = null;
  }
  function restore() {
    const { before } = drag;
    end();
    kit.move(before, null);
  }

  function key(event, item) {
    if (isModified(event)) return;
    if (event.key === "Escape") {
      take(event);
      if (drag) restore();
      else kit.move(item.before, null);
      return;
    }
    if (event.key === " ") {
      event.preventDefault();
      return walk(item, event.shiftKey ? -1 : 1);
    }
    if (!isStep(event.key) || drag) return;
    take(event);
    const axis = axisFor(item, event.key);
    // Across the only axis of a handle there is nothing to move: walk to its neighbors.
    if (item.handle.axes.length === 1 && ACROSS[axis.axis].includes(event.key) && neighbors(item).length > 1) {
      return walk(item, event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 1);
    }
    sliderFor(item, axis.axis).focus();
    if (item.handle.to) moveTo(item.handle, steppedData(kit.picture(), item.handle, axis.axis, event.key));
    else kit.move(steppedBy(axis, kit.values(), event.key), null);
  }
  // With two axes an arrow key chooses its own; the other keys stay with the focused one.
  function axisFor(item, pressed) {
    const { axes } = item.handle;
    const wanted = axes.find(({ axis }) => ACROSS[axis === "x" ? "y" : "x"].includes(pressed));
    const focused = axes.find(({ axis }) => sliderFor(item, axis) === document.activeElement);
    return wanted ?? focused ?? axes[0];
  }

  const sliderFor = (item, axis) => item.sliders[axis === "x" ? 0 : 1];
  const neighbors = (item) => nodes.filter((one) => one.handle?.panel === item.handle.panel);
  function walk(item, by) {
    const all = neighbors(item), next = all[(all.indexOf(item) + by + all.length) % all.length];
    makeStop(next);
    sliderFor(next, next.handle.axes[0].axis).focus();
  }
  function makeStop(item) {
    stops.set(item.handle.panel, nodes.indexOf(item));
    refreshStops();
  }
  function refreshStops() {
    for (const item of nodes) {
      const stop = stops.get(item.handle.panel) ?? nodes.indexOf(neighbors(item)[0]);
      item.handle.axes.forEach(({ axis }, i) => { sliderFor(item, axis).tabIndex = nodes[stop] === item && i === 0 ? 0 : -1; });
    }
  }

  function refresh(spec) {
    const handles = handlesOf(spec, kit.controls), changed = handles.length !== nodes.length;
    while (nodes.length > handles.length) nodes.pop().node.remove();
    while (nodes.length < handles.length) nodes.push(create());
    if (drag && !nodes.includes(drag.item)) drag = null; // what is gone is let go: it hears nothing more
    handles.forEach((handle, i) => dress(nodes[i], handle, spec));
    if (changed) { stops.clear(); refreshStops(); }
  }

  function dress(item, handle, spec) {
    const { node } = item, mark = spec.panels[handle.panel].marks[handle.mark];
    item.handle = handle;
    set(node, {
      style: middleStyle([...handle.at, ...handle.size], [spec.width, spec.height], SMALLEST),
      "data-moves": handle.axes.map(({ axis }) => axis).join(""), "data-shape": handle.shape,
    });
    const words = describe(mark, handle.index);
    const axes = Object.fromEntries(handle.axes.map((axis) => [axis.axis, axis]));
    ["x", "y"].forEach((name) => {
      const slider = sliderFor(item, name), axis = axes[name];
      slider.hidden = !axis;
      if (!axis) return;
      const state = axis.control ? valueState(axis, kit.values()) : dataState(mark, handle, name, spec, words);
      set(slider, aria({ ...state, orientation: ORIENTATION[name] }));
    });
  }

  let onHandle = false; // where Safari says that a drag was a click on what is below its end
  stage.addEventListener("pointerdown", ({ target }) => { onHandle = layer.contains(target); });
  stage.addEventListener("click", (event) => {
    if (onHandle || layer.contains(event.target)) return;
    const clicked = clickedTo(kit.picture(), nodes.map((item) => item.handle), pointOf(event));
    if (clicked) moveTo(clicked.handle, clicked.data);
  });
  layer.addEventListener("pointerover", (event) => {
    const item = nodes.find(({ node }) => node.contains(event.target));
    if (item && !drag) kit.tip(item.handle);
  });
  return { refresh, holding: () => drag !== null };
}

function dataState(mark, handle, name, spec, words) {
  const axis = spec.panels[handle.panel][name];
  // Decimal logarithms on a logarithmic axis: what is announced as a value has no exponent.
  const told = axis.scale === "log" ? Math.log10 : Number;
  const [low, high] = axis.limits.map(told).toSorted((a, b) => a - b);
  return {
    label: `${handle.to.text || mark.name}, ${name === "x" ? "to the side" : "up and down"}`,
    valuemin: low, valuemax: high, valuenow: clamp(told(mark[name][handle.index]), low, high), valuetext: words,
  };
}
