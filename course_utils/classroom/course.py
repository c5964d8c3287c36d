"""The folder of a graded course: what nbgrader needs there, written once and then the instructor's."""

from __future__ import annotations

from pathlib import Path

from course_utils.classroom.assignment import Wish, written
from course_utils.notebook_files import Page, to_bytes
from course_utils.told import Misused

CONFIG_NAME = "nbgrader_config.py"
CONFIG = '''"""nbgrader's settings for this course; change what you like. `nbgrader --help-all` lists all."""

from course_utils.classroom import grading

c = get_config()

# Grading: where nbgrader would run notebooks, the course judges functions, fenced in, without its solutions.
c.JudgeFunctions.fenced = True  # False grades on machines that cannot keep files from students' code
c.Autograde.sanitize_preprocessors = grading.SANITIZE
c.Autograde.autograde_preprocessors = grading.AUTOGRADE
c.OverwriteCells.add_missing_cells = True  # a test cell that somebody deleted is there again

# Handing out: what a student finds in place of a solution. A function to repair stays as it is.
c.GenerateAssignment.preprocessors = grading.GENERATE
c.ClearSolutions.code_stub = c.ClearMarkedSolutions.code_stub = {"python": "return ...  # your code here"}

# Collecting: names as Moodle ("Ada Lovelace_1234_assignsubmission_file_02_….ipynb"), Canvas
# ("lovelaceada_1234_5678_02_….ipynb"; of a late one the Collector takes out the LATE) and people
# ("ada_02_….ipynb") write them.
c.ZipCollectApp.collector_plugin = grading.Collector
c.FileNameCollectorPlugin.named_regexp = (
    r".*[/\\\\]extracted[/\\\\](?P<student_id>[^/\\\\_]+(?:_\\d{3,})?)_(?:.*assignsubmission_file_)?.*?"
    r"(?P<file_id>[0-9]{2}_[a-z][a-z0-9]*(?:_[a-z0-9]+)*)"
)

# For whoever puts nbgrader's own Execute back: a cell that never ends must not hold up the others.
c.Execute.timeout = 60
c.Execute.interrupt_on_timeout = True
'''
README = """# A course to grade

Run these commands in this folder, in the environment that has the course and nbgrader
(`pip install -e '.[class]'` in the course's folder).

1. **Look** at `source/{name}/{name}.ipynb`: task, solution, tests. Change points or text if you like.
2. `nbgrader generate_assignment {name}` writes `release/{name}/{name}.ipynb`. Upload that file to your LMS.
3. **Collect.** Download all submissions from the LMS and put them (the zip file, or the notebooks) into
   `downloaded/{name}/archive/`. Then `nbgrader zip_collect {name}`. Which part of a file's name is the
   student says `named_regexp` in `nbgrader_config.py`. In a name that you write by hand, such as
   `ada_{name}.ipynb`, the student has no `_`.
4. `nbgrader autograde {name}` judges the functions. Only what they return counts: no cell of a submission is
   run that a function does not need, and what runs sees neither the lessons nor this folder. After a new
   submission, run it again with `--force`.
5. `python -m course_utils report .` says what your class misunderstood, from `records/`.
6. `nbgrader export` writes the points as `grades.csv`; `nbgrader generate_feedback {name}` one page per
   submission, to hand back.

Another assignment in this folder takes the same steps: write its name for `{name}`.

Keep this folder from students: `source/` holds solutions, and the seeds of the hidden inputs.
"""


class AlreadyThere(Misused):
    """There is an assignment of this name already."""


def write_course(page: Page, wish: Wish, out: Path) -> Path:
    """Write an assignment into the folder of a course, and what nbgrader needs there if it is new.

    Returns
    -------
    Path
        The source notebook.

    Raises
    ------
    AlreadyThere, UnknownSection, NothingToGrade
    """
    name = page.path.stem
    source = out / "source" / name / f"{name}.ipynb"
    if source.exists():
        raise AlreadyThere(
            f"{source} is there already, with hidden inputs of its own: delete it, or choose another folder."
        )
    raw = to_bytes(written(page, wish))
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(raw)
    for path, text in (
        (out / CONFIG_NAME, CONFIG),
        (out / "README.md", README.format(name=name)),
    ):
        if not path.exists():
            path.write_text(text, encoding="utf-8")
    (out / "downloaded" / name / "archive").mkdir(parents=True, exist_ok=True)
    return source


def write_notebook(page: Page, wish: Wish, out: Path) -> Path:
    """Write a notebook of chosen sections for use in class, without anything of nbgrader."""
    path = out / page.path.name
    if path.exists():
        raise AlreadyThere(f"{path} is there already: choose another folder.")
    raw = to_bytes(written(page, wish))
    out.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path
