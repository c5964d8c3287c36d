"""A notebook that is shown as slides: what stands on the stage, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from conftest import PATIENCE, NotebookPage
from test_accessibility import TWO_FRAMES

TEXT = 20  # pixels: what the last row reads on a stage 720 pixels high
PICTURE_TEXT = 14
PAUSE = 100  # milliseconds until the next look at a slide that is not as it should be yet
ON_STAGE = ".jp-deck-mod-visible.jp-deck-mod-onscreen"
# What is on the stage: ids of the cells, their text, the size of letters, what is cut off, code.
LOOK = r"""() => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  const onStage = '.jp-deck-mod-visible.jp-deck-mod-onscreen';
  const cells = notebook.widgets.filter((cell) => cell.node.matches(onStage));
  const stage = notebook.node.querySelector('.jp-WindowedPanel-outer');
  const remote = document.querySelector('.jp-Deck-Remote').getBoundingClientRect();
  const sizes = [], cut = [], code = [];
  const unseen = 'mjx-container, sup, sub, style, script, option, .cu-spoken, [role=status]';
  const shown = (node, box) =>
    box.width > 1 && box.height > 1 && node.checkVisibility({visibilityProperty: true});
  for (const {node} of cells) {
    const walk = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const text = walk.currentNode.textContent.trim(), parent = walk.currentNode.parentElement;
      if (!text || parent.closest(unseen)) continue;
      const range = document.createRange();
      range.selectNodeContents(walk.currentNode);
      const box = range.getBoundingClientRect();
      if (!shown(parent, box)) continue;
      const name = text.slice(0, 40);
      if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight) cut.push(name);
      if (box.left < remote.right && box.bottom > remote.top) cut.push(`${name} (below the arrows)`);
      if (parent.matches('tspan[font-size]')) continue; // an index or a power
      const drawing = parent.closest('svg[viewBox]'); // drawn larger or smaller than it was laid out
      const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
      const size = scale * parseFloat(getComputedStyle(parent).fontSize);
      sizes.push([Math.round(100 * size) / 100, parent.closest('svg') ? 'picture' : 'text', name]);
    }
    for (const part of node.querySelectorAll('.cu-stage, .cu-controls > *, .cu-option, input, select')) {
      const box = part.getBoundingClientRect();
      if (!shown(part, box)) continue;
      const inside = box.right <= innerWidth && box.bottom <= innerHeight && box.top >= 0;
      if (!inside) cut.push(part.className || part.type);
    }
    const input = node.querySelector('.jp-Cell-inputWrapper');
    if (node.matches('.jp-CodeCell') && input?.checkVisibility()) code.push(input.innerText.trim());
  }
  return {
    cell: notebook.activeCell.model.id, cells: cells.map((cell) => cell.model.id), code, cut, sizes,
    text: cells.map((cell) => cell.node.innerText).join('\n'),
    overflow: stage.scrollHeight - stage.clientHeight,
  };
}"""
LATER = "(milliseconds) => new Promise((done) => setTimeout(done, milliseconds))"  # by the page's clock
ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCell.model.id"
# Whether a cell is active and stands on the stage.
STANDS = f"""(id) => {{
  const {{ activeCell }} = window.jupyterapp.shell.currentWidget.content;
  return activeCell.model.id === id && activeCell.node.matches('{ON_STAGE}');
}}"""
# Whether all formulas of the slide are set, and no answer is on its way that would change it.
STANDS_STILL = rf"""() => [...document.querySelectorAll('{ON_STAGE}')].every((cell) =>
  !/\$[^$\s][^$]*\$/.test(cell.innerText)
  && [...cell.querySelectorAll('.cu-stage')].every(({{ ariaBusy }}) => ariaBusy !== 'true')
  && [...cell.querySelectorAll('.cu-busy')].every(({{ hidden }}) => hidden))"""
IDLE = "(view) => view.querySelector('.cu-stage').ariaBusy !== 'true'"
# Reset a demo and set one thing: a preset, an end of a slider, an option; its name, or null after the last.
TURN = r"""([view, place]) => {
  const all = (selector) => [...view.querySelectorAll(selector)];
  const name = (node) => node.ariaLabel || node.labels?.[0]?.textContent.trim() || node.textContent;
  const put = (node, value, event) => {
    node.value = value;
    node.dispatchEvent(new Event(event, {bubbles: true}));
  };
  const turns = [
    ...all('.cu-presets button:not(.cu-reset), .cu-controls :is([type=radio], [type=checkbox])').map((node) =>
      [name(node), () => node.click()]),
    ...all('input[type=range]').flatMap((node) => ['min', 'max'].map((end) =>
      [`${name(node)} at its ${end}`, () => put(node, node[end], 'input')])),
    ...all('select').flatMap((node) => [...node.options].map(({value}) =>
      [value, () => put(node, value, 'change')])),
  ];
  if (place >= turns.length) return null;
  view.querySelector('.cu-reset').click();
  turns[place][1]();
  return turns[place][0];
}"""


@dataclass
class Show:
    """A notebook that is shown as slides."""

    opened: NotebookPage
    shown: dict[str, Any]  # what its cells show, by their source
    slides: list[dict[str, Any]]  # the cells of the lecture path
    looks: int = PATIENCE // PAUSE  # at what is not as it should be, on all slides: one fault may take all

    @property
    def page(self) -> Any:
        """The browser's page."""
        return self.opened.page

    def look(self) -> dict[str, Any]:
        """Return what is on the stage."""
        found: dict[str, Any] = self.page.evaluate(LOOK)
        return found

    def at(self) -> str:
        """Return the id of the cell that is shown."""
        return str(self.page.evaluate(ACTIVE))

    def goes(self, key: str, cell: str) -> None:
        """Press a key of the show, which must lead to a cell."""
        self.page.keyboard.press(key)
        self.page.wait_for_function(STANDS, arg=cell)

    def go_to(self, cell: str) -> None:
        """Show a cell."""
        self.page.evaluate(
            """(id) => { const { content } = window.jupyterapp.shell.currentWidget;
                 content.activeCellIndex = content.widgets.findIndex(({ model }) => model.id === id); }""",
            cell,
        )
        self.page.wait_for_function(STANDS, arg=cell)

    def on_stage(self, selector: str) -> Any:
        """Return a locator of what is on the slide."""
        return self.page.locator(ON_STAGE).locator(selector)


