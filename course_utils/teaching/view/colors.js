// Color tokens and color maps. The page's style sheet says what a token is in light and in dark.

const COLORMAPS = {}; // name -> 256 colors "#rrggbb"

// Python owns the tables; the assembled module ends with a call of this.
export function provideColormaps(tables) {
  for (const [name, digits] of Object.entries(tables)) {
    COLORMAPS[name] = Array.from({ length: digits.length / 6 }, (_, i) => `#${digits.slice(6 * i, 6 * i + 6)}`);
  }
}

export const colormap = (name) => COLORMAPS[name] ?? [];

export const paint = (token) => (token.startsWith("#") ? token : `var(--cu-${token})`);

// Canvas knows no variables: look the token up where it is painted.
export function resolver(element) {
  const style = getComputedStyle(element), known = new Map();
  return (token) => {
    if (token.startsWith("#")) return token;
    if (!known.has(token)) known.set(token, style.getPropertyValue(`--cu-${token}`).trim() || "#777777");
    return known.get(token);
  };
}

export const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

// The fill of each entry: through the color map, or out of the mark's palette.
export function fills(mark, resolve = paint) {
  const table = mark.palette ? mark.palette.map(resolve) : colormap(mark.colormap);
  return (index) => table[index] ?? "none";
}
