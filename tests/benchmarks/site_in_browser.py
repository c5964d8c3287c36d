"""The website in headless Chromium: how long until a picture answers, a step, Python, and JupyterLite.

Run it as a script, ``python tests/benchmarks/site_in_browser.py SITE``, on a folder SITE that
``python -m course_utils site --out SITE --pyodide FOLDER 01`` has built. It needs Chromium.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))  # its conftest, not the one beside this file
from conftest import running_chromium

from course_utils.publish.serving import in_background

PAGE = "notebooks/01_softmax.html"
LAB = "lab/lab/index.html?path=01_softmax.ipynb"
SLOW = {"offline": False, "latency": 40, "downloadThroughput": 10e6 / 8, "uploadThroughput": 10e6 / 8}
HANDLE = "{} .cu-handle [role=slider]:not([hidden])"
PATIENCE = 300_000
STEPS = 40

# In the page, from its beginning: look in each frame whether there is something to take in hand.
WATCH = """(handle) => {
  const look = () => {
    if (document.querySelector(handle)?.checkVisibility()) globalThis.answersAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}"""
UNTIL_THEN = """() => {
  const came = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const before = came.filter(({ responseEnd }) => responseEnd <= answersAt);
  return [answersAt, before.reduce((sum, { transferSize }) => sum + transferSize, 0) / 1000];
}"""
# In the page: press a key on a handle and wait until the picture is painted anew.
STEP = """async ([handle, keys]) => {
  const node = document.querySelector(handle), art = node.closest(".cu-live").querySelector(".cu-art");
  const times = [];
  for (const key of keys) {
    const began = performance.now();
    const painted = new Promise((done) => new MutationObserver((_, one) => { one.disconnect(); done(); })
      .observe(art, { attributes: true, childList: true, subtree: true }));
    node.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await painted;
    times.push(performance.now() - began);
  }
  return times;
}"""
# In the page: Python from the first word to the last, then pictures of states that were not recorded.
START = """async () => {
  const { python } = await import(new URL("../_static/python.js", location.href));
  const began = performance.now();
  await python.start();
  return performance.now() - began;
}"""
CONTROLS = """async (name) => {
  const { openedFilm } = await import(new URL("../_static/film_file.js", location.href));
  const { body } = await fetch(new URL(`../_static/films/${name}.film`, location.href));
  return (await openedFilm(body)).controls;
}"""
COMPUTED = """async ([name, states]) => {
  const { python } = await import(new URL("../_static/python.js", location.href));
  const times = [];
  for (const values of states) {
    const began = performance.now();
    const answer = await python.picture(name, { values, width: 640 });
    if (answer.error) throw new Error(answer.error);
    times.push(performance.now() - began);
  }
  return times;
}"""


class Transferred:
    """Counts the bytes that came over the line, headers included, also those that a worker asked for."""

    def __init__(self, context: Any) -> None:
        self._answers: list[Any] = []
        context.on("requestfinished", self._heard)

    def _heard(self, request: Any) -> None:
        self._answers.append(request)

    @property
    def kilobytes(self) -> float:
        """What came so far."""
        sizes = {
            one.url: one.sizes() for one in self._answers if one.response()
        }  # a worker asks for the same
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes.values()) / 1000


@contextmanager
def opened(browser: Any, slow: bool = False, workers: str = "block") -> Iterator[tuple[Any, Transferred]]:
    """Yield an empty page that has been nowhere, and what it transfers."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, service_workers=workers)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    if slow:
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", SLOW)
    yield page, Transferred(context)
    context.close()


def report(what: str, value: float, unit: str) -> None:
    """Print a row of the table."""
    print(f"{what:<64}{value:10.0f} {unit}", flush=True)


def first_picture(browser: Any, site: str) -> None:
    """From the click to a picture that answers, on a near and on a slow line, by the page's own clock."""
    for name, slow in (("localhost", False), ("10 Mbit/s and 40 ms", True)):
        with opened(browser, slow) as (page, _):
            page.add_init_script(f"({WATCH})('{HANDLE.format('.cu-live')}')")
            page.goto(f"{site}/{PAGE}", wait_until="commit")
            page.wait_for_function("() => globalThis.answersAt")
            milliseconds, kilobytes = page.evaluate(UNTIL_THEN)
            report(f"click to first picture that answers, {name}", milliseconds, "ms")
            report("transferred before that", kilobytes, "kB")


def steps(browser: Any, site: str) -> None:
    """A step along the film; Python; a step that is computed."""
    with opened(browser) as (page, transferred):
        page.goto(f"{site}/{PAGE}")
        page.locator(HANDLE.format(".cu-live")).first.wait_for()
        keys = ["ArrowUp", "ArrowDown"] * (STEPS // 2)  # the first handle is a bar
        recorded = page.evaluate(STEP, [HANDLE.format(".cu-live"), keys])
        report("step along recorded states, median", statistics.median(recorded), "ms")
        before = transferred.kilobytes
        report("Python ready after it is asked for", page.evaluate(START), "ms")
        report("transferred for it", transferred.kilobytes - before, "kB")
        name = page.locator(".cu-film").first.get_attribute("data-name")
        controls = page.evaluate(CONTROLS, name)
        vector = next(one for one in controls if isinstance(one["initial"], list))
        size, low, high = len(vector["initial"]), vector["low"], vector["high"]
        states = [
            {vector["name"]: [low + (high - low) * ((7 * i + 3 * j) % 11) / 11 for i in range(size)]}
            for j in range(STEPS)
        ]
        computed = page.evaluate(COMPUTED, [name, states])
        report(
            "state computed in the page, median (painting: the step above)", statistics.median(computed), "ms"
        )


def jupyterlite(browser: Any, site: str) -> None:
    """From the click on "Open this notebook" and Run All to a live picture."""
    with opened(browser, workers="allow") as (page, transferred):
        began = time.perf_counter()
        page.goto(f"{site}/{LAB}", wait_until="commit")
        # Before the notebook has a kernel JupyterLab forgets the cells that it is told to run.
        page.wait_for_function(
            "() => document.querySelector('.jp-KernelName')?.textContent.includes('Pyodide')"
        )
        page.wait_for_function("() => document.querySelector('.jp-Notebook .jp-Cell')")
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.wait_for_function(
            "(handle) => document.querySelector(handle)", arg=HANDLE.format(".jp-OutputArea")
        )
        report("JupyterLite: first live picture", 1000 * (time.perf_counter() - began), "ms")
        report("transferred before that", transferred.kilobytes, "kB")


if __name__ == "__main__":
    with in_background(Path(sys.argv[1])) as address, running_chromium() as chromium:
        for measure in (first_picture, steps, jupyterlite):
            measure(chromium, address)
