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
from gain_in_python import OCCASIONS, UnusableTable, gain, read_table, wrong_turns

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
    (
        table(sheet("x", "A", "before", 1), sheet("x", "B", "before", 1)),
        "row 3 is the second one of x before",
    ),
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
    invented_class(),
    invented_class(4),
    table(),
    *(text for text, _ in BROKEN),
]

COMPARE = """
const { readTable, gain, wrongTurns } = await import(process.argv[1]);
const { readFileSync } = await import("node:fs");
const { keys, texts, pairs, occasions } = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(JSON.stringify(texts.map((text) => {
  try {
    const table = readTable(text, keys);
    const gains = pairs.map(([x, y]) => gain(table, x, y, keys));
    return [gains, occasions.map((when) => wrongTurns(table, when, keys))];
  } catch (error) { return error.message; }
})));
"""


def in_python(text: str, pairs: list[tuple[str, str]]) -> Any:
    try:
        read = read_table(text)
    except UnusableTable as error:
        return str(error)
    found = [gain(read, x, y) for x, y in pairs]
    gains = [one and dict(vars(one)) for one in found]
    return json.loads(json.dumps([gains, [wrong_turns(read, when) for when in OCCASIONS]]))


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not here (Debian: apt install nodejs)")
def test_the_page_computes_what_python_computes(tmp_path: Path) -> None:
    module = tmp_path / "gain.mjs"
    module.write_text(Path(concept_pages.__file__).with_name("gain.js").read_text("utf-8"), "utf-8")
    pairs = [("before", "after"), ("before", "later"), ("after", "later")]
    given = {
        "keys": {form: key(form) for form in FORMS},
        "texts": TABLES,
        "pairs": pairs,
        "occasions": OCCASIONS,
    }
    (tmp_path / "given.json").write_text(json.dumps(given), "utf-8")
    command = [
        "node",
        "--input-type=module",
        "--eval",
        COMPARE,
        module.as_uri(),
        str(tmp_path / "given.json"),
    ]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    for text, computed in zip(TABLES, found, strict=True):
        expected = in_python(text, pairs)
        assert _rounded(computed) == _rounded(expected), text[:200]


def _rounded(found: Any) -> Any:
    """Round what was added up in another order."""
    return json.loads(json.dumps(found), parse_float=lambda digits: round(float(digits), 12))
