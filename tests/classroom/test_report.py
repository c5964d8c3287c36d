"""The report counts what the records say, names nobody, and is one page."""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
import synthetic_class
from html_elements import elements
from picture_problems import all_text_problems, mark_problems
from synthetic_class import SECRET

from course_utils.classroom import places as places_module
from course_utils.classroom.given_answers import HandedIn
from course_utils.classroom.gradebook import gradebook
from course_utils.classroom.groups import SMALLEST
from course_utils.classroom.kinds import OTHERS, UNNAMED, Kind, short
from course_utils.classroom.one_page import rich
from course_utils.classroom.places import demo_near, exercise_place, places
from course_utils.classroom.records import Graded, Record
from course_utils.classroom.report_page import report_page
from course_utils.classroom.report_pictures import kinds_picture, passed_picture
from course_utils.classroom.report_text import report_text
from course_utils.classroom.shares import shares_of
from course_utils.classroom.summary import ExerciseSummary, QuestionSummary, Summary, Topic, summarize
from course_utils.lessons import lesson_of
from course_utils.notebook_files import Page, find_notebooks
from course_utils.notebook_files.shown import source_of
from course_utils.teaching import Exercise, Question
from course_utils.teaching.pictures import Panel
from course_utils.teaching.text import percent, to_plain

RECORDS = synthetic_class.records(60)
ANSWERS = synthetic_class.answers(48)
SUMMARY = summarize(RECORDS, ANSWERS)
PAGE = report_page(SUMMARY)


def of_exercise(name: str, summary: Summary = SUMMARY) -> ExerciseSummary:
    place = exercise_place(synthetic_class.ASSIGNMENT, name)
    return next(one for one in summary.exercises if one.place == place)


def test_every_question_and_exercise_of_the_course_has_a_place() -> None:
    found = list(places().values())
    assert sum(isinstance(place.value, Question) for place in found) >= 80
    assert sum(isinstance(place.value, Exercise) for place in found) >= 25
    assert all(place.section for place in found)


def test_a_place_names_the_heading_above_it() -> None:
    for path in find_notebooks():
        page = Page(path, path.read_bytes())
        heading, above = "", {}
        for cell in page.cells:
            if cell["cell_type"] == "markdown":
                found = re.findall(r"^##? (.+)$", cell["source"], re.MULTILINE)
                heading = to_plain(found[-1]) if found else heading
            above[f"{page.number}-{cell['id']}"] = heading
        for name, place in places().items():
            if place.assignment == path.stem:
                assert place.section == above[name]


@pytest.mark.parametrize(
    ("cells", "nearest"),
    [("aQbc", "b"), ("abQ", "b"), ("abQcd", "c"), ("aQ", "a"), ("Q", None), ("Q|a", None), ("a|bQ|c", "b")],
)
def test_the_demo_to_show_again_is_the_next_of_the_section_else_the_last_before(
    cells: str, nearest: str | None
) -> None:
    demo = lesson_of("temperature").knob_demo
    sections = {cell: str(number) for number, part in enumerate(cells.split("|")) for cell in part}
    every = [SimpleNamespace(cell=cell, value=None if cell == "Q" else demo) for cell in sections]
    found = demo_near(every, sections, [*sections].index("Q"))  # type: ignore[arg-type]
    assert (found and found.cell) == nearest


def test_an_exercise_of_two_notebooks_is_that_of_the_assignment(monkeypatch: pytest.MonkeyPatch) -> None:
    one = exercise_place("01_softmax", "batch_exercise")
    assert one
    made = [
        replace(one, name=f"0{i}-x", assignment=f"0{i}_topic", attribute=attribute)
        for i, attribute in ((3, "e"), (4, "e"), (5, "other"))
    ]
    monkeypatch.setattr(places_module, "places", lambda: {place.name: place for place in made})
    found = {
        name: place and place.name
        for name in ("04_topic", "04_mine", "05_topic", "05_mine", "midterm")
        for place in [exercise_place(name, "e")]
    }
    assert found == {
        "04_topic": "04-x",
        "04_mine": "04-x",
        "05_topic": "03-x",
        "05_mine": "03-x",
        "midterm": "03-x",
    }
    assert exercise_place("04_topic", "none") is None


