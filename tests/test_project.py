"""What holds the project together: requirements, layers, the package, README, CI."""

from __future__ import annotations

import ast
import itertools
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import nbformat
import pytest
import yaml
from course_plugin import LONGEST, pytorch, without_pytest
from discovery import LESSONS
from hypothesis import settings
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from course_utils.__main__ import command_line
from course_utils.teaching import Exercise, Float
from course_utils.teaching.pictures import Bars, Panel

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
README = (ROOT / "README.md").read_text("utf-8")
CI_RUN = (ROOT / ".ci" / "run").read_text("utf-8")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TOP_LEVEL = {"README.md", "LICENSE", "pyproject.toml", "requirements.txt", "environment.yml"}
TOP_LEVEL |= {"course_utils", "deploy", "notebooks", "tests"}


def run_python(*arguments: str, cwd: Path = ROOT) -> str:
    command = [sys.executable, *arguments]
    result = subprocess.run(command, cwd=cwd, env=without_pytest(os.environ), capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return result.stdout


def tracked_files() -> list[str]:
    try:
        command = ["git", "ls-files", "-z"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is not a git checkout")
    return listed.rstrip("\0").split("\0")


# Requirements.


def requirement_lines(text: str) -> list[tuple[str, str]]:
    """Return each line that installs something, as the requirement and the reason beside it."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.partition(" #")[0].strip(), line.partition(" #")[2].strip()) for line in lines]


REQUIREMENTS = requirement_lines((ROOT / "requirements.txt").read_text("utf-8"))


def test_requirements_repeat_the_runtime_dependencies_with_the_same_bounds() -> None:
    installed = {requirement for requirement, _ in REQUIREMENTS}
    assert set(PYPROJECT["project"]["dependencies"]) <= installed
    assert "-e ." in installed
    names = [Requirement(line).name for line in installed if line != "-e ."]
    assert len(names) == len(set(names)), "a package is required twice"


def test_every_requirement_has_a_lower_bound_only_and_a_reason() -> None:
    for requirement, reason in REQUIREMENTS:
        assert len(reason) > 10, f"{requirement}: what is it for?"
        if requirement != "-e .":
            assert [part.operator for part in Requirement(requirement).specifier] == [">="], requirement


def test_a_requirement_without_a_reason_would_be_seen() -> None:
    assert requirement_lines("# a heading\n\nnumpy>=2.0  # arrays\nscipy>=1\n") == [
        ("numpy>=2.0", "arrays"),
        ("scipy>=1", ""),
    ]


def test_environment_yml_takes_everything_from_requirements_txt() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    python, pip, pip_part = environment["dependencies"]
    written = re.fullmatch(r"python=(\d+\.\d+)", python)  # the only form that Binder does not ignore
    assert written, python
    assert written[1] in pythons_in_ci()
    assert SpecifierSet(PYPROJECT["project"]["requires-python"]).contains(written[1])
    assert pip == "pip"
    assert pip_part == {"pip": ["-r requirements.txt"]}


def test_both_licenses_are_named_everywhere() -> None:
    license_text = (ROOT / "LICENSE").read_text("utf-8")
    assert PYPROJECT["project"]["license"] == "BSD-3-Clause AND CC-BY-4.0 AND OFL-1.1 AND MIT"
    assert "BSD 3-Clause" in license_text
    assert 'PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS"' in license_text
    for text in (license_text, README):
        assert "https://creativecommons.org/licenses/by/4.0/" in text
    assert "BSD 3-Clause" in README


# The tree.


def test_top_level_holds_these_files_and_nothing_else() -> None:
    names = {name.partition("/")[0] for name in tracked_files()}
    assert {name for name in names if not name.startswith(".")} == TOP_LEVEL


def imported_names(source: str, package: str) -> set[str]:
    """Return the dotted names that a module of ``package`` imports, wherever in its code.

    >>> sorted(imported_names("import os.path as p\\ndef f():\\n    from ..numerics import softmax", "a.b"))
    ['a.numerics.softmax', 'os.path']
    """
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: -(node.level - 1) or None] if node.level else []
            base += [node.module] if node.module else []
            names |= {".".join([*base, alias.name]) for alias in node.names}
    return names


LAYERS = re.findall(r"^course_utils/(\w+)/", README, re.MULTILINE)  # from above
ALONE = {"teaching", "numerics"}  # what knows of no other layer
COMMON = ("course_utils.words", "course_utils.told")  # below them all


def package_of(module: str) -> str:
    """Return the package in which a module is, from which its relative imports count.

    >>> package_of("course_utils/teaching/exercise/inputs.py"), package_of("course_utils/data/__init__.py")
    ('course_utils.teaching.exercise', 'course_utils.data')
    """
    return module.rpartition("/")[0].replace("/", ".")


def breaches(module: str, source: str) -> set[str]:
    """Return the imports that a module (its path from the top) must not have where it is."""
    package = package_of(module)
    layer = package.split(".")[1]
    names = imported_names(source, package)
    own = {name for name in names if f"{name}.".startswith(f"course_utils.{layer}.")}
    if layer == "numerics":
        return {n for n in names - own if n.split(".")[0] not in {"numpy", *sys.stdlib_module_names}}
    below = tuple(f"course_utils.{one}" for one in LAYERS[LAYERS.index(layer) + 1 :] if layer not in ALONE)
    below += tuple(f"{one}." for one in COMMON)
    return {name for name in names - own if name.startswith("course_utils.") and not name.startswith(below)}


def test_every_package_is_a_layer_that_readme_names() -> None:
    packages = (path.parent.name for path in (ROOT / "course_utils").glob("*/__init__.py"))
    assert sorted(LAYERS) == sorted(packages)


@pytest.mark.parametrize("common", COMMON)
def test_what_all_may_import_imports_nothing(common: str) -> None:
    source = (ROOT / common.replace(".", "/")).with_suffix(".py").read_text("utf-8")
    assert imported_names(source, "course_utils") == {"__future__.annotations"}


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_only_point_down(layer: str) -> None:
    modules = {
        path.relative_to(ROOT).as_posix(): path for path in (ROOT / "course_utils" / layer).rglob("*.py")
    }
    assert modules
    found = {module: breaches(module, path.read_text("utf-8")) for module, path in modules.items()}
    assert {module: imports for module, imports in found.items() if imports} == {}


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("numerics/x.py", "import scipy.special"),
        ("numerics/x.py", "from course_utils import teaching"),
        ("numerics/x.py", "def f():\n    from ..lessons.softmax import x"),
        ("teaching/x.py", "import course_utils.numerics.softmax"),
        ("teaching/x.py", "from course_utils.lessons import softmax"),
        ("teaching/x.py", "if True:\n    from .. import numerics"),
        ("teaching/exercise/x.py", "from ...numerics.softmax import softmax"),
        ("lessons/softmax/x.py", "from ...publish import pages"),
        ("data/x.py", "from course_utils.teaching import Demo"),
        ("lessons/x.py", "from course_utils.notebook_files.shown import shown"),
        ("classroom/x.py", "import course_utils.publish.pages"),
        ("publish/x.py", "from course_utils import __main__"),
    ],
)
def test_imports_that_point_up_would_be_seen(module: str, source: str) -> None:
    assert len(breaches(f"course_utils/{module}", source)) == 1


def test_imports_of_a_nested_module_count_from_its_own_package() -> None:
    nested = "course_utils/teaching/exercise/x.py"
    assert breaches(nested, "from ..numerics import x; from ...words import plural") == set()


# Private to somebody else, and asked all the same: what an object shows of itself in Python's own words, and
# what a library tells in no other way.
ASKED = re.compile(r"__\w+__|_repr_\w+_|_replace|_exit|_getframe|_mpf_|_cleanup_kernel|_offsets3d|_instances")


def is_private(name: str) -> bool:
    return name.startswith("_") and not ASKED.fullmatch(name)


def borrowed(module: str, source: str) -> list[str]:
    """Say which private names a module (its path from the top) uses that are another's.

    A private module belongs to the package that it is in, and to its tests; a private name to the file that
    makes it, and to a class that inherits it. Tests may look into an object, but not into a module or class.
    """
    package = re.sub("^tests", "course_utils", package_of(module))
    nodes = list(ast.walk(ast.parse(source)))
    given = {node.arg for node in nodes if isinstance(node, ast.arg)}
    given |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    own = given | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    own |= {
        node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    others = {alias.asname or alias.name for node in imports for alias in node.names} - given
    read = [
        (ast.unparse(node.value), node.attr)
        for node in nodes
        if isinstance(node, ast.Attribute) and is_private(node.attr)
    ]
    found = {
        f"{base}.{name}"
        for base, name in read
        if base in others or not (name in own or base in {"self", "super()"} or module.startswith("tests/"))
    }
    for name in imported_names(source, package):
        parts = name.split(".")
        owners = (".".join(parts[:at]) for at, part in enumerate(parts) if is_private(part))
        found |= {name for owner in owners if not f"{package}.".startswith(f"{owner}.")}
    return [
        f"{module} uses {name}, which is private where it is made: use a public name"
        for name in sorted(found)
    ]


def test_no_module_uses_what_is_private_to_another() -> None:
    folders = ("course_utils", "deploy", "tests")
    paths = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    modules = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in paths}
    found = [one for module, source in modules.items() for one in borrowed(module, source)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("lessons/x.py", "from course_utils.numerics._exponentials import exp_and_sum"),
        ("lessons/x.py", "from course_utils.numerics.activations import _one_plus"),
        ("lessons/x.py", "import course_utils.numerics._cells as cells"),
        ("numerics/x.py", "from ._cells import _edge"),
        ("numerics/x.py", "from course_utils.numerics import softmax\ndef _f():\n    softmax._f()"),
        ("numerics/x.py", "def f(one):\n    return one._seen"),
    ],
)
def test_what_is_private_to_another_would_be_seen(module: str, source: str) -> None:
    assert len(borrowed(f"course_utils/{module}", source)) == 1


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("from course_utils.numerics import _cells, regions; regions.count()._cells", 0),
        ("from course_utils.numerics import softmax; softmax._others", 1),
        ("from course_utils.numerics.softmax import _others", 1),
        ("import course_utils.numerics.softmax as module\nmodule._others", 1),
        ("from course_utils.teaching.exercise import case; case._holds", 1),
    ],
)
def test_tests_look_into_objects_but_not_into_modules(source: str, count: int) -> None:
    assert len(borrowed("tests/numerics/x.py", source)) == count


def test_what_is_private_to_the_package_or_to_the_file_is_its_own() -> None:
    source = "from ._cells import f\ndef _g(one):\n    one._seen = f\nx._seen, x._g, x._replace(a=1), self._h"
    assert borrowed("course_utils/numerics/x.py", source) == []


def test_importing_a_lesson_leaves_heavy_libraries_alone() -> None:
    program = f"""
import importlib, sys
for lesson in {LESSONS}:
    importlib.import_module("course_utils.lessons." + lesson)
    print(lesson, *{{"matplotlib", "scipy", "sympy", "plotly", "ipywidgets"}} & set(sys.modules))
"""
    assert run_python("-c", program).splitlines() == LESSONS


def test_a_module_misses_nothing_but_what_an_extra_brings() -> None:
    """A module that cannot be imported has no doctests, and pytest is told not to mind: so mind it here."""
    program = """
import importlib, pkgutil
import course_utils
for module in pkgutil.walk_packages(course_utils.__path__, "course_utils."):
    if not module.name.endswith("__main__"):
        try:
            importlib.import_module(module.name)
        except ImportError as error:
            print((error.name or str(error)).partition(".")[0])
"""
    brought = itertools.chain(*PYPROJECT["project"]["optional-dependencies"].values())
    allowed = {Requirement(line).name.replace("-", "_") for line in brought}
    assert set(run_python("-c", program).split()) <= allowed


def test_the_package_holds_all_of_course_utils_and_only_that(tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(
        ROOT / "course_utils",
        source / "course_utils",
        ignore=shutil.ignore_patterns("__pycache__", "node_modules"),
    )
    shutil.copytree(ROOT / "tests", source / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    run_python("-c", build, str(tmp_path), cwd=source)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    packed = {name for name in names if ".dist-info/" not in name}
    here = (path for path in (source / "course_utils").rglob("*") if path.is_file())
    assert packed == {path.relative_to(source).as_posix() for path in here}
    assert {".js", ".css"} <= {Path(name).suffix for name in packed}
    assert "course_utils/py.typed" in packed
    assert any(name.endswith("/licenses/LICENSE") for name in names)


# What is filled or changed step by step; every other dataclass is a value.
FILLED = {"Cell", "Mesh", "Pack", "Page", "Placed", "Read", "Section", "_Group"}


# What holds arrays or formulas is equal to itself only: there is no single truth in comparing those.
SINGULAR = {
    *("Axis", "Band", "Bars", "Image", "Line", "Panel", "Picture", "Pixels", "Points", "Polygons", "Rule"),
    *(
        "ActivationRegions",
        "Demo",
        "Derivation",
        "MLP",
        "Region",
        "Scope",
        "Shape",
        "Surface",
        "Text",
        "Tiles",
    ),
}


def dataclass_decorators() -> list[tuple[str, str]]:
    """Return the name of each dataclass, and its decorator."""
    return [
        (node.name, ast.unparse(decorator))
        for path in (ROOT / "course_utils").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for decorator in (node.decorator_list if isinstance(node, ast.ClassDef) else [])
        if ast.unparse(decorator).startswith("dataclass")
    ]


def test_a_dataclass_cannot_be_changed_unless_it_is_filled_step_by_step() -> None:
    assert {name for name, decorator in dataclass_decorators() if "frozen=True" not in decorator} == FILLED


def test_a_dataclass_is_a_value_unless_it_holds_what_has_no_single_truth() -> None:
    assert {name for name, decorator in dataclass_decorators() if "eq=False" in decorator} == SINGULAR


# README.


def commands(language: str) -> list[str]:
    """Return the lines of the README's code blocks in one language."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return "".join(blocks).splitlines()


def test_readme_has_two_commands_and_the_same_for_windows() -> None:
    opens, tests = commands("sh")
    create = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && "
    assert opens == create + ".venv/bin/jupyter lab notebooks/00_start_here.ipynb"
    assert tests == create + ".venv/bin/pytest"
    windows = [
        line.replace("python3", "py").replace("bin/", "Scripts/").replace("/", "\\")
        for line in (opens, tests)
    ]
    assert commands("bat") == windows
    assert commands("powershell") == [
        line.replace(" && ", "; ") for line in windows
    ]  # PowerShell 5 has no &&


def test_ci_runs_the_readmes_own_test_commands() -> None:
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    unix = re.findall(r"grep -E '(.+)' README\.md", CI_RUN + workflow)
    windows = re.findall(r"Select-String -Path README\.md -Pattern '(.+)'", workflow)
    assert len(unix) == 2
    assert len(windows) == 1
    for patterns, language in ((unix, "sh"), (windows, "powershell")):
        for pattern in patterns:
            assert re.findall(pattern, README, re.MULTILINE) == [commands(language)[1]]


def broken_links(text: str) -> list[str]:
    """Return the relative links of a Markdown text that lead nowhere."""
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    local = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]
    return [target for target in local if not (ROOT / target).exists()]


def test_readmes_links_lead_somewhere() -> None:
    assert broken_links(README) == []
    assert broken_links("[a](README.md) [b](no/such.md) [c](https://example.org)") == ["no/such.md"]


# Chrome, Firefox and Safari know these from then on.
KNOWN_SINCE = {"subgrid": (117, 71, 16), ":has(": (105, 121, 15.4), "light-dark(": (123, 120, 17.5)}


def test_readme_asks_for_browsers_that_know_the_rules_of_the_pages() -> None:
    (asked,) = re.findall(r"\(Chrome\s([\d.]+),\sFirefox\s([\d.]+),\sSafari\s([\d.]+)\)", README)
    folders = (ROOT / "course_utils" / "teaching" / "view", ROOT / "course_utils" / "publish" / "site")
    rules = "".join(path.read_text("utf-8") for folder in folders for path in folder.glob("*.css"))
    assert all(name in rules for name in KNOWN_SINCE)
    needed = zip(*KNOWN_SINCE.values(), strict=True)
    assert [*map(float, asked)] == [*map(max, needed)]


def test_readme_lists_every_notebook() -> None:
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert f"](notebooks/{path.name})" in README


def test_readme_names_every_extra() -> None:
    named = ",".join(re.findall(r"'\.\[([\w,]+)\]'", README)).split(",")
    assert set(named) == set(PYPROJECT["project"]["optional-dependencies"])


CODE = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL))


