"""``python -m course_utils concept-test``: two forms to print, the key, and a page that computes the gain."""

from __future__ import annotations

import argparse
from pathlib import Path

FINE = 0  # exit status


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    command.add_argument("--out", type=Path, required=True, help="folder for the four pages")


def concept_test(options: argparse.Namespace) -> int:
    """Write the pages of the concept test, and return the exit status."""
    from course_utils.classroom.concept_pages import form_page, gain_page, key_page
    from course_utils.classroom.concepts import FORMS

    pages = {f"form-{form}.html": form_page(form) for form in FORMS}
    pages |= {"key.html": key_page(), "gain.html": gain_page()}
    options.out.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (options.out / name).write_text(page, encoding="utf-8")
    print(f"Written into {options.out}: {', '.join(pages)}. Print the forms; key.html says how to use them.")
    return FINE