def test_places_are_called_as_the_website_calls_them() -> None:
    named = {
        one.name: one.value
        for path in find_notebooks()
        for one in source_of(path).shown
        if isinstance(one.value, Question | Exercise)
    }
    assert {name: place.value for name, place in places().items()} == named


def test_counts_are_those_of_the_records() -> None:
    one = of_exercise("batch_exercise")
    statuses = [record.exercises["batch_exercise"].status for record in RECORDS]
    assert (one.asked, one.passed) == (60, statuses.count("passed"))
    for kind in one.kinds:
        assert kind.count >= SMALLEST
    told = "you divide by the sum over the *whole array*"
    (whole,) = [kind for kind in one.kinds if kind.told[0].startswith(told)]
    code = dict.fromkeys(record.exercises["batch_exercise"].code for record in RECORDS)
    (written,) = [text for text in code if "np.sum(np.exp(z))" in text]
    assert whole.count == sum(record.exercises["batch_exercise"].code == written for record in RECORDS)
    assert whole.examples == (
        "def softmax_batch(z, axis=-1):\n    author = '…'\n    return np.exp(z) / np.sum(np.exp(z))",
    )


def test_what_has_no_diagnosis_is_grouped_by_what_it_does() -> None:
    alike = Graded("failed", failed=("one vector",), behavior=("0", "[1, 2]"), code="x = 1")
    other = Graded("failed", failed=("one vector",), behavior=("0", "[2, 2]"))
    made = [Record("01_softmax", f"s{i}", {"batch_exercise": alike if i < 7 else other}) for i in range(13)]
    first, second = of_exercise("batch_exercise", summarize(made, [])).kinds
    assert (first.label, first.count, second.label, second.count) == (f"{UNNAMED} 1", 7, f"{UNNAMED} 2", 6)
    assert first.told == ("They fail on: one vector.", "On “one vector” they give `[1, 2]`.")
    topic, *_ = summarize(made, []).topics
    assert topic.told.endswith(f"no diagnosis has a name for it. {first.told[0]}")
    assert topic.count == 7


@pytest.mark.parametrize("count", range(6))
def test_three_checks_are_named_and_the_rest_counts_as_others(count: int) -> None:
    batch = exercise_place("01_softmax", "batch_exercise")
    assert batch
    labels = [to_plain(check.label) for check in batch.value.checks]
    failed = tuple(labels[1 : 1 + count])
    one = Graded("failed", failed=failed, behavior=tuple(f"[{i}]" for i in range(len(labels))))
    made = [Record("01_softmax", f"s{i}", {"batch_exercise": one}) for i in range(5)]
    (kind,) = of_exercise("batch_exercise", summarize(made, [])).kinds
    fails, *seen = kind.told
    named = "; ".join([*failed[:3], *["others"] * (count > 3)]) or "every check"
    assert fails == f"They fail on: {named}."
    assert seen == [f"On “{label}” they give `[{i}]`." for i, label in enumerate(failed[:3], start=1)]
    assert kind.fails == "".join(failed[:1])


def test_of_a_pool_without_diagnoses_the_three_checks_are_told_that_five_fail() -> None:
    """Each does something else, so none is a kind of its own."""

    def pooled(checks: list[tuple[str, ...]]) -> tuple[str, ...]:
        made = [
            Record(
                "01_softmax", f"s{i}", {"batch_exercise": Graded("failed", failed=some, behavior=(f"[{i}]",))}
            )
            for i, some in enumerate(checks)
        ]
        (kind,) = of_exercise("batch_exercise", summarize(made, [])).kinds
        assert (kind.label, kind.count) == (OTHERS, len(checks))
        return kind.told

    told = [f"without a diagnosis, and failing “{name}”" for name in "abcd"]
    assert pooled([tuple("abcd"), tuple("abc"), *[tuple("ab")] * 3, ("a",)]) == tuple(told[:2])
    assert pooled([tuple("abcd")] * 5 + [tuple("abc"), tuple("ab"), ("a",)]) == tuple(told[:3])
    alone = [(name,) for name in "abcdef"]
    assert pooled(alone) == ("wrong in ways of their own, without a diagnosis",)


