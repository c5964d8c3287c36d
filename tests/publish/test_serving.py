"""The website on this machine is given as a host would give it."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import mimetypes
import os
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest

from course_utils.publish import serving


def asked_of(folder: Path, name: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body that the server gives: through a socket, as a browser asks."""
    with serving.server(folder) as server:
        thread = threading.Thread(target=server.handle_request, daemon=True)
        thread.start()
        assert server.server_port > 1023
        asking = http.client.HTTPConnection("127.0.0.1", server.server_port)
        asking.request("GET", name, headers=headers)
        answer = asking.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read()
        asking.close()
        thread.join()
    assert answer.version == 11  # one connection for many files
    return found


TEXT = b"probabilities " * 1000


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "text/html"),
        ("a.js", "text/javascript"),
        ("a.mjs", "text/javascript"),
        ("a.css", "text/css"),
        ("a.wasm", "application/wasm"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
    ],
)
def test_the_server_compresses_text_for_who_takes_it(
    name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for suffix in serving.TYPES:  # as the registry of some machines with Windows has it
        monkeypatch.setitem(mimetypes.types_map, suffix, "text/plain")
    (tmp_path / name).write_bytes(TEXT)
    status, headers, body = asked_of(tmp_path, f"/{name}", **{"Accept-Encoding": "gzip, br"})
    assert (status, headers["Content-Type"], headers["Content-Encoding"]) == (200, kind, "gzip")
    assert gzip.decompress(body) == TEXT
    assert int(headers["Content-Length"]) == len(body) < len(TEXT) / 10
    for encoding in ("identity", ""):
        status, headers, body = asked_of(tmp_path, f"/{name}", **{"Accept-Encoding": encoding})
        assert (status, headers["Content-type"], body) == (200, kind, TEXT)
        assert "Content-Encoding" not in headers
    assert capfd.readouterr() == ("", "")


def test_the_server_leaves_as_it_is_what_is_packed_already(tmp_path: Path) -> None:
    (tmp_path / "a.film").write_bytes(TEXT)
    (tmp_path / "folder.js").mkdir()
    _, headers, body = asked_of(tmp_path, "/a.film", **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in headers
    assert body == TEXT
    assert asked_of(tmp_path, "/none.html", **{"Accept-Encoding": "gzip"})[0] == 404
    assert asked_of(tmp_path, "/folder.js/", **{"Accept-Encoding": "gzip"})[0] == 200  # a list of it


def test_a_file_that_changed_is_compressed_anew(tmp_path: Path) -> None:
    """Another time or another size is another file; the clock of a disk may tick too slowly to tell."""
    for text, seconds in ((b"old", 1), (b"new", 2), (b"newer", 2)):
        (tmp_path / "a.html").write_bytes(text)
        os.utime(tmp_path / "a.html", (seconds, seconds))
        assert gzip.decompress(asked_of(tmp_path, "/a.html", **{"Accept-Encoding": "gzip"})[2]) == text


def test_the_site_is_shown_to_this_machine_until_it_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    ports: list[Any] = []

    def serve_forever(server: Any) -> None:
        ports.append(server.server_address)
        raise KeyboardInterrupt

    monkeypatch.setattr(serving.Server, "serve_forever", serve_forever)
    serving.serve(tmp_path, said.append, port=0)
    ((host, port),) = ports
    assert host == "127.0.0.1"
    assert said == [f"It is at http://127.0.0.1:{port}/ until you press Ctrl+C."]


def test_a_port_that_is_taken_is_told_and_another_one_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(serving.Server, "serve_forever", lambda _: None)
    with serving.server(tmp_path) as other:
        serving.serve(tmp_path, said.append, port=other.server_port)
    told, address = said
    assert told.startswith(f"Port {other.server_port} is taken")
    assert str(other.server_port) not in address


def test_what_is_served_in_the_background_ends_with_its_context_also_by_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"text")
    before = threading.enumerate()
    for ends in (False, True):
        with contextlib.suppress(RuntimeError), serving.in_background(tmp_path) as address:
            started = [one for one in threading.enumerate() if one not in before]
            with urllib.request.urlopen(f"{address}/a.html") as page:
                assert page.read() == b"text"
            if not ends:
                raise RuntimeError("a failure")
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(f"{address}/a.html", timeout=5)
        assert [one.is_alive() for one in started] == [False]


def test_the_address_stays_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reader wrote belongs to it."""
    asked = MagicMock()
    monkeypatch.setattr(serving, "server", asked)
    serving.serve(tmp_path, str)
    asked.assert_called_once_with(tmp_path, 8000)


@pytest.mark.parametrize("hung_up", [ConnectionResetError, BrokenPipeError])
def test_a_reader_who_turns_the_page_is_no_error_and_a_fault_is_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], hung_up: type[Exception]
) -> None:
    for error, told in ((hung_up("gone"), False), (RuntimeError("a fault"), True)):
        with serving.server(tmp_path) as server:
            try:
                raise error
            except Exception:
                server.handle_error(None, ("127.0.0.1", 1))
        assert (str(error) in capsys.readouterr().err) == told