def test_every_command_of_the_course_in_readme_is_one() -> None:
    begin = ".venv/bin/python -m course_utils "
    commands = [one.removeprefix(begin) for one in CODE if one.startswith((begin, "check "))]
    assert len(commands) >= 10
    assert all(one.startswith((begin, "COURSE_")) for one in CODE if "-m course_utils" in one)
    for command in commands:
        command_line().parse_args(shlex.split(command))  # leaves with a message what is no command
    verbs = next(action for action in command_line()._actions if action.choices).choices
    options = {option for verb in verbs.values() for option in verb._option_string_actions}
    assert {one.split()[0] for one in CODE if one.startswith("--")} <= options


def test_what_readme_calls_by_name_exists() -> None:
    methods = re.findall(r"\bexercise\.(\w+)\(\)", " ".join(CODE))
    assert methods
    assert all(callable(getattr(Exercise, name)) for name in methods)
    parameters = [one.partition("=")[0] for one in CODE if re.fullmatch(r"\w+=\w*", one)]
    assert parameters
    assert set(parameters) <= {field.name for kind in (Bars, Float, Panel) for field in fields(kind)}
    named = [one for one in CODE if re.fullmatch(r"(?:tests|course_utils|deploy)/[\w./]*", one)]
    there = [one for one in named if "loaded_dice" not in one]  # which is yet to be written
    assert there
    assert all((ROOT / one).exists() for one in there)
    controls = (ROOT / "course_utils" / "teaching" / "view" / "controls.js").read_text("utf-8")
    assert "`KINDS` in [controls.js]" in README
    assert "const KINDS = {" in controls