@pytest.mark.parametrize("behavior", [("ValueError", "[1, 2]"), ("ValueError", "TypeError"), ("[1]", "[1]")])
def test_what_stops_now_and_then_or_never_is_not_told_to_stop(behavior: tuple[str, ...]) -> None:
    made = [
        Record(
            "01_softmax",
            f"s{i}",
            {"batch_exercise": Graded("failed", failed=("one vector",), behavior=behavior)},
        )
        for i in range(5)
    ]
    (kind,) = of_exercise("batch_exercise", summarize(made, [])).kinds
    assert kind.told[0] == "They fail on: one vector."


def test_what_most_were_told_stands_for_a_mistake_that_the_lesson_does_not_list() -> None:
    def told(*said: str) -> tuple[str, ...]:
        made = [
            Record("01_softmax", f"s{i}", {"batch_exercise": Graded("failed", mistake="odd", diagnosis=one)})
            for i, one in enumerate(said)
        ]
        (kind,) = of_exercise("batch_exercise", summarize(made, [])).kinds
        return kind.told

    assert told(*["You add."] * 5) == ("You add.",)
    assert told("You.", *["You add."] * 4, "We.") == ("for example: You add.",)
    assert told(*[""] * 5) == ("odd",)


@pytest.mark.parametrize("checks", [("one vector",), ("one vector", "a batch")])
def test_what_always_stops_with_one_error_is_told_so(checks: tuple[str, ...]) -> None:
    stops = Graded("failed", failed=checks, behavior=("NameError",) * len(checks))
    made = [Record("01_softmax", f"s{i}", {"batch_exercise": stops}) for i in range(5)]
    (kind,) = of_exercise("batch_exercise", summarize(made, [])).kinds
    assert kind.told[0] == "They stop with `NameError`, whatever they are given."


def test_how_many_drawn_inputs_failed_makes_no_difference() -> None:
    label = "200 other inputs that the contract allows"
    made = [
        Record(
            "01_softmax",
            f"s{i}",
            {"batch_exercise": Graded("failed", failed=(f"{label} ({9 + i} of them failed; …)",))},
        )
        for i in range(5)
    ]
    (kind,) = of_exercise("batch_exercise", summarize(made, [])).kinds
    assert kind.told == (f"They fail on: {label}.",)
    assert kind.fails == label


def test_what_fewer_than_five_did_stays_out_of_page_and_text() -> None:
    rare = Graded("failed", mistake="rare", diagnosis="A RARE ONE", behavior=("RARE",), code="rare = 1")
    right = Graded("passed")
    made = [Record("01_softmax", f"s{i}", {"batch_exercise": rare if i < 4 else right}) for i in range(20)]
    summary = summarize(made, [])
    assert of_exercise("batch_exercise", summary).kinds == ()
    for text in (report_page(summary), report_text(summary)):
        assert "RARE" not in text
        assert "rare" not in text
        assert "16 of 20 passed (80 %), and 4 did what fewer than five did" in text


def test_kinds_that_are_rare_are_told_together_once_they_are_five() -> None:
    made = [
        Record(
            "01_softmax", f"s{i}", {"batch_exercise": Graded("failed", mistake=f"k{i}", diagnosis=f"D{i}.")}
        )
        for i in range(6)
    ]
    (kind,) = of_exercise("batch_exercise", summarize(made, [])).kinds
    assert (kind.label, kind.count) == (OTHERS, 6)
    assert kind.told == tuple(f"D{i}." for i in range(6))


def test_the_order_in_a_pool_does_not_tell_how_many_or_who() -> None:
    def told(keys: str) -> list[tuple[str, ...]]:
        made = [
            Record("01_softmax", f"s{i}", {"batch_exercise": Graded("failed", mistake=key, diagnosis=key)})
            for i, key in enumerate(keys)
        ]
        return [kind.told for kind in of_exercise("batch_exercise", summarize(made, [])).kinds]

    assert told("abbccc") == told("cccbba") == told("aaabcb") == [("a", "b", "c")]
    assert told("aaaaabbbbbb") == told("bbbbbbaaaaa") == [("b",), ("a",)]


