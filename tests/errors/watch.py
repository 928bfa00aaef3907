"""Where the source speaks to a user of something that is wrong, and which of these places were reached while the cases ran."""

from __future__ import annotations

import ast
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple, Self

ROOT = Path(__file__).parents[2]
SOURCES = (*(ROOT / "src" / "forbear").rglob("*.py"), *(ROOT / "conformance").glob("*.py"))
MAKERS = {"InputError", "Refused", "Declined", "Fault", "Wrong", "Damaged", "ExecutorError"}
"""What is made to be told, also where it is handed on before it is raised."""
LISTS = {"doors/check.py", "doors/gate/verify.py"}
"""Files whose functions give what is wrong as texts, one after another."""
INWARD = {
    "typer.Exit": "ends a command; its line was printed before",
    "NotToml": "told with its file by whoever reads it",
    "LeftToPlain": "the kernel leaves a timeline to the plain engine",
    "_Damaged": "tells encoding_of where a text stops being UTF-8",
    "_Carried": "an executor's error on its way to the driver",
    "Again": "the gate does a transaction again; when it gives up, the asker reads `store-failed`",
    "Broken": "the asker reads `store-failed`",
    "Unread": "a record of an export is left unread, and `exports.reasons.REASONS` says why",
    "Unwritable": "the search for a timeline that tells versions apart leaves that timeline out",
    "Unpackable": "the asker reads `fault`, and its kind is in the gate's log",
}
"""Raised for other code and never read by a user, and what becomes of it."""


class Site(NamedTuple):
    """A place in the source, its first and its last line."""

    file: str
    first: int
    last: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.first}: {self.text}"


def _name(node: ast.expr) -> str:
    made = node.orelse if isinstance(node, ast.IfExp) else node
    return ast.unparse(made.func if isinstance(made, ast.Call) else made)


def _speaks(node: ast.AST, file: str) -> bool:
    """Whether a node raises, makes or prints what is wrong."""
    if isinstance(node, ast.Raise):
        return node.exc is not None and _name(node.exc) not in INWARD
    if isinstance(node, ast.Yield):
        return file.endswith(tuple(LISTS)) and isinstance(node.value, ast.JoinedStr | ast.Constant)
    if not isinstance(node, ast.Call):
        return False
    name, options = _name(node), {each.arg: ast.unparse(each.value) for each in node.keywords}
    told = options.get("err") == "True" or options.get("file") == "sys.stderr"
    return name in MAKERS or name.endswith(("faults.append", ".add_note")) or told


def _within(node: ast.AST, file: str, text: list[str]) -> Iterator[Site]:
    for child in ast.iter_child_nodes(node):
        if _speaks(child, file):
            yield Site(file, child.lineno, child.end_lineno or child.lineno, text[child.lineno - 1].strip())
        else:
            yield from _within(child, file, text)


def sites() -> list[Site]:
    """Every place, in the order of files and lines."""
    found = []
    for path in sorted(SOURCES):
        text = path.read_text(encoding="utf-8")
        found += _within(ast.parse(text), path.relative_to(ROOT).as_posix(), text.splitlines())
    return found


class Watch:
    """Which sites are reached inside its `with`, in this thread and in those that are started there."""

    def __init__(self, watched: list[Site]) -> None:
        self.reached: set[Site] = set()
        self._at = {(str(ROOT / site.file), line): site for site in watched for line in range(site.first, site.last + 1)}
        self._files = {file for file, _ in self._at}

    def __enter__(self) -> Self:
        self._before = sys.gettrace()
        threading.settrace(self._call)
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(self._before)
        threading.settrace(self._before)  # type: ignore[arg-type]

    def _call(self, frame: FrameType, event: str, arg: object) -> Any:
        return self._line if frame.f_code.co_filename in self._files else None

    def _line(self, frame: FrameType, event: str, arg: object) -> Any:
        if event == "line" and (site := self._at.get((frame.f_code.co_filename, frame.f_lineno))):
            self.reached.add(site)
        return self._line
