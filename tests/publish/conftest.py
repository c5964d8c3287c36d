"""What the pages of all notebooks show."""

from __future__ import annotations

import json

import pytest

from course_utils.notebook_files import find_notebooks
from course_utils.publish import python_in_the_page, recording


@pytest.fixture(scope="session")
def objects_json() -> str:
    """Return what Python in the page is given to know, as a page gets it."""
    return json.dumps(python_in_the_page.objects(map(recording.source_of, find_notebooks())))