def test_questions_count_first_choices() -> None:
    place = places()["01-exit-question"]
    wrong = next(letter for letter in place.value.letters if letter != place.value.answer)
    given = [HandedIn({place.name: wrong + place.value.answer})] * 6 + [
        HandedIn({place.name: place.value.answer})
    ] * 5
    (asked,) = summarize([], [*given, *[HandedIn({place.name: wrong * 2})] * 7]).questions
    counts = {kind.label: kind.count for kind in asked.kinds if kind.count}
    assert counts == {wrong: 13, place.value.answer: 5}
    assert (asked.right_first, asked.right_last) == (5 / 18, 11 / 18)


def test_a_wrong_choice_is_told_as_a_thought_and_the_right_one_as_a_reason() -> None:
    right = set()
    for asked in SUMMARY.questions:
        question = asked.place.value
        told = {
            letter: because if letter == question.answer else f"They probably thought {because}"
            for letter, _, because in question.lettered
        }
        for kind in asked.kinds:
            assert kind.told == tuple(told[letter] for letter in kind.label.split(" and "))
        right.add(question.answer)
    assert len(right) > 2, "there are options before and after it"


def test_a_change_is_told_of_two_groups_of_five() -> None:
    place = places()["01-exit-question"]
    right = place.value.answer
    wrong = next(letter for letter in place.value.letters if letter != right)
    given = [HandedIn({place.name: wrong + right})] * 5 + [HandedIn({place.name: right})] * 5
    summary = summarize([], given)
    (asked,) = summary.questions
    assert (asked.right_first, asked.right_last) == (0.5, 1)
    for text in (report_text(summary), report_page(summary)):
        assert "Right at first 50 %, in the end 100 %." in text
    (asked,) = summarize([], given[5:]).questions
    assert asked.right_first is None, "nobody has changed, and that is all that may be said"


def test_whoever_tried_every_option_counts() -> None:
    place = places()["01-exit-question"]
    (asked,) = summarize([], [HandedIn({place.name: "".join(place.value.letters)})] * 5).questions
    assert asked.asked == 5


def test_a_change_of_one_student_is_not_told() -> None:
    place = places()["01-exit-question"]
    right = place.value.answer
    wrong = next(letter for letter in place.value.letters if letter != right)
    given = (
        [HandedIn({place.name: right})] * 9
        + [HandedIn({place.name: wrong})] * 9
        + [HandedIn({place.name: wrong + right})]
    )
    (asked,) = summarize([], given).questions
    assert asked.right_last is None


def test_the_share_of_the_right_option_does_not_undo_a_pool() -> None:
    """12 of 13 who chose B or C: so one chose C."""
    place = places()["01-exit-question"]
    right = place.value.answer
    wrong, rare, *_ = (letter for letter in place.value.letters if letter != right)
    given = [right] * 12 + [wrong + right] * 20 + [wrong] * 11

    def asked(choices: list[str]) -> QuestionSummary:
        (one,) = summarize([], [HandedIn({place.name: letters}) for letters in choices]).questions
        return one

    assert asked(given).right_first == 12 / 43
    pooled = asked([*given, rare])
    assert {13, 31} <= {kind.count for kind in pooled.kinds}
    assert (pooled.right_first, pooled.right_last) == (None, None)


def test_four_answers_are_too_few_and_unknown_ones_are_nobodys() -> None:
    odd = [
        HandedIn({"99-x": "A", "01-exit-question": "Z"}),
        HandedIn({}, {"01-exit-question": {"status": "passed"}}),
    ]
    summary = summarize([], [HandedIn({"01-exit-question": "A"})] * 4 + odd)
    assert summary.questions == ()
    assert summary.too_few == ("01-exit-question",)


def test_five_are_enough_and_nobody_is_nowhere() -> None:
    verdict = {"status": "failed", "failed": 5}  # as a page would not write it
    five = [HandedIn({"01-exit-question": "A"}, {"01-batch-exercise": verdict})] * 5
    summary = summarize([], five)
    assert [one.asked for one in (*summary.questions, *summary.practice)] == [5, 5]
    assert summary.too_few == ()
    for count in range(1, 5):
        few = summarize([], five[:count])
        assert (few.questions, few.practice) == ((), ())
        assert sorted(few.too_few) == ["01-batch-exercise", "01-exit-question"]
        for text in (report_text(few), report_page(few)):
            assert f"Fewer than five answers, not shown: {', '.join(few.too_few)}." in text


