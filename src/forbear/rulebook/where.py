"""Where in a TOML file a key stands, so that an error can name its line. TOML parsers keep no positions; this reads only their outline."""

from __future__ import annotations

import re
from collections import Counter

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+)\s*=")


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
            table = _indexed(header[2], header[1] == "[[", seen)
            found[table] = number
            continue
        key = _KEY.match(line)
        if key:
            found[f"{table}.{key[1]}" if table else key[1]] = number
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


def diary_line(text: str, example: int, number: int) -> int:
    """The line of a law file in which the `number`th line of an example's diary stands."""
    key = line_of(f"example[{example}].diary", lines(text))
    opening = text.splitlines()[key - 1].partition("=")[2].strip()
    # What follows the quotes on the line of the key is itself the first line of the diary.
    return key + number - (opening not in ('"""', "'''"))


def line_of(path: str, found: dict[str, int]) -> int:
    """The line of `path`, or of the nearest table around it; 1 if nothing of it is there."""
    while path:
        for name in (path, f"{path}[0]"):
            if name in found:
                return found[name]
        path = re.sub(r"(\[\d+\]|\.[^.\[]+|^[^.\[]+)$", "", path)
    return 1
