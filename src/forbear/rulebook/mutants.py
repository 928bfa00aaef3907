"""Changes to a law file that some example must notice: every number one step each way, every part taken away (section 11)."""

from __future__ import annotations

import copy
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from forbear.rulebook.load import Raw

Node = dict[str, Any] | list[Any]
"""A table or an array of TOML."""
Path = tuple[str | int, ...]
_ASIDE = {
    "id",
    "title",
    "conduct",
    "force",
    "effect",
    "verified",
    "status",
    "version",
    "row",
    "clause",
    "given",
    "example",
    "excused",
    "calendar",
}
"""What a file says about itself: changing it changes no verdict (the effect changes only its name)."""
_KEPT = {
    "from",
    "clock",
    "hours",
    "within",
    "limit",
    "count",
    "applies",
    "opens",
    "forbid",
    "require",
    "cap",
    "owe",
    "entry",
    "per",
    "free",
    "unless",
    "closes",
}
"""Keys whose removal leaves no law behind, or that only gather what is taken away one by one."""
_FLIP = {"[": "(", "(": "[", "]": ")", ")": "]"}
_STEP = re.compile(r"(\d\d):(\d\d)|\b(\d+)\b|[\[\]()]")


class Mutant(NamedTuple):
    """A changed file, and the change in words: `cap.limit 7 -> 8`, `applies.channel taken away`."""

    text: str
    raw: Raw


def steps(raw: Raw) -> Iterator[Mutant]:
    """Every number, date, hour and bracket, one step each way."""
    for path, value in _leaves(dict(raw), ()):
        if isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            changed: list[object] = [value + 1, value - 1]
        elif isinstance(value, dt.date):
            changed = [value + dt.timedelta(1), value - dt.timedelta(1)]
        elif isinstance(value, str) and (path[-1] in ("within", "lasts", "starts") or path[0] == "hours"):
            changed = list(_text_steps(value))
        else:
            continue
        for new in changed:
            yield Mutant(f"{_say(path)} {value} -> {new}", _put(raw, path, new))


def cuts(raw: Raw) -> Iterator[Mutant]:
    """Every test, value, key, opener, closer, exemption and quota taken away, one at a time."""
    for path, _ in _nodes(dict(raw), ()):
        yield Mutant(f"{_say(path)} taken away", _cut(raw, path))


def _leaves(node: Node, path: Path) -> Iterator[tuple[Path, object]]:
    for key, value in _items(node):
        if not path and key in _ASIDE:
            continue
        if isinstance(value, dict | list):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _nodes(node: Node, path: Path) -> Iterator[tuple[Path, object]]:
    for key, value in _items(node):
        here = (*path, key)
        if not path and key in _ASIDE:
            continue
        if isinstance(value, dict | list) and key != "hours":
            yield from _nodes(value, here)
        gathers = path[:1] == ("hours",) or key in _KEPT
        # The last value of a list stands or falls with its test; the last opener or match with its standing or rule.
        only = isinstance(key, int) and isinstance(node, list) and len(node) == 1 and path[-1] not in ("unless", "closes", "free")
        if not gathers and not only and key not in ("not", "at_least", "at_most"):
            yield here, value


def _text_steps(text: str) -> Iterator[str]:
    for match in _STEP.finditer(text):
        if match[1]:
            minute = int(match[1]) * 60 + int(match[2])
            changed = [f"{m // 60:02}:{m % 60:02}" for m in (minute - 1, minute + 1)]
        else:
            changed = [_FLIP[match[0]]] if match[0] in _FLIP else [str(int(match[0]) + n) for n in (-1, 1)]
        for new in changed:
            yield text[: match.start()] + new + text[match.end() :]


def _items(node: Node) -> Iterable[tuple[str | int, Any]]:
    return node.items() if isinstance(node, dict) else enumerate(node)


def _copy(raw: Raw, path: Path) -> tuple[dict[str, Any], Any]:
    """A copy of the file, and the table or array in it that holds the end of `path`."""
    changed = copy.deepcopy(dict(raw))
    node: Any = changed
    for key in path[:-1]:
        node = node[key]
    return changed, node


def _put(raw: Raw, path: Path, value: object) -> Raw:
    changed, node = _copy(raw, path)
    node[path[-1]] = value
    return changed


def _cut(raw: Raw, path: Path) -> Raw:
    changed, node = _copy(raw, path)
    del node[path[-1]]
    return changed


def _say(path: Path) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")
