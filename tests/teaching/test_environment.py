"""The line that says whether this machine has what the course needs."""

from __future__ import annotations

from importlib import metadata
from typing import Any

import pytest

from course_utils.teaching import environment
from course_utils.teaching.environment import EnvironmentCheck, RoundTrip, missing_requirements


@pytest.mark.parametrize(
    ("requirement", "missing"),
    [
        ("numpy>=2.0", False),
        ("numpy", False),
        ("NumPy >= 2.0", False),
        ("numpy<1", True),
        ("numpy>=999", True),
        ("no-such-package-anywhere", True),
        ("no-such-package-anywhere; python_version < '3'", False),
        ("no-such-package-anywhere; extra == 'browser'", False),
        ("numpy>=999; python_version >= '3'", True),
    ],
)
def test_missing_requirements(requirement: str, missing: bool) -> None:
    assert missing_requirements([requirement]) == ([requirement] if missing else [])


def test_a_prerelease_counts_as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "version", lambda name: "3.0.0rc1")
    assert missing_requirements(["numpy>=2.0"]) == []
    assert missing_requirements(["numpy>=3.0"]) == ["numpy>=3.0"]


def check(monkeypatch: pytest.MonkeyPatch, *requirements: str) -> EnvironmentCheck:
    monkeypatch.setattr(environment.metadata, "requires", lambda name: list(requirements) or None)
    return EnvironmentCheck()


def test_all_there(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = check(monkeypatch, "numpy>=2.0")._repr_mimebundle_()
    assert bundle["text/plain"] == "Everything needed is installed."
    assert bundle["text/html"].startswith("<p>Everything needed is installed. This page is static")


def test_something_missing_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = check(monkeypatch, "numpy<1", "numpy>=2.0", "no-such-package")._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/html"]
    assert bundle["text/plain"].startswith("Missing: numpy<1, no-such-package. Run `pip install")
    assert (
        "numpy&lt;1, no-such-package. Run <code>pip install -r requirements.txt</code>" in bundle["text/html"]
    )


def test_where_the_course_is_not_installed_it_is_said_how_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "DISTRIBUTION", "no-such-course-anywhere")
    assert repr(EnvironmentCheck()) == (
        "Missing: the course itself. Run `pip install -r requirements.txt` in the course's folder."
    )


def test_a_distribution_without_requirements_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    assert repr(check(monkeypatch)) == "Everything needed is installed."


def test_the_round_trip_answers_every_ping() -> None:
    sent: list[Any] = []

    class Recorded(RoundTrip):
        def send(self, content: Any, buffers: Any = None) -> None:
            sent.append(content)

    widget = Recorded("Waiting", "Live controls work.")
    assert widget.waiting == "Waiting"
    widget._handle_custom_msg("ping", [])
    widget._handle_custom_msg("ping", [])
    assert sent == ["Live controls work."] * 2
    widget.close()