# The settings of pytest.


def test_notebooks_are_compared_strictly(pytestconfig: pytest.Config) -> None:
    option = pytestconfig.option
    assert option.nbval
    assert option.nbval_current_env
    assert not option.nbval_lax
    assert Path(option.nbval_sanitize_with).is_absolute()
    addopts = PYPROJECT["tool"]["pytest"]["ini_options"]["addopts"]
    assert "--dist=loadfile" in addopts  # one kernel per notebook: its cells must stay together


def test_what_a_worker_begins_with_exists() -> None:
    """That the show is one of them is held where it is: it knows with what it stays together."""
    places = [scope if "/" in scope else f"notebooks/{scope}.ipynb" for scope in LONGEST]
    assert [place for place in places if not (ROOT / place).is_file()] == []


def test_every_page_of_the_browser_is_as_patient_as_all_others() -> None:
    """And closed when a test fails: the helper that does both is the one that opens any."""
    files = (ROOT / "tests" / "browser").glob("*.py")
    opening = {file.name: len(re.findall(r"\bbrowser\.new_", file.read_text("utf-8"))) for file in files}
    assert {name: count for name, count in opening.items() if count} == {"conftest.py": 1}


def test_a_busy_machine_fails_no_test_of_invented_inputs() -> None:
    assert settings.default.deadline is None


