"""Pictures that are data, in a browser without Jupyter: painted, dragged, by keyboard and by touch."""

from __future__ import annotations

import base64
import io
import itertools
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import new_page
from figure_pages import BARS, DEMOS, FILM, PLANE, STILL, TRIANGLE, FigurePage, as_json, figure_page, html
from painted_parts import color_in, painted, same_parts, wanted
from PIL import Image
from samples import PANELS, picture
from test_accessibility import violations

from course_utils.numerics.mlp import MLP
from course_utils.numerics.regions import activation_regions
from course_utils.publish.films import record
from course_utils.teaching.pictures import Axis, Panel, Picture, Polygons, colors
from course_utils.teaching.pictures.scene import Glyphs, scene

STEP_PIXELS = 8  # of a hand, from one event to the next


@pytest.fixture
def open_figure(browser: Any) -> Iterator[Callable[..., FigurePage]]:
    """Return a function that opens a figure for one test."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda *args, **options: stack.enter_context(figure_page(browser, *args, **options))


def said(page: Any) -> str:
    text: str = page.locator(".cu-readout").text_content()
    return text


def settled(page: Any) -> None:
    """Wait until the browser has painted."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


# --- painted where the data is: the browser's painter beside Python's


@pytest.mark.parametrize("name", DEMOS)
def test_the_browser_paints_what_python_paints(open_figure: Any, name: str) -> None:
    opened = open_figure(name)
    spec = DEMOS[name].at().spec(640)
    assert same_parts(painted(opened.page), wanted(spec))


def test_every_kind_of_mark_with_every_option_is_painted_as_python_paints_it(browser: Any) -> None:
    """One page, one figure after the other: a failure names the option."""
    with new_page(browser, viewport={"width": 760, "height": 600}) as page:
        for name, panel in PANELS.items():
            shown = picture(panel)
            spec = shown.spec(640)
            state = as_json({"values": {}, "spec": spec.json}, spec.buffers)
            page.set_content(html(STILL, state))
            page.wait_for_function("() => window.ready")
            assert same_parts(painted(page), wanted(spec)), name
            letters = "".join(page.locator(".cu-art text:not([visibility])").all_text_contents())
            assert sorted(letters) == sorted("".join(g.text for g in scene(spec) if isinstance(g, Glyphs))), (
                name
            )


def test_a_mark_in_the_wrong_place_or_color_would_be_seen() -> None:
    right = wanted(BARS.at().spec(640))
    moved = wanted(BARS.at(z=(2, 0, -0.8)).spec(640))
    assert same_parts(right, right)
    assert not same_parts(right, moved)
    assert not same_parts(right, right[1:])
    assert not same_parts(right, [(*part[:4], "#ffffff", part[5]) for part in right])


def test_regions_smaller_than_the_rounding_find_their_partners() -> None:
    look = ("#ffffff", "none")
    first, second, third, far = ([(x, 5.0, x + 0.1, 5.1, *look)] for x in (3.0, 3.1, 3.2, 3.4))
    assert same_parts(second + first, first + third)
    assert not same_parts(second + first, first + far)
    assert not same_parts(first + first, first + third)


def test_nodes_stay_from_step_to_step(open_figure: Any) -> None:
    opened = open_figure("bars")
    page = opened.page
    page.evaluate(
        "() => { document.querySelectorAll('.cu-art *').forEach((node) => { node.known = true; }); }"
    )
    slider = page.get_by_role("slider", name="temperature T", exact=True)
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert opened.values["T"] > 1
    opened.shows(**opened.values)
    assert page.evaluate("() => [...document.querySelectorAll('.cu-art *')].every((node) => node.known)")


