// A button that moves a control by itself, from where it is to its end; at the end it begins again.
import { make } from "./dom.js";

const SWEEP_MS = 5000, STEP_MS = 60;
const NOTCHES_AT_ONCE = (notches) => Math.max(1, Math.round(notches / (SWEEP_MS / STEP_MS)));

// ready() tells whether the last picture has come: a slow kernel makes the film slower, not longer.
export function playButton({ label, scale, get, set, ready, clock = globalThis }) {
  const node = make("button", { type: "button", className: "cu-play" });
  let timer = null;

  const show = () => {
    node.textContent = timer === null ? "\u25b6\ufe0e" : "\u2759\u2759";
    node.setAttribute("aria-label", `${timer === null ? "Play" : "Pause"}: ${label}`);
  };
  const stop = () => {
    clock.clearTimeout(timer);
    timer = null;
    show();
  };
  function step() {
    const notch = scale.toNotch(get());
    if (notch >= scale.notches) return stop();
    if (ready()) set(scale.toValue(Math.min(scale.notches, notch + stride())));
    timer = clock.setTimeout(step, pause());
  }
  const stride = () => NOTCHES_AT_ONCE(scale.notches);
  // Few notches, such as layers or epochs by the dozen, are shown one by one, slowly enough to be seen.
  const pause = () => Math.max(STEP_MS, Math.min(500, SWEEP_MS / scale.notches));
  node.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (scale.toNotch(get()) >= scale.notches) set(scale.toValue(0));
    timer = clock.setTimeout(step, pause());
    show();
  });
  show();
  return { node, stop };
}
