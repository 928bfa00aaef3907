"""What all positions of a part are, and what was found of each, before anything is counted of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forbear.engines.judgement import BREACH, GRAVITY, UNCLEAR, Verdicts
from forbear.engines.kernel.coded import Coded, coded
from forbear.findings.agencies import Shares, numbered
from forbear.records.columns.lines import Lines
from forbear.records.columns.texts import Ints, Mask, Texts
from forbear.rulebook.rule import Rule

CLEAR: Final = len(GRAVITY)
"""The place after those of `GRAVITY`: no rule gives the entry any other verdict."""
LINE: Final = "line"
"""The column that names the timeline of a row."""


def column(lines: Lines, name: str) -> Coded:
    """A column of a part; where nobody says anything, all of it unknown."""
    found = lines.block.fields.get(name)
    return Coded(np.zeros(len(lines.block), np.int64), pa.array([], pa.string())) if found is None else coded(found)


def contacts(lines: Lines) -> Mask:
    """Which positions are contacts; all others are facts."""
    kind = column(lines, "kind")
    found: Mask = np.array([False, *(text == "contact" for text in kind.texts.to_pylist())])[kind.code][lines.row]
    return found


def gravest(positions: int, verdicts: Verdicts) -> NDArray[np.int8]:
    """Position -> the place of the gravest verdict that any rule gives it; `CLEAR` without any."""
    found = np.full(positions, CLEAR, np.int8)
    np.minimum.at(found, verdicts.position, verdicts.verdict)
    return found


def exposed(positions: int, verdicts: Verdicts, rules: Sequence[Rule]) -> Mask:
    """Which positions are in breach, or unclear under a rule that would make it one."""
    warns = np.array([rule.warns for rule in rules], np.bool_)
    grave = (verdicts.verdict == BREACH) | ((verdicts.verdict == UNCLEAR) & ~warns[verdicts.rule])
    found = np.zeros(positions, np.bool_)
    found[verdicts.position[grave]] = True
    return found


def by_agency(lines: Lines, contact: Mask) -> Shares:
    """The contacts of a part by the share that an agency has in a timeline."""
    agency = column(lines, "agency")
    number, names = numbered(agency.texts.to_pylist())
    line = np.repeat(np.arange(len(lines.names)), np.diff(lines.start))[contact]
    return Shares.of(line, number[agency.code[lines.row[contact]]], names)


def named(lines: Lines, position: Ints) -> dict[str, Texts]:
    """Columns that say which entries these are: the name of the timeline, the id that they brought and their own, the consumer."""
    row = lines.row[position]
    line = np.searchsorted(lines.start, position, side="right") - 1
    return {
        LINE: pa.array(lines.names, pa.string()).take(pa.array(line)),
        "contact_id": lines.block.brought.take(row).texts().fill_null(""),
        "entry_id": lines.ids.of(row),
        "consumer": lines.block.fields["consumer"].take(row).texts(),
    }
