// Panels that show more or less: by the wheel over them while something in the picture has the focus (or by two
// fingers on a trackpad, which says the same), by plus and minus, and by the keys of a slider.
import { aria, boxStyle, make, set } from "./dom.js";
import { isStep, notched, steppedBy, valueState } from "./drag.js";
import { isModified, take } from "./keys.js";

const WHEEL = 25; // pixels of the wheel for one notch of the control
const SIGNS = { "+": -1, "=": -1, "-": 1, "_": 1 }; // less is shown, nearer

// Every panel that zooms: its control, which says how much is seen, and where it is.
export function zoomsOf(spec, controls) {
  return spec.panels.flatMap(({ zooms, box }) => {
    const control = zooms && controls.find(({ name }) => name === zooms);
    return control ? [{ axis: { control, entry: null, scale: 1, offset: 0 }, box }] : [];
  });
}

// kit: controls, values(), move(values)
export function makeZooms(stage, kit) {
  const layer = make("div", { className: "cu-zooms" });
  stage.append(layer);
  const nodes = [];
  let turned = 0; // of the wheel, not yet a notch

  const move = ({ axis }, notches) => kit.move(notched(axis, kit.values(), notches));

  function create() {
    const node = make("div", { role: "slider", tabIndex: 0 });
    node.dataset.lmSuppressShortcuts = "true"; // JupyterLab's arrow keys
    node.addEventListener("keydown", (event) => {
      if (!isStep(event.key) || isModified(event)) return;
      take(event);
      kit.move(steppedBy(node.zoom.axis, kit.values(), event.key));
    });
    layer.append(node);
    nodes.push(node);
  }

  stage.addEventListener("keydown", (event) => {
    const node = nodes.find((one) => one === event.target) ?? nodes[0];
    if (!node || !(event.key in SIGNS) || isModified(event)) return;
    take(event);
    move(node.zoom, SIGNS[event.key]);
  });
  stage.addEventListener("wheel", (event) => {
    const node = nodes.find((one) => holds(one.getBoundingClientRect(), event));
    if (!node || !stage.contains(document.activeElement)) return; // the page scrolls
    event.preventDefault();
    turned += event.deltaMode === 0 ? event.deltaY : 40 * event.deltaY; // Firefox counts lines
    const notches = Math.trunc(turned / WHEEL);
    turned -= notches * WHEEL;
    if (notches !== 0) move(node.zoom, notches);
  }, { passive: false });

  function refresh(spec) {
    const zooms = zoomsOf(spec, kit.controls);
    while (nodes.length > zooms.length) nodes.pop().remove();
    while (nodes.length < zooms.length) create();
    zooms.forEach((zoom, i) => {
      const state = valueState(zoom.axis, kit.values());
      nodes[i].zoom = zoom;
      set(nodes[i], {
        style: boxStyle(zoom.box, [spec.width, spec.height]),
        ...aria({ ...state, label: `Zoom: ${state.label}` }),
      });
    });
  }
  return { refresh };
}

const holds = ({ left, top, right, bottom }, { clientX, clientY }) =>
  clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
