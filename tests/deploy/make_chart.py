"""Write ``chart.json``, against which the tests hold ``deploy/values.yaml``, from the chart's own files.

Run it as ``python tests/deploy/make_chart.py CHECKOUT`` with a checkout of jupyterhub/zero-to-jupyterhub-k8s
at the version that ``deploy/README.md`` names. What it writes is a part of that chart (BSD 3-Clause, its
license is in the file): its default values, and its schema without the descriptions.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

SOURCE = "https://github.com/jupyterhub/zero-to-jupyterhub-k8s"


def bare(schema: Any) -> Any:
    """Return a schema without its descriptions (a property may bear that name, too).

    >>> bare({"description": "all", "properties": {"description": {"type": "string", "description": "it"}}})
    {'properties': {'description': {'type': 'string'}}}
    """
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: bare(part) for name, part in value.items()} if key == "properties" else bare(value)
        for key, value in schema.items()
        if key != "description"
    }


def chart(checkout: Path) -> dict[str, Any]:
    """Return what the tests need of a checkout of the chart."""
    read = {
        name: yaml.safe_load((checkout / "jupyterhub" / f"{name}.yaml").read_text("utf-8"))
        for name in ("Chart", "values", "values.schema")
    }
    command = ["git", "-C", str(checkout), "describe", "--tags", "--exact-match"]
    version = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return {
        "source": SOURCE,
        "license": (checkout / "LICENSE").read_text("utf-8"),
        "version": version,
        "jupyterhub": read["Chart"]["appVersion"],
        "schema": bare(read["values.schema"]),
        "defaults": read["values"],
    }


if __name__ == "__main__":
    text = json.dumps(chart(Path(sys.argv[1])), separators=(",", ":"))
    Path(__file__).with_name("chart.json").write_text(f"{text}\n", "utf-8")
