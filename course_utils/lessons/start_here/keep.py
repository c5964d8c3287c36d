"""Section "Keep your answers, if you like": off until a student says so."""

from __future__ import annotations

from course_utils.teaching import KeepAnswers

keep_answers = KeepAnswers()
