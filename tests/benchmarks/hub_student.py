"""One student of the load test: logs in, opens a notebook, runs it, moves a demo, as a browser would.

Speaks to the hub's public address only, through the proxy: HTTP, and the binary protocol of kernels.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from kernel_frames import Widget, packed, unpacked
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

PATIENCE = 180.0  # seconds that a student waits for anything; only a fault takes longer
PROTOCOL = "v1.kernel.websocket.jupyter.org"
WIDTH = 640  # of the picture a page asks for


class Lost(AssertionError):
    """Something that a student did or asked for did not come back."""


class Student:
    """A browser with cookies and one open notebook.

    Parameters
    ----------
    base : str
        Public address of the hub, without a slash at its end.
    name, password : str
    """

    def __init__(self, base: str, name: str, password: str) -> None:
        self.base, self.name, self.password = base, name, password
        self.cookies: dict[tuple[str, str], str] = {}
        self.token = ""
        self.kernel = ""
        self.session = uuid.uuid4().hex
        self.socket: WebSocketClientConnection | None = None
        self.reading: asyncio.Task[None] | None = None
        self.waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}  # by the id of the request
        self.idle: dict[
            str, asyncio.Event
        ] = {}  # what is printed may come after the reply, but not after this
        self.printed: dict[str, str] = {}  # what a request has printed
        self.steps: dict[tuple[str, int], asyncio.Future[dict[str, Any]]] = {}
        self.widgets: list[Widget] = []
        self.restarts = 0
        self.reconnections = 0
        self.asked = 0

    # The hub.

    async def request(self, path: str, method: str = "GET", **options: Any) -> HTTPResponse:
        """Fetch a page without following it elsewhere, and keep its cookies."""
        mine = {
            name: value for (under, name), value in sorted(self.cookies.items()) if path.startswith(under)
        }
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in mine.items())}
        headers |= {"Authorization": f"token {self.token}"} if self.token else {}
        headers |= options.pop("headers", {})
        request = HTTPRequest(
            self.base + path,
            method,
            headers=headers,
            follow_redirects=False,
            request_timeout=PATIENCE,
            connect_timeout=PATIENCE,
            **options,
        )
        response = await AsyncHTTPClient().fetch(request, raise_error=False)
        for line in response.headers.get_list("Set-Cookie"):
            for name, cookie in SimpleCookie(line).items():
                self.cookies[cookie["path"] or "/", name] = cookie.value
        if response.code >= 400:
            raise Lost(f"{self.name}: {method} {path} answered {response.code}: {response.body[:200]!r}")
        return response

    async def log_in(self) -> None:
        """Log in as a form does, and ask for a token for what follows."""
        await self.request("/hub/login")
        form = {"username": self.name, "password": self.password, "_xsrf": self.cookies["/hub/", "_xsrf"]}
        await self.request("/hub/login", "POST", body=urlencode(form))
        await self.request("/hub/token")
        asked = json.dumps({"note": "load test"})
        path = f"/hub/api/users/{self.name}/tokens"
        headers = {"X-XSRFToken": self.cookies["/hub/", "_xsrf"], "Content-Type": "application/json"}
        answer = await self.request(path, "POST", body=asked, headers=headers)
        self.token = json.loads(answer.body)["token"]

    async def start_server(self) -> None:
        """Ask the hub for a server, wait until it answers, and open JupyterLab."""
        user = f"/hub/api/users/{self.name}"
        await self.request(f"{user}/server", "POST", body="{}")
        while not (server := json.loads((await self.request(user)).body)["servers"].get("", {})).get("ready"):
            if not server.get("pending"):
                raise Lost(f"{self.name}: the server does not start")
            await asyncio.sleep(1)
        await self.request(f"/user/{self.name}/lab")

    async def knocked(self, token: str) -> int:
        """Ask for this student's files as somebody else; return the status of the answer."""
        headers = {"Authorization": f"token {token}"} if token else {}
        path = f"{self.base}/user/{self.name}/api/contents/softmax"
        request = HTTPRequest(path, headers=headers, follow_redirects=False, request_timeout=PATIENCE)
        return int((await AsyncHTTPClient().fetch(request, raise_error=False)).code)

    # The notebook.

    def contents(self, notebook: str) -> str:
        """Return where the server keeps a notebook."""
        return f"/user/{self.name}/api/contents/{notebook}"

    async def open_notebook(self, notebook: str) -> list[str]:
        """Start the notebook's kernel and connect to it; return the sources of the code cells."""
        content = json.loads((await self.request(self.contents(notebook))).body)["content"]
        session = {"path": notebook, "name": notebook, "type": "notebook", "kernel": {"name": "python3"}}
        path = f"/user/{self.name}/api/sessions"
        self.kernel = json.loads((await self.request(path, "POST", body=json.dumps(session))).body)["kernel"][
            "id"
        ]
        await self.connect()
        return [cell["source"] for cell in content["cells"] if cell["cell_type"] == "code"]

    async def save(self, notebook: str, content: dict[str, Any]) -> None:
        """Save a notebook."""
        body = json.dumps({"type": "notebook", "format": "json", "content": content})
        await self.request(self.contents(notebook), "PUT", body=body)

    async def saved(self, notebook: str) -> dict[str, Any]:
        """Return what the server has of a notebook."""
        content: dict[str, Any] = json.loads((await self.request(self.contents(notebook))).body)["content"]
        return content

    # The kernel.

    async def connect(self) -> None:
        """Connect to the kernel; if it was connected before, as the same page."""
        path = f"/user/{self.name}/api/kernels/{self.kernel}/channels?session_id={self.session}"
        request = HTTPRequest(
            self.base.replace("http", "ws", 1) + path,
            headers={"Authorization": f"token {self.token}"},
            request_timeout=PATIENCE,
            connect_timeout=PATIENCE,
        )
        self.socket = await websocket_connect(request, subprotocols=[PROTOCOL], max_message_size=2**26)
        self.reading = asyncio.create_task(self._read(self.socket))

    async def _read(self, socket: WebSocketClientConnection) -> None:
        while (frame := await socket.read_message()) is not None:
            assert isinstance(frame, bytes)
            self._heard(*unpacked(frame))
        if self.socket is socket:  # nobody closed it on purpose: what JupyterLab does then
            self.reconnections += 1
            await self._reconnect()

    async def _reconnect(self) -> None:
        for _ in range(int(PATIENCE)):
            with contextlib.suppress(Exception):
                await self.connect()
                return
            await asyncio.sleep(1)
        raise Lost(f"{self.name}: the kernel cannot be reached any more")

    def _heard(self, channel: str, parts: list[bytes]) -> None:
        header, parent, _, content = parts[:4]
        kind = json.loads(header)["msg_type"]
        asked = json.loads(parent).get("msg_id", "")
        if kind == "execute_reply" and asked in self.waiting:
            self._answer(self.waiting[asked], json.loads(content))
        elif kind == "status" and asked in self.idle and b'"idle"' in content:
            self.idle[asked].set()
        elif kind == "stream":
            self.printed[asked] = self.printed.get(asked, "") + json.loads(content)["text"]
        elif kind == "status" and b"restarting" in content:
            self.restarts += 1
        elif kind == "comm_open":
            self._opened(json.loads(content))
        elif kind == "comm_msg":
            told = json.loads(content)
            inner = told["data"].get("content") or {}
            waiting = self.steps.pop((told["comm_id"], inner.get("id", -1)), None)
            if waiting:
                self._answer(waiting, inner)

    @staticmethod
    def _answer(waiting: asyncio.Future[dict[str, Any]], content: dict[str, Any]) -> None:
        if not waiting.done():
            waiting.set_result(content)

    def _opened(self, content: dict[str, Any]) -> None:
        state = content["data"].get("state", {})
        if state.get("controls"):
            widget = Widget(content["comm_id"], state["controls"], state["defaults"])
            self.widgets += [widget] if widget.moved else []

    async def send(self, kind: str, content: dict[str, Any], number: str) -> None:
        """Send a request on the shell channel under a number, after the reconnection if there is one."""
        header = {"msg_id": number, "msg_type": kind, "session": self.session, "version": "5.3"}
        header |= {"username": self.name, "date": "2026-01-01T00:00:00Z"}
        frame = packed("shell", {"header": header, "parent_header": {}, "metadata": {}, "content": content})
        for _ in range(int(PATIENCE * 10)):
            with contextlib.suppress(WebSocketClosedError):
                assert self.socket
                await self.socket.write_message(frame, binary=True)
                return
            await asyncio.sleep(0.1)
        raise Lost(f"{self.name}: nothing can be sent")

    async def ask(self, code: str) -> str:
        """Ask for the execution of a cell; return the id of the request."""
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        number = uuid.uuid4().hex
        self.waiting[number], self.idle[number] = asyncio.get_running_loop().create_future(), asyncio.Event()
        content |= {"allow_stdin": False, "stop_on_error": True}
        await self.send("execute_request", content, number)
        return number

    async def result(self, number: str) -> str:
        """Wait for a request; return what it printed."""
        reply = await asyncio.wait_for(self.waiting[number], PATIENCE)
        await asyncio.wait_for(self.idle[number].wait(), PATIENCE)
        del self.waiting[number], self.idle[number]
        if reply["status"] != "ok":
            raise Lost(f"{self.name}: a cell failed with {reply.get('ename')}: {reply.get('evalue')}")
        return self.printed.pop(number, "")

    async def run(self, code: str) -> str:
        """Run a cell; return what it printed."""
        return await self.result(await self.ask(code))

    async def move(self, widget: Widget) -> float:
        """Move a demo by one step; return the milliseconds until its picture came back."""
        self.asked += 1
        request = {"id": self.asked, "values": widget.at(self.asked), "width": WIDTH, "has": self.asked - 1}
        answered = asyncio.get_running_loop().create_future()
        self.steps[widget.comm, self.asked] = answered
        began = time.perf_counter()
        message = {"method": "custom", "content": request}
        await self.send("comm_msg", {"comm_id": widget.comm, "data": message}, uuid.uuid4().hex)
        told = await asyncio.wait_for(answered, PATIENCE)
        if "error" in told:
            raise Lost(f"{self.name}: {told['error']}")
        return (time.perf_counter() - began) * 1000

    async def moves(self, widget: Widget, every: float, number: int) -> AsyncIterator[float]:
        """Move a demo at an even pace, whether or not the answers keep up; yield the milliseconds."""
        under_way = []
        for _ in range(number):
            under_way.append(asyncio.create_task(self.move(widget)))
            await asyncio.sleep(every)
        for task in under_way:
            yield await task

    async def close(self) -> None:
        """Close the page."""
        socket, self.socket = self.socket, None
        if socket:
            socket.close()
        if self.reading:
            self.reading.cancel()
