"""The editor that the website ships is the one that its sources make."""

from __future__ import annotations

import json
import re

from course_utils.publish.site import EDITOR

MOST = 400_000  # bytes


def test_the_bundle_names_the_versions_that_are_asked_for_and_their_licenses() -> None:
    folder = EDITOR.parent
    asked = json.loads((folder / "package.json").read_text("utf-8"))["dependencies"]
    locked = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    banner = EDITOR.read_text("utf-8").partition("\n")[0]
    made_of = dict(re.findall(r"(@?[\w/-]+) (\d+\.\d+\.\d+)", banner))
    licenses = (folder / "LICENSES.txt").read_text("utf-8")
    assert asked.items() <= made_of.items()
    for name, version in made_of.items():
        assert locked[f"node_modules/{name}"]["version"] == version
        assert locked[f"node_modules/{name}"]["license"] == "MIT"
        assert re.search(rf"^{re.escape(name)}\n\n.*?MIT", licenses, re.MULTILINE | re.DOTALL)
    assert len(EDITOR.read_bytes()) <= MOST


def test_the_lock_leads_to_no_particular_registry() -> None:
    assert "resolved" not in (EDITOR.parent / "package-lock.json").read_text("utf-8")