def test_practice_says_who_passed_only_of_five() -> None:
    name = "01-batch-exercise"
    passed, failed = (
        {"status": "passed"},
        {"status": "failed", "mistake": "echo", "diagnosis": "It gives z back."},
    )
    (one,) = summarize([], [HandedIn({}, {name: passed})] * 9 + [HandedIn({}, {name: failed})] * 2).practice
    assert (one.asked, one.passed, one.kinds) == (11, None, ())
    (one,) = summarize([], [HandedIn({}, {name: passed})] * 9 + [HandedIn({}, {name: failed})] * 5).practice
    assert (one.asked, one.passed, one.kinds[0].count) == (14, 9, 5)


def test_what_few_do_wrong_or_most_do_right_is_no_topic() -> None:
    place = places()["01-exit-question"]
    assert summarize([], [HandedIn({place.name: place.value.answer})] * 20).topics == ()
    wrong = Graded("failed", mistake="odd", diagnosis="You add.")

    def topics(of: int) -> tuple[float, ...]:
        made = [
            Record("01_softmax", f"s{i}", {"batch_exercise": wrong if i < 5 else Graded("passed")})
            for i in range(of)
        ]
        assert of_exercise("batch_exercise", summarize(made, [])).kinds
        return tuple(topic.share for topic in summarize(made, []).topics)

    assert topics(10) == (0.5,)
    assert topics(50) == (0.1,), "a tenth is enough"
    assert topics(51) == topics(100) == ()
    assert "no one mistake was made by five or more and by a tenth" in report_text(summarize([], []))


def test_of_letters_that_are_pooled_none_is_a_topic() -> None:
    place = places()["01-exit-question"]
    first, second, *_ = (letter for letter in place.value.letters if letter != place.value.answer)
    given = [HandedIn({place.name: first})] * 3 + [HandedIn({place.name: second})] * 3
    summary = summarize([], given + [HandedIn({place.name: place.value.answer})] * 6)
    (asked,) = summary.questions
    assert f"{first} and {second}" in [kind.label for kind in asked.kinds]
    assert summary.topics == ()
    assert shares_of(summary) == {}


def test_shares_are_those_of_the_options() -> None:
    for asked in SUMMARY.questions:
        if name_of := shares_of(SUMMARY).get(asked.place.name):
            assert sorted(name_of) == sorted(asked.place.value.letters)
            for kind in asked.kinds:
                assert name_of[kind.label] == float(f"{kind.share:.2f}"), "in whole percent"


def test_mistakes_in_graded_work_stand_before_wrong_predictions() -> None:
    def is_predicted(topic: Topic) -> bool:
        return "they chose" in topic.where

    few = summarize(RECORDS[:20], ANSWERS).topics
    assert sorted(few, key=is_predicted) == list(few)
    assert [len(summary.topics) for summary in (SUMMARY, summarize([], ANSWERS))] == [3, 3], "no more"


@pytest.mark.parametrize(("passed", "left_out", "same", "rare"), [(10, 5, 6, 0), (0, 0, 5, 0), (4, 0, 7, 1)])
def test_all_who_were_asked_are_told_of(passed: int, left_out: int, same: int, rare: int) -> None:
    given = [
        *[Graded("passed")] * passed,
        *[Graded("not attempted")] * left_out,
        *[Graded("failed", mistake="odd", diagnosis="You add.")] * same,
        *[Graded("failed", mistake=f"rare {i}") for i in range(rare)],
    ]
    made = [Record("01_softmax", f"s{i}", {"batch_exercise": one}) for i, one in enumerate(given)]
    summary = summarize(made, [])
    told = f"{passed} of {len(given)} passed ({percent(passed / len(given))})"
    told += f", {left_out} did not attempt it" * (left_out > 0)
    told += f", and {rare} did what fewer than five did" * (rare > 0)
    assert f"{told}.\n" in report_text(summary)
    assert passed_picture(summary.exercises).says.endswith(f"({percent(passed / len(given))}).")
    ((panel,),) = passed_picture(summary.exercises).panels
    (bars,) = panel.marks
    assert (bars.name, bars.values) == ("right", (f"{percent(passed / len(given))} · {passed}",))


