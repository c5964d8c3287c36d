// The controls: native inputs in rows of one line, label, slider, number.
import { make, newId } from "./dom.js";
import { formatNumber } from "./format.js";
import { reciprocalScale, scaleOf } from "./scales.js";
import { playButton } from "./play.js";
import { inLetters } from "./scripts.js";

const LONGEST_CHOICE = 34; // letters that fit beside each other; more become a list

// A slider with its number field. `get` and `set` speak in values of this scale.
function numberRow({ label, name = label, unit = "", scale, get, set, extra = [] }) {
  const rangeId = newId(), errorId = newId();
  const suffix = unit ? ` ${unit}` : "";
  const bounds = `${formatNumber(scale.low)} to ${formatNumber(scale.high)}${suffix}`;
  const slider = make("input", { type: "range", id: rangeId, min: 0, max: scale.notches, step: 1, title: bounds });
  if (name !== label) slider.setAttribute("aria-label", name);
  const field = make("input", {
    type: "number", min: scale.low, max: scale.high, step: scale.step, title: bounds,
    "aria-label": `${name}, exact value, ${bounds}`, "aria-describedby": errorId,
  });
  const error = make("div", { id: errorId, className: "cu-error", role: "alert" });

  const settle = (message) => {
    error.textContent = message;
    field.setAttribute("aria-invalid", String(message !== ""));
  };
  slider.addEventListener("input", () => { settle(""); set(scale.toValue(Number(slider.value))); });
  const commit = () => {
    const value = field.valueAsNumber;
    const slack = (end) => 1e-9 * Math.abs(end) + 1e-12;
    const fits = value >= scale.low - slack(scale.low) && value <= scale.high + slack(scale.high);
    const whole = scale.integer !== true || Number.isInteger(value);
    if (fits && whole) { settle(""); set(Math.min(scale.high, Math.max(scale.low, value))); }
    else settle(`Type a ${scale.integer ? "whole " : ""}number from ${bounds}.`);
  };
  field.addEventListener("change", commit);
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") commit(); }); // Jupyter swallows its change
  const refresh = () => {
    const value = get(), notch = scale.toNotch(value);
    slider.value = notch;
    slider.style.setProperty("--cu-filled", `${(100 * notch) / scale.notches}%`);
    slider.setAttribute("aria-valuetext", `${formatNumber(value)}${suffix}`);
    if (document.activeElement !== field || field.valueAsNumber !== value) {
      field.value = Number(Number(value).toPrecision(6));
    }
    settle("");
  };
  const row = make("div", { className: "cu-row" },
    make("span", { className: "cu-label" }, make("label", { htmlFor: rangeId, written: label }), ...extra),
    make("span", { className: "cu-pair" }, slider, field), error);
  return { nodes: [row], refresh };
}

function numbers(spec, get, set, kit) {
  const scale = scaleOf(spec);
  const player = spec.plays ? playButton({ label: spec.label, scale, get, set: (value) => set(value, { playing: true }), ...kit }) : null;
  const first = numberRow({ label: spec.label, unit: spec.unit, scale, get, set, extra: player ? [player.node] : [] });
  const rows = [first];
  if (spec.reciprocal) {
    rows.push(numberRow({ label: spec.reciprocal, scale: reciprocalScale(scale), get: () => 1 / get(), set: (v) => set(1 / v) }));
  }
  return { nodes: rows.flatMap((row) => row.nodes), refresh: () => rows.forEach((row) => row.refresh()), stop: player?.stop };
}

function group(label, ...children) {
  return make("fieldset", {}, make("legend", { written: label }), ...children);
}

// Each kind of control: (spec, get, set, kit) -> { nodes, refresh, stop? }.
const KINDS = {
  float: numbers,
  integer: numbers,
  log: numbers,
  vector: (spec, get, set, { dragged }) => {
    const rows = spec.entries.map((entry, i) => numberRow({
      label: entry, name: `${spec.label}, ${entry}`, scale: scaleOf(spec),
      get: () => get()[i], set: (v) => set(get().with(i, v)),
    }));
    const inside = make("div", { className: "cu-rows" }, ...rows.flatMap((row) => row.nodes));
    // What the picture's own marks set needs its sliders only for exact numbers.
    const node = dragged.has(spec.name)
      ? make("details", { className: "cu-exact" }, make("summary", { written: `${spec.label}: exact numbers` }), inside)
      : group(spec.label, inside);
    return { nodes: [node], refresh: () => rows.forEach((row) => row.refresh()) };
  },
  choice: (spec, get, set) => (spec.options.join("").length <= LONGEST_CHOICE ? radios : list)(spec, get, set),
  toggle: (spec, get, set) => {
    const box = make("input", { type: "checkbox" });
    box.addEventListener("change", () => set(box.checked));
    const row = make("div", { className: "cu-row" }, make("label", { className: "cu-toggle" }, box, make("span", { written: spec.label })));
    return { nodes: [row], refresh: () => { box.checked = get(); } };
  },
  bits: () => ({ nodes: [], refresh() {} }), // pressed in the picture
  bitmap,
};

// A drawing is made in the picture; here it is wiped.
function bitmap(spec, get, set) {
  const labelId = newId(), button = make("button", { type: "button", "aria-describedby": labelId }, "Wipe");
  button.addEventListener("click", () => set("0".repeat(spec.rows * spec.columns)));
  const row = make("div", { className: "cu-row" }, make("span", { className: "cu-label", id: labelId, written: spec.label }),
    make("span", {}, button));
  return { nodes: [row], refresh: () => { button.disabled = !get().includes("1"); } };
}

// A few short words beside each other: native radio buttons, so that arrow keys and screen readers know them.
function radios(spec, get, set) {
  const name = newId(), labelId = newId();
  const inputs = spec.options.map((text) => {
    const input = make("input", { type: "radio", name, value: text });
    input.addEventListener("change", () => set(text));
    return input;
  });
  const options = spec.options.map((text, i) => make("label", {}, inputs[i], make("span", { written: text })));
  const row = make("div", { className: "cu-row" }, make("span", { className: "cu-label", id: labelId, written: spec.label }),
    make("div", { className: "cu-choice", role: "radiogroup", "aria-labelledby": labelId }, ...options));
  return { nodes: [row], refresh: () => inputs.forEach((input) => { input.checked = input.value === get(); }) };
}

function list(spec, get, set) {
  const id = newId();
  const select = make("select", { id }, ...spec.options.map((text) => make("option", { value: text }, inLetters(text))));
  select.addEventListener("change", () => set(select.value));
  const row = make("div", { className: "cu-row" },
    make("span", { className: "cu-label" }, make("label", { htmlFor: id, written: spec.label })), select);
  return { nodes: [row], refresh: () => { select.value = get(); } };
}

// All controls of a figure. `kit`: { dragged: names of what marks set, ready: is the picture up to date }
export function makeControls(specs, getValues, setValues, kit) {
  const inputs = specs.map((spec) => KINDS[spec.kind](
    spec, () => getValues()[spec.name],
    (value, how) => setValues({ ...getValues(), [spec.name]: value }, how), kit));
  return {
    node: make("div", { className: "cu-rows" }, ...inputs.flatMap((input) => input.nodes)),
    refresh: () => inputs.forEach((input) => input.refresh()),
    stop: () => inputs.forEach((input) => input.stop?.()),
  };
}
