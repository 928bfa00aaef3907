"""Messages of the person's own that ask a collector to stop: `stops.toml`. What they come to, the person says; this only finds them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from forbear.records.exports.item import Item
from forbear.signals.fold import fold


def asked(item: Item) -> str:
    """The kind of fact that a message which was sent may be: `cease-request` or `opt-out`; empty if it asks for neither."""
    if item.incoming or not item.text:
        return ""
    said = fold(item.text).lower()
    for kind, (parts, whole) in _phrases().items():
        if said.strip(" .!。！") in whole or any(part in said for part in parts):
            return kind
    return ""


@cache
def _phrases() -> dict[str, tuple[tuple[str, ...], frozenset[str]]]:
    raw = tomllib.loads((files("forbear.doors.dossier") / "stops.toml").read_text(encoding="utf-8"))
    return {
        kind: (tuple(fold(each).lower() for each in told["holds"]), frozenset(fold(each).lower() for each in told["is"]))
        for kind, told in raw.items()
    }
