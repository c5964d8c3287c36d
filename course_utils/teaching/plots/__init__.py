"""Plots of one's own: a figure of Matplotlib or Plotly, shown with its sentence and its numbers."""

from course_utils.teaching.plots.described import Described, described

__all__ = ["Described", "described"]
