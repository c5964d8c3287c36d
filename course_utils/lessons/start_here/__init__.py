"""Lesson 00: how the course works, each of its parts in miniature."""

from course_utils.lessons.start_here.one_picture import one_picture_demo
from course_utils.lessons.start_here.how_a_page_works import step_question, exponential_demo, sum_exercise
from course_utils.lessons.start_here.ready import (
    logarithm_question,
    chain_question,
    axis_question,
    broadcasting_question,
    product_question,
)
from course_utils.lessons.start_here.keep import keep_answers
from course_utils.teaching import status_of

status = status_of(globals())
