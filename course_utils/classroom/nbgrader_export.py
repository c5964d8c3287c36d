"""The report as an export of nbgrader: ``nbgrader export --exporter
course_utils.classroom.nbgrader_export.ReportExporter --to FOLDER``, in the folder of the course."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from course_utils.classroom.report import NOTHING, write_report


def __getattr__(name: str) -> Any:
    """Make the exporter when nbgrader asks for it: whoever only reports needs no nbgrader."""
    if name != "ReportExporter":
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from nbgrader.plugins import ExportPlugin

    class ReportExporter(ExportPlugin):  # type: ignore[misc]  # without the extra, its base is unknown
        """Writes report.html, report.txt and points.csv, from the records that grading leaves."""

        def export(self, gradebook: Any) -> None:
            """Report on what nbgrader was asked for: all, or some students, or some assignments."""
            course = Path(getattr(getattr(self.parent, "coursedir", None), "root", None) or ".")
            for assignment in self.assignment or ["*"]:
                to = Path(self.to or "report")
                out = to if assignment == "*" else to / assignment
                students = {str(student) for student in self.student}
                if write_report(course, out, self.log.info, assignment, students) is None:
                    self.log.error(NOTHING.format(course=course))

    globals()[name] = ReportExporter
    return ReportExporter
