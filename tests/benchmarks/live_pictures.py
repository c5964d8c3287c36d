"""From a key to the changed picture, beside a bare image swap; pictures per second while a handle is dragged.

Run it as a script: ``python tests/benchmarks/live_pictures.py [NN ...]``, for the demos of some notebooks or
of all. It needs what the browser tests need and writes ``live_pictures.md``. The bare slider
stands below each demo on the same page and swaps two ready-made images; key presses alternate between the
two, so that both see the same machine. The pointer moves once in each frame of the page. The aims: no slower
than the swap, and at least 30 pictures a second.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))  # its conftest, not the one beside this file
from conftest import NotebookPage, opened_notebook, running_chromium, running_lab
from shown import all_shown

from course_utils.teaching import Demo

ROUNDS = 20
DRAG_FRAMES = 120
UNCHANGED_AFTER = 5_000  # milliseconds: this notch shows the same picture
REPORT = Path(".benchmarks") / "live_pictures.md"

BARE = """
import ipywidgets as _widgets
from course_utils.teaching.pictures.stored import painted as _painted
_shown = ({demo}.at(), {demo}.at(**dict(next(iter({demo}.presets.values())))))
_ready = [_painted(picture.spec(), 1) for picture in _shown]
_bare, _image = _widgets.IntSlider(max=1000), _widgets.Image(value=_ready[0])
def _swap(change, image=_image, ready=_ready):
    image.value = ready[change["new"] % 2]
