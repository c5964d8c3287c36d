"""Lesson 00: how the course works, each of its parts in miniature."""

from course_utils.lessons.start_here.how_a_page_works import step_question, exponential_demo, sum_exercise
from course_utils.teaching import status_of

status = status_of(globals())
