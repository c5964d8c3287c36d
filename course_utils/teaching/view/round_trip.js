// Ask the kernel, show its answer. Until it comes, say so: a page without a kernel stays at "waiting".
import { keepListening, storeTwins } from "./jupyter.js";

function render({ model, el }) {
  const line = document.createElement("p");
  line.setAttribute("role", "status");
  line.textContent = model.get("waiting");
  el.append(line);
  const answer = (text) => { line.textContent = text; };
  model.on("msg:custom", answer);
  storeTwins(model);
  keepListening(model).then(() => model.send("ping"), () => {}); // without a kernel it stays at what it says
  return () => model.off("msg:custom", answer);
}

export default { render };
