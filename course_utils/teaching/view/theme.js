// Whether the page is light or dark, as it changes.

// Call when the page or the system turns light or dark; return how to stop.
export function onTheme(recolor) {
  const themes = new MutationObserver(recolor), scheme = matchMedia("(prefers-color-scheme: dark)");
  for (const node of [document.documentElement, document.body]) {
    themes.observe(node, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-theme", "class"] });
  }
  scheme.addEventListener("change", recolor);
  return () => {
    themes.disconnect();
    scheme.removeEventListener("change", recolor);
  };
}
