"""The display objects of the course. They know nothing about softmax."""

from course_utils.teaching.conjecture import Conjecture
from course_utils.teaching.controls import Bits, Choice, Float, Integer, LogFloat, Toggle, Vector
from course_utils.teaching.demo import Demo
from course_utils.teaching.derivation import Derivation, Step
from course_utils.teaching.exercise import Check, Contract, Exercise, Mistake, Result, Verdict
from course_utils.teaching.picture import Picture
from course_utils.teaching.progress import with_progress
from course_utils.teaching.question import Question
from course_utils.teaching.table import Table

__all__ = [
    "Bits",
    "Check",
    "Choice",
    "Conjecture",
    "Contract",
    "Demo",
    "Derivation",
    "Exercise",
    "Float",
    "Integer",
    "LogFloat",
    "Mistake",
    "Picture",
    "Question",
    "Result",
    "Step",
    "Table",
    "Toggle",
    "Vector",
    "Verdict",
    "with_progress",
]
