"""The website in WebKit, Safari's engine: sliders go to both ends, and must say what they say in Chromium.

Run it as a script, ``python tests/benchmarks/site_in_webkit.py SITE [NN ...]``, on a folder SITE that
``python -m course_utils site --out SITE`` has built. It needs Chromium, Debian's ``webkit2gtk-driver``, a
screen (``xvfb-run``), and ``pip install selenium``. It ends with 1 where a sentence differs or a page reports
an error.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))  # its conftest, not the one beside this file
from conftest import new_page, running_chromium
from selenium import webdriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from course_utils.notebook_files.files import find_notebooks
from course_utils.publish.serving import in_background

SIZE = {"width": 1280, "height": 900}
BROWSER = next(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"), None)
PATIENCE = 600  # seconds, for a page

# In the page: one after the other, put each slider of each demo to its ends. A sentence is waited for if it
# is known, else until it has stayed the same for a while.
MOVE = """async (known) => {
  const said = [], errors = [], frame = () => new Promise((done) => setTimeout(done, 30));
  addEventListener("error", ({ message }) => errors.push(message));
  addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
  const hear = async (figure) => {
    const wanted = known?.[said.length]?.[1];
    const sentence = () => figure.querySelector(".cu-art")?.getAttribute("aria-label");
    const goesOn = (same) => (known ? sentence() !== wanted : same < 10);
    for (let same = 0, tries = 0, last; tries < 2000 && goesOn(same); tries += 1) {
      await frame();
      same = sentence() && sentence() === last ? same + 1 : 0;
      last = sentence();
    }
    return sentence();
  };
  for (const figure of document.querySelectorAll(".cu-film")) {
    const { name } = figure.dataset;
    figure.scrollIntoView({ block: "center" });
    said.push([`${name} at first`, await hear(figure)]);
    for (const slider of figure.querySelectorAll("input[type=range]")) {
      for (const end of ["max", "min"]) {
        slider.value = slider[end];
        for (const type of ["input", "change"]) slider.dispatchEvent(new Event(type, { bubbles: true }));
        const label = slider.labels?.[0]?.textContent ?? slider.getAttribute("aria-label");
        said.push([`${name}: ${label} at its ${end}`, await hear(figure)]);
      }
    }
  }
  return { said, errors };
}"""


class Heard(NamedTuple):
    """What a page said: where and which sentence, in order; and the errors it reported meanwhile."""

    said: list[list[str]]
    errors: list[str]


def in_chromium(addresses: dict[str, str]) -> dict[str, Heard]:
    """Move everything in Chromium."""
    with running_chromium() as browser, new_page(browser, viewport=SIZE) as page:
        heard = {}
        for name, address in addresses.items():
            page.goto(address)
            page.locator(".cu-film .cu-art").first.wait_for()
            heard[name] = Heard(**page.evaluate(MOVE, None))
        return heard


@contextmanager
def running_webkit() -> Iterator[Any]:
    """Start the small browser that comes with WebKit."""
    driver_path = shutil.which("WebKitWebDriver")
    if BROWSER is None or driver_path is None:
        sys.exit("no WebKit on this machine (Debian: apt install webkit2gtk-driver xvfb)")
    options = Options()
    options.binary_location = str(BROWSER)
    options.add_argument("--automation")
    driver = webdriver.WebKitGTK(options=options, service=Service(driver_path))
    try:
        driver.set_window_size(**SIZE)
        driver.set_script_timeout(PATIENCE)
        driver.implicitly_wait(PATIENCE)
        yield driver
    finally:
        driver.quit()


def in_webkit(addresses: dict[str, str], known: dict[str, Heard]) -> dict[str, Heard]:
    """Move everything in WebKit, and wait for what is known."""
    failed = "(error) => done({ said: [], errors: [String(error)] })"
    finish = f"const [known, done] = arguments; ({MOVE})(known).then(done, {failed});"
    with running_webkit() as driver:
        heard = {}
        for name, address in addresses.items():
            driver.get(address)
            driver.find_element("css selector", ".cu-film .cu-art")
            heard[name] = Heard(**driver.execute_async_script(finish, known[name].said))
        return heard


def main(site: str, *numbers: str) -> int:
    """Compare both, page by page."""
    names = [path.stem for path in find_notebooks() if not numbers or path.stem[:2] in numbers]
    with in_background(Path(site)) as address:
        addresses = {name: f"{address}/notebooks/{name}.html" for name in names}
        chromium = in_chromium(addresses)
        webkit = in_webkit(addresses, chromium)
    wrong = 0
    for name in names:
        pairs = list(zip(chromium[name].said, webkit[name].said, strict=False))
        other = [(here, there) for here, there in pairs if here != there]
        errors = [*chromium[name].errors, *webkit[name].errors]
        lacks = len(chromium[name].said) - len(pairs)
        print(f"{name}: {len(pairs)} sentences, {len(other)} differ, {lacks} lack, {len(errors)} errors")
        for here, there in other:
            print(f"  {here[0]}\n    Chromium: {here[1]}\n    WebKit:   {there[1]}")
        for error in errors:
            print(f"  {error}")
        wrong += len(other) + lacks + len(errors) + (not pairs)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