def test_the_sanitizer_is_found_from_any_folder(tmp_path: Path, run_pytest: Any) -> None:
    """A picture that differs from the stored one passes, text that differs does not."""
    image = '<img src="data:image/png;base64,{}">'
    cells = []
    for shown, stored in ((image.format("AAAA"), image.format("BBBB")), ("one", "two")):
        data = {"text/html": stored, "text/plain": "<IPython.core.display.HTML object>"}
        output = nbformat.v4.new_output("execute_result", data, execution_count=1)
        source = f"from IPython.display import HTML\nHTML({shown!r})"
        cells.append(nbformat.v4.new_code_cell(source, execution_count=1, outputs=[output]))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "page.ipynb")
    options = ["-c", str(ROOT / "pyproject.toml"), "--numprocesses=0", "-rA"]
    result = run_pytest(tmp_path, *options, "page.ipynb")
    verdicts = re.findall(r"^(PASSED|FAILED|ERROR).*?(Cell \d)", result.stdout, re.MULTILINE)
    assert verdicts == [("PASSED", "Cell 0"), ("FAILED", "Cell 1")], result.stdout
    assert f"This is the cell `{cells[1]['id']}`. If what it shows now is right, store it:" in result.stdout


# Continuous integration.


def workflow_faults(text: str) -> list[str]:
    """Say what is wrong with a workflow file, as far as one can tell without running it."""
    jobs = yaml.safe_load(text).get("jobs", {})
    faults = [] if jobs else ["no jobs"]
    for name, job in jobs.items():
        faults += [f"{name}: no {key}" for key in ("runs-on", "timeout-minutes", "steps") if key not in job]
        for step in job.get("steps", []):
            faults += [f"{name}: {fault}" for fault in step_faults(step)]
    return faults


