// A visually hidden live region: assistive technology reads its text whenever that changes.
import { keepListening, storeTwins } from "./jupyter.js";
import { keepSlideKeys } from "./slide_keys.js";

function render({ model, el }) {
  keepListening(model);
  storeTwins(model);
  keepSlideKeys();
  const region = document.createElement("div");
  region.setAttribute("role", "status");
  // At the bottom from above: below its empty widget, it would give the whole form a scrollbar.
  region.style.cssText = "position:absolute;bottom:0;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
  el.append(region);
  const update = () => { region.textContent = model.get("text"); };
  model.on("change:text", update);
  update();
  return () => model.off("change:text", update);
}

export default { render };
