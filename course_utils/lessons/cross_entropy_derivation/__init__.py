"""Lesson 06: cross-entropy. What the notebook ``06_cross_entropy_derivation`` shows, proves, asks and sets, in its order."""

from course_utils.lessons.cross_entropy_derivation.surprise import confident_demo, surprise_question
from course_utils.lessons.cross_entropy_derivation.derive import slope_of_p, slope_of_loss
from course_utils.lessons.cross_entropy_derivation.all_classes import only_true_question, gradient_derivation
from course_utils.lessons.cross_entropy_derivation.push import explode_question, push_demo
from course_utils.lessons.cross_entropy_derivation.logits import (
    double_question,
    double_demo,
    cross_entropy_exercise,
)
from course_utils.lessons.cross_entropy_derivation.two_classes import alike_question, losses_demo
from course_utils.lessons.cross_entropy_derivation.slips import slips_derivation
from course_utils.lessons.cross_entropy_derivation.all_classes import jacobian_demo, jacobian_derivation
from course_utils.lessons.cross_entropy_derivation.batch import gradient_exercise, weights_derivation
from course_utils.lessons.cross_entropy_derivation.backward import backward_derivation, backward_exercise
from course_utils.lessons.cross_entropy_derivation.binary import (
    summed_binary_question,
    summed_binary_derivation,
    binary_demo,
)
from course_utils.lessons.cross_entropy_derivation.entropy import (
    minimum_question,
    surprise_demo,
    entropy_derivation,
    kl_derivation,
)
from course_utils.lessons.cross_entropy_derivation.convex import convex_derivation
from course_utils.lessons.cross_entropy_derivation.recall import recall_log_question, recall_ratio_question
from course_utils.lessons.cross_entropy_derivation.before_you_go import exit_question
from course_utils.teaching import status_of

status = status_of(globals())
