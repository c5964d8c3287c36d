"""What has changed from one spec to the next: all that a page needs that has the one before.

::

    {"says"?, "readout"?, …, "panels": [{
        "box"?, "x"?, "y"?, "scales"?,          # what is not there is as it was
        "lines"?, "texts"?: [0 or the new one], # 0: as it was
        "marks": [{"kind", …} or {…}]}]}        # with its kind it is whole; without, it says what is new

Lists of other lengths are whole. The page puts the parts together in ``view/changes.js``.
"""

from __future__ import annotations

from typing import Any

from course_utils.teaching.pictures.spec import Spec

BY_ENTRY = ("lines", "texts")


def changes(before: Spec, now: Spec) -> Spec | None:
    """Return the changes, or nothing where the two have so little in common that a page needs all of it.

    Parameters
    ----------
    before, now : Spec

    Returns
    -------
    Spec or None
        With the buffers that are new only.

    Examples
    --------
    >>> before = Spec({"says": "0", "panels": [{"box": [0, 0, 9, 9], "marks": []}]}, [])
    >>> changes(before, Spec({**before.json, "says": "1"}, [])).json
    {'says': '1', 'panels': [{'marks': []}]}
    """
    old, new = before.json["panels"], now.json["panels"]
    if list(map(list, old)) != list(map(list, new)):  # panels, and what each has
        return None
    told = _Told(before, now, [])
    top = {key: value for key, value in now.json.items() if key != "panels" and before.json[key] != value}
    panels = [told.panel(*pair) for pair in zip(old, new, strict=True)]
    return Spec({**top, "panels": panels}, told.buffers)


class _Told:
    """Collects the buffers of what is told."""

    def __init__(self, before: Spec, now: Spec, buffers: list[bytes]) -> None:
        self.before, self.now, self.buffers = before, now, buffers

    def panel(self, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        told = {key: value for key, value in new.items() if key != "marks" and value != old[key]}
        for key in set(BY_ENTRY) & set(told):
            if len(old[key]) == len(new[key]):
                told[key] = [0 if a == b else b for a, b in zip(old[key], new[key], strict=True)]
        alike = len(old["marks"]) == len(new["marks"])
        befores = old["marks"] if alike else [{}] * len(new["marks"])
        return {**told, "marks": [self.mark(*pair) for pair in zip(befores, new["marks"], strict=True)]}

    def mark(self, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        whole = list(old) != list(new) or old["kind"] != new["kind"]
        return {
            key: self.packed(value) for key, value in new.items() if whole or not self.same(old[key], value)
        }

    def same(self, old: Any, new: Any) -> bool:
        if not (_is_packed(old) and _is_packed(new)):
            return bool(old == new)
        return {**old, "b": 0} == {**new, "b": 0} and self.before.buffers[old["b"]] == self.now.buffers[
            new["b"]
        ]

    def packed(self, value: Any) -> Any:
        if not _is_packed(value):
            return value
        self.buffers.append(self.now.buffers[value["b"]])
        return {**value, "b": len(self.buffers) - 1}


def _is_packed(value: Any) -> bool:
    return isinstance(value, dict) and "b" in value
