"""What a class understood: verdicts and answers, counted, in groups that give nobody away."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from course_utils.classroom.given_answers import HandedIn
from course_utils.classroom.groups import SMALLEST, groups_of
from course_utils.classroom.kinds import OTHERS, UNNAMED, Kind, wrong_kinds
from course_utils.classroom.places import Place, exercise_place, places
from course_utils.classroom.records import Graded, Record
from course_utils.teaching import Question
from course_utils.teaching.text import to_plain

PASSED, NOT_ATTEMPTED = "passed", "not attempted"
TOPICS = 3  # things to say on Monday
WORTH_A_TOPIC = 0.1  # share of those asked
ALIKE = "All of these do the same, and no diagnosis has a name for it."


@dataclass(frozen=True)
class ExerciseSummary:
    """One exercise of an assignment, or as it went in practice.

    Parameters
    ----------
    title : str
    place : Place or None
        Nothing if the exercise is none of this course.
    asked : int
        Submissions.
    passed, not_attempted : int or None
        None where to say it would give somebody away.
    kinds : tuple of Kind
        Of wrong functions, the most frequent first; empty where those that failed are too few.
    practice : bool
        Whether this is from answers that were handed in without a name.
    """

    title: str
    place: Place | None
    asked: int
    passed: int | None
    not_attempted: int | None
    kinds: tuple[Kind, ...]
    practice: bool = False


@dataclass(frozen=True)
class QuestionSummary:
    """One question.

    Parameters
    ----------
    place : Place
    asked : int
        How many answered.
    kinds : tuple of Kind
        By first choice; the labels are letters.
    right_first, right_last : float or None
        Shares of the right option among first and last choices; None where they would give away somebody.
    """

    place: Place
    asked: int
    kinds: tuple[Kind, ...]
    right_first: float | None = None
    right_last: float | None = None


@dataclass(frozen=True)
class Topic:
    """Something that many misunderstood, and what to show again.

    Parameters
    ----------
    told : str
        What they were told, in light markup.
    count, asked : int
    where, again : str
        Where it was seen, and what to show again.
    example : str
        Code that does it.
    fails : str
        The check on which that fails.
    """

    told: str
    count: int
    asked: int
    where: str
    again: str
    example: str = ""
    fails: str = ""

    @property
    def share(self) -> float:
        """Of those asked."""
        return self.count / self.asked


@dataclass(frozen=True)
class Summary:
    """What a class understood.

    Parameters
    ----------
    students : int
        Who handed in graded work.
    answers : int
        Files of answers.
    exercises, practice : tuple of ExerciseSummary
    questions : tuple of QuestionSummary
    too_few : tuple of str
        Questions and exercises with fewer than five answers.
    topics : tuple of Topic
    """

    students: int
    answers: int
    exercises: tuple[ExerciseSummary, ...]
    practice: tuple[ExerciseSummary, ...]
    questions: tuple[QuestionSummary, ...]
    too_few: tuple[str, ...]
    topics: tuple[Topic, ...]


def summarize(records: Sequence[Record], answers: Sequence[HandedIn]) -> Summary:
    """Count what a class did.

    Examples
    --------
    >>> right = Graded("passed", 1, 1)
    >>> records = [Record("01_softmax", f"s{i}", {"batch_exercise": right}) for i in range(9)]
    >>> summarize(records, []).exercises[0].passed
    9
    """
    graded: dict[tuple[str, str], list[tuple[str, Graded]]] = defaultdict(list)
    for record in records:
        for name, one in record.exercises.items():
            graded[record.assignment, name].append((record.student, one))
    exercises = [
        _exercise(f"{assignment}: {name}", exercise_place(assignment, name), given)
        for (assignment, name), given in sorted(graded.items())
    ]
    known = places()
    practice, questions, too_few = [], [], []
    for place in known.values():
        choices = [given.choices[place.name] for given in answers if place.name in given.choices]
        choices = [letters for letters in choices if set(letters) <= set(getattr(place.value, "letters", ""))]
        verdicts = [given.verdicts[place.name] for given in answers if place.name in given.verdicts]
        if len(choices) >= SMALLEST:
            questions.append(_question(place, choices))
        if len(verdicts) >= SMALLEST:
            practice.append(_practice(place, [_verdict(one) for one in verdicts]))
        if 0 < max(len(choices), len(verdicts)) < SMALLEST:
            too_few.append(place.name)
    return Summary(
        students=len({record.student for record in records}),
        answers=len(answers),
        exercises=tuple(exercises),
        practice=tuple(practice),
        questions=tuple(questions),
        too_few=tuple(too_few),
        topics=tuple(_topics(exercises, questions)),
    )


def _exercise(title: str, place: Place | None, graded: Sequence[tuple[str, Graded]]) -> ExerciseSummary:
    """Count the wrong functions of an exercise by what is wrong; who passed is no secret: points are not."""
    by_status = Counter(one.status for _, one in graded)
    title = _title(place) if place else title
    kinds = wrong_kinds(place, [(who, one) for who, one in graded if one.status == "failed"], len(graded))
    passed, left_out = by_status[PASSED], by_status[NOT_ATTEMPTED]
    rest = len(graded) - passed - left_out - sum(kind.count for kind in kinds)
    apart = not left_out or (left_out >= SMALLEST and not rest)
    return ExerciseSummary(title, place, len(graded), passed, left_out if apart else None, kinds)


def _title(place: Place) -> str:
    return f"{place.number}: {place.value.name}"


def _practice(place: Place, graded: Sequence[Graded]) -> ExerciseSummary:
    """Count what went right and wrong in practice. Here nobody agreed to be counted apart, right or wrong."""
    counts = Counter(one.status == PASSED for one in graded)
    split = all(count >= SMALLEST for count in counts.values())
    wrong = [("", one) for one in graded if one.status != PASSED]
    kinds = wrong_kinds(place, wrong, len(graded)) if split else ()
    passed = counts[True] if split else None
    return ExerciseSummary(_title(place), place, len(graded), passed, None, kinds, practice=True)


def _verdict(found: Mapping[str, object]) -> Graded:
    """Read a verdict as a page keeps it; nothing in it is relied on."""
    failed = found.get("failed")
    labels = tuple(map(str, failed)) if isinstance(failed, list) else ()
    status, mistake, diagnosis = (str(found.get(name) or "") for name in ("status", "mistake", "diagnosis"))
    return Graded(status, mistake=mistake, diagnosis=diagnosis, failed=labels)


def _question(place: Place, choices: Sequence[str]) -> QuestionSummary:
    question = place.value
    first = Counter(letters[0] for letters in choices)
    kinds = [
        Kind(
            " and ".join(group.names),
            tuple(_because(question, letter) for letter in group.names),
            group.count,
            len(choices),
            right=question.answer in group.names,
        )
        for group in groups_of({letter: first[letter] for letter in question.letters})
    ]
    # Two tables of shares may differ by one student, who is then known to have changed: say it only of many.
    moves = Counter((letters[0] == question.answer, letters[-1] == question.answer) for letters in choices)
    # And where the right option is pooled, its share would say how many chose the others of the pool.
    alone = any(kind.right and len(kind.label) == 1 for kind in kinds)
    safe = alone and all(count >= SMALLEST for count in moves.values()) and len(moves) > 1
    right = [sum(count for move, count in moves.items() if move[when]) for when in (0, 1)]
    shares = [count / len(choices) for count in right] if safe else [None, None]
    return QuestionSummary(place, len(choices), tuple(kinds), *shares)


def _because(question: Question, letter: str) -> str:
    said = question.because[question.letters.index(letter)]
    return said if letter == question.answer else f"They probably thought {said}"


def _option(place: Place, letter: str) -> str:
    return to_plain(place.value.options[place.value.letters.index(letter)]).rstrip(".")


def _topics(exercises: Iterable[ExerciseSummary], questions: Iterable[QuestionSummary]) -> list[Topic]:
    """Choose what to talk about: mistakes in graded work, then wrong predictions, by share."""
    graded = [
        Topic(
            f"{ALIKE} {kind.told[0]}" if kind.label.startswith(UNNAMED) else kind.told[0],
            kind.count,
            kind.asked,
            one.title,
            one.place.again if one.place else "the exercise",
            next(iter(kind.examples), ""),
            kind.fails,
        )
        for one in exercises
        for kind in one.kinds
        if kind.label != OTHERS
    ]
    predicted = [
        Topic(
            kind.told[0],
            kind.count,
            kind.asked,
            f"{one.place.name}: they chose {kind.label}, “{_option(one.place, kind.label)}”",
            one.place.again,
        )
        for one in questions
        for kind in one.kinds
        if not kind.right and len(kind.label) == 1
    ]
    ranked = [
        topic
        for some in (graded, predicted)
        for topic in sorted(some, key=lambda topic: -topic.share)
        if topic.share >= WORTH_A_TOPIC
    ]
    return ranked[:TOPICS]