def test_of_a_large_class_nearly_all_are_not_all_and_few_are_not_none() -> None:
    odd = Graded("failed", mistake="odd", diagnosis="You add.")
    given = [Graded("passed")] * 1395 + [odd] * 5
    summary = summarize(
        [Record("01_softmax", f"s{i}", {"batch_exercise": one}) for i, one in enumerate(given)], []
    )
    assert "1395 of 1400 passed (over 99 %)" in report_text(summary)
    page = report_page(summary)
    assert "5 of 1400, under 1 %" in page
    assert not re.search(r"\b(?:100|0) %", page + report_text(summary))
    one = of_exercise("batch_exercise", summary)
    for picture in (passed_picture([one]), kinds_picture(one.kinds, one.title)):
        assert all_text_problems(picture) + mark_problems(picture) == []


@pytest.mark.parametrize(("left_out", "rare"), [(1, 2), (1, 0), (4, 0), (3, 4), (7, 1)])
def test_whoever_did_not_attempt_it_is_counted_with_others_where_either_are_few(
    left_out: int, rare: int
) -> None:
    given = [Graded("not attempted")] * left_out
    given += [Graded("failed", mistake=f"rare {i}") for i in range(rare)]
    made = [
        Record("01_softmax", f"s{i}", {"batch_exercise": one})
        for i, one in enumerate([*given, *[Graded("passed")] * 20])
    ]
    told = f"passed ({percent(20 / len(made))}), and {left_out + rare} did not attempt it or did what fewer"
    for text in (report_text(summarize(made, [])), report_page(summarize(made, []))):
        assert told in text


def test_the_text_says_of_each_kind_all_that_was_told_once() -> None:
    place = places()["01-exit-question"]
    told = "you divide by the sum over the whole array, so all rows share one total"
    kinds = (
        Kind(short(told), (told,), 20, 40),
        Kind("A", ("They see it.",), 10, 40, right=True),
        Kind("B and C", ("One.", "Another."), 6, 40),
        Kind("no diagnosis 1", ("It fails.",), 4, 40),
    )
    one = ExerciseSummary("an exercise", place, 40, 0, 0, kinds)
    text = report_text(Summary(40, 0, (one,), (), (), (), ()))
    assert text.splitlines()[-6:] == [
        f"   50 % (20)  {told}",
        "   25 % (10)  ✓ A: They see it.",
        "   15 % (6)  B and C",
        "      – One.",
        "      – Another.",
        "   10 % (4)  no diagnosis 1: It fails.",
    ]


def test_kinds_are_numbered_as_they_are_listed_unless_they_are_letters() -> None:
    kinds = (Kind("odd", ("You add.",), 6, 10), Kind("A", ("Yes.",), 4, 10, right=True))
    numbered, lettered = (kinds_picture(kinds, "T", name).panels for name in ("", "q"))
    assert [list(panel.y.ticks.values()) for ((panel,),) in (numbered, lettered)] == [
        ["1. odd", "2. A"],
        ["odd", "A ✓"],
    ]


def test_the_page_marks_the_right_option_of_each_question() -> None:
    marked = re.findall(r"<li><p>((?:(?!</p>).)*) ✓", PAGE)
    right = [asked.place.value for asked in SUMMARY.questions]
    assert marked == [rich(one.options[one.letters.index(one.answer)]) for one in right]
    expected = [share for one in right for share in one.expected]
    assert re.findall(r"\(authors expected (\d+) %\)", PAGE) == [str(share) for share in expected]
    told = re.findall(r"^Authors expected (A .*)\.$", report_text(SUMMARY), re.MULTILINE)
    shares = [zip(one.letters, one.expected, strict=True) for one in right]
    assert told == [", ".join(f"{letter} {share} %" for letter, share in one) for one in shares]