def faults(stop: dict[str, Any]) -> list[str]:
    """Say what the last row could not read of one slide, or should not."""
    found = [f"{stop['overflow']} px too high"] if stop["overflow"] > 1 else []
    found += [f"cut off: {what}" for what in stop["cut"]]
    least = {"text": TEXT, "picture": PICTURE_TEXT}
    found += [f"{size} px: {text}" for size, kind, text in stop["sizes"] if size < least[kind]]
    found += [f"plumbing: {code}" for code in stop["code"]]
    if stop["cells"] != [stop["cell"]]:
        found.append(f"several ideas: {stop['cells']}")
    return found + [f"for the page: {label}" for label in re.findall(r"· \d+ minutes?", stop["text"])]


def lasting(show: Show, *texts: str) -> list[str]:
    """Say what is wrong with a slide that stands still, and stays wrong while the page goes on loading."""

    def look() -> list[str]:
        stop = show.look()
        return faults(stop) + [f"does not say: {text}" for text in texts if text not in stop["text"]]

    while True:
        show.page.wait_for_function(STANDS_STILL, timeout=PATIENCE)
        found = look()
        show.page.evaluate(TWO_FRAMES)  # what was set just now has its place after them
        found += look()
        if not found or show.looks == 0:
            return list(dict.fromkeys(found))
        show.looks -= 1
        show.page.evaluate(LATER, PAUSE)
