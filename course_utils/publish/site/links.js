// The state of a demo in an address: page#demo?name=value&… with the values that are not the defaults.

export function toLink(id, controls, values) {
  const said = new URLSearchParams();
  for (const { name } of controls) said.set(name, JSON.stringify(values[name]));
  return `${location.href.split("#")[0]}#${id}?${said}`;
}

// The values that the address of this page gives a demo; what is no value of a control is not taken.
export function fromLink(id, controls, hash = location.hash) {
  const [named, said] = hash.slice(1).split("?");
  if (named !== id || !said) return null;
  const found = {};
  for (const [name, text] of new URLSearchParams(said)) {
    const control = controls.find((one) => one.name === name);
    try {
      const value = JSON.parse(text);
      if (control && fits(control, value)) found[name] = value;
    } catch { /* not ours */ }
  }
  return found;
}

function fits(control, value) {
  const inRange = (number) => typeof number === "number" && number >= control.low && number <= control.high;
  const bits = (count) => typeof value === "string" && value.length === count && /^[01]*$/.test(value);
  switch (control.kind) {
    case "vector": return Array.isArray(value) && value.length === control.entries.length && value.every(inRange);
    case "choice": return control.options.includes(value);
    case "toggle": return typeof value === "boolean";
    case "bits": return bits(control.groups.reduce((sum, [, count]) => sum + count, 0));
    case "bitmap": return bits(control.rows * control.columns);
    case "integer": return inRange(value) && Number.isInteger(value);
    default: return inRange(value);
  }
}
