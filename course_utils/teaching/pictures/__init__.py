"""A picture is data: marks in panels, laid out here in pixels, painted by others.

``Picture.spec(width)`` is the only protocol. Nothing here imports Matplotlib (but for ``stored.py``, when a
PNG is painted), ipywidgets, or the mathematics of the course.
"""

from course_utils.teaching.pictures import colors
from course_utils.teaching.pictures.fields import Image, Polygons, Tiles
from course_utils.teaching.pictures.marks import Drag, DragTo, Paint, Press
from course_utils.teaching.pictures.panel import Axis, Panel, classes
from course_utils.teaching.pictures.picture import Picture
from course_utils.teaching.pictures.projection import Surface
from course_utils.teaching.pictures.shapes import Band, Bars, Line, Points, Rule, Text
from course_utils.teaching.pictures.spec import Spec
from course_utils.teaching.pictures.ticks import powers_of_ten
from course_utils.teaching.table import Table

__all__ = [
    "Axis",
    "Band",
    "Bars",
    "Drag",
    "DragTo",
    "Image",
    "Line",
    "Paint",
    "Panel",
    "Picture",
    "Points",
    "Polygons",
    "Press",
    "Rule",
    "Spec",
    "Surface",
    "Table",
    "Text",
    "Tiles",
    "classes",
    "colors",
    "powers_of_ten",
]
