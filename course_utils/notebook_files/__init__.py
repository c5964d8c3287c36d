"""Write, refresh and check the notebooks of the course: the authors' one tool.

``new_notebook`` writes the skeleton of a notebook. ``refresh_notebook`` executes one in a fresh kernel and
writes it in committed form, so that a second refresh writes the same bytes. ``check_notebook`` lists every
rule a notebook breaks, each with the place and what to do. ``python -m course_utils`` is their command line,
and the tests call the same functions.

A rule is data: an entry of ``RULES`` with a name, a function that finds where a page breaks it, and a remedy.
A new rule is a function from a `Page` to its hits and one line in that table.

A number in the prose (`numbers_to_check` says which) is proved by an output of its section that rounds to it,
by the same number in the section's code, or by an entry in its own cell's metadata::

    "constants": {"0.475": "exp(1)/(exp(1)+3)", "90.0 %": "shown in trust-after",
                  "41.6": "measured 2026-11-22: ms per forward pass, two cores", "7": "chosen: a class"}

The first form is evaluated, and the second looked up in the cell that it names. The others are for what
nothing can prove: a measurement states its date and what it is, and a choice what it is for.

The modules, each built on those above it:

==============  ============================================================================
``text``        the parts of Markdown, HTML and Python source
``files``       find, read and write notebook files
``page``        a notebook as the rules see it
``shown``       what a notebook shows of its lesson
``numbers``     the numbers of a text, and which of them need a proof
``predictions`` what a page asks, which outputs answer it, and rules on both
``slides``      the lecture path, and what makes a notebook a stage deck
``committed``   the committed form
``ids``         ids that say what a cell shows
``arithmetic``  evaluate an expression
``form``        rules on the file: what refresh repairs
``content``     rules on code, outputs, images and links
``anatomy``     rules on opening, sections, slides and close
``proofs``      rules on the numbers of the prose
``budget``      what the core of a notebook may hold
``rules``       the table of all rules, and the check
``refresh``     execute a notebook and write it in committed form
``skeleton``    a new notebook, with a mark wherever something is still to be written
==============  ============================================================================
"""

from course_utils.notebook_files.arithmetic import evaluate
from course_utils.notebook_files.budget import BUDGET, Core, core_of
from course_utils.notebook_files.committed import committed_form
from course_utils.notebook_files.files import (
    NOTEBOOKS,
    UnknownNotebook,
    UnreadableNotebook,
    find_notebooks,
    read_notebook,
    to_bytes,
)
from course_utils.notebook_files.numbers import Number, numbers_shown, numbers_to_check
from course_utils.notebook_files.page import Page
from course_utils.notebook_files.refresh import ExecutionFailed, refresh_notebook
from course_utils.notebook_files.rules import RULES, Finding, Rule, check_notebook
from course_utils.notebook_files.skeleton import UnusableName, new_notebook

__all__ = [
    "BUDGET",
    "NOTEBOOKS",
    "RULES",
    "Core",
    "ExecutionFailed",
    "Finding",
    "Number",
    "Page",
    "Rule",
    "UnknownNotebook",
    "UnreadableNotebook",
    "UnusableName",
    "check_notebook",
    "committed_form",
    "core_of",
    "evaluate",
    "find_notebooks",
    "new_notebook",
    "numbers_shown",
    "numbers_to_check",
    "read_notebook",
    "refresh_notebook",
    "to_bytes",
]
