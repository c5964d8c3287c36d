// A whole figure: head, controls, picture, sentence, numbers. It knows its adapter and nothing of what drives it:
//   adapter.get(key)     title, look_for, controls, presets, defaults, answer (the first one)
//   adapter.set(request) {id, values, width, has, drag?, table?, by?}; has: the answer that is shown
//   adapter.on(callback) callback({id, values, spec, buffers, since?, error?, table?}); returns how to stop
//                        since: the answer from which the spec says only what has changed
//   adapter.coarse       optional: answers only come near to what was asked for, and it matters by what: by is
//                        "hand", "step" (arrow keys and their like), "play" or "typing"
//   adapter.leads(go)    optional: go(values) leads on to what could not be shown before
//   adapter.alive()      optional: false once nobody is there to answer
import { make, set, write } from "./dom.js";
import { same, unpacked } from "./arrays.js";
import { changed } from "./changes.js";
import { makeControls } from "./controls.js";
import { isStep, withHeld } from "./drag.js";
import { eased, GLIDE_MS, glidePath } from "./glide.js";
import { GONE } from "./gone.js";
import { makeHandles } from "./handles.js";
import { under } from "./hover.js";
import { makePads } from "./pad.js";
import { makePainter } from "./painter.js";
import { makePresses } from "./press.js";
import { makeRequests } from "./requests.js";
import { onTheme } from "./theme.js";
import { makeTip } from "./tip.js";
import { makeZooms } from "./zoom.js";

const TABLE_MS = 150; // after this long without a new picture an open table is asked for
const REST_MS = 600; // after this long a screen reader is told what the picture says
const KEPT = 4; // shown answers on which those under way may build
const CLASSES = [[880, 960], [520, 640], [0, 360]]; // from this room on, this width of the picture

