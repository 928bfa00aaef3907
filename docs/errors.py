"""Writes docs/errors.md below the line that says so: every error that a user can meet, as tests/errors met it. Run by `make errors`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from forbear.doors.gate.api import Problem

PAGE = Path(__file__).with_name("errors.md")
LINE = "<!-- All below is written by `make errors` from what tests/errors meets. -->\n"


def code(text: str) -> str:
    """A text as it was read, in a cell of a table."""
    marks = "``" if "`" in text else "`"
    room = " " if marks == "``" else ""
    return "<br>".join(f"{marks}{room}{line}{room}{marks}".replace("|", "\\|") for line in text.splitlines())


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown."""
    head = list(head)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *rows]) + "\n"


def section(doing: str, met: Iterable[Any]) -> str:
    """All errors that are met while doing one thing; one that is met in several situations stands once. `met`: of tests/errors/met.py."""
    whens: dict[Any, dict[str, None]] = {}
    for each in met:
        said = _parts(each.said) if isinstance(each.said, Problem) else each.said
        whens.setdefault((said, each.code, each.kind, each.zh), {})[each.when] = None
    found = [("; ".join(when), *what) for what, when in whens.items()]
    codes = {str(code) for _, _, code, _, _ in found if code is not None}
    exits = f"Exit code {codes.pop()}.\n\n" if len(codes) == 1 else ""
    return f"\n### {doing}\n\n{exits}{_rows(found, with_code=len(codes) > 0)}"


def _parts(problem: Problem) -> tuple[str, ...]:
    return (str(problem.status), problem.type, problem.title, problem.detail, problem.hint, problem.field)


def _rows(found: list[Any], *, with_code: bool) -> str:
    if isinstance(found[0][1], tuple):
        head = ("when", "status", "`type`", "`title`", "`detail`", "`hint`", "`field`")
        return table(head, ((when, said[0], *(code(part) for part in said[1:])) for when, said, *_ in found))
    if found[0][3]:
        head = ("when", "`reason`", "`what_to_do`", "`--lang zh`")
        return table(head, ((when, code(kind), code(said), zh) for when, said, _, kind, zh in found))
    zh = any(each[4] for each in found)
    head = ["when", *(["exit code"] if with_code else []), "what it says", *(["中文"] if zh else [])]
    rows = (
        [when, *([str(number)] if with_code else []), code(said), *([code(other)] if zh else [])] for when, said, number, _, other in found
    )
    return table(head, rows)


def page(text: str, met: Iterable[Any], chapters: Mapping[str, Iterable[str]]) -> str:
    """The page whose hand-written part is that of `text`. `chapters`: door -> what the user was doing there."""
    of: dict[str, list[Any]] = {}
    for each in met:
        of.setdefault(each.doing, []).append(each)
    below = [f"\n## {door}\n" + "".join(section(doing, of[doing]) for doing in doings) for door, doings in chapters.items()]
    return text.partition(LINE)[0] + LINE + "".join(below)


def sections(text: str) -> dict[str, str]:
    """What the page says of each thing that a user does."""
    parts = text.partition(LINE)[2].split("\n### ")[1:]
    return {part.partition("\n")[0]: "\n### " + part.partition("\n## ")[0] for part in parts}


if __name__ == "__main__":
    sys.path[:1] = [str(PAGE.parents[1]), str(PAGE.parents[1] / "tests")]
    from errors.rooms import CHAPTERS, ROOMS, run

    everything = [each for room in ROOMS for each in run(room)[0]]
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), everything, CHAPTERS), encoding="utf-8")
