"""The display objects of the course. They know nothing about softmax."""

from __future__ import annotations

from course_utils.teaching.conjecture import Conjecture
from course_utils.teaching.controls import Bitmap, Bits, Choice, Float, Integer, LogFloat, Toggle, Vector
from course_utils.teaching.demo import Demo
from course_utils.teaching.derivation import Derivation, Step
from course_utils.teaching.exercise import Check, Contract, Exercise, Given, Mistake, Pick, Result, Verdict
from course_utils.teaching.keep_answers import KeepAnswers
from course_utils.teaching.pictures import Picture
from course_utils.teaching.plots import described
from course_utils.teaching.progress import with_progress
from course_utils.teaching.question import Question
from course_utils.teaching.status import status_of
from course_utils.teaching.table import Table

__all__ = [
    "Bitmap",
    "Bits",
    "Check",
    "Choice",
    "Conjecture",
    "Contract",
    "Demo",
    "Derivation",
    "Exercise",
    "Float",
    "Given",
    "Integer",
    "KeepAnswers",
    "LogFloat",
    "Mistake",
    "Pick",
    "Picture",
    "Question",
    "Result",
    "Step",
    "Table",
    "Toggle",
    "Vector",
    "Verdict",
    "described",
    "status_of",
    "with_progress",
]
