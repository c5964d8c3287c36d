"""Runs in Pyodide: the cells of notebooks, in the kernel that JupyterLite has."""

from __future__ import annotations

import json
from typing import Any


async def answer(given: str) -> str:
    """Return the outputs of all cells of ``notebooks``, lists of sources."""
    import piplite.piplite  # noqa: F401  # first, as JupyterLite does
    import pyodide_kernel

    kernel, outputs = pyodide_kernel.kernel_instance, Outputs()
    kernel._parent_header = {"header": {}}
    shell = kernel.interpreter
    shell.send_comm = lambda *message: None
    for stream in (pyodide_kernel.stdout_stream, pyodide_kernel.stderr_stream):
        stream.publish_stream_callback = outputs.stream
    shell.display_pub.display_data_callback = outputs.displayed
    shell.displayhook.publish_execution_result = outputs.result

    async def ran(source: str) -> list[dict[str, Any]]:
        outputs.shown = []
        said = await kernel.run(source)
        if said["status"] == "error":
            outputs.shown.append({"output_type": "error", "ename": said["ename"], "evalue": said["evalue"]})
        return outputs.shown

    answers = []
    for sources in json.loads(given)["notebooks"]:
        shell.reset()
        answers.append([await ran(source) for source in sources])
    return json.dumps(answers, default=str)


class Outputs:
    """What a cell puts out, as a notebook stores it."""

    shown: list[dict[str, Any]]

    def stream(self, name: str, text: str) -> None:
        """Add to what was printed."""
        if self.shown and self.shown[-1].get("name") == name:
            self.shown[-1]["text"] += text
        else:
            self.shown.append({"output_type": "stream", "name": name, "text": text})

    def displayed(self, data: dict[str, Any], *_: Any) -> None:
        """Add what was displayed."""
        self.shown.append({"output_type": "display_data", "data": {**data}})

    def result(self, _: int, data: dict[str, Any], __: Any) -> None:
        """Add the value of a cell."""
        self.shown.append({"output_type": "execute_result", "data": {**data}})
