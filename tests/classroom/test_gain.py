"""The gain of a class: by hand, in Python and in the page the same; a table that is none is said."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from gain_in_python import OCCASIONS, UnusableTable, gain, paired, read_table, wrong_turns

from course_utils.classroom import concept_pages
from course_utils.classroom.concept_pages import invented_class
from course_utils.classroom.concepts import FORMS, key


def sheet(code: str, form: str, when: str, right: int) -> str:
    """Write a row with so many right answers, and the others left out."""
    return ",".join([code, form, when, *key(form)[:right], *[""] * (12 - right)])


HEAD = ",".join(concept_pages.COLUMNS)


def table(*rows: str) -> str:
    return "\n".join([HEAD, *rows]) + "\n"


KNOWN = table(
    *(sheet(f"s{i}", FORMS[i % 2], "before", 3) for i in range(6)),
    *(sheet(f"s{i}", FORMS[1 - i % 2], "after", 9) for i in range(6)),
    sheet("only before", "A", "before", 12),
    sheet("only after", "A", "after", 0),
)


def test_a_gain_by_hand() -> None:
    found = gain(read_table(KNOWN), "before", "after")
    assert found is not None
    assert found.students == 6
    assert (found.mean_before, found.mean_after) == (0.25, 0.75)
    assert found.normalized == pytest.approx((0.75 - 0.25) / (1 - 0.25))
    assert found.shares == ((1.0,) * 3 + (0.0,) * 9, (1.0,) * 9 + (0.0,) * 3)


def test_no_gain_of_four_and_none_where_nothing_was_missing() -> None:
    four = [sheet(f"s{i}", "A", when, 6) for i in range(4) for when in ("before", "after")]
    assert gain(read_table(table(*four)), "before", "after") is None
    perfect = [sheet(f"s{i}", "A", when, 12) for i in range(5) for when in ("before", "after")]
    found = gain(read_table(table(*perfect)), "before", "after")
    assert found is not None
    assert found.normalized is None


def test_in_an_invented_class_everybody_meets_both_forms_and_half_begin_with_each() -> None:
    taken: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(io.StringIO(invented_class())):
        taken.setdefault(row["code"], {})[row["when"]] = row["form"]
    assert {tuple(forms) for forms in taken.values()} == {OCCASIONS}
    orders = Counter(tuple(forms.values()) for forms in taken.values())
    assert orders == {("A", "B", "A"): len(taken) / 2, ("B", "A", "B"): len(taken) / 2}


def test_an_invented_class_learns_and_forgets_a_little() -> None:
    read = read_table(invented_class())
    after, later = gain(read, "before", "after"), gain(read, "before", "later")
    assert after is not None
    assert later is not None
    assert after.mean_before < later.mean_after < after.mean_after


CLEAR = [sheet(f"s{i}", form, when, 6) for i in range(5) for form, when in (("A", "before"), ("B", "after"))]


def test_a_code_that_two_share_is_left_out_and_the_class_keeps_its_gain() -> None:
    twice = [sheet("an07", "A", "before", 12)] * 2 + [sheet("AN 07", "B", "after", 12)]
    read = read_table(table(*CLEAR, *twice, sheet("be12", "A", "later", 1), sheet("Be-12", "A", "later", 2)))
    found = gain(read, "before", "after")
    assert found is not None
    assert (found.students, found.mean_before) == (5, 0.5)
    assert vars(paired(read, "before", "after")) | {"pairs": 5} == {
        "pairs": 5,
        "shared": 3,
        "alone": 0,
        "same_form": 0,
    }


def test_a_code_shared_on_one_occasion_is_trusted_on_none() -> None:
    later = [sheet("s0", "A", "later", 1)] * 2
    assert paired(read_table(table(*CLEAR, *later)), "before", "after").shared == 2


@pytest.mark.parametrize("spelled", ["AN-07", "an 07", "An – 07 "])
def test_a_code_is_found_again_however_it_is_spelled(spelled: str) -> None:
    read = read_table(table(sheet("an07", "A", "before", 1), sheet(spelled, "A", "after", 1)))
    found = paired(read, "before", "after")
    assert (len(found.pairs), found.alone, found.same_form) == (1, 0, 1)


@pytest.mark.parametrize("below", [True, False], ids=["below the first row", "in its place"])
def test_rows_pasted_from_a_spreadsheet_are_read(below: bool) -> None:
    pasted = KNOWN.replace(",", "\t")
    assert read_table(f"{HEAD}\n{pasted}" if below else pasted) == read_table(KNOWN)


BROKEN = [
    ("", "the table is empty"),
    ("a,b\n1,2\n", "the first row must be code,form,when"),
    (table("x,A,before,A"), "row 2 has 4 fields, not 15"),
    (table(sheet("", "A", "before", 1)), "row 2 has no code"),
    (
        table(sheet("x", "A", "before", 1), sheet("y", "A", "before", 1).replace(",A,", ",C,", 1)),
        "row 3 has the form C",
    ),
    (table(sheet("x", "A", "sometimes", 1)), "row 2 says sometimes"),
    (table(sheet("x", "A", "before", 1).replace(",before,A", ",before,E")), "row 2 answers item 1 by E"),
    ("\n" + table("", sheet("x", "A", "sometimes", 1)), "row 4 says sometimes"),
    (table(sheet(" - ", "A", "before", 1)), "row 2 has no code"),
]


@pytest.mark.parametrize(("text", "says"), BROKEN)
def test_a_table_that_is_none_is_said_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(UnusableTable, match=re.escape(says)):
        read_table(text)


TABLES = [
    KNOWN,
    KNOWN.replace(",", ";").replace("\n", "\r\n"),
    "\ufeff" + KNOWN.upper().replace("CODE,FORM,WHEN", "Code,Form,When") + ",,\n\n",
    KNOWN.replace("only before", '"only, ""before"""'),
    KNOWN.replace(",", "\t"),
    f"{HEAD}\n" + KNOWN.replace(",", "\t"),
    table(*CLEAR, *CLEAR[:3], sheet("S 4", "A", "later", 1), sheet("s-9", "B", "later", 1)),
    invented_class(),
    invented_class(4),
    table(),
    *(text for text, _ in BROKEN),
]