const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function showFigure(adapter, root) {
  const controlSpecs = adapter.get("controls") ?? [], presetValues = adapter.get("presets") ?? {}, first = adapter.get("answer");
  let values = first.values ?? {}; // what the controls say
  let shown = unpacked(first.spec, first.buffers); // the picture of the last answer
  const bases = new Map([[first.id, shown]]); // by the number of the answer
  let answered = values, width = shown.width, asked = width;
  let by = "hand", held = null, glides = false, frame = 0, restTimer = 0, tableTimer = 0, width0 = 0, tabulated;

  // --- the parts
  const art = make("div", { className: "cu-art", role: "img" }), stage = make("div", { className: "cu-stage" }, art);
  const busySign = make("span", { className: "cu-busy", hidden: true }, "computing\u2026");
  stage.append(busySign);
  const problem = make("p", { className: "cu-error", role: "alert" });
  const readout = make("span", { className: "cu-readout" }), rest = make("span");
  const spoken = make("span", { className: "cu-spoken", role: "status" });
  const table = make("div", { className: "cu-table" });
  const numbers = make("details", { className: "cu-numbers" }, make("summary", {}, "Numbers"), table);
  const figure = make("figure", {}, stage, make("figcaption", {}, make("p", {}, readout, " ", rest), problem, spoken), numbers);

  const dragged = new Set(shown.panels.flatMap(({ marks }) => marks).flatMap(({ drags }) =>
    !drags ? [] : drags.to ? drags.controls : Object.values(drags).map(({ control }) => control)));
  const controls = makeControls(controlSpecs, () => values, input, { dragged, ready: () => requests.idle() });
  const presets = Object.entries(presetValues).map(([name, preset]) => presetButton(name, preset));
  const reset = presetButton("Reset", adapter.get("defaults") ?? values);
  reset.button.classList.add("cu-reset");

  function presetButton(name, preset) {
    const button = make("button", { type: "button" }, name);
    button.addEventListener("click", () => input(preset, { glide: true }));
    return { button, preset };
  }

  const body = make("div", { className: "cu-body" });
  if (controlSpecs.length > 0) {
    body.append(make("div", { className: "cu-controls" }, controls.node,
      make("div", { className: "cu-presets", role: "group", "aria-label": `Presets of ${adapter.get("title")}` },
        ...presets.map(({ button }) => button), reset.button)));
  }
  body.append(figure);
  if (adapter.get("title")) {
    const title = adapter.get("title"), written = adapter.get("look_for") ?? "";
    root.append(make("p", { className: "cu-head" }, make("strong", { written: title }), " ", make("span", { written })));
  }
  root.append(body);
  // JupyterLab's command-mode shortcuts must not take the arrow keys from a slider. The mark counts only on
  // the focused element itself, or below the element that a shortcut's selector matches.
  for (const node of root.querySelectorAll("input, select, button, summary")) node.dataset.lmSuppressShortcuts = "true";

  const painter = makePainter(art), tip = makeTip(stage);
  // Before the handles: the Tab key comes to a panel first, and then to what lies on it or beside it.
  const zooms = makeZooms(stage, { controls: controlSpecs, values: () => values, move: (next) => input(next) });
  const presses = makePresses(stage, { controls: controlSpecs, values: () => values, press: (next) => input(next) });
  const handles = makeHandles(stage, {
    controls: controlSpecs, values: () => values, picture: () => shown,
    move(next, hold, drag) {
      input(next, { hold, drag });
      if (held) paint();
    },
    letGo() { if (adapter.coarse) paint(); },
    tip: (handle) => tip.show(handle && { panel: handle.panel, mark: handle.mark, index: handle.index, at: handle.at }, onScreen()),
  });
  const pads = makePads(stage, { values: () => values, paint: (next) => input(next) });
  const requests = makeRequests({
    send(request) {
      asked = width;
      adapter.set({ ...request, width, has: [...bases.keys()].at(-1), ...(adapter.coarse && { by }) });
    },
    show, busy,
  });
  // Who answers may lead on, to what could not be shown before: a drawing is then on its pad already, but not answered.
  adapter.leads?.((next) => { answered = null; input(next, { glide: true }); });
  root.addEventListener("keydown", ({ key }) => { by = isStep(key) ? "step" : "typing"; }, true);
  root.addEventListener("pointerdown", () => { by = "hand"; }, true);

  // --- from the reader
  function input(next, { glide = false, hold = null, drag = null, playing = false } = {}) {
    if (playing) by = "play";
    else controls.stop();
    stopGlide();
    held = hold;
    if (!drag && same(next, values) && requests.idle() && same(answered, values)) return;
    glides = glide && !reducedMotion();
    values = next;
    refreshInputs();
    set(stage, { "aria-busy": "true" });
    requests.ask(drag ? { values, drag } : { values });
  }
  function refreshInputs() {
    controls.refresh();
    presses.refresh(shown);
    pads.refresh(shown);
    [...presets, reset].forEach(({ button, preset }) => {
      if (button !== reset.button) button.setAttribute("aria-pressed", String(same(preset, values)));
    });
  }

  // --- from who answers
  function show(answer, latest) {
    problem.textContent = answer.error ?? "";
    if (latest) set(stage, { "aria-busy": "false" });
    if (answer.table !== undefined && answer.table !== tabulated) { // the same one again would lose focus and place
      tabulated = answer.table;
      table.innerHTML = tabulated; // built and escaped in Python
    }
    if (answer.error && latest) {
      goBack();
      if (asked !== width) again();
    }
    if (answer.error || !answer.spec) return;
    const before = shown, told = unpacked(answer.spec, answer.buffers);
    shown = answer.since === undefined ? told : changed(bases.get(answer.since), told);
    bases.set(answer.id, shown);
    if (bases.size > KEPT) bases.delete(bases.keys().next().value);
    answered = answer.values;
    if (latest && !same(values, answered)) {
      values = answered;
      refreshInputs();
    }
    const path = glides && latest ? glidePath(before, shown) : null;
    if (latest) glides = false;
    if (path) glide(path);
    else if (frame === 0) paint();
    say();
    clearTimeout(restTimer);
    clearTimeout(tableTimer);
    if (!latest) return;
    restTimer = setTimeout(() => { spoken.textContent = shown.readout; }, REST_MS);
    if (asked !== width) again();
    else if (numbers.open && answer.table === undefined) tableTimer = setTimeout(again, TABLE_MS, true);
  }
  function busy(milliseconds) {
    const gone = milliseconds > 0 && adapter.alive?.() === false;
    busySign.hidden = milliseconds === 0 || gone;
    if (!gone) return;
    requests.stop();
    controls.stop();
    set(stage, { "aria-busy": "false" });
    values = answered;
    refreshInputs();
    goBack();
    problem.textContent = `${GONE} The picture shows the last answer.`;
  }
  // No picture comes for what the hand did: it shows the last one that came.
  function goBack() {
    held = null;
    glides = false;
    paint();
  }
  // The same values with a table or for another width. A drag that is under way may lead to others, and `show` asks
  // again after the last answer.
  function again(table) { if (requests.idle()) requests.ask({ values, table }); }
  numbers.addEventListener("toggle", () => { if (numbers.open) again(true); });

  // --- painting
  // Until the last answer is there, the mark in the hand is where the hand has it; until it is let go, if answers
  // only come near to that.
  const onScreen = () => (held && (!requests.idle() || (adapter.coarse && handles.holding())) ? withHeld(shown, held.handle, held.held) : shown);
  function paint(spec = onScreen()) {
    for (const [name, size] of [["--cu-wide", spec.width], ["--cu-high", spec.height]]) root.style.setProperty(name, size);
    painter.paint(spec);
    handles.refresh(spec);
    presses.refresh(spec);
    zooms.refresh(spec);
    pads.refresh(spec);
    tip.refresh(spec);
  }
  function glide(path) {
    const start = performance.now(), step = (now) => {
      const t = Math.min(1, Math.max(0, (now - start) / GLIDE_MS));
      frame = t < 1 ? requestAnimationFrame(step) : 0;
      if (frame) paint(path(eased(t)));
      else paint(); // an answer may have come meanwhile, for another width
    };
    frame = requestAnimationFrame(step);
  }
  function stopGlide() {
    if (frame === 0) return;
    cancelAnimationFrame(frame);
    frame = 0;
    paint();
  }
  function say() {
    set(art, { "aria-label": shown.says });
    write(readout, shown.readout);
    write(rest, shown.says.startsWith(shown.readout) ? shown.says.slice(shown.readout.length).trim() : shown.says);
  }

  // --- pointing
  const pointed = (event) => {
    if (handles.holding()) return;
    if (event.target.closest(".cu-pad")) { tip.show(null, shown); return; } // no number under the pen
    const box = stage.getBoundingClientRect(), scale = shown.width / box.width;
    tip.show(under(shown, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale), shown);
  };
  stage.addEventListener("pointermove", pointed);
  stage.addEventListener("pointerleave", () => { if (!handles.holding()) tip.show(null, shown); });

  // --- room and colors
  const observer = new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === 0 || Math.round(contentRect.width) === width0) return;
    width0 = Math.round(contentRect.width);
    const most = Number(getComputedStyle(root).getPropertyValue("--cu-most")) || Infinity;
    const wanted = CLASSES.find(([from, size]) => width0 >= from && size <= most)[1];
    if (wanted !== width) {
      width = wanted;
      again();
    }
    painter.repaint(); // canvases have the pixels of the screen
  });
  observer.observe(figure);
  const unthemed = onTheme(() => painter.repaint());

  refreshInputs();
  say();
  paint();
  const forget = adapter.on(requests.heard);

  return () => {
    forget();
    requests.stop();
    controls.stop();
    clearTimeout(restTimer);
    clearTimeout(tableTimer);
    cancelAnimationFrame(frame);
    observer.disconnect();
    unthemed();
  };
}