def test_many_polygons_and_images_are_painted_on_a_canvas(open_figure: Any) -> None:
    opened = open_figure("plane")
    page = opened.page
    assert page.locator("canvas").count() == 0
    field = page.get_by_label("cells n, exact value")
    field.fill("24")
    field.press("Enter")
    opened.shows(n=24)
    pixel = "() => [...document.querySelector('canvas').getContext('2d').getImageData(3, 60, 1, 1).data]"
    middle = colors.colormap("diverging")[colors.color_indices([np.sin(-3 + 0.125)], -1, 1)[0]]
    assert np.abs(np.array(page.evaluate(pixel)[:3]) - middle).max() <= 2
    page.get_by_label("tints").check(force=True)
    opened.shows(n=24, color="tints")
    light = page.evaluate(pixel)
    page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
    settled(page)
    assert page.evaluate(pixel) != light, "a canvas knows no variables: it must be painted again"


@pytest.mark.parametrize("painter", ["paths", "canvas", "image"])
def test_wedges_that_all_but_meet_leave_no_holes(browser: Any, painter: str) -> None:
    """Their corners lie less than a tenth of a pixel apart: Chromium left out much of some of them."""
    regions = activation_regions(MLP.random([2, 20, 1], 0), (-1e4, 1e4, -1e4, 1e4))
    wedges = np.split(regions.polygons, regions.offsets[1:-1]) * (2 if painter == "canvas" else 1)
    # Each in a color of its own, as in a map of slopes: else an image paints all of a color as one path.
    marks = [Polygons("", wedges, values=np.linspace(0, 1, len(wedges)))]
    axis = Axis("", -1e4, 1e4)
    shown = Picture([Panel("wedges", marks, x=axis, y=axis, equal=True)], "Wedges.", height=380)
    spec = shown.spec(640)
    with new_page(browser, viewport={"width": 760, "height": 600}) as page:
        if painter == "image":
            page.set_content(f'<body style="margin: 0"><div class="cu-art">{shown.svg(640)}</div>')
        else:
            page.set_content(html(STILL, as_json({"values": {}, "spec": spec.json}, spec.buffers)))
            page.wait_for_function("() => window.ready")
            assert page.locator("canvas").count() == (painter == "canvas")
        seen = Image.open(io.BytesIO(page.locator(".cu-art").screenshot())).convert("RGB")
    left, top, wide, high = (round(side) for side in spec.json["panels"][0]["box"])
    inside = np.array(seen)[top + 2 : top + high - 2, left + 2 : left + wide - 2].min(axis=2)
    assert inside.size > 90_000
    assert (inside > 180).sum() == 0, "paper shows through, and no color of the map is as light"


def test_an_image_lies_the_right_way_up(open_figure: Any) -> None:
    page = open_figure("triangle").page
    read = """() => { const canvas = document.querySelector('canvas'), draw = canvas.getContext('2d');
        const at = (x, y) => [...draw.getImageData(x, y, 1, 1).data];
        return [canvas.width, canvas.height, at(0, 0), at(11, 0), at(0, 7)]; }"""
    width, height, top_left, top_right, bottom_left = page.evaluate(read)
    image = TRIANGLE.at().spec(640)
    (mark,) = (m for panel in image.json["panels"] for m in panel["marks"] if m["kind"] == "image")
    indices = image.array(mark["values"]).reshape(mark["shape"])  # rows from the bottom
    assert (height, width) == tuple(mark["shape"])
    for shown, index in (
        (top_left, indices[-1, 0]),
        (top_right, indices[-1, -1]),
        (bottom_left, indices[0, 0]),
    ):
        assert shown == [*colors.colormap("viridis")[index].tolist(), 255]


# --- controls


def test_a_slider_by_key_a_number_and_a_word_change_the_picture(open_figure: Any) -> None:
    opened = open_figure("plane")
    page = opened.page
    page.get_by_role("slider", name="input x₀").first.focus()
    page.keyboard.press("ArrowRight")
    opened.shows(x0=0.55)
    field = page.get_by_label("input x₁, exact value")
    field.fill("1.25")
    field.press("Enter")
    opened.shows(x0=0.55, x1=1.25)
    page.get_by_label("edges").uncheck()
    page.get_by_label("tints").check(force=True)
    opened.shows(x0=0.55, x1=1.25, frame=False, color="tints")
    assert same_parts(painted(page), wanted(PLANE.at(x0=0.55, x1=1.25, frame=False, color="tints").spec(640)))
    page.get_by_role("button", name="Reset").click()
    opened.shows()


