// The state of a demo in an address: page#demo?name=value&…

export function toLink(id, values) {
  const said = new URLSearchParams(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
  return `${location.href.split("#")[0]}#${id}?${said}`;
}

// The values that the address of this page gives a demo; what is no value of a control is not taken.
export function fromLink(id, { controls, defaults }, hash = location.hash) {
  const [named, said] = hash.slice(1).split("?");
  if (named !== id || !said) return null;
  const found = {};
  for (const [name, text] of new URLSearchParams(said)) {
    const control = controls.find((one) => one.name === name);
    try {
      const value = JSON.parse(text);
      if (control && fits(value, defaults[name], control)) found[name] = value;
    } catch { /* not ours */ }
  }
  return found;
}

// Whether a value is one of those that a control can have beside its default, which may be any JSON.
function fits(value, known, control) {
  if (Array.isArray(known)) {
    return Array.isArray(value) && value.length === known.length && value.every((entry, i) => fits(entry, known[i], control));
  }
  if (typeof value !== typeof known) return false;
  if (control.options) return control.options.includes(value);
  if (typeof known === "string") return value.length === known.length && /^[01]*$/.test(value); // bits
  if (typeof known === "boolean") return true;
  return value >= control.low && value <= control.high && (control.kind !== "integer" || Number.isInteger(value));
}
