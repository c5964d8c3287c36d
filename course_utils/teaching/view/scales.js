// Where numbers lie: notches of a slider, pixels of a panel.

// How many digits a number has after the point: 2 for 0.25, 7 for 1e-7.
export function decimalsOf(number) {
  const [digits, exponent = 0] = String(number).split("e");
  return Math.max(0, (digits.split(".")[1] ?? "").length - Number(exponent));
}

// The scale of a control says how whole notches from 0 and values correspond.
export function evenScale({ low, high, step = 1 }) {
  const decimals = Math.max(decimalsOf(low), decimalsOf(step));
  return {
    low, high, step,
    notches: Math.round((high - low) / step),
    toValue: (notch) => Math.min(high, Number((low + notch * step).toFixed(decimals))),
    toNotch: (value) => Math.round((value - low) / step),
  };
}

export function logScale({ low, high, step }) {
  const notches = Math.round(Math.log(high / low) / Math.log(step));
  return {
    low, high, step: "any", notches,
    toValue: (notch) =>
      notch <= 0 ? low : notch >= notches ? high
        : Math.min(high, Math.max(low, Number((low * (high / low) ** (notch / notches)).toPrecision(3)))),
    toNotch: (value) => value <= 0 ? 0 : Math.round((notches * Math.log(value / low)) / Math.log(high / low)),
  };
}

// One over a scale: the same value seen as its reciprocal, small values to the left again.
export function reciprocalScale(scale) {
  return {
    low: 1 / scale.high, high: 1 / scale.low, step: "any", notches: scale.notches,
    toValue: (notch) => 1 / scale.toValue(scale.notches - notch),
    toNotch: (value) => scale.notches - scale.toNotch(1 / value),
  };
}

export function scaleOf(control) {
  if (control.kind === "log") return logScale(control);
  return { ...evenScale(control), integer: control.kind === "integer" };
}

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// The nearest value that the slider itself could have set.
export const snapped = (scale, value) => scale.toValue(clamp(scale.toNotch(value), 0, scale.notches));

// One axis of a panel: data to pixels and back. `start` is where the low limit lies, `end` the high one.
export function axisMap({ scale, limits: [low, high] }, start, end) {
  const [into, back] = scale === "log" ? [Math.log, Math.exp] : [Number, Number];
  const first = into(low), span = into(high) - first;
  return {
    toPixel: (value) => start + ((end - start) * (into(value) - first)) / span,
    toData: (pixel) => back(first + (span * (pixel - start)) / (end - start)),
  };
}

export function panelMap({ box: [left, top, width, height], x, y }) {
  return { x: axisMap(x, left, left + width), y: axisMap(y, top + height, top) };
}