def step_faults(step: dict[str, Any]) -> list[str]:
    if ("run" in step) == ("uses" in step):
        return ["a step needs either uses or run"]
    if "uses" in step:
        return [] if re.fullmatch(r"[\w-]+/[\w/-]+@v\d+", step["uses"]) else [f"uses {step['uses']}"]
    script = re.sub(r"\$\{\{.*?\}\}", "x", step["run"])
    files = re.findall(r"\.ci/\w+|\b[\w/-]+\.(?:md|txt|toml|yml|ipynb)\b", script)
    faults = [f"there is no {name}" for name in files if not (ROOT / name).exists()]
    if step.get("shell", "bash") == "bash" and sys.platform != "win32":
        parsed = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
        faults += [parsed.stderr.strip()] if parsed.returncode else []
    return faults


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_are_well_formed(path: Path) -> None:
    assert workflow_faults(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "step",
    [
        {},
        {"uses": "actions/checkout"},
        {"uses": "actions/checkout@v4", "run": "true"},
        {"run": ".ci/walk"},
        {"run": "pip install -r requirement.txt"},
        pytest.param(
            {"run": "if true; then"}, marks=pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
        ),
    ],
)
def test_a_faulty_step_would_be_seen(step: dict[str, Any]) -> None:
    assert len(step_faults(step)) == 1


