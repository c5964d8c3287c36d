"""The lean start of a student's server and kernel: what it leaves out, and that nothing needs it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from test_deploy import DEPLOY, pinned

SERVER = DEPLOY / "server"
KERNEL = SERVER / "kernels" / "python3"


def module(path: Path) -> ModuleType:
    """Load a script as a module."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def python(code: str, **environment: str) -> str:
    """Run code that can import the scripts, and return what it prints."""
    variables = {**os.environ, "PYTHONPATH": str(SERVER), **environment}
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_the_version_that_was_tried_is_the_one_installed() -> None:
    assert pinned()["jupyterhub"] == module(SERVER / "student_server.py").TRIED


def test_the_server_is_imported_without_a_database() -> None:
    pytest.importorskip("jupyterhub", reason="jupyterhub is not installed: pip install -e '.[operate]'")
    code = """
import sys, student_server
student_server.prepare()
import jupyterhub.singleuser.extension as extension
heavy = {"alembic", "cryptography", "sqlalchemy.engine", "jupyterhub.handlers.base", "arrow"}
print(sorted(heavy & set(sys.modules)), extension.JupyterHubSingleUser.name)
"""
    assert python(code) == "[] jupyterhub-singleuser"


def test_who_comes_in_is_decided_by_jupyterhub_s_own_code() -> None:
    pytest.importorskip("jupyterhub", reason="jupyterhub is not installed: pip install -e '.[operate]'")
    code = """
import student_server
student_server.prepare()
from jupyterhub.services.auth import HubOAuth
auth = HubOAuth(api_token="x", oauth_client_id="y", access_scopes={"access:servers!user=ada"})
own, all_of_them, of_another = "access:servers!user=ada", "access:servers", "access:servers!user=eve"
for scopes in ([own], [all_of_them], [of_another], ["read:users"], []):
    print(bool(auth.check_scopes(auth.access_scopes, {"name": "eve", "scopes": scopes})), end=" ")
"""
    assert python(code) == "True True False False False"


def test_a_stand_in_has_nothing_to_give() -> None:
    stand_in = module(SERVER / "student_server.py").stand_in("jupyterhub.orm", ())
    with pytest.raises(AttributeError):
        _ = stand_in.User


def test_the_kernel_has_no_debugger_and_is_otherwise_the_same() -> None:
    spec = json.loads((KERNEL / "kernel.json").read_text("utf-8"))
    assert spec["display_name"] == "Python 3 (ipykernel)"  # what the notebooks name
    assert spec["argv"][1] == "{resource_dir}/start.py"
    assert spec["metadata"] == {"debugger": False}
    (option, value), *_ = (argument.lstrip("-").split("=") for argument in spec["argv"] if "=" in argument)
    assert (option, value) == ("HistoryManager.enabled", "False")


def test_a_kernel_starts_from_the_specification() -> None:
    code = """
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
said = []
heard = lambda message: said.append(message["content"].get("text", ""))
asked = '''
import os, sys
folder, name = os.path.split(sys.argv[0])
print(name, sys.modules["debugpy"], folder in sys.path)
'''
client.execute_interactive(asked, output_hook=heard)
print("".join(said))
client.stop_channels()
manager.shutdown_kernel(now=True)
"""
    assert python(code, JUPYTER_PATH=str(SERVER)) == "start.py None False"
