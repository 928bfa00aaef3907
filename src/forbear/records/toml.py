"""TOML that people write: what is wrong with it is told with its line. Parsers keep no positions, so the outline of a file is read here."""

from __future__ import annotations

import re
import tomllib
from collections import Counter

import msgspec

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_NO_KEY = re.compile(r"Object (contains unknown|missing required) field `(\w+)`")
_EXPECTED = re.compile(r"Expected `([^`]+)`, got `([^`]+)`")
_KINDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "date": "a date",
    "array": "a list",
    "object": "a table",
}
_KEY = re.compile(r"\s*(\"[^\"]*\"|'[^']*'|[\w.-]+)\s*=")


class NotToml(ValueError):
    """The text is no TOML: the argument says why, `line` where."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


def parse(text: str) -> dict[str, object]:
    """The tables of a text. Raises `NotToml`."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+)", str(error))
        raise NotToml(str(error), int(place[1]) if place else text.count("\n") + 1) from error


def misfit(error: msgspec.ValidationError) -> tuple[str, str]:
    """(what does not fit the types, in plain words; the path of the key): `cap.free[1].limit`."""
    what, _, path = str(error).partition(" - at `$")
    path = path.rstrip("`").lstrip(".").replace("[...]", "")
    if unknown := re.search(r"unknown field `(\w+)`", what):
        path = f"{path}.{unknown[1]}" if path else unknown[1]
    return _plain(what), path


def _plain(what: str) -> str:
    """`Expected `int`, got `str`` -> `a whole number belongs here, not a text`; what our own types say stays as it is."""
    if key := _NO_KEY.fullmatch(what):
        return f"no key {key[2]!r}" if key[1] == "contains unknown" else f"the key {key[2]!r} is missing"
    found = _EXPECTED.fullmatch(what)
    if not found:
        return what
    wanted = " or ".join(_KINDS.get(kind, kind) for kind in found[1].split(" | ") if kind != "null")
    return f"{wanted} belongs here, not {_KINDS.get(found[2], found[2])}"


def lines(text: str) -> dict[str, int]:
    """Path -> line (from 1): `applies`, `applies.channel`, `unless[0].while`, `example[2].diary`."""
    found: dict[str, int] = {}
    seen: Counter[str] = Counter()
    table, inside = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if inside:
            inside = "" if inside in line else inside
            continue
        header = _HEADER.match(line)
        if header:
            table = _indexed(_bare(header[2]), header[1] == "[[", seen)
            found[table] = number
            continue
        key = _KEY.match(line)
        if key:
            found[f"{table}.{_bare(key[1])}" if table else _bare(key[1])] = number
            for quotes in ('"""', "'''"):
                inside = quotes if line.count(quotes) == 1 else inside
    return found


def _indexed(name: str, repeated: bool, seen: Counter[str]) -> str:
    """`cap.free` as the second of its array -> `cap.free[1]`; a table inside the latest of an array belongs to that one."""
    path = ""
    parts = name.split(".")
    for i, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if i == len(parts) - 1 and repeated:
            seen[path] += 1
        if seen[path]:
            path = f"{path}[{seen[path] - 1}]"
    return path


def line_of(path: str, found: dict[str, int]) -> int:
    """The line of `path`, or of the nearest table around it; 1 if nothing of it is there."""
    while path:
        for name in (path, f"{path}[0]"):
            if name in found:
                return found[name]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return 1


def _bare(name: str) -> str:
    """A name without its quotes."""
    return name.replace('"', "").replace("'", "")
