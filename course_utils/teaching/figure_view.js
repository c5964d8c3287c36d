// The live view of a picture: native inputs on one side, image, readout and numbers on the other.
// The browser owns `values` (what the inputs say), `moving` and `plotted`; the kernel owns everything else.

const REST_MS = 200; // after this long at the last values, ask for the sharp image

function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key in node) node[key] = value;
    else node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

let idCount = 0;
const newId = () => `cu-${Date.now().toString(36)}-${idCount++}`;

const minus = (text) => String(text).replace("-", "\u2212");
const show = (value) => minus(Number(Number(value).toPrecision(3)));

// How many digits a number has after the point: 2 for 0.25, 7 for 1e-7.
function decimalsOf(number) {
  const [digits, exponent = 0] = String(number).split("e");
  return Math.max(0, (digits.split(".")[1] ?? "").length - Number(exponent));
}

// A scale says how slider positions (whole notches from 0) and values correspond.
function evenScale({ low, high, step = 1 }) {
  const decimals = Math.max(decimalsOf(low), decimalsOf(step));
  return {
    low, high, step,
    notches: Math.round((high - low) / step),
    toValue: (notch) => Math.min(high, Number((low + notch * step).toFixed(decimals))),
    toNotch: (value) => Math.round((value - low) / step),
  };
}

function logScale({ low, high, step }) {
  const notches = Math.round(Math.log(high / low) / Math.log(step));
  return {
    low, high, step: "any", notches,
    toValue: (notch) =>
      notch <= 0 ? low : notch >= notches ? high
        : Math.min(high, Math.max(low, Number((low * (high / low) ** (notch / notches)).toPrecision(3)))),
    toNotch: (value) => Math.round((notches * Math.log(value / low)) / Math.log(high / low)),
  };
}

// One over a scale: the same value seen as its reciprocal, small values to the left again.
function reciprocalScale(scale) {
  return {
    low: 1 / scale.high, high: 1 / scale.low, step: "any", notches: scale.notches,
    toValue: (notch) => 1 / scale.toValue(scale.notches - notch),
    toNotch: (value) => scale.notches - scale.toNotch(1 / value),
  };
}