def test_in_forced_colors_a_chosen_word_and_a_track_are_still_seen(open_figure: Any) -> None:
    """There the system takes the backgrounds away, by which both are told."""
    page = open_figure("plane", forced_colors="active").page
    paper = page.locator(".cu-stage").evaluate("(node) => getComputedStyle(node).backgroundColor")
    assert paper == "rgb(255, 255, 255)", "its ink is dark, whatever the system's own paper is"
    chosen, other = (
        color_in(page.locator(".cu-choice span").filter(has_text=word)) for word in ("value", "tints")
    )
    assert chosen != other
    slider, beside = page.get_by_role("slider", name="input x₀").first, page.locator(".cu-head")
    assert color_in(slider, 0.1) != color_in(slider, 0.9)
    assert color_in(beside, 0.99) not in (color_in(slider, 0.1), color_in(slider, 0.9))


def test_a_number_that_does_not_fit_is_explained_and_changes_nothing(open_figure: Any) -> None:
    opened = open_figure("plane")
    field = opened.page.get_by_label("cells n, exact value")
    field.fill("2.5")
    field.press("Enter")
    assert opened.page.get_by_text("Type a whole number from 2 to 24.").is_visible()
    assert field.get_attribute("aria-invalid") == "true"
    assert opened.page.evaluate("() => window.asked") == []


def test_a_pressed_preset_is_marked_and_nothing_moves(open_figure: Any) -> None:
    opened = open_figure("bars", reduced_motion="reduce")
    button = opened.page.get_by_role("button", name="All equal")
    before = button.bounding_box()
    button.click()
    opened.shows(z=(0, 0, 0))
    assert button.get_attribute("aria-pressed") == "true"
    assert button.bounding_box() == before


def test_numbers_are_made_when_they_are_opened_and_follow(open_figure: Any) -> None:
    opened = open_figure("bars")
    page = opened.page
    assert page.locator(".cu-numbers table").count() == 0
    page.get_by_text("Numbers", exact=True).click()
    page.locator(".cu-numbers table").wait_for()
    for cell in ("0.843795", "0.114195"):
        assert page.locator(".cu-numbers td", has_text=cell).count() == 1
    page.get_by_role("button", name="All equal").click()
    page.locator(".cu-numbers td", has_text="0.333").first.wait_for()