def pythons_in_ci() -> list[str]:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]
    tested: list[str] = jobs["everything"]["strategy"]["matrix"]["python"]
    return tested


def test_ci_covers_every_python_from_the_oldest_allowed() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]
    tested = pythons_in_ci()
    minors = [int(version.removeprefix("3.")) for version in tested]
    assert all(after - before == 1 for before, after in itertools.pairwise(minors))
    allowed = SpecifierSet(PYPROJECT["project"]["requires-python"])
    assert all(allowed.contains(version) for version in tested)
    assert not allowed.contains(f"3.{minors[0] - 1}")
    assert {"run": ".ci/run"} in jobs["everything"]["steps"]


def publishes(**run: Any) -> bool:
    """Evaluate the condition under which the site is published, for an event that GitHub may send."""
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "site.yml").read_text("utf-8"))["jobs"]
    said = {
        "github.event_name": "workflow_run",
        "github.repository": "a/course",
        "github.event.workflow_run.conclusion": "success",
        "github.event.workflow_run.event": "push",
        "github.event.workflow_run.head_repository.full_name": "a/course",
    } | {f"github.{name}".replace("run_", "event.workflow_run."): value for name, value in run.items()}
    words = jobs["publish"]["if"].replace("||", "or").replace("&&", "and")
    return bool(eval(re.sub(r"github[\w.]*", lambda name: repr(said[name[0]]), words)))


