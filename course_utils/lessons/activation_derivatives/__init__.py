"""Lesson 05: activations and their derivatives. What ``05_activation_derivatives`` shows, asks and sets, in its order."""

from course_utils.lessons.activation_derivatives.chain import chain_demo
from course_utils.lessons.activation_derivatives.three import peak_question
from course_utils.lessons.activation_derivatives.slope import step_question, tangent_demo
from course_utils.lessons.activation_derivatives.derive import (
    sigmoid_derivation,
    tanh_derivation,
    relation_derivation,
)
from course_utils.lessons.activation_derivatives.chain import chain_question
from course_utils.lessons.activation_derivatives.deep import deep_question, deep_demo
from course_utils.lessons.activation_derivatives.saturation import (
    scale_exercise,
    saturation_question,
    saturation_demo,
)
from course_utils.lessons.activation_derivatives.three import list_question
from course_utils.lessons.activation_derivatives.lost import slope_exercise
from course_utils.lessons.activation_derivatives.safe import sigmoid_exercise, softplus_exercise
from course_utils.lessons.activation_derivatives.variance import variance_question, depth_derivation
from course_utils.lessons.activation_derivatives.dead import dead_question, dead_demo, kink_question
from course_utils.lessons.activation_derivatives.relatives import (
    smooth_question,
    functions_demo,
    silu_exercise,
)
from course_utils.lessons.activation_derivatives.own import own_activation
from course_utils.lessons.activation_derivatives.before_you_go import exit_question
from course_utils.lessons.activation_derivatives.recall import (
    recall_temperature_question,
    recall_lse_question,
)
from course_utils.teaching import status_of

status = status_of(globals())