def test_a_playing_control_runs_to_its_end_and_any_input_stops_it(open_figure: Any) -> None:
    opened = open_figure("bars", clock=True)
    page = opened.page
    play = page.get_by_role("button", name="Play: temperature T")
    notch = "() => Number(document.querySelector('.cu-controls > .cu-rows > .cu-row input').value)"

    def wait(milliseconds: int) -> int:
        for _ in range(milliseconds // 50):
            page.clock.run_for(50)
            page.wait_for_function("() => window.waiting === 0")  # answers take real time
        return int(page.evaluate(notch))

    start = wait(0)
    play.click()
    moved = wait(1000)
    assert moved > start
    pause = page.get_by_role("button", name="Pause: temperature T")
    pause.click()
    stopped = wait(0)
    assert wait(1000) == stopped
    play.click()
    assert wait(500) > stopped
    page.get_by_role("button", name="Reset").click()
    opened.shows()
    assert wait(1000) == start
    play.click()
    assert wait(6000) == page.evaluate(notch.replace("value", "max"))
    assert play.count() == 1, "at the end it waits to be started again"
    play.click()
    assert wait(500) < start, "from the beginning"


# --- dragged


def test_a_bar_follows_the_pointer_and_stays_where_it_is_let_go(open_figure: Any) -> None:
    opened = open_figure("bars")
    page = opened.page
    x, y = opened.middle(1)
    unit = abs(opened.middle(0)[1] - y) / 2  # z is 2 and 0
    page.mouse.move(x, y)
    page.mouse.down()
    for k in range(1, 6):
        page.mouse.move(x, y - k * unit / 5)
    assert opened.values["z"] == [2, 1, -1]
    page.mouse.up()
    opened.shows(z=(2, 1, -1))
    page.mouse.move(x, y - 3 * unit)
    assert opened.values["z"] == [2, 1, -1], "let go is let go"
    assert same_parts(painted(page), wanted(BARS.at(z=(2, 1, -1)).spec(640)))


def test_the_held_mark_follows_before_any_answer_and_stops_at_the_ends(open_figure: Any) -> None:
    opened = open_figure("bars")
    page = opened.page
    page.evaluate("() => { window.held = true; }")
    x, y = opened.middle(1)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - STEP_PIXELS)
    assert opened.middle(1)[1] == pytest.approx(y - STEP_PIXELS, abs=2)
    page.mouse.move(x, -500)  # far outside of the window
    assert opened.values["z"][1] == 4 or page.evaluate("() => window.asked.length") == 2
    top = opened.middle(1)[1]
    page.mouse.up()
    page.evaluate("() => window.letGo()")
    opened.shows(z=(2, 4, -1))
    assert opened.middle(1)[1] == pytest.approx(top, abs=0.5)
    assert page.evaluate("() => window.asked.length") <= 3, (
        "only the latest of what came meanwhile is asked for"
    )


@pytest.mark.parametrize("how", ["Escape", "pointercancel"])
def test_a_drag_that_is_called_off_leaves_no_trace(open_figure: Any, how: str) -> None:
    opened = open_figure("bars")
    page = opened.page
    x, y = opened.middle(0)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 3 * STEP_PIXELS)
    page.wait_for_function("(before) => window.asked.length > 0", arg="")
    if how == "Escape":
        page.keyboard.press("Escape")
    else:
        opened.handle(0).evaluate(
            "(node) => node.dispatchEvent(new PointerEvent('pointercancel', { pointerId: 1 }))"
        )
    opened.shows()
    page.mouse.move(x, y + 6 * STEP_PIXELS)
    page.mouse.up()
    settled(page)
    opened.shows()
    assert opened.values["z"] == [2, 0, -1]


def test_a_point_moves_in_both_directions_and_a_rule_in_one(open_figure: Any) -> None:
    opened = open_figure("plane")
    page = opened.page
    x, y = opened.middle(0)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 2 * STEP_PIXELS, y - 3 * STEP_PIXELS)
    page.mouse.up()
    values = opened.values
    assert values["x0"] > 0.5
    assert values["x1"] > -0.5
    opened.shows(**values)
    x, y = opened.middle(1)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 4 * STEP_PIXELS, y - 9 * STEP_PIXELS)
    page.mouse.up()
    assert opened.values["x0"] < values["x0"]
    assert opened.values["x1"] == values["x1"]


def test_a_click_brings_the_point_of_a_map_there(open_figure: Any) -> None:
    opened = open_figure("plane")
    x, y = opened.middle(0)
    opened.page.mouse.click(x + 50, y - 60)
    opened.shows(**opened.values)
    assert math.dist(opened.middle(0), (x + 50, y - 60)) < 4


def test_a_point_that_only_the_kernel_can_translate_follows_too(open_figure: Any) -> None:
    opened = open_figure("triangle")
    page = opened.page
    x, y = opened.middle(0)
    page.mouse.move(x, y)
    page.mouse.down()
    for k in range(1, 7):
        page.mouse.move(x + k * 4, y - k * STEP_PIXELS)
    page.mouse.up()
    wanted_place = (x + 24, y - 48)
    page.wait_for_function(
        "(before) => document.querySelector('.cu-readout').textContent !== before", arg=TRIANGLE.at().says
    )
    page.wait_for_function("() => window.asked.at(-1).drag")
    settled(page)
    assert math.dist(opened.middle(0), wanted_place) < 4
    assert page.get_by_label("logits z, a, exact value").input_value() != "1", "the controls say the same"


