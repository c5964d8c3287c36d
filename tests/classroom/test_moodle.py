"""The question bank for Moodle, read back by a parser that others wrote."""

from __future__ import annotations

import base64
import html
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from course_utils.__main__ import main
from course_utils.classroom.moodle import LONGEST_NAME, Asked, Illustration, asked, bank
from course_utils.notebook_files import NOTEBOOKS, find_notebooks
from course_utils.teaching import Question
from course_utils.teaching.text import to_plain

PNG = base64.b64encode(b"\x89PNG").decode()
HARD = Question(
    "Is $a < b$ and `x & y` *true*? ]]> <script>",
    ["$e^z > 0$", "Both."],
    "A",
    ["Yes: $e^z$.", "of **half** of it."],
)


def read(written: bytes) -> list[Any]:
    """Return the questions as the public parser sees them."""
    parser = pytest.importorskip(
        "moodle_xml_parser.parser", reason="moodle_xml_parser is not installed: pip install -e '.[operate]'"
    )
    found: dict[str, list[Any]] = parser.parse_bytes(written)
    assert not found["cloze"]
    return found["multichoice"]


def words(text: str) -> str:
    """Return what a reader hears of a text in Moodle, without marks and spaces."""
    plain = html.unescape(re.sub(r"</?(?:p|em|strong|code|su[bp]|span)\b[^>]*>", "", text))
    return "".join(re.sub(r"\\[()]", "", plain).split())


@pytest.fixture(scope="module")
def everything() -> list[Asked]:
    return [one for path in find_notebooks() for one in asked(path)]


def test_every_question_comes_back_as_it_was_asked(everything: list[Asked]) -> None:
    found = read(bank(everything))
    assert len(found) == len(everything) > 80
    for one, back in zip(everything, found, strict=True):
        question = one.question
        assert words(back.text_pre_parse) == words(html.escape(to_plain(question.prompt)))
        assert [words(option.answer) for option in back.options] == [
            words(html.escape(to_plain(option))) for option in question.options
        ]
        right = [
            letter for letter, option in zip("ABCDEFGH", back.options, strict=False) if option.score_fraction
        ]
        assert right == [question.answer]
        assert back.single
        assert back.shuffle_answers is one.shuffled
        for (letter, _, because), option in zip(question.lettered, back.options, strict=True):
            thought = "" if letter == question.answer else "You probably thought "
            assert words(option.feedback) == words(html.escape(thought + to_plain(because)))


def test_names_are_unique_and_those_of_the_website(everything: list[Asked]) -> None:
    names = [one.name for one in everything]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"\d\d-[a-z0-9-]+", name) for name in names)
    numbers = [element.text for element in ET.fromstring(bank(everything)).iter("idnumber")]
    assert numbers == names


def test_pictures_are_whole_and_described(everything: list[Asked]) -> None:
    root, pictures = ET.fromstring(bank(everything)), 0
    for question in root.iter("question"):
        for file in question.iter("file"):
            pictures += 1
            Image.open(io.BytesIO(base64.b64decode(file.text or ""))).verify()
            told = question.findtext("generalfeedback/text") or ""
            assert f'src="@@PLUGINFILE@@/{file.get("name")}"' in told
            assert re.search(r'alt="[^"]{15,}"', told)
    assert pictures == len(SETTLED)


# What the picture of each settled question says about it.
SETTLED = {
    "00-question": "one step always multiplies it by 2.72",
    "01-two-question": "the same everywhere on the dashed diagonal",
    "01-attention-question": "The scores spread by 8.33, and √d is 8.",
    "02-order-question": "The result is 0.9999999999999999",
    "02-digits-question": "37 on; e^(−x)/(1 + e^(−x)) is exactly 0 from about x = 745",
    "03-place-question": "Raising p to the power 1/T and making the sum 1 gives softmax(z/T)",
    "03-trust-question": "the accuracy is the same at every T",
    "03-gumbel-question": "where softmax(z/T) expects",
    "04-plane-question": "the line of max has its corner at 0.5",
    "05-slope-question": "below it rounding takes over, and they rise",
    "05-deep-question": "at layer 1 it is 14400 times as long as at layer 10",
    "05-saturation-question": "exceeds 0.99 in 93.0 % of the 256 units",
    "05-relatives-question": "SiLU: largest slope 1.0998",
    "06-double-question": "the loss cannot fall below 0.744",
    "06-binary-question": "p − y is −0.769, 0.629 and 0.14; the gradient of the summed binary form is −1.2",
    "07-hinges-question": "The sum has 4 pieces",
    "08-rate-question": "past its end, below zero: uphill",
    "08-momentum-question": "no momentum it climbs out of the ravine",
}


def test_a_picture_answers_its_question_and_a_demo_that_does_not_is_not_shown(
    everything: list[Asked],
) -> None:
    shown = {one.name: one.answered_by.says for one in everything if one.answered_by}
    assert shown.keys() == SETTLED.keys()
    assert [name for name, says in SETTLED.items() if says not in shown[name]] == []


def test_no_text_points_at_what_moodle_does_not_show(everything: list[Asked]) -> None:
    pointing = re.compile(r"\b(?:this page|(?:in|of) the (?:demo|picture)|again here)\b", re.IGNORECASE)
    because = [text for one in everything for text in one.question.because]
    assert [text for text in because if pointing.search(text)] == []


