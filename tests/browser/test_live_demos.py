"""Every demo under keyboard and mouse: controls, picture, readout and table must go together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from live_demo import LiveDemo, Row, rows
from shown import each_shown

from course_utils.lessons import numeric_instability
from course_utils.teaching import Bitmap, Bits, Choice, Demo, Toggle

EACH_DEMO = each_shown(Demo, "demo")
MOST_HANDLES = 3  # of a demo; they are alike
REPEATS = 15  # of a held key, much faster than any picture
REST = 400  # milliseconds

# Count what changes from now on.
COUNT_PICTURES = """(view) => {
    const count = { images: 0, texts: 0 };
    const watch = (selector, options, name) =>
        new MutationObserver(() => { count[name] += 1; }).observe(view.querySelector(selector), options);
    watch('.cu-art', { attributes: true, attributeFilter: ['aria-label'] }, 'images');
    watch('.cu-readout', { childList: true }, 'texts');
    return count;
}"""


@pytest.fixture
def live(live_notebook: Any, source: str, demo: Demo) -> Iterator[LiveDemo]:
    """The demo of the cell, reset; nothing may go wrong on the page meanwhile."""
    before = len(live_notebook.errors)
    found = LiveDemo(live_notebook.page, live_notebook.cell(source), demo)
    if found.state() != demo.defaults:
        reset(found)
    yield found
    assert live_notebook.errors[before:] == []


def preset(live: LiveDemo, place: int) -> dict[str, Any]:
    """Choose a preset; return its state."""
    live.view.locator(".cu-presets button").nth(place).click()
    return live.agrees(**list(live.demo.presets.values())[place])


def reset(live: LiveDemo) -> None:
    button = live.view.get_by_role("button", name="Reset", exact=True)
    button.focus()
    live.page.keyboard.press("Enter")
    live.agrees(**live.demo.defaults)


@EACH_DEMO
def test_every_slider_moves(live: LiveDemo) -> None:
    for row in rows(live.demo):
        by_keyboard(live, row)
        by_mouse(live, row)
        by_typing(live, row)
    live.is_drawn(live.state())  # once: drawing the sharp image takes its time


def value_of(state: dict[str, Any], row: Row) -> float:
    value = state[row.control.name]
    return value[row.entry] if row.entry is not None else 1 / value if row.reciprocal else value


def setting(live: LiveDemo, row: Row, value: float) -> dict[str, Any]:
    """Return what a control is set to when its row gets a value."""
    name = row.control.name
    if row.entry is None:
        return {name: 1 / value if row.reciprocal else value}
    vector = live.state()[name]
    return {name: (*vector[: row.entry], value, *vector[row.entry + 1 :])}


def by_keyboard(live: LiveDemo, row: Row) -> None:
    """Go to the end that is further away, then one notch back."""
    low, high = row.ends
    on_the_left = row.share(value_of(live.state(), row)) < 0.5
    far, key, back = (high, "End", "ArrowLeft") if on_the_left else (low, "Home", "ArrowRight")
    live.view.get_by_role("slider").nth(row.place).focus()
    live.page.keyboard.press(key)
    live.agrees(**setting(live, row, far))
    live.page.keyboard.press(back)
    one_notch = abs(row.share(value_of(live.agrees(), row)) - row.share(far))
    assert one_notch == pytest.approx(1 / row.notches, rel=0.3)


THUMB = 16  # pixels, as in controls.css


def by_mouse(live: LiveDemo, row: Row) -> None:
    """Press in the middle of the track and drag to a quarter from the end that is further away."""
    target = 0.25 if row.share(value_of(live.state(), row)) > 0.5 else 0.75
    slider = live.view.get_by_role("slider").nth(row.place)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    x, y = box["x"] + THUMB / 2, box["y"] + box["height"] / 2
    track = box["width"] - THUMB  # where the middle of the thumb goes
    live.page.mouse.move(x + track * 0.5, y)
    live.page.mouse.down()
    live.page.mouse.move(x + track * target, y)
    live.page.mouse.up()
    state = live.agrees()
    reached = row.share(value_of(state, row))
    assert reached == pytest.approx(target, abs=0.05 + 0.5 / row.notches)


def by_typing(live: LiveDemo, row: Row) -> None:
    """A number outside the range is refused with a sentence; the low end itself is taken."""
    field = live.view.get_by_role("spinbutton").nth(row.place)
    alert = live.view.locator("[role=alert]").nth(row.place)
    low, high = row.ends
    field.fill(repr(high + abs(high) + 1))
    field.press("Enter")
    assert alert.text_content().startswith("Type a ")
    field.fill(repr(low))
    field.press("Enter")
    assert alert.text_content() == ""
    live.agrees(**setting(live, row, low))


Wanted = Callable[[Any], bool]
FEW = 34  # letters of all options, as in controls.js: these stand beside each other, more are a list


def is_a(kind: type) -> Wanted:
    return lambda control: isinstance(control, kind)


def is_few(control: Any) -> bool:
    return isinstance(control, Choice) and len("".join(control.options)) <= FEW


def is_list(control: Any) -> bool:
    return isinstance(control, Choice) and not is_few(control)


def each_demo_with(wanted: Wanted) -> Any:
    """Parametrize a test by the demos that have such a control: in any other it would move nothing."""
    return each_shown(Demo, "demo", lambda demo: any(map(wanted, demo.controls)))


def placed(live: LiveDemo, wanted: Wanted) -> Iterator[tuple[int, Any]]:
    """Yield the controls of a kind, each with its place among them."""
    return enumerate(filter(wanted, live.demo.controls))


@each_demo_with(is_few)
def test_every_choice_of_few_words_moves(live: LiveDemo) -> None:
    for place, control in placed(live, is_few):
        options = live.view.locator(".cu-choice").nth(place).get_by_role("radio")
        chosen = choose_by_key(live, control, options.nth(control.options.index(control.default)))
        options.nth(chosen - 1).check(force=True)  # it is drawn by the word beside it
        live.agrees(**{control.name: control.options[chosen - 1]})


@each_demo_with(is_list)
def test_every_list_moves(live: LiveDemo) -> None:
    for place, control in placed(live, is_list):
        options = live.view.locator(".cu-controls select").nth(place)
        chosen = choose_by_key(live, control, options)
        # The list that a click opens is drawn by the system, out of reach: choose in it by name.
        options.select_option(control.options[chosen - 1])
        live.agrees(**{control.name: control.options[chosen - 1]})


def choose_by_key(live: LiveDemo, control: Choice, node: Any) -> int:
    """Go to the option below, from the last to that above; return its place."""
    at = control.options.index(control.default)
    chosen = at + 1 if at + 1 < len(control.options) else at - 1
    node.focus()
    live.page.keyboard.press("ArrowDown" if chosen > at else "ArrowUp")
    live.agrees(**{control.name: control.options[chosen]})
    return chosen


@each_demo_with(is_a(Toggle))
def test_every_toggle_moves(live: LiveDemo) -> None:
    for place, control in placed(live, is_a(Toggle)):
        switch(live, control, place)


def switch(live: LiveDemo, control: Toggle, place: int) -> None:
    box = live.view.get_by_role("checkbox").nth(place)
    box.focus()
    live.page.keyboard.press("Space")
    live.agrees(**{control.name: not control.default})
    box.click()
    live.agrees(**{control.name: control.default})


@each_demo_with(is_a(Bits))
def test_all_bits_move(live: LiveDemo) -> None:
    for place, control in placed(live, is_a(Bits)):
        flip(live, control, place)


def flip(live: LiveDemo, control: Bits, place: int) -> None:
    bits = live.view.locator(".cu-presses").nth(place).get_by_role("button")
    bits.first.focus()
    live.page.keyboard.press("Space")
    first = str(1 - int(control.default[0])) + control.default[1:]
    live.agrees(**{control.name: first})
    bits.last.click()
    live.agrees(**{control.name: first[:-1] + str(1 - int(first[-1]))})


@each_demo_with(is_a(Bitmap))
def test_every_bitmap_moves(live: LiveDemo) -> None:
    for place, control in placed(live, is_a(Bitmap)):
        dot(live, control, place)


def dot(live: LiveDemo, control: Bitmap, place: int) -> None:
    pad = live.view.locator(".cu-pad canvas").nth(place)
    live.view.get_by_role("button", name="Wipe").nth(place).click()
    live.agrees(**{control.name: "0" * len(control.default)})
    pad.click()
    assert "1" in live.agrees()[control.name]
    pad.focus()
    live.page.keyboard.press("Escape")
    live.agrees(**{control.name: "0" * len(control.default)})


@EACH_DEMO
def test_every_handle_goes_to_its_ends_and_is_let_go_outside_the_window(live: LiveDemo) -> None:
    handles = live.view.locator(".cu-handle")
    if handles.count() == 0:
        pytest.skip("nothing to take hold of")
    window = live.page.viewport_size
    for place in range(min(handles.count(), MOST_HANDLES)):
        for x, y in ((-40, -40), (window["width"] + 40, window["height"] + 40)):
            handles.nth(place).scroll_into_view_if_needed()
            box = handles.nth(place).bounding_box()
            live.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            live.page.mouse.down()
            live.page.mouse.move(box["x"] + box["width"] / 2 + 5, box["y"] + box["height"] / 2 + 5)
            live.page.mouse.move(x, y)
            live.page.mouse.up()
            state = live.settles()
            live.is_drawn(state)
            live.page.mouse.move(window["width"] / 2, window["height"] / 2)
            assert live.settles() == state, "it was let go"
    reset(live)


@EACH_DEMO
def test_every_preset_shows_what_it_names(live: LiveDemo) -> None:
    for place in range(len(live.demo.presets)):
        preset(live, place)
        pressed = live.view.locator(".cu-presets [aria-pressed=true]")
        assert pressed.count() == 1
        assert pressed.text_content() == list(live.demo.presets)[place]


@EACH_DEMO
def test_a_held_key_builds_no_backlog(live: LiveDemo) -> None:
    """At its release one picture may be under way, or two, and one waiting."""
    first = next(rows(live.demo), None)
    if first is None:
        pytest.skip("no slider to hold an arrow key on")
    slider = live.view.get_by_role("slider").nth(first.place)
    slider.press("Home")
    live.agrees()
    for _ in range(REPEATS):
        live.page.keyboard.down("ArrowRight")
    live.page.keyboard.up("ArrowRight")
    pictures = live.node.evaluate_handle(COUNT_PICTURES)
    live.agrees()
    live.page.evaluate("(rest) => new Promise((done) => setTimeout(done, rest))", REST)
    assert pictures.evaluate("(count) => count.images") <= 3
    assert pictures.evaluate("(count) => count.texts") <= 3


@EACH_DEMO
def test_two_copies_do_not_disturb_each_other(live: LiveDemo, live_notebook: Any, source: str) -> None:
    first = preset(live, 0)
    copy = LiveDemo(live.page, live_notebook.copy(source), live.demo)
    try:
        copy.agrees(**live.demo.defaults)
        last = preset(copy, len(live.demo.presets) - 1)
        live.agrees(**first)
        reset(live)
        copy.agrees(**last)
    finally:
        live_notebook.delete(copy.cell)


@EACH_DEMO
def test_state_survives_scrolling_and_is_gone_after_a_run(
    live: LiveDemo, live_notebook: Any, source: str
) -> None:
    """What a teacher tried in a rehearsal must not stand on the stage after Run All."""
    state = preset(live, 0)
    live_notebook.scroll_to_both_ends()
    LiveDemo(live.page, live_notebook.cell(source), live.demo).agrees(**state)
    live_notebook.run(source)
    again = LiveDemo(live.page, live_notebook.cell(source), live.demo)
    again.agrees(**live.demo.defaults)
    again.is_drawn(live.demo.defaults)


@pytest.mark.parametrize(
    ("live_notebook", "source", "demo"),
    [("02_numeric_instability", "lesson.order_demo", numeric_instability.order_demo)],
    indirect=["live_notebook"],
    scope="session",
)
def test_a_lagging_readout_is_noticed(live_notebook: Any, source: str, demo: Demo, monkeypatch: Any) -> None:
    lagging = LiveDemo(live_notebook.page, live_notebook.cell(source), demo)
    lagging.agrees()  # with the table that was just asked for: its answer would set the readout right
    readout = lagging.view.locator(".cu-readout")
    right = readout.text_content()
    readout.evaluate("(readout) => { readout.textContent = 'as before'; }")
    with monkeypatch.context() as hasty:
        hasty.setattr("live_demo.PATIENCE", 300)
        with pytest.raises(AssertionError, match="as before"):
            lagging.agrees()
    readout.evaluate("(readout, text) => { readout.textContent = text; }", right)
    lagging.agrees()
    monkeypatch.setattr("live_demo.PATIENCE", 300)
    with pytest.raises(AssertionError, match="not the picture of this state"):
        lagging.is_drawn(next(state for state in demo.presets.values() if state != lagging.state()))
