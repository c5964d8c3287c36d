"""Exercises: a function to write, the inputs its contract allows, and what is said about an attempt."""

from course_utils.teaching.exercise.calls import Check, Outcome, run
from course_utils.teaching.exercise.case import Mistake
from course_utils.teaching.exercise.exercise import Exercise
from course_utils.teaching.exercise.inputs import Given, Pick
from course_utils.teaching.exercise.judging import Contract, Seen, alike, problem_of
from course_utils.teaching.exercise.verdict import Result, Verdict

__all__ = [
    "Check",
    "Contract",
    "Exercise",
    "Given",
    "Mistake",
    "Outcome",
    "Pick",
    "Result",
    "Seen",
    "Verdict",
    "alike",
    "problem_of",
    "run",
]
