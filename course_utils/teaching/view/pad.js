// What is painted on: a pad over an image, on which a pen blackens the pixels of a bitmap control.
import { channels, colormap } from "./colors.js";
import { boxStyle, make, set } from "./dom.js";
import { isModified, take } from "./keys.js";
import { clamp, panelMap } from "./scales.js";

// Every image to be painted on: its control, its size, where it lies in pixels of the picture.
export function padsOf(spec) {
  return spec.panels.flatMap((panel) => panel.marks.filter(({ drags }) => drags?.paint).map((mark) => {
    const { x, y } = panelMap(panel), [x0, x1, y0, y1] = mark.extent;
    const [left, right, top, bottom] = [x.toPixel(x0), x.toPixel(x1), y.toPixel(y1), y.toPixel(y0)];
    return { ...mark.drags.paint, name: mark.name, shape: mark.shape, colormap: mark.colormap, box: [left, top, right - left, bottom - top] };
  }));
}

// The bits after a stroke from one place to another, in pixels of the bitmap [across, down]: black is every pixel
// whose middle is not further from the stroke than half a pen.
export function stroked(bits, [rows, columns], pen, from, to) {
  const along = [to[0] - from[0], to[1] - from[1]], length2 = along[0] ** 2 + along[1] ** 2;
  const near = (x, y) => {
    const t = length2 ? clamp(((x - from[0]) * along[0] + (y - from[1]) * along[1]) / length2, 0, 1) : 0;
    return Math.hypot(x - from[0] - t * along[0], y - from[1] - t * along[1]) <= pen / 2;
  };
  return Array.from({ length: rows * columns }, (_, i) =>
    (bits[i] === "1" || near((i % columns) + 0.5, Math.floor(i / columns) + 0.5) ? "1" : "0")).join("");
}

const PEN_KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HELP = "arrow keys move the pen, the space bar lowers and lifts it, Delete wipes, Escape takes back";

// kit: values(), paint(values)
export function makePads(stage, kit) {
  const layer = make("div", { className: "cu-pads" });
  stage.append(layer);
  const pads = [];

  function create() {
    const canvas = make("canvas", { tabIndex: 0 });
    const says = make("span", { className: "cu-spoken", role: "status" }), pen = make("span", { className: "cu-pen", hidden: true });
    const node = make("div", { className: "cu-pad" }, canvas, pen, says);
    set(canvas, { role: "application", "aria-roledescription": "drawing pad", "data-lm-suppress-shortcuts": "true" });
    const pad = { node, canvas, pen, says, at: null, down: false, pointer: null, before: null, of: null };
    const bits = () => kit.values()[pad.of.control];
    const write = (next) => { kit.paint({ ...kit.values(), [pad.of.control]: next }); ink(pad); };
    const begin = () => { pad.before = bits(); };
    const takeBack = () => { if (pad.before !== null) write(pad.before); pad.before = null; pad.down = false; mark(pad); };
    const stroke = (to) => {
      write(stroked(bits(), pad.of.shape, pad.of.pen, pad.at ?? to, to));
      pad.at = to;
    };
    const placeOf = (event) => {
      const box = canvas.getBoundingClientRect(), [rows, columns] = pad.of.shape;
      return [((event.clientX - box.left) / box.width) * columns, ((event.clientY - box.top) / box.height) * rows];
    };

    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || (pad.pointer ?? event.pointerId) !== event.pointerId) return; // a second finger, a palm
      canvas.setPointerCapture(event.pointerId);
      begin();
      pad.at = null;
      pad.pointer = event.pointerId;
      stroke(placeOf(event));
    });
    const drawing = (type, act) => canvas.addEventListener(type, (event) => { if (pad.pointer === event.pointerId) act(event); });
    const end = () => { pad.pointer = null; };
    drawing("pointermove", (event) => stroke(placeOf(event)));
    drawing("pointercancel", () => { end(); takeBack(); });
    drawing("pointerup", end);
    drawing("lostpointercapture", end);
    canvas.addEventListener("keydown", (event) => {
      if (isModified(event)) return;
      const [rows, columns] = pad.of.shape, step = PEN_KEYS[event.key], here = pad.at ?? [columns / 2, rows / 2];
      if (step) {
        const to = [clamp(here[0] + step[0], 0.5, columns - 0.5), clamp(here[1] + step[1], 0.5, rows - 0.5)].map((v) => Math.floor(v) + 0.5);
        if (pad.down) stroke(to);
        pad.at = to;
      } else if (event.key === " ") {
        pad.down = !pad.down;
        if (pad.down) { begin(); stroke(here); }
      } else if (event.key === "Delete" || event.key === "Backspace") {
        begin();
        write("0".repeat(rows * columns));
      } else if (event.key === "Escape") takeBack();
      else return;
      take(event);
      mark(pad);
      tell(pad);
    });
    for (const type of ["focus", "blur"]) canvas.addEventListener(type, () => mark(pad));
    layer.append(node);
    pads.push(pad);
  }

  // The pad shows what the hand has drawn, whatever the kernel knows of it.
  function ink(pad) {
    const [rows, columns] = pad.of.shape, table = [0, 255].map((index) => channels(colormap(pad.of.colormap)[index]));
    const pixels = new ImageData(columns, rows), bits = kit.values()[pad.of.control];
    for (let i = 0; i < rows * columns; i++) pixels.data.set([...table[Number(bits[i])], 255], 4 * i);
    if (pad.canvas.width !== columns) pad.canvas.width = columns;
    if (pad.canvas.height !== rows) pad.canvas.height = rows;
    pad.canvas.getContext("2d").putImageData(pixels, 0, 0);
  }
  function mark(pad) { // where the keyboard has the pen
    const [rows, columns] = pad.of.shape, [x, y] = pad.at ?? [columns / 2, rows / 2];
    pad.pen.hidden = document.activeElement !== pad.canvas || pad.pointer !== null;
    pad.pen.classList.toggle("cu-down", pad.down);
    set(pad.pen, { style: `left:${(100 * x) / columns}%;top:${(100 * y) / rows}%;width:${(100 * pad.of.pen) / columns}%` });
  }
  function tell(pad) {
    const [x, y] = (pad.at ?? [pad.of.shape[1] / 2, pad.of.shape[0] / 2]).map(Math.floor);
    pad.says.textContent = `Pen ${pad.down ? "down" : "up"}, row ${y + 1}, column ${x + 1}`;
  }

  function refresh(spec) {
    const found = padsOf(spec).filter(({ control }) => control in kit.values());
    while (pads.length > found.length) pads.pop().node.remove();
    while (pads.length < found.length) create();
    found.forEach((of, i) => {
      const pad = pads[i];
      pad.of = of;
      set(pad.node, { style: boxStyle(of.box, [spec.width, spec.height]) });
      set(pad.canvas, { "aria-label": `${of.name}: ${HELP}` });
      ink(pad);
    });
  }
  return { refresh };
}
