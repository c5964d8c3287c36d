"""Lesson 01: softmax. What the notebook ``01_softmax`` shows, asks and sets as exercises, in its order."""

from course_utils.lessons.softmax.hard_digit import hard_digit_demo
from course_utils.lessons.softmax.divide_by_sum import divide_by_sum_question
from course_utils.lessons.softmax.ratios import shift_or_double_question, shift_and_scale_demo
from course_utils.lessons.softmax.pull import signs_question
from course_utils.lessons.softmax.two_classes import diagonal_question, two_classes_demo
from course_utils.lessons.softmax.batch import batch_exercise
from course_utils.lessons.softmax.why_exp import base_derivation
from course_utils.lessons.softmax.pull import pull_demo
from course_utils.lessons.softmax.three_classes import zero_question, simplex_demo
from course_utils.lessons.softmax.amplified import amplify_question
from course_utils.lessons.softmax.attention import spread_question, attention_demo
from course_utils.lessons.softmax.step_by_step import vector_exercise
from course_utils.lessons.softmax.odds import odds_exercise
from course_utils.lessons.softmax.before_you_go import exit_question
from course_utils.teaching import status_of

status = status_of(globals())
