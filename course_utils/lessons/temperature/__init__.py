"""Lesson 03: temperature. What the notebook ``03_temperature`` shows, asks and sets as exercises, in its order."""

from course_utils.lessons.temperature.write import writing_demo
from course_utils.lessons.temperature.knob import hotter_question, knob_demo
from course_utils.lessons.temperature.careful import temperature_exercise
from course_utils.lessons.temperature.write import noise_question
from course_utils.lessons.temperature.limits import zero_temperature_question
from course_utils.lessons.temperature.cut import cut_question, cut_demo
from course_utils.lessons.temperature.place import place_question, place_demo
from course_utils.lessons.temperature.square import square_demo
from course_utils.lessons.temperature.trust import accuracy_question, reliability_demo
from course_utils.lessons.temperature.fitting import fit_exercise
from course_utils.lessons.temperature.draw import sampling_demo
from course_utils.lessons.temperature.top_p import top_p_question, top_p_exercise
from course_utils.lessons.temperature.laws import which_temperature_question, entropy_question
from course_utils.lessons.temperature.gumbel import gumbel_question, gumbel_demo
from course_utils.lessons.temperature.draw import WORD_LOGITS
from course_utils.lessons.temperature.before_you_go import exit_question
from course_utils.lessons.temperature.recall import recall_ratio_question, recall_log_question
from course_utils.teaching import status_of

status = status_of(globals())
