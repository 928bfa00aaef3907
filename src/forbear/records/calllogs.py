"""Call logs without header, as Asterisk and FreeSWITCH write them: recognised by their cells, given our columns beside their own.

What their words mean is data, `calllogs.toml`, with the reasons. The added columns are `occurred_at`, `from`, `to` and `outcome`.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec

from forbear.records.mapping import Mapping

ADDED = ("occurred_at", "from", "to", "outcome")
"""Our columns that `Layout.turn` adds."""

_EPOCH = re.compile(r"(?:.*-)?(\d{9,10})\.\d+")
_QUARTER_HOUR = 900
"""Offsets of zones are whole quarters of an hour: an epoch that differs from the written start by anything else is not its instant."""


class _Family(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"source": "from"}):
    start: str
    answer: str
    cause: str
    source: str
    to: str
    epoch: str
    columns: dict[str, str]
    outcomes: dict[str, str]
    answered: str = ""
    placed: str = ""


class Layout(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One shape of call log."""

    id: str
    names: list[str]
    fewest: int
    """The fewest cells that a row may have; what follows was added by later versions."""
    tests: dict[str, str]
    """Column -> pattern of its whole cell: how a row is known."""
    family: str

    @property
    def header(self) -> tuple[str, ...]:
        """Its own columns, and ours that `turn` adds."""
        return (*self.names, *ADDED)

    @property
    def used(self) -> frozenset[str]:
        """Its own columns from which `turn` makes ours."""
        family = _book().family[self.family]
        return frozenset({family.start, family.answer, family.cause, family.source, family.to, family.epoch})

    @property
    def mapping(self) -> Mapping:
        """What its columns mean."""
        book = _book()
        return msgspec.structs.replace(book.mapping, file=self.id, columns=book.family[self.family].columns)

    def knows(self, row: Sequence[str]) -> bool:
        """Whether a row looks like one of this log."""
        cells = dict(zip(self.names, row, strict=False))
        fits = self.fewest <= len(row) <= len(self.names)
        return fits and all(re.fullmatch(pattern, cells.get(name, "")) for name, pattern in self.tests.items())

    def turn(self, row: Sequence[str]) -> list[str] | None:
        """The row with our columns added; None if it has too many or too few cells."""
        if not self.fewest <= len(row) <= len(self.names):
            return None
        family = _book().family[self.family]
        cells = dict.fromkeys(self.names, "") | dict(zip(self.names, row, strict=False))
        source, to = cells[family.source], cells[family.to]
        if family.placed and re.fullmatch(family.placed, to):
            source, to = "", source
        picked_up = bool(family.answer and cells[family.answer].strip())
        outcome = family.answered if picked_up else family.outcomes.get(cells[family.cause].strip(), "?")
        start = cells[family.start]
        return [*cells.values(), _epoch(cells.get(family.epoch, ""), start) or start, source, to, outcome]


class _Book(msgspec.Struct, forbid_unknown_fields=True):
    layout: list[Layout]
    family: dict[str, _Family]
    mapping: Mapping


@cache
def _book() -> _Book:
    text = files("forbear.records").joinpath("calllogs.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), _Book)


def recognise(row: Sequence[str]) -> Layout | None:
    """The call log that a first row belongs to, if it is one."""
    return next((layout for layout in _book().layout if layout.knows(row)), None)


def _epoch(unique: str, start: str) -> str:
    """The Unix second in an Asterisk `uniqueid`, if it agrees with the written start up to the offset of a zone; else empty."""
    found = _EPOCH.fullmatch(unique)
    try:
        wall = dt.datetime.fromisoformat(start).replace(tzinfo=dt.UTC).timestamp()
    except ValueError:
        return ""
    if not found:
        return ""
    off = abs(wall - int(found[1]))
    agrees = off <= 15 * 3600 and min(off % _QUARTER_HOUR, -off % _QUARTER_HOUR) <= 1
    return found[1] if agrees else ""
