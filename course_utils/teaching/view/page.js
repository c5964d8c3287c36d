// The figure for pages of our own: the website, and slides without Python.
export { unpacked } from "./arrays.js";
export { make } from "./dom.js";
export { showFigure } from "./figure.js";
export { GLIDE_MS } from "./glide.js";
export { panelMap } from "./scales.js";