def test_a_topic_shows_code_and_asks_why_it_fails_where_that_is_known() -> None:
    def lines(**known: str) -> list[str]:
        topics = (Topic("you add", 5, 10, "here", "notebook 01", **known),)
        summary = Summary(10, 0, (), (), (), (), topics)
        page = report_page(summary)
        assert ("why it fails on “a batch”" in report_text(summary)) == ("fails" in known)
        return re.findall(
            "An example to project|<code>x = z</code>|Ask: why does this fail on “a batch”", page
        )

    assert lines() == []
    assert lines(example="x = z") == ["An example to project", "<code>x = z</code>"]
    assert len(lines(example="x = z", fails="a batch")) == 3


def test_code_of_a_kind_is_folded_where_there_is_some() -> None:
    def page_of(*examples: str) -> str:
        kinds = (Kind("odd", ("You add.",), 6, 10, examples=examples),)
        return report_page(Summary(10, 0, (ExerciseSummary("e", None, 10, 4, 0, kinds),), (), (), (), ()))

    assert "example</summary>" not in page_of()
    assert "1 example</summary>" in page_of("x = 1")
    assert "2 examples</summary>" in page_of("x = 1", "y = 2")


def test_a_page_holds_the_parts_that_there_are_and_links_to_them() -> None:
    exercise = ExerciseSummary("e", None, 10, 10, 0, ())
    graded = Summary(10, 0, (exercise,), (), (), (), ())
    tried = Summary(0, 10, (), (replace(exercise, practice=True),), (), (), ())
    asked = replace(tried, practice=(), questions=SUMMARY.questions[:1])
    for summary, name in ((graded, "exercises"), (tried, "in-practice"), (asked, "questions")):
        page = report_page(summary)
        assert re.findall(r'<a href="#([^"]+)"', page) == re.findall('<h2 id="([^"]+)"', page) == [name]
        assert page.count("10 of 10 passed (100 %)") == (name != "questions")
    assert "e, in practice: 10 of 10 passed" in report_text(tried)
    assert "\ne: 10 of 10 passed" in report_text(graded)
    assert "<nav" not in report_page(summarize([], []))
    assert re.findall(r'<a href="#([^"]+)"', PAGE) == ["exercises", "questions"]


def test_topics_are_the_most_frequent_mistakes_and_say_what_to_show() -> None:
    assert [topic.share for topic in SUMMARY.topics] == sorted(
        (topic.share for topic in SUMMARY.topics), reverse=True
    )
    first = SUMMARY.topics[0]
    assert first.again.startswith("notebook 01, section “")
    assert first.example.startswith("def ")
    assert first.fails
    (predicted, *_) = summarize([], ANSWERS).topics
    assert re.fullmatch(r"0\d-[\w-]+: they chose [A-H], “.+”", predicted.where)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        (report_text(SUMMARY), r"(?P<share>\d+) % \((?P<count>\d+) of (?P<asked>\d+)\) in"),
        (report_text(SUMMARY), r"(?P<count>\d+) of (?P<asked>\d+) passed \((?P<share>\d+) %\)"),
        (PAGE, r'"share">(?P<share>\d+) %</p>.*?"because">(?P<count>\d+) of (?P<asked>\d+) in'),
        (PAGE, r"<strong>(?P<count>\d+) of (?P<asked>\d+), (?P<share>\d+) %</strong>"),
    ],
)
def test_every_share_is_that_of_the_counts_beside_it(text: str, pattern: str) -> None:
    found = list(re.finditer(pattern, text))
    assert len(found) >= 2
    for one in found:
        assert int(one["share"]) == round(100 * int(one["count"]) / int(one["asked"]))


def test_pictures_are_drawn_as_large_as_their_words_need() -> None:
    """And what they show is what stands below them, as in every picture of the course."""
    kinds = [kinds_picture(one.kinds, one.title) for one in SUMMARY.exercises]
    asked = [kinds_picture(one.kinds, "First choices", one.place.name) for one in SUMMARY.questions]
    for picture in (passed_picture(SUMMARY.exercises * 6), *kinds, *asked):
        assert all_text_problems(picture) + mark_problems(picture) == [], picture.says