_bare.observe(_swap, "value")
_widgets.VBox([_bare, _image])
"""

# The time from a key to the frame in which the new picture, or the loaded image, is there.
WATCH = """(root) => {
    const times = root.latency = { down: 0, changed: 0 };
    const change = () => { times.changed ||= performance.now(); };
    root.addEventListener('keydown', () => { times.down = performance.now(); times.changed = 0; }, true);
    root.addEventListener('load', change, true);
    const art = root.querySelector('.cu-art');
    const all = { subtree: true, childList: true, attributes: true, characterData: true };
    if (art) new MutationObserver(change).observe(art, all);
}"""

# Move a handle up and down, once in each frame; return how many pictures of the kernel came in a second.
DRAG = """async (handle, frames) => {
    const art = handle.closest('.cu-live').querySelector('.cu-art'), box = handle.getBoundingClientRect();
    const middle = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
    const fire = (type, dx, dy) => handle.dispatchEvent(new PointerEvent(type, {
        pointerId: 1, button: 0, bubbles: true,
        clientX: middle.clientX + dx, clientY: middle.clientY + dy }));
    handle.setPointerCapture = () => {};
    let pictures = 0;
    const watch = new MutationObserver(() => { pictures += 1; });
    fire('pointerdown', 0, 0);
    watch.observe(art, { attributes: true, attributeFilter: ['aria-label'] });
    const start = performance.now();
    for (let i = 0; i < frames; i++) {
        await new Promise((next) => requestAnimationFrame(next));
        fire('pointermove', 25 * Math.sin(i / 7), 25 * Math.cos(i / 5) - 25);
    }
    const seconds = (performance.now() - start) / 1000;
    watch.disconnect();
    fire('pointerup', 0, 0);
    return [pictures / seconds, frames / seconds];
}"""


@dataclass
class Measured:
    """What was found for one demo: milliseconds, and pictures and frames per second for each handle."""

    name: str
    demo: list[float]
    bare: list[float]
    drags: list[tuple[float, float]]

    def row(self) -> str:
        medians = [statistics.median(times) for times in (self.demo, self.bare) if times]
        ratio = f"{medians[0] / medians[1]:.2f}" if len(medians) == 2 else ""
        slowest = min(self.drags, default=None)
        rate = f"{slowest[0]:.0f} of {slowest[1]:.0f}" if slowest else "no handle"
        cells = [self.name, *(f"{median:.0f}" for median in medians), ratio, str(len(self.drags)), rate]
        return f"| {' | '.join(cells)} |"


def press(page: Any, root: Any, control: Any, key: str) -> list[float]:
    """Press a key; return the milliseconds until the picture has changed, or nothing if it stays the same."""
    from playwright.sync_api import TimeoutError

    control.focus()
    page.keyboard.press(key)
    try:
        changed = page.wait_for_function(
            "(root) => root.latency.changed && root.latency.changed - root.latency.down",
            arg=root,
            timeout=UNCHANGED_AFTER,
        )
    except TimeoutError:
        return []
    page.wait_for_timeout(150)
    return [float(changed.json_value())]


def measure(notebook: NotebookPage, source: str) -> Measured:
    """Measure a demo, alternating with the bare slider below it."""
    page = notebook.page
    cell = notebook.cell(source)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:insert-cell-below')")
    page.evaluate(
        """async (source) => {
             const cell = window.jupyterapp.shell.currentWidget.content.activeCell;
             cell.model.sharedModel.setSource(source);
             await window.jupyterapp.commands.execute('notebook:run-cell');
           }""",
        BARE.format(demo=source),
    )
    below = notebook.cell(BARE.format(demo=source))
    swap = below.locator(".noUi-handle")
    swap.wait_for()
    below.locator("img").wait_for()
    outputs = [one.locator(".jp-OutputArea-output").first.element_handle() for one in (cell, below)]
    for output in outputs:
        output.evaluate(WATCH)
    cell.locator(".cu-live details").evaluate_all("(folds) => folds.forEach((fold) => { fold.open = true; })")
    cell.locator(".cu-numbers").evaluate("(fold) => { fold.open = false; }")
    sliders = cell.locator(".cu-live input[type=range]").all()
    keys = [("ArrowLeft", "ArrowRight")[:: 1 if at_end(slider) else -1] for slider in sliders]
    times: dict[str, list[float]] = {"demo": [], "bare": []}
    for round_ in range(ROUNDS + 1 if sliders else 0):
        which = round_ % len(sliders)
        turn = (round_ // len(sliders)) % 2
        times["demo"].extend(press(page, outputs[0], sliders[which], keys[which][turn]))
        times["bare"].extend(press(page, outputs[1], swap, ("ArrowRight", "ArrowLeft")[round_ % 2]))
    drags = [
        tuple(handle.evaluate(DRAG, DRAG_FRAMES)) for handle in cell.locator(".cu-handle").element_handles()
    ]
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:delete-cell')")
    return Measured(source.removeprefix("lesson."), times["demo"][1:], times["bare"][1:], drags)


def at_end(slider: Any) -> bool:
    return bool(slider.evaluate("(slider) => slider.value === slider.max"))


def measured(chosen: list[str]) -> Iterator[Measured]:
    """Measure the demos of the chosen notebooks, or of all."""
    demos = [(notebook, source) for notebook, source, shown in all_shown() if isinstance(shown, Demo)]
    with (
        tempfile.TemporaryDirectory() as home,
        running_chromium() as chromium,
        running_lab(Path(home)) as lab,
    ):
        for name, group in itertools.groupby(demos, key=lambda pair: pair[0]):
            if chosen and not name.startswith(tuple(chosen)):
                continue
            tall = {"width": 1440, "height": 1800}
            with opened_notebook(lab, chromium, f"{name}.ipynb", viewport=tall) as notebook:
                notebook.run_all()
                for _, source in group:
                    yield measure(notebook, source)


def report(chosen: list[str]) -> Iterator[str]:
    """Yield the lines of the report as they are measured."""
    yield "| demo | key to picture, median ms | bare swap | ratio | handles | pictures of frames / s |"
    yield "|---|---|---|---|---|---|"
    for found in measured(chosen):
        yield found.row()


if __name__ == "__main__":
    REPORT.parent.mkdir(exist_ok=True)
    with REPORT.open("w", encoding="utf-8") as file:
        for line in report(sys.argv[1:]):
            print(line, flush=True)
            print(line, file=file)
