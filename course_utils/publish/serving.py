"""The website on this machine, as a host on the web would give it: compressed, with the right types."""

from __future__ import annotations

import contextlib
import functools
import gzip
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

COMPRESSED = {".html", ".js", ".mjs", ".css", ".json", ".svg", ".wasm", ".txt"}
# Not every system knows these, and on Windows any program may say that a script is plain text.
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}


class Handler(SimpleHTTPRequestHandler):
    """Serves files of one folder, text compressed."""

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Send the headers of a file, and return what is sent after them."""
        path = Path(self.translate_path(self.path))
        takes = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (path.is_file() and takes and path.suffix in COMPRESSED):
            return super().send_head()
        now = path.stat()
        body = _compressed(path, (now.st_mtime_ns, now.st_size))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: the terminal is for what went wrong in a build."""


@functools.cache
def _compressed(path: Path, changed: tuple[int, int]) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=6)


class Server(ThreadingHTTPServer):
    """Answers each connection in a thread of its own."""

    request_queue_size = socket.SOMAXCONN  # a page asks for many files at once: five who wait are too few

    @property
    def address(self) -> str:
        """Where the folder is, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of readers who turn the page before all has come."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def server(folder: Path, port: int = 0) -> Server:
    """Return a server of a folder that only this machine can reach; port 0: any that is free."""
    return Server(("127.0.0.1", port), functools.partial(Handler, directory=str(folder)))


@contextlib.contextmanager
def in_background(folder: Path) -> Iterator[str]:
    """Serve a folder in a thread of its own, at the address that is yielded, until the context is left."""
    with server(folder) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        try:
            yield serving.address
        finally:
            serving.shutdown()
            thread.join()


def serve(folder: Path, tell: Callable[[str], None], port: int = 8000) -> None:
    """Serve a folder until Ctrl+C; if the port is taken, at another one."""
    try:
        serving = server(folder, port)
    except OSError:
        serving = server(folder)
        tell(f"Port {port} is taken, perhaps by another such site: what you wrote there is not shown here.")
    with serving, contextlib.suppress(KeyboardInterrupt):
        tell(f"It is at {serving.address}/ until you press Ctrl+C.")
        serving.serve_forever()
