"""Authors run: ``python -m course_utils new NN_topic``, ``refresh [NN ...]``, ``check [--core] [NN ...]``,
``guide [--out DIR] [NN ...]``, ``site --out DIR [--pdf] [--serve] [NN ...]``. Instructors run:
``report DIR``, ``assignment NN --out DIR``, ``concept-test --out DIR``, ``moodle --out FILE [NN ...]``."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TextIO

from course_utils.classroom import command as assignments
from course_utils.classroom import report
from course_utils.notebook_files import (
    BUDGET,
    NOTEBOOKS,
    ExecutionFailed,
    Page,
    check_notebook,
    core_of,
    find_notebooks,
    new_notebook,
    refresh_notebook,
)
from course_utils.notebook_files.budget import HEADER
from course_utils.notebook_files.skeleton import link_to
from course_utils.told import FINE, FOUND, MISUSED, STOPPED, Misused, Told
from course_utils.words import counted


def main(arguments: list[str] | None = None, folder: Path = NOTEBOOKS) -> int:
    """Run one command and return its exit status.

    Parameters
    ----------
    arguments : list of str, optional
        As on the command line, which is the default.
    folder : Path
        Where the notebooks are.

    Returns
    -------
    int
        0: all is well. 1: a rule is broken or a notebook fails. 2: no such notebook, or not a usable name
        or file.
        130: interrupted.

    Examples
    --------
    >>> main(["check"], Path("nowhere"))
    There are no notebooks in nowhere.
    2
    """
    options = command_line(folder).parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a finding may quote what the terminal cannot show
    try:
        status: int = options.run(options)
        return status
    except KeyboardInterrupt:
        print("\nStopped.")
        return STOPPED
    except BrokenPipeError:  # nobody reads on, as behind `| head`; what is left goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STOPPED
    except Told as error:
        print(error)
        return error.status
    except OSError as error:
        print(error)
        return MISUSED


def command_line(folder: Path = NOTEBOOKS) -> argparse.ArgumentParser:
    """Return what reads the command line; its result has `run`, which does what it says."""
    parser = argparse.ArgumentParser(
        prog="python -m course_utils", description="The tool for authors of notebooks, and for instructors."
    )
    commands = parser.add_subparsers(required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], purpose: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=purpose, description=purpose)
        command.set_defaults(run=run)
        return command

    def add_many(
        name: str, run: Callable[..., int], purpose: str, lessons: bool = True
    ) -> argparse.ArgumentParser:
        command = add(name, lambda options: run(_found(options.numbers, folder, lessons), options), purpose)
        command.add_argument("numbers", nargs="*", metavar="NN", help="numbers of notebooks (default: all)")
        return command

    command = add("new", lambda given: new(given.name, folder), "write the skeleton of a notebook")
    command.add_argument("name", metavar="NN_topic", help="number and topic, such as 09_loaded_dice")

    purpose = "execute notebooks and write them in committed form"
    add_many("refresh", lambda paths, _: refresh(paths), purpose, lessons=False)

    purpose = "list every rule that notebooks break; exit status 1 if there is one"
    command = add_many(
        "check", lambda paths, given: (show_cores if given.core else check)(paths), purpose, lessons=False
    )
    command.add_argument(
        "--core", action="store_true", help="show what the core of each notebook holds, against its budget"
    )

    command = add_many(
        "guide",
        lambda paths, given: guide(paths, folder, given.out, given.paper, given.shares),
        "write the instructor guide, and with --out lesson sheets and worksheets to print",
    )
    command.add_argument("--out", type=Path, help="folder for sheets, worksheets and keys of NN")
    command.add_argument("--paper", choices=("A4", "Letter"), default="A4", help="for the PDF")
    command.add_argument("--shares", type=Path, help="measured shares, in place of those expected")

    command = add_many(
        "site",
        lambda paths, given: site(paths, given.out, given.pyodide, given.serve, given.pdf),
        "build the website from the notebooks, without a network",
    )
    purpose = "folder for it: new, empty, or an earlier site, which is replaced"
    command.add_argument("--out", type=Path, required=True, help=purpose)
    command.add_argument(
        "--pyodide", type=Path, help="folder of Pyodide, for Python in the page and JupyterLite"
    )
    command.add_argument(
        "--pdf", action="store_true", help="print the notebooks too, with a Chromium of this machine"
    )
    command.add_argument("--serve", action="store_true", help="then show it to this machine, until Ctrl+C")

    purpose = "write an assignment for nbgrader, or a notebook of a few sections for use in class"
    assignments.add_arguments(add("assignment", lambda given: assignments.assignment(given, folder), purpose))

    purpose = "say what a class understood: a page, a text, and points for a gradebook"
    report.add_arguments(add("report", report.report, purpose))

    purpose = "write two forms of a concept test to print, and a page that computes the gain"
    command = add("concept-test", lambda given: concept_test(given.out), purpose)
    command.add_argument("--out", type=Path, required=True, help="folder for the four pages")

    purpose = "write the questions as a question bank that Moodle imports (Moodle XML)"
    command = add_many("moodle", lambda paths, given: moodle(paths, given.out), purpose)
    command.add_argument("--out", type=Path, required=True, help="file for it; what is there is replaced")

    commands.metavar = "|".join(commands.choices)
    return parser


def _found(numbers: list[str], folder: Path, lessons: bool) -> list[Path]:
    paths = find_notebooks(numbers, folder, lessons=lessons)
    if not paths:
        raise Misused(f"There are no notebooks in {folder}.")
    return paths


def new(name: str, folder: Path) -> int:
    """Write the skeleton of a notebook, and say what comes next.

    >>> new("nine", Path("nowhere"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    course_utils.notebook_files.skeleton.UnusableName: nine is not a name like 09_loaded_dice: ...
    """
    path = new_notebook(name, folder)
    number, _, topic = name.partition("_")
    print(
        f"{path.name} is written; its lesson belongs into course_utils/lessons/{topic}/, a file per section."
    )
    *before, _ = (one for one in find_notebooks(folder=folder) if one.name <= path.name)
    if before:
        print(f"Above the first section of {before[-1].name} belongs: Next: {link_to(path)}")
    run = "`python -m course_utils"
    print(f"{run} refresh {number}` runs it, {run} check {number}` lists what it still needs.")
    return FINE


def check(paths: list[Path]) -> int:
    """Print what the notebooks break, notebook by notebook, and a summary.

    >>> check([])
    0 notebooks checked: no rule is broken.
    0
    """
    findings = [finding for path in paths for finding in check_notebook(path)]
    for finding in findings:
        print(finding)
    notebooks = len({finding.notebook for finding in findings})
    result = (
        f"{counted(len(findings), 'finding')} in {notebooks} of them" if findings else "no rule is broken"
    )
    print(f"{counted(len(paths), 'notebook')} checked: {result}.")
    return FOUND if findings else FINE


def show_cores(paths: list[Path]) -> int:
    """Print what the core of each notebook holds, and what it may hold.

    >>> show_cores([])
                                          words predictions       demos   exercises
    at most                                 900           5           3           1
    0
    """
    print(f"{'':32}{HEADER}")
    for path in paths:
        print(f"{path.name:32}{core_of(Page(path, path.read_bytes()))}")
    print(f"{'at most':32}{BUDGET}")
    return FINE


def refresh(paths: list[Path]) -> int:
    """Refresh the notebooks one after the other; one that fails does not keep the others from their turn.

    >>> refresh([])
    0 notebooks refreshed, 0 changed, 0 failed.
    0
    """
    changed = failed = 0
    for path in paths:
        started = perf_counter()
        progress = _Progress(path.name, sys.stdout)
        try:
            is_new = refresh_notebook(path, progress)
        except ExecutionFailed as error:
            failed += 1
            progress.end(str(error))
        except KeyboardInterrupt:
            print("\nStopped; the notebook in work is unchanged.")
            return STOPPED
        else:
            changed += is_new
            progress.end(
                f"{path.name}  {'changed' if is_new else 'unchanged'}, {perf_counter() - started:.1f} s"
            )
    print(f"{counted(len(paths), 'notebook')} refreshed, {changed} changed, {failed} failed.")
    return FOUND if failed else FINE


def site(paths: list[Path], out: Path, pyodide: Path | None, serves: bool, prints: bool = False) -> int:
    """Build the website, and serve it to this machine if asked to."""
    from course_utils.publish.serving import serve
    from course_utils.publish.site import build

    build(out, paths, pyodide, print, prints=prints)
    print(f"The site is in {out}.")
    if serves:
        serve(out, print)
    return FINE


def guide(paths: list[Path], folder: Path, out: Path | None, paper: str, shares: Path | None) -> int:
    """Write the guide beside the notebooks, or with `out` what is printed for those that were named."""
    from course_utils.classroom.shares import measured_shares
    from course_utils.publish.chapters import chapter_of
    from course_utils.publish.guide import NAME
    from course_utils.publish.handouts import write_guide, write_pages

    if shares and not shares.exists():
        raise Misused(f"There is no {shares}; `report DIR --shares FILE` writes such a file.")
    measured = measured_shares(shares) if shares else measured_shares()
    if out is None:
        every = find_notebooks(folder=folder, lessons=True)
        changed = write_guide(map(chapter_of, every), folder, measured)
        print(f"{folder.name}/{NAME}  {'changed' if changed else 'unchanged'}")
    else:
        write_pages(map(chapter_of, paths), out, measured, paper, print)
    return FINE


def moodle(paths: list[Path], out: Path) -> int:
    """Write the question bank."""
    from course_utils.classroom.moodle import write

    print(f"{counted(write(paths, out), 'question')} of {counted(len(paths), 'notebook')} are in {out}.")
    return FINE


def concept_test(out: Path) -> int:
    """Write the pages of the concept test: two forms to print, the key, and one that computes the gain."""
    from course_utils.classroom.concept_pages import form_page, gain_page, key_page
    from course_utils.classroom.concepts import FORMS

    pages = {f"form-{form}.html": form_page(form) for form in FORMS}
    pages |= {"key.html": key_page(), "gain.html": gain_page()}
    out.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (out / name).write_text(page, encoding="utf-8")
    print(f"Written into {out}: {', '.join(pages)}. Print the forms; key.html says how to use them.")
    return FINE


class _Progress:
    """Say which cell runs: one line that is rewritten on a terminal, a line per cell elsewhere."""

    def __init__(self, name: str, stream: TextIO) -> None:
        self.name = name
        self.stream = stream
        self.rewrites = stream.isatty()

    def __call__(self, number: int, total: int, line: str) -> None:
        text = f"{self.name}  cell {number} of {total}  {line}"
        if self.rewrites:
            text = f"\r\x1b[2K{text[: shutil.get_terminal_size().columns - 1]}"
        print(text, end="" if self.rewrites else "\n", file=self.stream, flush=True)

    def end(self, text: str) -> None:
        print(f"\r\x1b[2K{text}" if self.rewrites else text, file=self.stream, flush=True)


if __name__ == "__main__":
    sys.exit(main())