def test_no_formula_is_left_between_dollars(everything: list[Asked]) -> None:
    own = Asked("09-hard", "09 Hard", "here", HARD)
    texts = [text.text or "" for text in ET.fromstring(bank([*everything, own])).iter("text")]
    assert not [text for text in texts if "$" in text.replace("$course$", "")]
    formulas = [formula for text in texts for formula in re.findall(r"\\\((.+?)\\\)", text)]
    assert set(formulas) == {"a &lt; b", "e^z &gt; 0", "e^z"}  # the course sets its own without a filter
    assert sum("<sup>" in text for text in texts) > 20


def test_hard_characters_survive() -> None:
    (back,) = read(bank([Asked("09-hard", "09 Hard", "here", HARD, Illustration(PNG, 'a "quoted" < b'))]))
    assert back.text_pre_parse == "<p>Is \\(a < b\\) and <code>x & y</code> <em>true</em>? ]]> <script></p>"
    root = ET.fromstring(bank([Asked("09-hard", "09 Hard", "here", HARD, Illustration(PNG, "a"))]))
    assert "&lt;script&gt;" in (root.findtext("question[2]/questiontext/text") or "")  # words, not a program
    assert back.options[0].answer == "\\(e^z > 0\\)"


def test_options_that_speak_of_others_stay_in_their_order() -> None:
    assert not Asked("09-hard", "09 Hard", "here", HARD).shuffled
    apart = Question("1 + 1?", ["2", "11"], "A", ["yes.", "that joins."])
    assert Asked("09-sum", "09 Sums", "here", apart).shuffled


def test_letters_are_spoken_of_only_where_options_keep_them(everything: list[Asked]) -> None:
    for one in everything:
        if one.shuffled:
            told = " ".join(map(to_plain, one.question.because))
            assert not re.search(r"\b(?:option|answer|chose) [A-H]\b", told), one.name


def test_a_name_is_as_many_words_as_fit_and_begins_with_the_notebook(everything: list[Asked]) -> None:
    for one, question in zip(
        everything, ET.fromstring(bank(everything)).findall("question[@type='multichoice']"), strict=True
    ):
        name = question.findtext("name/text") or ""
        whole = " ".join(f"{one.name[:2]} {to_plain(one.question.prompt)}".split())
        assert len(name) <= LONGEST_NAME
        if len(whole) > LONGEST_NAME:
            kept = name.removesuffix("…")
            assert whole.startswith(f"{kept} ")
            assert len(kept) + len(whole[len(kept) + 1 :].split(" ")[0]) + 2 > LONGEST_NAME
        else:
            assert name == whole


def test_a_name_that_just_fits_is_whole() -> None:
    def named(prompt: str) -> str:
        question = Question(prompt, ["2", "11"], "A", ["yes.", "that joins."])
        written = bank([Asked("09-sum", "09 Sums", "here", question)])
        return ET.fromstring(written).findtext("question[2]/name/text") or ""

    just = "many " * 15 + "no"  # and "09 " before it
    assert named(just) == f"09 {just}"
    assert named(just + "w") == f"09 {'many ' * 15}".rstrip() + "…"


def test_everybody_is_told_why_the_right_option_is_right(everything: list[Asked]) -> None:
    told = [
        element.findtext("text") or "" for element in ET.fromstring(bank(everything)).iter("generalfeedback")
    ]
    for one, text in zip(everything, told, strict=True):
        (why,) = (because for letter, _, because in one.question.lettered if letter == one.question.answer)
        assert words(text).startswith(words(html.escape(to_plain(why))))


def test_a_category_begins_with_its_first_question_in_whatever_order_they_come() -> None:
    order = "09", "08", "08", "09", "10"
    every = [Asked(f"{number}-hard", f"{number} Hard", "here", HARD) for number in order]
    found = ET.fromstring(bank(every)).findall("question")
    kinds = [(one.findtext("category/text") or "asked").rpartition("/")[2] for one in found]
    assert kinds == [
        *("09 Hard", "asked"),
        *("08 Hard", "asked", "asked"),
        *("09 Hard", "asked"),
        *("10 Hard", "asked"),
    ]


def test_a_bank_says_how_it_is_written() -> None:
    assert bank([]).startswith(b"<?xml version='1.0' encoding='utf-8'?>")


def test_the_command_writes_a_category_for_each_notebook(tmp_path: Path, capsys: Any) -> None:
    out = tmp_path / "no" / "folder" / "yet" / "bank.xml"
    for numbers in (["01"], ["04", "01"]):  # the second replaces the first
        assert main(["moodle", "--out", str(out), *numbers], NOTEBOOKS) == 0
        said = capsys.readouterr().out
    questions = [question.get("type") for question in ET.parse(out).getroot()]
    assert questions.count("category") == 2
    assert f"{questions.count('multichoice')} questions" in said
    (first,) = re.findall(r"\$course\$/top/[^<]*/01 [^<]*", out.read_text("utf-8"))
    assert first == "$course$/top/Softmax and its neighbors/01 Softmax"
