// What every widget of the course needs of Jupyter.

// anywidget (0.9 to 0.11) gives a widget's module two seconds to load. If a busy machine takes longer, the
// widget appears all the same but ignores every message from the kernel, for good: a demo that does not move.
// So hand the model's messages to the handler of the Jupyter base class, which does not wait.
export async function keepListening(model) {
  const real = await model.widget_manager.get_model(model.get("own"));
  const jupyterBase = Object.getPrototypeOf(Object.getPrototypeOf(real));
  real.comm?.on_msg(jupyterBase._handle_comm_msg.bind(real));
  return real; // which knows whether the kernel still hears it, and anywidget's does not
}

const DEAD = ["dead", "terminating", "restarting", "autorestarting"];

// The kernel behind a widget: what is asked, whom it answers, and whether it is there at all.
export function kernelOf(model) {
  const listening = keepListening(model); // until then, an answer to a busy page would be lost
  let real = null; // the model behind anywidget's
  listening.then((found) => { real = found; }, () => { real = { comm_live: false }; });
  return {
    set(request) {
      listening.then(() => model.send(request)).catch(() => {}); // no kernel: `alive` says so when it is asked
    },
    on(callback) {
      const heard = (answer, buffers) => callback({ ...answer, buffers });
      model.on("msg:custom", heard);
      return () => model.off("msg:custom", heard);
    },
    alive() {
      const manager = model.widget_manager ?? {}, kernel = manager.kernel;
      if (real?.comm_live === false) return false;
      return !("kernel" in manager) || Boolean(kernel && !kernel.isDisposed && !DEAD.includes(kernel.status) && kernel.connectionStatus !== "disconnected");
    },
  };
}

// JupyterLab fills a widget before it puts it on the page, and keeps those far away off it. Until then nothing has a
// size, and MathJax, which sets formulas in that of the letters around them, makes them too small, for good.
export function onPage(el) {
  return new Promise((resolve) => {
    const observer = new ResizeObserver(() => {
      if (el.offsetWidth === 0) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(el);
  });
}

// A widget lives as long as its kernel. Stored with the notebook, its view would be an error message when the
// notebook is opened again, in front of the static twin beside it. So store only the twin; and nothing of a view
// that stands alone, such as a progress bar.
const VIEW = "application/vnd.jupyter.widget-view+json";

export function storeTwins(model) {
  const notebook = model.widget_manager.context?.model; // as JupyterLab has it; elsewhere nothing is stored
  if (!notebook?.toJSON || notebook.storesTwins) return;
  notebook.storesTwins = true;
  const whole = notebook.toJSON.bind(notebook);
  notebook.toJSON = () => {
    const content = whole();
    return { ...content, cells: content.cells.map((cell) => cell.outputs ? { ...cell, outputs: cell.outputs.flatMap(stored) } : cell) };
  };
}

function stored(output) {
  if (!output.data?.[VIEW]) return [output];
  const { [VIEW]: _, ...data } = output.data;
  if (data["text/html"]) return [{ ...output, data }];
  return Object.keys(data).length > 0 ? [output] : [];
}
