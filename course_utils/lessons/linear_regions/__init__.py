"""Lesson 07: the linear regions of ReLU networks. What the notebook ``07_linear_regions`` shows, asks and sets, in its order."""

from course_utils.lessons.linear_regions.explore import explorer_demo
from course_utils.lessons.linear_regions.hinges import pieces_question, hinges_demo
from course_utils.lessons.linear_regions.parameters import parameters_question, parameters_exercise
from course_utils.lessons.linear_regions.networks import network
from course_utils.lessons.linear_regions.arrangement import lines_question
from course_utils.lessons.linear_regions.depth import depth_question, fold_demo
from course_utils.lessons.linear_regions.output import (
    gradient_question,
    far_question,
    windows_demo,
)
from course_utils.lessons.linear_regions.forward_exercise import forward_exercise
from course_utils.lessons.linear_regions.arrangement import arrangement_demo
from course_utils.lessons.linear_regions.counting import regions_exercise
from course_utils.lessons.linear_regions.zoom import zoom_demo
from course_utils.lessons.linear_regions.patterns import patterns_exercise, grid_demo
from course_utils.lessons.linear_regions.linear import map_of
from course_utils.lessons.linear_regions.remove import leak_question, leak_demo, with_leak
from course_utils.lessons.linear_regions.design import zigzag_exercise
from course_utils.lessons.linear_regions.pieces import linear_pieces
from course_utils.lessons.linear_regions.timing import time_three_ways
from course_utils.lessons.linear_regions.recall import recall_dead_question, recall_gap_question
from course_utils.lessons.linear_regions.before_you_go import exit_question
from course_utils.teaching import status_of

status = status_of(globals())