def test_only_what_was_pushed_here_and_passed_is_published() -> None:
    assert publishes()
    assert publishes(event_name="workflow_dispatch", run_conclusion=None, run_event=None)
    assert not publishes(run_conclusion="failure")
    assert not publishes(run_event="pull_request")
    assert not publishes(**{"run_head_repository.full_name": "b/course"}), "of a fork's branch main"


def test_a_command_that_is_not_found_is_no_success(tmp_path: Path) -> None:
    """The shell of GitHub ends at the first line that fails; what is put together within a line does not."""
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))["jobs"]
    (script,) = [step["run"] for step in jobs["macos"]["steps"] if "run" in step]
    (tmp_path / "README.md").write_text("no command\n", "utf-8")
    if sys.platform != "win32":
        assert subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path).returncode != 0


def test_weekly_jobs_take_the_oldest_and_the_newest() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "weekly.yml").read_text("utf-8"))["jobs"]
    lowest = " ".join(step.get("run", "") for step in jobs["lowest"]["steps"])
    assert "--resolution lowest-direct -r requirements.txt" in lowest
    oldest = next(step["with"]["python-version"] for step in jobs["lowest"]["steps"] if "with" in step)
    assert f">={oldest}" == PYPROJECT["project"]["requires-python"]
    assert {"run": ".ci/run"} in jobs["newest"]["steps"]
    early = " ".join(step.get("run", "") for step in jobs["prereleases"]["steps"])
    assert "--prerelease allow -r requirements.txt" in early


def test_pytorch_is_asked_every_week(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nowhere else: its tests are skipped without it, but not there."""
    job = yaml.safe_load((ROOT / ".github" / "workflows" / "weekly.yml").read_text("utf-8"))["jobs"][
        "pytorch"
    ]
    *_, install, ask = (step["run"] for step in job["steps"] if "run" in step)
    assert install == "python -m pip install torch --index-url https://download.pytorch.org/whl/cpu"
    assert (ask, job["env"]) == ("pytest tests -k torch", {"PYTORCH": "required"})
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(pytest.skip.Exception):
        pytorch()
    monkeypatch.setenv("PYTORCH", "required")
    with pytest.raises(ImportError):
        pytorch()


def test_the_mutation_score_is_measured_for_every_part_that_computes_or_shows() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "weekly.yml").read_text("utf-8"))["jobs"]
    areas = jobs["mutation"]["strategy"]["matrix"]["area"]
    code = {path.parent.name for path in (ROOT / "course_utils").glob("*/__init__.py")}
    assert set(areas) == code - {"data", "notebook_files"}  # numbers, and the authors' own tool
    tool = ast.parse((ROOT / "tests" / "benchmarks" / "mutation.py").read_text("utf-8"))
    named = {ast.unparse(node.targets[0]): node.value for node in tool.body if isinstance(node, ast.Assign)}
    assert list(ast.literal_eval(named["AREAS"])) == areas


def test_faults_that_are_known_to_change_nothing_are_of_lines_that_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Otherwise the score is not measured at all, and that is seen a week later."""
    for part in ("", ".ast", ".mutating", ".plugins"):  # what plants them need not be installed
        monkeypatch.setitem(sys.modules, f"cosmic_ray{part}", MagicMock())
    tool = runpy.run_path(str(ROOT / "tests" / "benchmarks" / "mutation.py"))
    assert tool["stale"]() == []
    tool["EQUIVALENT"]["course_utils/told.py: nothing = 1 -> nothing = 2"] = "gone"
    assert len(tool["stale"]()) == 1


def test_ci_run_can_be_run() -> None:
    assert CI_RUN.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in CI_RUN
    if sys.platform != "win32":
        assert os.access(ROOT / ".ci" / "run", os.X_OK)
        subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)
