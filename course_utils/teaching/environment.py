"""One line that says whether this machine has what the course needs."""

from __future__ import annotations

from importlib import metadata
from typing import Any

import traitlets
from packaging.requirements import Requirement

from course_utils.teaching import bundle
from course_utils.teaching.html import to_html
from course_utils.teaching.live import mime_bundle
from course_utils.teaching.widget import CourseWidget

DISTRIBUTION = "softmax-course"


def missing_requirements(requirements: list[str]) -> list[str]:
    """Return those requirements that no installed package meets.

    Examples
    --------
    >>> missing_requirements(["numpy>=2.0", "numpy>=999", "no-such-package>=1"])
    ['numpy>=999', 'no-such-package>=1']
    """
    missing = []
    for text in requirements:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue  # for an extra, or for another platform
        try:
            installed = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            missing.append(text)
            continue
        if not requirement.specifier.contains(installed, prereleases=True):
            missing.append(text)
    return missing


class RoundTrip(CourseWidget):
    """Let page and kernel answer each other: the page sends a ping, the kernel replies with its verdict."""

    _esm = bundle.script("round_trip.js")
    waiting = traitlets.Unicode().tag(sync=True)

    def __init__(self, waiting: str, verdict: str) -> None:
        super().__init__(waiting=waiting)
        self.on_msg(lambda *_: self.send(verdict))


class EnvironmentCheck:
    """Whether everything needed is installed and, on a live page, whether controls reach the kernel."""

    def __init__(self) -> None:
        try:
            missing = missing_requirements(metadata.requires(DISTRIBUTION) or [])
        except metadata.PackageNotFoundError:
            missing = ["the course itself"]
        self.installed = (
            f"Missing: {', '.join(missing)}. Run `pip install -r requirements.txt` in the course's folder."
            if missing
            else "Everything needed is installed."
        )

    def __repr__(self) -> str:
        return self.installed

    def view(self) -> RoundTrip:
        """Return a new live widget."""
        return RoundTrip(
            f"{self.installed} Waiting for the kernel …", f"{self.installed} Live controls work."
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        still = "This page is static: open it in JupyterLab and run its cells to move the controls."
        return mime_bundle(self.installed, to_html(f"{self.installed} {still}"), self.view)
