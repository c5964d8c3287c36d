"""Lesson 08: training a classifier. What the notebook ``08_training_a_classifier`` shows, asks and sets, in its order."""

from course_utils.lessons.training_a_classifier.draw_digit import draw_demo
from course_utils.lessons.training_a_classifier.digits import show_digits, start_question
from course_utils.lessons.training_a_classifier.backward import mean_question, backward_exercise
from course_utils.lessons.training_a_classifier.goal import goal_question, watch_demo, watched
from course_utils.lessons.training_a_classifier.moving_regions import film_question, film_demo, film
from course_utils.lessons.training_a_classifier.rate import schedule_question, schedule_demo
from course_utils.lessons.training_a_classifier.rate_exercises import (
    linear_decay_exercise,
    exponential_decay_exercise,
)
from course_utils.lessons.training_a_classifier.momentum import momentum_question, ravine_demo
from course_utils.lessons.training_a_classifier.momentum_exercise import momentum_exercise
from course_utils.lessons.training_a_classifier.init import zero_question, start_demo
from course_utils.lessons.training_a_classifier.playground import playground_demo
from course_utils.lessons.training_a_classifier.bugs import loop_exercise
from course_utils.lessons.training_a_classifier.repair import confidence_question
from course_utils.lessons.calibration import fit_temperature, mean_nll
from course_utils.lessons.training_a_classifier.recall import recall_softmax_question, recall_push_question
from course_utils.lessons.training_a_classifier.before_you_go import exit_question
from course_utils.teaching import status_of

status = status_of(globals())
