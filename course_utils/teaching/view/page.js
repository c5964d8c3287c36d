// The figure for pages of our own: the website, and slides without Python.
export { filmAdapter } from "./film.js";
export { showFigure } from "./figure.js";