// A slider with its number field. `get` and `set` speak in values of this scale.
function numberRow(label, unit, scale, get, set) {
  const rangeId = newId(), errorId = newId();
  const suffix = unit ? ` ${unit}` : "";
  const bounds = `${show(scale.low)} to ${show(scale.high)}${suffix}`;
  const slider = make("input", { type: "range", id: rangeId, min: 0, max: scale.notches, step: 1 });
  const field = make("input", {
    type: "number", min: scale.low, max: scale.high, step: scale.step,
    "aria-label": `${label}, exact value, ${bounds}`, "aria-describedby": errorId,
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
    const value = get();
    slider.value = scale.toNotch(value);
    slider.setAttribute("aria-valuetext", `${show(value)}${suffix}`);
    if (document.activeElement !== field || field.valueAsNumber !== value) {
      field.value = Number(Number(value).toPrecision(6));
    }
    settle("");
  };
  const row = make("div", { className: "cu-row" },
    make("label", { htmlFor: rangeId }, label, make("span", { className: "cu-range" }, ` (${bounds})`)),
    make("div", { className: "cu-pair" }, slider, field), error);
  return { nodes: [row], refresh };
}

// Each kind of control: (spec, get, set) -> { nodes, refresh }.
const KINDS = {
  float: (spec, get, set) => numberRow(spec.label, spec.unit, evenScale(spec), get, set),
  integer: (spec, get, set) =>
    numberRow(spec.label, spec.unit, { ...evenScale({ ...spec, step: 1 }), integer: true }, get, set),
  log: (spec, get, set) => {
    const scale = logScale(spec);
    const first = numberRow(spec.label, spec.unit, scale, get, set);
    if (!spec.reciprocal) return first;
    const second = numberRow(spec.reciprocal, "", reciprocalScale(scale), () => 1 / get(), (v) => set(1 / v));
    return {
      nodes: [...first.nodes, ...second.nodes],
      refresh: () => { first.refresh(); second.refresh(); },
    };
  },
  vector: (spec, get, set) => {
    const rows = spec.entries.map((entry, i) =>
      numberRow(entry, spec.unit, evenScale(spec), () => get()[i], (v) => set(get().with(i, v))));
    const group = make("fieldset", {}, make("legend", {}, spec.label), ...rows.flatMap((r) => r.nodes));
    return { nodes: [group], refresh: () => rows.forEach((r) => r.refresh()) };
  },
  choice: (spec, get, set) => {
    const id = newId();
    const select = make("select", { id }, ...spec.options.map((text) => make("option", { value: text }, text)));
    select.addEventListener("change", () => set(select.value));
    const row = make("div", { className: "cu-row" },
      make("label", { htmlFor: id }, spec.label), select);
    return { nodes: [row], refresh: () => { select.value = get(); } };
  },
  toggle: (spec, get, set) => {
    const box = make("input", { type: "checkbox" });
    box.addEventListener("change", () => set(box.checked));
    const row = make("div", { className: "cu-row" }, make("label", {}, box, spec.label));
    return { nodes: [row], refresh: () => { box.checked = get(); } };
  },
  bits: (spec, get, set) => {
    const names = spec.groups.flatMap(([group, count]) => // numbered as powers of two: bit 0 is the last
      Array.from({ length: count }, (_, i) => (count > 1 ? `${group} bit ${count - 1 - i}` : `${group} bit`)));
    const buttons = names.map((name, at) => {
      const button = make("button", { type: "button", "aria-label": name, title: name });
      button.addEventListener("click", () => { stop(at); set(flipped(get(), at)); });
      return button;
    });
    const flipped = (bits, at) => bits.slice(0, at) + (bits[at] === "1" ? "0" : "1") + bits.slice(at + 1);
    // One stop for the Tab key; arrow keys, Home and End walk along the bits, as in a toolbar.
    const stop = (at) => buttons.forEach((button, i) => { button.tabIndex = i === at ? 0 : -1; });
    stop(0);
    let first = 0;
    const groups = spec.groups.map(([group, count]) => {
      const own = buttons.slice(first, first += count);
      return make("div", { className: "cu-bits", role: "group", "aria-label": group },
        make("span", { className: "cu-range" }, group), ...own);
    });
    const field = make("fieldset", {}, make("legend", {}, spec.label), ...groups);
    field.addEventListener("keydown", (event) => {
      const at = buttons.indexOf(document.activeElement), last = buttons.length - 1;
      const target = { ArrowLeft: Math.max(0, at - 1), ArrowRight: Math.min(last, at + 1), Home: 0, End: last }[event.key];
      if (at < 0 || target === undefined) return;
      event.preventDefault();
      stop(target);
      buttons[target].focus();
    });
    return {
      nodes: [field],
      refresh: () => buttons.forEach((button, i) => {
        button.textContent = get()[i];
        button.setAttribute("aria-pressed", String(get()[i] === "1"));
      }),
    };
  },
};

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function render({ model, el }) {
  keepListening(model);
  storeTwins(model);
  keepSlideKeys();
  const abort = new AbortController();
  let restTimer = 0;

  function setValues(values) {
    model.set("values", values);
    model.set("moving", true);
    model.save_changes(); // merged with later changes while the kernel is busy: no backlog
    clearTimeout(restTimer);
  }

  const inputs = model.get("controls").map((spec) =>
    KINDS[spec.kind](
      spec,
      () => model.get("values")[spec.name],
      (value) => setValues({ ...model.get("values"), [spec.name]: value }),
    ));
  const presets = Object.entries(model.get("presets")).map(([name, values]) => {
    const button = make("button", { type: "button" }, name);
    button.addEventListener("click", () => setValues(values));
    return { button, values };
  });
  const reset = make("button", { type: "button" }, "Reset");
  reset.addEventListener("click", () => setValues(model.get("defaults")));

  const image = make("img");
  const status = make("span", { role: "status" });
  const rest = make("span");
  const numbers = make("div");
  const parts = [];
  if (inputs.length > 0) {
    parts.push(make("div", { className: "cu-controls" }, ...inputs.flatMap((input) => input.nodes),
      make("div", { className: "cu-buttons", role: "group", "aria-label": `Presets of ${model.get("title")}` },
        ...presets.map(({ button }) => button), reset)));
  }
  const figure = make("figure", {}, image, make("figcaption", {}, status, " ", rest),
    make("details", {}, make("summary", {}, "Numbers"), numbers));
  parts.push(figure);

  const root = make("div", { className: "cu-view" });
  if (model.get("title")) {
    root.append(make("p", { className: "cu-head" }, make("strong", {}, model.get("title")), " ", model.get("look_for")));
  }
  root.append(make("div", { className: "cu-columns" }, ...parts));
  // JupyterLab's command-mode shortcuts must not take the arrow keys from a slider. The mark counts only on
  // the focused element itself, or below the element that a shortcut's selector matches.
  for (const input of root.querySelectorAll("input, select, button, summary")) {
    input.dataset.lmSuppressShortcuts = "true";
  }
  el.append(root);

  function refreshInputs() {
    const values = model.get("values");
    inputs.forEach((input) => input.refresh());
    presets.forEach(({ button, values: preset }) => button.setAttribute("aria-pressed", String(same(preset, values))));
  }
  function refreshText() {
    const description = model.get("description"), readout = model.get("readout");
    image.alt = description;
    status.textContent = readout;
    rest.textContent = description.startsWith(readout) ? description.slice(readout.length).trim() : description;
    numbers.innerHTML = model.get("table"); // built and escaped by Picture
  }
  let url = "";
  function refreshImage() {
    const [width, height] = model.get("size");
    const bytes = model.get("image");
    image.hidden = model.get("plotted");
    if (image.hidden) return;
    root.classList.toggle("cu-tall", height > 0.8 * width);
    image.width = width;
    image.height = height;
    const old = url;
    url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    image.onload = () => URL.revokeObjectURL(old);
    image.src = url;
  }
  // Plotly's figure stands in one box with this view. Until it is drawn, if ever, the image shows the picture.
  const notePlot = (plot) => {
    if (!plot?.data?.length || !root.closest(".widget-vbox")?.contains(plot)) return;
    model.set("plotted", true);
    model.save_changes();
  };
  const hearPlotly = ({ detail }) => notePlot(detail.element);
  document.addEventListener("plotlywidget-after-render", hearPlotly, { signal: abort.signal });
  notePlot(root.closest(".widget-vbox")?.querySelector(".js-plotly-plot")); // drawn before this view
  // Asked for earlier, it would be drawn in place of the last small one, or even before it: a picture that
  // goes on moving after the key is up.
  function refreshRest() {
    clearTimeout(restTimer);
    if (!model.get("moving") || !same(model.get("answered"), model.get("values"))) return;
    restTimer = setTimeout(() => { model.set("moving", false); model.save_changes(); }, REST_MS);
  }
  const listen = (names, update) => {
    update();
    for (const name of names) {
      const event = `change:${name}`;
      model.on(event, update);
      abort.signal.addEventListener("abort", () => model.off(event, update));
    }
  };
  listen(["values"], refreshInputs);
  listen(["description", "readout", "table"], refreshText);
  listen(["image", "size", "plotted"], refreshImage);
  listen(["answered"], refreshRest);

  return () => {
    clearTimeout(restTimer);
    abort.abort();
    URL.revokeObjectURL(url);
  };
}

export default { render };