TOUCH = {"has_touch": True, "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}


def touch(page: Any, places: list[tuple[float, float]]) -> None:
    """Move a finger along places of the window."""
    finger = page.context.new_cdp_session(page)
    send: Callable[[str, list[Any]], Any] = lambda kind, points: finger.send(  # noqa: E731
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
    )
    for kind, (x, y) in zip(["touchStart"] + ["touchMove"] * (len(places) - 1), places, strict=True):
        send(kind, [{"x": x, "y": y}])
    send("touchEnd", [])


def test_a_finger_drags_a_handle_and_scrolls_the_page_beside_it(open_figure: Any) -> None:
    opened = open_figure("bars", **TOUCH)
    page = opened.page
    page.evaluate("() => { document.body.style.paddingBottom = '2000px'; }")
    opened.handle(0).scroll_into_view_if_needed()
    scrolled = page.evaluate("() => scrollY")
    x, y = opened.middle(0)
    touch(page, [(x, y), (x, y + 20), (x, y + 40)])
    assert opened.values["z"][0] < 2
    assert page.evaluate("() => scrollY") == scrolled
    touch(page, [(200, 500), (200, 460), (200, 400), (200, 300)])
    page.wait_for_function("(before) => scrollY > before", arg=scrolled)


@pytest.mark.parametrize("name", DEMOS)
def test_on_a_phone_everything_fits_and_every_handle_can_be_hit(open_figure: Any, name: str) -> None:
    opened = open_figure(name, **TOUCH)
    page = opened.page
    page.wait_for_function("() => window.asked.some(({ width }) => width === 360)")
    page.locator(".cu-live[style*='--cu-wide: 360']").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    for box in (handle.bounding_box() for handle in page.locator(".cu-handle").all()):
        assert min(box["width"], box["height"]) >= 24


# --- by keyboard


def test_one_tab_stop_for_a_panel_and_arrows_to_walk_and_move(open_figure: Any) -> None:
    opened = open_figure("bars")
    page = opened.page
    assert page.locator(".cu-handle [role=slider][tabindex='0']").count() == 1
    focused = page.locator("[role=slider]:focus")
    page.locator(".cu-handle [role=slider][tabindex='0']").focus()
    assert focused.get_attribute("aria-label") == "logits z, cat"
    page.keyboard.press("ArrowUp")
    opened.shows(z=(2.1, 0, -1))
    assert focused.get_attribute("aria-valuetext") == "2.1"
    assert focused.get_attribute("aria-orientation") == "vertical"
    page.keyboard.press("ArrowRight")  # across the bar: to its neighbor
    assert focused.get_attribute("aria-label") == "logits z, dog"
    page.keyboard.press("PageUp")
    opened.shows(z=(2.1, 1, -1))
    page.keyboard.press("End")
    opened.shows(z=(2.1, 4, -1))
    page.keyboard.press("Escape")
    opened.shows(z=(2.1, 0, -1))
    page.keyboard.press("Space")
    assert focused.get_attribute("aria-label") == "logits z, owl"
    assert page.locator(".cu-handle [role=slider][tabindex='0']").count() == 1


def test_a_point_has_a_slider_for_each_axis(open_figure: Any) -> None:
    opened = open_figure("plane")
    page = opened.page
    focused = page.locator("[role=slider]:focus")
    opened.handle(0).locator("[role=slider]").first.focus()
    assert focused.get_attribute("aria-label") == "input x₀"
    page.keyboard.press("ArrowUp")
    assert focused.get_attribute("aria-label") == "input x₁"
    assert focused.get_attribute("aria-orientation") == "vertical"
    page.keyboard.press("ArrowLeft")
    opened.shows(x0=0.45, x1=-0.45)
    assert [focused.get_attribute(f"aria-value{key}") for key in ("min", "max", "now")] == ["-3", "3", "0.45"]


def test_keys_move_a_point_that_only_the_kernel_can_translate(open_figure: Any) -> None:
    opened = open_figure("triangle")
    page = opened.page
    before = said(page)
    opened.handle(0).locator("[role=slider]").first.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function(
        "(before) => document.querySelector('.cu-readout').textContent !== before", arg=before
    )
    assert page.locator("[role=slider]:focus").get_attribute("aria-label") == "the three shares, up and down"


# --- said


def test_pointing_at_a_mark_shows_its_numbers(open_figure: Any) -> None:
    opened = open_figure("bars")
    page = opened.page
    tip = page.locator(".cu-tip")
    stage = page.locator(".cu-stage").bounding_box()
    box = BARS.at().spec(640).json["panels"][2]["box"]
    page.mouse.move(stage["x"] + box[0] + box[2] * 0.2, stage["y"] + box[1] + box[3] * 0.8)
    assert tip.text_content() == "cat: p = 0.844"
    page.mouse.move(5, 5)
    assert not tip.is_visible()
    page.locator(".cu-handle [role=slider][tabindex='0']").focus()
    assert tip.text_content() == "cat: z = 2"


def test_a_screen_reader_hears_the_sentence_at_rest(open_figure: Any) -> None:
    opened = open_figure("bars", clock=True)
    page = opened.page
    spoken = page.locator(".cu-live [role=status]")
    page.get_by_role("slider", name="temperature T", exact=True).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "() => document.querySelector('.cu-readout').textContent !== 'Shares 0.844, 0.114, 0.042.'"
    )
    page.clock.run_for(300)
    assert spoken.text_content() == ""
    page.clock.run_for(600)
    assert spoken.text_content() == said(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", DEMOS)
def test_a_figure_has_no_violations(open_figure: Any, name: str, theme: str) -> None:
    page = open_figure(name, theme=theme).page
    page.evaluate("() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    page.locator(".cu-numbers table").first.wait_for()
    assert violations(page) == []


# --- time


def tops(page: Any) -> list[float]:
    """Return where the handles are."""
    return [box["y"] for box in (handle.bounding_box() for handle in page.locator(".cu-handle").all())]


def test_a_preset_glides_there_and_any_input_ends_it(open_figure: Any) -> None:
    opened = open_figure("bars", clock=True)
    page = opened.page
    start = tops(page)
    page.get_by_role("button", name="All equal").click()
    page.wait_for_function(
        "(text) => document.querySelector('.cu-readout').textContent === text",
        arg="Shares 0.333, 0.333, 0.333.",
    )
    page.clock.run_for(100)
    between = tops(page)
    page.clock.run_for(400)
    end = tops(page)
    assert start[0] < between[0] < end[0] == end[1] == end[2]
    page.get_by_role("button", name="One pulls").click()
    page.wait_for_function("() => window.asked.length === 2")
    page.clock.run_for(60)
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function("() => window.asked.length === 3")
    page.clock.run_for(600)
    assert tops(page) == pytest.approx(start, abs=0.6)


def test_nothing_glides_where_motion_is_unwelcome(open_figure: Any) -> None:
    opened = open_figure("bars", clock=True, reduced_motion="reduce")
    page = opened.page
    page.get_by_role("button", name="All equal").click()
    opened.shows(z=(0, 0, 0))
    assert len(set(tops(page))) == 1, "no time has passed"


def test_a_busy_kernel_is_shown_and_a_dead_one_leaves_the_last_picture(open_figure: Any) -> None:
    opened = open_figure("bars", clock=True)
    page = opened.page
    busy = page.locator(".cu-busy")
    page.evaluate("() => { window.held = true; }")
    page.get_by_role("button", name="All equal").click()
    page.clock.run_for(400)
    assert not busy.is_visible()
    page.clock.run_for(200)
    assert busy.is_visible()
    page.wait_for_function("() => window.asked.length === 1")
    page.evaluate("() => window.letGo()")
    page.wait_for_function("() => document.querySelector('.cu-busy').hidden")
    page.clock.run_for(500)
    opened.shows(z=(0, 0, 0))

    page.evaluate("() => { window.held = true; window.alive = false; }")
    page.get_by_role("button", name="One pulls").click()
    page.clock.run_for(700)
    assert "run this cell again" in page.locator(".cu-error[role=alert]", has_text="again").text_content()
    opened.shows(z=(0, 0, 0))
    assert page.get_by_role("button", name="All equal").get_attribute("aria-pressed") == "true"
    assert not busy.is_visible()


@pytest.mark.parametrize("how", ["gone", "error"])
def test_a_mark_that_gets_no_answer_goes_back_to_where_the_sentence_has_it(
    open_figure: Any, how: str
) -> None:
    opened = open_figure("bars", clock=True)
    page = opened.page
    page.evaluate("() => { window.held = true; }")
    if how == "error":
        page.evaluate(
            "() => { window.ask = async (text) => JSON.stringify({ ...JSON.parse(text), error: 'No.' }); }"
        )
    x, y = opened.middle(1)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 3 * STEP_PIXELS)
    assert opened.middle(1)[1] == pytest.approx(y - 3 * STEP_PIXELS, abs=2)
    assert opened.values["z"][1] > 0
    if how == "error":
        page.evaluate("() => window.letGo()")
    else:
        page.evaluate("() => { window.alive = false; }")
        page.clock.run_for(700)
    page.wait_for_function("() => document.querySelector('figcaption .cu-error').textContent !== ''")
    opened.shows()
    assert opened.middle(1)[1] == pytest.approx(y, abs=0.5)
    page.mouse.up()


def test_a_figure_that_is_taken_away_hears_nothing_more(open_figure: Any) -> None:
    opened = open_figure("bars")
    page = opened.page
    before = said(page)
    page.evaluate("() => { window.held = true; }")
    page.get_by_role("button", name="All equal").click()
    page.wait_for_function("() => window.asked.length === 1")
    page.evaluate("() => { window.forget(); window.letGo(); }")
    settled(page)
    assert said(page) == before


# --- room


@pytest.mark.parametrize(("window", "width"), [(390, 360), (600, 640), (1000, 640), (1280, 960)])
def test_the_picture_is_laid_out_for_the_room_there_is(open_figure: Any, window: int, width: int) -> None:
    page = open_figure("bars", viewport={"width": window, "height": 800}).page
    page.locator(f".cu-live[style*='--cu-wide: {width}']").wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= window


# --- without Python


def test_a_page_without_python_answers_slider_and_drag_from_recorded_states(
    browser: Any, tmp_path: Path
) -> None:
    levels = (-4, -2, 0, 2, 4)
    states = [
        {"z": (2, 0, -1)},
        *({"z": (2, level, -1)} for level in levels),
        *({"T": T} for T in (0.1, 0.5, 2.0, 10.0)),
    ]
    corners = [{"x0": float(x), "x1": float(y)} for x, y in itertools.product((-3, 0, 3), repeat=2)]
    spread = [{"z": z} for z in ((1, 0, -1), (0, 0, 0), (3, -1, -1), (-1, 3, -1), (-1, -1, 3))]
    with new_page(browser, viewport={"width": 760, "height": 800}) as page:
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))

        def load(demo: Any, recorded: list[dict[str, Any]]) -> None:
            film = base64.b64encode(record(demo, recorded).to_bytes()).decode()
            (tmp_path / "page.html").write_text(html(FILM, film), encoding="utf-8")
            page.goto((tmp_path / "page.html").as_uri())
            page.wait_for_function("() => window.ready")

        def middle() -> tuple[float, float]:
            box = page.locator(".cu-handle").nth(0).bounding_box()
            return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

        def drag(by: tuple[float, float], follows: bool = False) -> None:
            x, y = middle()
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + by[0] / 2, y + by[1] / 2)
            if follows:  # though no such state was recorded
                settled(page)
                assert middle() == pytest.approx((x + by[0] / 2, y + by[1] / 2), abs=5)
            page.mouse.move(x + by[0], y + by[1])
            page.mouse.up()
            settled(page)

        load(BARS, states)
        page.get_by_role("slider", name="temperature T", exact=True).press("Home")
        settled(page)
        assert said(page) == BARS.at(T=0.1).readout
        page.get_by_role("button", name="Reset").click()
        page.locator(".cu-handle [role=slider]:not([hidden])").nth(1).focus()
        page.keyboard.press("End")
        page.wait_for_function(
            "(t) => document.querySelector('.cu-readout').textContent === t",
            arg=BARS.at(z=(2, 4, -1)).readout,
        )
        load(PLANE, corners)
        drag((70, -60), follows=True)
        drag((300, -300))
        assert said(page) == PLANE.at(x0=3.0, x1=3.0).readout
        load(TRIANGLE, spread)
        drag((60, 0))
        assert said(page) == TRIANGLE.at(z=(-1, 3, -1)).readout
    assert {url.partition(":")[0] for url in requests} <= {"file", "data"}


