"""The two files of configuration in ``deploy/``: every setting exists in the program that will read it."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from traitlets.config import Config, PyFileConfigLoader

DEPLOY = Path(__file__).parents[2] / "deploy"
HUB, SERVER = DEPLOY / "jupyterhub_config.py", DEPLOY / "server" / "jupyter_server_config.py"
CLASSES = {
    "Authenticator": "jupyterhub.auth",
    "ConfigurableHTTPProxy": "jupyterhub.proxy",
    "ExtensionApp": "jupyter_server.extension.application",
    "GenericOAuthenticator": "oauthenticator.generic",
    "JupyterHub": "jupyterhub.app",
    "KernelManager": "jupyter_client.manager",
    "LabApp": "jupyterlab.labapp",
    "MappingKernelManager": "jupyter_server.services.kernels.kernelmanager",
    "NativeAuthenticator": "nativeauthenticator",
    "ServerApp": "jupyter_server.serverapp",
    "Spawner": "jupyterhub.spawner",
}


def class_named(name: str) -> Any:
    """Return a configurable class."""
    needed = CLASSES[name].partition(".")[0]
    pytest.importorskip(needed, reason=f"{needed} is not installed: pip install -e '.[operate]'")
    return getattr(importlib.import_module(CLASSES[name]), name)


def unknown(config: dict[str, Any]) -> set[str]:
    """Return the settings that no class has."""
    return {
        f"{name}.{key}"
        for name, settings in config.items()
        for key in settings.keys() - class_named(name).class_traits(config=True).keys()
    }


def loaded(path: Path) -> Config:
    """Return a configuration as its program reads it."""
    return PyFileConfigLoader(path.name, path=str(path.parent)).load_config()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Config:
    pytest.importorskip("jupyterhub", reason="jupyterhub is not installed: pip install -e '.[operate]'")
    for name in ("COURSE_TLS", "COURSE_SOLUTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSE_ADMIN", "noether")
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "state"))
    return loaded(HUB)


def test_every_setting_of_the_hub_exists(hub: Config) -> None:
    assert len(hub) >= 4
    assert unknown(hub) == set()


def test_every_setting_of_the_servers_exists() -> None:
    config = loaded(SERVER)
    assert len(config) >= 4
    assert unknown(config) == set()


def test_every_setting_of_the_cluster_s_hub_exists() -> None:
    values = yaml.safe_load((DEPLOY / "values.yaml").read_text("utf-8"))
    assert unknown(values["hub"]["config"]) == set()


def test_a_slip_in_a_setting_is_seen() -> None:
    config = {"MappingKernelManager": {"cull_idle_timout": 5}, "ServerApp": {"terminals_enabled": True}}
    assert unknown(config) == {"MappingKernelManager.cull_idle_timout"}


def test_the_hub_starts_for_nobody_in_particular(monkeypatch: pytest.MonkeyPatch, hub: Config) -> None:
    monkeypatch.delenv("COURSE_ADMIN")
    with pytest.raises(SystemExit, match="Set COURSE_ADMIN"):
        loaded(HUB)


@pytest.mark.parametrize(
    ("variable", "word", "told"),
    [
        ("COURSE_ADMIN", "emmy noether", "COURSE_ADMIN must be a letter, .* not 'emmy noether'"),
        ("COURSE_ADMIN", "a" * 25, "COURSE_ADMIN must be a letter, then up to 23"),
        ("COURSE_SOLUTIONS", "hide", "COURSE_SOLUTIONS must be shown or hidden, not 'hide'"),
    ],
)
def test_a_wrong_word_is_told_when_the_hub_starts_and_not_to_students(
    monkeypatch: pytest.MonkeyPatch, hub: Config, variable: str, word: str, told: str
) -> None:
    monkeypatch.setenv(variable, word)
    with pytest.raises(SystemExit, match=told):
        loaded(HUB)


def test_the_instructor_may_be_written_with_capitals(monkeypatch: pytest.MonkeyPatch, hub: Config) -> None:
    monkeypatch.setenv("COURSE_ADMIN", "Noether")
    assert loaded(HUB).Authenticator.admin_users == {"noether"}


def test_passwords_travel_only_encrypted(
    monkeypatch: pytest.MonkeyPatch, hub: Config, tmp_path: Path
) -> None:
    assert hub.JupyterHub.bind_url == "http://127.0.0.1:8000"
    monkeypatch.setenv("COURSE_TLS", str(tmp_path))
    with_tls = loaded(HUB)
    assert with_tls.JupyterHub.bind_url.startswith("https://")
    assert with_tls.JupyterHub.ssl_cert == f"{tmp_path}/cert.pem"


def test_what_the_hub_knows_is_its_own(hub: Config, tmp_path: Path) -> None:
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0
    for place in (
        hub.JupyterHub.db_url,
        hub.JupyterHub.cookie_secret_file,
        hub.ConfigurableHTTPProxy.pid_file,
    ):
        assert str(tmp_path / "state") in place


def test_nobody_comes_in_unapproved(hub: Config) -> None:
    assert hub.JupyterHub.authenticator_class == "native"
    assert hub.NativeAuthenticator.open_signup is False
    assert hub.Authenticator.admin_users == {"noether"}


def takes(hub: Config, name: str) -> bool:
    """Tell whether JupyterHub, asked in its own way, lets somebody sign up under a name."""
    authenticator = class_named("Authenticator")(username_pattern=hub.Authenticator.username_pattern)
    return bool(authenticator.validate_username(name))


@pytest.mark.parametrize("name", ["root", "x", "ada-2", "a" * 24])
def test_a_student_is_a_unix_user_of_their_own(hub: Config, name: str) -> None:
    assert takes(hub, name)
    account = hub.JupyterHub.spawner_class.make_preexec_fn.__globals__["account"](name)
    assert account == f"course-{name}"
    assert len(account) <= 32  # what useradd takes


@pytest.mark.parametrize("name", ["Ada", "a b", "-x", "../x", "a" * 25, "ada;reboot", "ada b", "ada\n", ""])
def test_other_names_are_refused(hub: Config, name: str) -> None:
    assert not takes(hub, name)


def test_solutions_are_hidden_where_the_instructor_says_so(
    hub: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hub.Spawner.environment["COURSE_SOLUTIONS"] == "shown"
    monkeypatch.setenv("COURSE_SOLUTIONS", "hidden")
    assert loaded(HUB).Spawner.environment["COURSE_SOLUTIONS"] == "hidden"


@pytest.mark.skipif(sys.platform != "linux", reason="a hub for a class runs on Linux")
@pytest.mark.parametrize(
    "code",
    ["import numpy as np; np.ones(2 * 10**8).sum()", "bytearray(10**9)", "x = [0] * (2 * 10**8)"],
    ids=["array", "bytes", "list"],
)
def test_a_server_has_no_more_memory_than_it_may(
    hub: Config, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    spawner = hub.JupyterHub.spawner_class
    me = SimpleNamespace(user=SimpleNamespace(name="anybody"))
    # Only root may become somebody else; the limits are set for everybody.
    monkeypatch.setattr(
        "jupyterhub.spawner.LocalProcessSpawner.make_preexec_fn", lambda self, name: lambda: None
    )
    limits = spawner.make_preexec_fn(object.__new__(spawner), me.user.name)
    done = subprocess.run([sys.executable, "-c", code], preexec_fn=limits, capture_output=True, text=True)
    assert done.returncode == 1
    assert "MemoryError" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="a hub for a class runs on Linux")
def test_notebooks_are_handed_out_as_the_student_and_only_once(
    hub: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = hub.Spawner.pre_spawn_hook.__globals__
    me = SimpleNamespace(pw_uid=os.getuid(), pw_gid=os.getgid(), pw_dir=str(tmp_path))
    monkeypatch.setitem(own, "pwd", SimpleNamespace(getpwnam=lambda name: me))
    run, asked = subprocess.run, []

    def as_who(command: list[Any], **options: Any) -> Any:
        asked.append((options.pop("user"), options.pop("group"), options.pop("extra_groups")))
        return run(command, **options)

    monkeypatch.setattr(own["subprocess"], "run", as_who)
    spawner = SimpleNamespace(user=SimpleNamespace(name="ada"))
    own["prepare"](spawner)
    first = tmp_path / "softmax" / "01_softmax.ipynb"
    assert {path.suffix for path in first.parent.iterdir()} == {".ipynb"}  # no guide: it has the answers
    first.write_text("mine", "utf-8")
    (first.parent / "02_numeric_instability.ipynb").unlink()
    own["prepare"](spawner)
    assert first.read_text("utf-8") == "mine"
    assert (first.parent / "02_numeric_instability.ipynb").exists()
    assert all(who == (os.getuid(), os.getgid(), []) for who in asked)
