"""Lesson 04: log-sum-exp against max. What the notebook ``04_logsumexp_versus_max`` shows, asks and sets, in its order."""

from course_utils.lessons.logsumexp_versus_max.roof import roof_demo
from course_utils.lessons.logsumexp_versus_max.which import smooth_question
from course_utils.lessons.logsumexp_versus_max.gap import gap_question, gap_demo
from course_utils.lessons.logsumexp_versus_max.slope import slope_question, tangents_demo
from course_utils.lessons.logsumexp_versus_max.shift import shift_question
from course_utils.lessons.logsumexp_versus_max.shift_exercises import smooth_max_exercise
from course_utils.lessons.logsumexp_versus_max.shift import shift_demo
from course_utils.lessons.logsumexp_versus_max.stream import stream_demo
from course_utils.lessons.logsumexp_versus_max.gap import mean_question
from course_utils.lessons.logsumexp_versus_max.plane import corner_question, maps_demo
from course_utils.lessons.logsumexp_versus_max.shift_exercises import smooth_min_exercise
from course_utils.lessons.logsumexp_versus_max.claims import strict_question, bound_exercise
from course_utils.lessons.logsumexp_versus_max.search import try_to_refute
from course_utils.lessons.logsumexp_versus_max.proof import lower_proof, upper_proof, both_bounds
from course_utils.lessons.logsumexp_versus_max.equivariant import invariance_error
from course_utils.lessons.logsumexp_versus_max.entropy import entropy_demo
from course_utils.lessons.logsumexp_versus_max.relatives import relatives_demo, mellowmax_exercise
from course_utils.lessons.logsumexp_versus_max.before_you_go import exit_question
from course_utils.lessons.logsumexp_versus_max.recall import (
    recall_shift_question,
    recall_temperature_question,
)
from course_utils.teaching import status_of

status = status_of(globals())