COMPARE = """
const { readTable, paired, gain, wrongTurns } = page;
const { keys, texts, pairs, occasions } = given;
answer(texts.map((text) => {
  try {
    const table = readTable(text, keys);
    const found = pairs.map(([x, y]) => [paired(table, x, y), gain(table, x, y, keys)]);
    return [found, occasions.map((when) => wrongTurns(table, when, keys))];
  } catch (error) { return error.message; }
}));
"""
NODE = """
const page = await import(process.argv[1]);
const given = JSON.parse((await import("node:fs")).readFileSync(process.argv[2], "utf8"));
const answer = (found) => console.log(JSON.stringify(found));
"""
needs_node = pytest.mark.skipif(
    shutil.which("node") is None, reason="node is not here (Debian: apt install nodejs)"
)


def in_node(script: str, given: Any, folder: Path) -> Any:
    """Run a script beside the functions of the page; return what it answers."""
    module = folder / "gain.mjs"
    module.write_text(Path(concept_pages.__file__).with_name("gain.js").read_text("utf-8"), "utf-8")
    (folder / "given.json").write_text(json.dumps(given), "utf-8")
    run = ["--input-type=module", "--eval", NODE + script, module.as_uri(), str(folder / "given.json")]
    return json.loads(subprocess.run(["node", *run], capture_output=True, text=True, check=True).stdout)


def in_python(text: str, pairs: list[tuple[str, str]]) -> Any:
    try:
        read = read_table(text)
    except UnusableTable as error:
        return str(error)
    found = [(paired(read, x, y), gain(read, x, y)) for x, y in pairs]
    listed = [[one and dict(vars(one)) for one in pair] for pair in found]
    return json.loads(json.dumps([listed, [wrong_turns(read, when) for when in OCCASIONS]]))


@needs_node
def test_the_page_computes_what_python_computes(tmp_path: Path) -> None:
    pairs = [("before", "after"), ("before", "later"), ("after", "later")]
    given = {
        "keys": {form: key(form) for form in FORMS},
        "texts": TABLES,
        "pairs": pairs,
        "occasions": OCCASIONS,
    }
    for text, computed in zip(TABLES, in_node(COMPARE, given, tmp_path), strict=True):
        expected = in_python(text, pairs)
        assert _rounded(computed) == _rounded(expected), text[:200]


SAID = [
    ((0.25, 0.75, 2 / 3), "Of what was missing before, 67 % is there after: the normalized gain is 0.67."),
    ((0.92, 0.75, -17 / 8), "Fewer answers were right after than before: the mean fell by 17 points."),
    ((0.504, 0.494, -0.02), "Fewer answers were right after than before: the mean fell by 1 point."),
    ((0.5, 0.499, -0.002), "Fewer answers were right after than before: the mean fell by less than a point."),
    ((1, 0.75, None), "Fewer answers were right after than before: the mean fell by 25 points."),
    ((1, 1, None), "Nothing was missing before, so there is no gain to compute."),
    (
        (0.5, 0.5 - 1e-16, -2e-16),
        "Of what was missing before, 0 % is there after: the normalized gain is 0.00.",
    ),
]
LEFT_OUT = [
    ((0, 0, 0), ""),
    (
        (2, 3, 4),
        "2 sheets left out: the code stands twice on one occasion, so nobody knows whose it is. "
        "3 sheets found no partner. 4 students wrote the same form twice.",
    ),
    ((0, 1, 1), "1 sheet found no partner. 1 student wrote the same form twice."),
]


@needs_node
def test_the_page_says_in_a_sentence_what_happened(tmp_path: Path) -> None:
    means = ("mean_before", "mean_after", "normalized")
    gains = [{"before": "before", "after": "after", **dict(zip(means, one, strict=True))} for one, _ in SAID]
    pairs = [dict(zip(("shared", "alone", "same_form"), one, strict=True)) for one, _ in LEFT_OUT]
    script = "answer([given[0].map(page.toldGain), given[1].map(page.toldPairs)]);"
    found = in_node(script, [gains, pairs], tmp_path)
    assert found == [[says for _, says in SAID], [says for _, says in LEFT_OUT]]


def _rounded(found: Any) -> Any:
    """Round what was added up in another order."""
    return json.loads(json.dumps(found), parse_float=lambda digits: round(float(digits), 12))