def test_bars_are_long_enough_to_be_compared_and_each_has_the_same_room() -> None:
    def panel_of(*shares: float) -> Panel:
        ((panel,),) = kinds_picture([Kind("k", (), round(100 * s), 100) for s in shares], "T").panels
        return panel

    for longest in (0.25, 0.5, 1.0):
        assert 0.5 < longest / panel_of(0.05, longest).x.high < 1, "the number stands behind it"
    assert 0.05 / panel_of(0.05).x.high < 0.25, "few look few"
    heights = [kinds_picture([Kind("k", (), 5, 10)] * count, "T").height for count in range(1, 8)]
    assert len({after - before for before, after in itertools.pairwise(heights)}) == 1


def test_bars_of_right_and_wrong_kinds_are_told_apart() -> None:
    told = set()
    for asked in SUMMARY.questions:
        (panel,) = itertools.chain.from_iterable(kinds_picture(asked.kinds, "First choices", "q").panels)
        for mark in panel.marks:
            shares = [kind.share for kind in asked.kinds if kind.right == (mark.name == "right")]
            assert mark.y.tolist() == shares
            assert mark.color == mark.name
            told.add(mark.name)
    assert told == {"right", "wrong"}


def test_nobody_is_named_in_page_and_text() -> None:
    for text in (PAGE, report_text(SUMMARY)):
        assert SECRET not in text
        assert "student0" not in text
    assert SECRET in RECORDS[0].exercises["batch_exercise"].code


def test_the_page_is_whole_and_asks_for_nothing() -> None:
    found = elements(PAGE)
    asked = {one.attributes[name] for one in found for name in ("src", "href") if name in one.attributes}
    ids = [one.attributes["id"] for one in found if "id" in one.attributes]
    assert {"#exercises", "#questions"} == asked <= {f"#{name}" for name in ids}
    assert len(ids) == len(set(ids))
    assert re.findall(r"url\((?!data:|#)", PAGE) == []
    named = set(re.findall(r"url\(#([^)]+)\)", PAGE))
    assert named <= set(ids)
    assert "script" not in [one.tag for one in found]


def test_what_students_wrote_is_text() -> None:
    attack = "<script>alert(1)</script>"
    graded = Graded(
        "failed",
        mistake=attack,
        diagnosis=attack,
        failed=(attack,),
        behavior=(attack,),
        code=f"x = z['{attack}']",
    )
    made = [Record(attack, f"s{i}", {attack: graded, "batch_exercise": graded}) for i in range(9)]
    page = report_page(summarize(made, []))
    elements(page)
    assert "<script" not in page
    assert "&lt;script" in page


@pytest.mark.parametrize("name", ["ada\r=1+1", "ada\n=1+1", "ada\r\n=1+1", "\r=1+1"])
def test_whoever_has_a_line_break_in_the_name_has_one_row_all_the_same(name: str) -> None:
    table = gradebook([Record("a", name, {"e": Graded("passed", 1, 1)})])
    assert len(table.splitlines()) == 2
    (row,) = csv.DictReader(io.StringIO(table, newline=""))
    assert row["student"].strip("'").split() == name.split()


def test_a_column_has_the_largest_maximum_and_who_handed_in_nothing_an_empty_field() -> None:
    one, other = Graded("failed", 0.25, 0.5), Graded("not attempted")
    table = gradebook(
        [
            Record("b", "eve", {}),
            Record("a", "bob", {"e": other}),
            Record("a", "ada", {"e": one, "d": Graded("passed", 3, 3)}),
            Record("b", "ada", {"e": Graded("passed", 2, 2)}),
        ]
    )
    assert table.splitlines() == [
        "student,a d (of 3),a e (of 0.5),b e (of 2),total (of 5.5)",
        "ada,3,0.25,2,5.25",
        "bob,,0,,0",
        "eve,,,,0",
    ]


def test_a_gradebook_has_points_and_no_formulas() -> None:
    rows = list(csv.DictReader(io.StringIO(gradebook(RECORDS))))
    assert len(rows) == 60
    assert float(rows[0]["total (of 20)"]) == pytest.approx(
        sum(one.points for one in RECORDS[0].exercises.values())
    )
    for name in ("=1+1", "+1 a", "-cmd", "--1", "-1.2.3", "-1.", "@sum", "\tx"):
        (row,) = csv.DictReader(io.StringIO(gradebook([Record("a", name, {"e": Graded("failed", -0.5, 1)})])))
        assert row["student"] == f"'{name}"
        assert row["a e (of 1)"] == "-0.5"