# --- zooming


def half_width(opened: FigurePage) -> float:
    settled(opened.page)
    return float(opened.page.locator(".cu-zooms [role=slider]").get_attribute("aria-valuenow"))


def test_the_wheel_zooms_only_where_something_has_the_focus(open_figure: Any) -> None:
    opened = open_figure("window", viewport={"width": 1000, "height": 300})
    page = opened.page
    box = page.locator(".cu-zooms > *").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.wheel(0, 30)
    page.wait_for_function("() => window.scrollY > 0")
    page.evaluate("() => window.scrollTo(0, 0)")
    page.wait_for_function("() => window.scrollY === 0")
    assert half_width(opened) == 2
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.wheel(0, -100)
    page.wait_for_function(
        "() => document.querySelector('.cu-zooms > *').getAttribute('aria-valuenow') < 1.5"
    )
    assert page.evaluate("() => window.scrollY") == 0
    near = half_width(opened)
    page.wait_for_function("(wanted) => window.asked.at(-1)?.values.half_width === wanted", arg=near)
    opened.shows(half_width=near)
    page.mouse.wheel(0, 3000)
    page.wait_for_function(
        "() => document.querySelector('.cu-zooms > *').getAttribute('aria-valuenow') === '10'"
    )
    opened.shows(half_width=10.0)


def test_the_tab_key_comes_to_a_panel_before_what_lies_on_it(open_figure: Any) -> None:
    stops = """() => [...document.querySelectorAll('.cu-stage [tabindex="0"]')].map((n) => n.ariaLabel)"""
    assert open_figure("window").page.evaluate(stops) == ["Zoom: half-width", "input x₀"]


def test_keys_zoom_at_a_handle_and_on_the_panel(open_figure: Any) -> None:
    opened = open_figure("window")
    page = opened.page
    for node in (page.locator(".cu-handle [role=slider]").first, page.locator(".cu-zooms [role=slider]")):
        before = half_width(opened)
        node.focus()
        page.keyboard.press("+")
        assert half_width(opened) < before
        page.keyboard.press("-")
        assert half_width(opened) == pytest.approx(before, rel=0.04), "a step is a tenth"
    page.keyboard.press("Home")
    assert half_width(opened) == 0.1
    page.keyboard.press("ArrowUp")
    assert 0.1 < half_width(opened) < 0.12
    assert page.locator(".cu-zooms [role=slider]").get_attribute("aria-label") == "Zoom: half-width"
    opened.shows(half_width=half_width(opened))
