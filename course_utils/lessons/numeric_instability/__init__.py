"""Lesson 02: numeric instability. What ``02_numeric_instability`` shows, asks and sets as exercises, in its order."""

from course_utils.lessons.numeric_instability.opening import louder_demo
from course_utils.lessons.numeric_instability.break_it import break_question, break_demo
from course_utils.lessons.numeric_instability.subtract_the_largest import (
    shift_question,
    stable_softmax_exercise,
)
from course_utils.lessons.numeric_instability.products import product_question
from course_utils.lessons.numeric_instability.log_softmax import log_question
from course_utils.lessons.numeric_instability.bug_hunt import bug_hunt_exercise
from course_utils.lessons.numeric_instability.log_softmax import logsumexp_exercise, log_softmax_exercise
from course_utils.lessons.numeric_instability.subtract_the_largest import mask_question
from course_utils.lessons.numeric_instability.microscope import gap_question, microscope_demo
from course_utils.lessons.numeric_instability.break_it import negative_question
from course_utils.lessons.numeric_instability.sixteen_bits import formats_picture, ones_question
from course_utils.lessons.numeric_instability.order import order_question, order_demo
from course_utils.lessons.numeric_instability.digits import digits_question, digits_demo
from course_utils.lessons.numeric_instability.one_pass import online_exercise, merge_exercise
from course_utils.lessons.numeric_instability.accuracy_lab import accuracy_demo
from course_utils.lessons.numeric_instability.before_you_go import exit_question
from course_utils.lessons.numeric_instability.recall import recall_shift_question, recall_pull_question
from course_utils.teaching import status_of

status = status_of(globals())
