"""From the press of a key to the changed picture, in the browser, beside a bare slider that swaps two images.

Run it as a script: ``python tests/benchmarks/slider_latency.py [NN ...]``. It needs what the browser tests
need and writes ``slider_latency.md``. The bare slider stands below each demo, on the same page, and swaps
two ready-made pictures of that demo; presses alternate between the two, so that both see the same machine.
The aim is at most twice its time, the limit three times. Then an arrow key is held down, several times: the
picture must stop within 300 ms of its release. All of these times are in the report; the middle one counts,
because a machine that is shared stands still now and then (see the 95 % of the bare slider).
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
HOLDS, HELD_SECONDS, REPEATS_PER_SECOND = 3, 1.5, 30
LIMIT, STOP_MILLISECONDS = 3, 300
REPORT = Path(".benchmarks") / "slider_latency.md"

BARE = """
import ipywidgets as _widgets
_ready = [picture.png(1) for picture in ({demo}.at(), {demo}.at(**dict(next(iter({demo}.presets.values())))))]
_bare, _image = _widgets.IntSlider(max=1000), _widgets.Image(value=_ready[0])
def _swap(change, image=_image, ready=_ready):
    image.value = ready[change["new"] % 2]
_bare.observe(_swap, "value")
_widgets.VBox([_bare, _image])
"""

# Note when a key goes down or up, and when a picture has changed: an image when it is loaded, Plotly when it
# has drawn.
WATCH = """(root) => {
    const times = root.latency = { down: 0, up: 0, changes: [] };
    const change = () => times.changes.push(performance.now());
    root.addEventListener('keydown', () => {
        times.down = performance.now();
        times.changes.length = 0;
    }, true);
    root.addEventListener('keyup', () => { times.up = performance.now(); }, true);
    root.addEventListener('load', change, true);
    root.querySelectorAll('.js-plotly-plot').forEach((plot) => plot.on('plotly_afterplot', change));
}"""


@dataclass
class Watched:
    """An output whose keys and pictures are timed."""

    page: Any
    root: Any

    def __post_init__(self) -> None:
        self.root.evaluate(WATCH)

    def press(self, control: Any, key: str) -> float:
        """Press a key; return the milliseconds until the picture has changed, and wait for the sharp one."""
        control.focus()
        self.page.keyboard.press(key)
        changed = "(root) => root.latency.changes.length > 0 && root.latency.changes[0] - root.latency.down"
        milliseconds = self.page.wait_for_function(changed, arg=self.root).json_value()
        self.rest()
        return float(milliseconds)

    def hold(self, slider: Any, key: str) -> float:
        """Hold a key down; return the milliseconds from its release to the last new picture.

        The sharp image that follows shows no new state: what counts is the last change of the numbers, or
        where Plotly draws, of its picture.
        """
        slider.press("Home")
        self.rest()
        self.root.evaluate(
            """(root) => {
                 const numbers = root.querySelector('details');
                 const note = () => { root.latency.last = performance.now(); };
                 root.latency.last = 0;
                 root.latency.watch = new MutationObserver(note);
                 root.latency.watch.observe(numbers, { childList: true, subtree: true });
                 const plots = root.querySelectorAll('.js-plotly-plot');
                 plots.forEach((plot) => plot.on('plotly_afterplot', note));
               }"""
        )
        notches = int(slider.evaluate("(slider) => slider.max"))
        # Every repeat must ask for something new, the last one too: no more than the slider has room for.
        for _ in range(min(round(HELD_SECONDS * REPEATS_PER_SECOND), notches)):
            self.page.keyboard.down(key)
            self.page.wait_for_timeout(1000 / REPEATS_PER_SECOND)
        self.page.keyboard.up(key)
        self.page.wait_for_timeout(1500)
        return float(
            self.root.evaluate(
                """(root) => {
                     root.latency.watch.disconnect();
                     return Math.max(0, root.latency.last - root.latency.up);
                   }"""
            )
        )

    def rest(self) -> None:
        """Wait until nothing has changed for longer than the sharp image takes to be asked for and drawn."""
        quiet = "(root) => performance.now() - Math.max(root.latency.down, ...root.latency.changes) > 500"
        self.page.wait_for_function(quiet, arg=self.root)


def moves(view: Any) -> Iterator[tuple[Any, str]]:
    """Yield control and key, on and on: each slider, list and bit of a demo, one notch there and back."""
    sliders = view.get_by_role("slider").all()
    pairs = [(slider, ("ArrowLeft", "ArrowRight")[:: 1 if at_end(slider) else -1]) for slider in sliders]
    for select in view.get_by_role("combobox").all():
        last = select.evaluate("(select) => select.selectedIndex === select.length - 1")
        pairs.append((select, ("ArrowUp", "ArrowDown")[:: 1 if last else -1]))
    pairs += [(bit, ("Space", "Space")) for bit in view.locator(".cu-presses button").all()[-3:]]
    for turn in itertools.count():
        yield from ((control, keys[turn % 2]) for control, keys in pairs)


def at_end(slider: Any) -> bool:
    return bool(slider.evaluate("(slider) => slider.value === slider.max"))


@dataclass
class Measured:
    """What was found for one demo, in milliseconds."""

    name: str
    demo: list[float]
    bare: list[float]
    stops: list[float]

    @property
    def ratio(self) -> float:
        return statistics.median(self.demo) / statistics.median(self.bare)

    def row(self) -> str:
        stops = ", ".join(f"{stop:.0f}" for stop in sorted(self.stops))
        cells = [self.name, *two(self.demo), *two(self.bare), f"{self.ratio:.1f}", stops]
        return f"| {' | '.join(cells)} |"


def two(times: list[float]) -> list[str]:
    """Return median and 95th percentile."""
    return [f"{statistics.median(times):.0f}", f"{statistics.quantiles(times, n=20)[-1]:.0f}"]


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
    handle = below.locator(".noUi-handle")
    handle.wait_for()
    below.locator("img").wait_for()
    demo = Watched(page, cell.locator(".jp-OutputArea-output").first.element_handle())
    bare = Watched(page, below.locator(".jp-OutputArea-output").first.element_handle())
    steps = moves(cell.locator(".cu-view"))
    times: dict[str, list[float]] = {"demo": [], "bare": []}
    for round_ in range(ROUNDS + 1):
        times["demo"].append(demo.press(*next(steps)))
        times["bare"].append(bare.press(handle, ("ArrowRight", "ArrowLeft")[round_ % 2]))
    sliders = cell.get_by_role("slider")
    stops = []
    if sliders.count():
        longest = max(sliders.all(), key=lambda slider: int(slider.evaluate("(slider) => slider.max")))
        stops = [demo.hold(longest, "ArrowRight") for _ in range(HOLDS)]
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:delete-cell')")
    return Measured(source.removeprefix("lesson."), times["demo"][1:], times["bare"][1:], stops)


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
    yield "| demo | median ms | 95 % | bare slider, median ms | 95 % | ratio | stops after ms |"
    yield "|---|---|---|---|---|---|---|"
    slow = []
    for found in measured(chosen):
        yield found.row()
        if found.ratio > LIMIT or statistics.median(found.stops or [0]) > STOP_MILLISECONDS:
            slow.append(found.name)
    yield ""
    yield f"Over {LIMIT} times the bare slider, or over {STOP_MILLISECONDS} ms: {', '.join(slow) or 'none'}."


if __name__ == "__main__":
    REPORT.parent.mkdir(exist_ok=True)
    with REPORT.open("w", encoding="utf-8") as file:
        for line in report(sys.argv[1:]):
            print(line, flush=True)
            print(line, file=file)
