"""What the website shows of the instructor guide: all that answers no question of the pages."""

from __future__ import annotations

import re

from course_utils.publish.guide import NAME, PARTS, part

ELSEWHERE = f"""## Each notebook by itself

Plans by the minute, what each answer to a question means, common questions and what to say to them: these
stand in `notebooks/{NAME}` of the course, for they answer what students are asked here."""
_INTO_THE_COURSE = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)]*\)")


def page() -> str:
    """Return the page as Markdown; links into the course's own folder become words."""
    names = ("opening", *PARTS[:-1])  # the last one is about the chapters
    return "\n\n".join([*(_INTO_THE_COURSE.sub(r"\1", part(name)) for name in names), ELSEWHERE]) + "\n"
