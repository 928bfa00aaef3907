"""What one timeline cannot show by itself, of very many: numbers that follow one another, and whose accounts speak in groups.

A first pass over all parts tells which numbers are looked for (`Asked`); a second one, only if there are any, brings what each part knows
of them (`Answer`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.leads import callers
from forbear.leads.callers import Shared
from forbear.leads.find import Against, Lead, of_groups, of_link
from forbear.leads.numbers import Totals
from forbear.leads.rows import Rows
from forbear.leads.tactics import infiltration
from forbear.leads.tactics.infiltration import Accounts
from forbear.records.entry import Entry


class Asked(NamedTuple):
    """What every part is asked."""

    callers: tuple[str, ...]
    """All numbers from which contacts were made."""
    new: tuple[str, ...]
    """Those that began within the records."""
    accounts: tuple[str, ...]
    """Collectors' accounts, if anybody wrote in groups."""

    @classmethod
    def of(cls, totals: dict[str, Totals], accounts: Accounts, talk: int) -> Asked | None:
        """What there is to ask; None if nothing. `talk`: messages written in groups."""
        new = callers.began(totals)
        speak = tuple(accounts.agencies) if talk else ()
        return cls(tuple(totals) if new else (), tuple(new), speak) if new or speak else None


class Answer(NamedTuple):
    """What one part tells."""

    numbers: Shared
    talk: list[tuple[str, list[Entry]]]
    """(timeline, what collectors' accounts wrote in groups), for those in which they did."""


def answer(rows: Rows, asked: Asked) -> Answer:
    """What one part tells."""
    return Answer(callers.shared(rows, (*asked.callers, *asked.accounts), asked.new), list(_talk(rows, asked)))


def _talk(rows: Rows, asked: Asked) -> Iterator[tuple[str, list[Entry]]]:
    code, texts = rows.coded("number")
    ours = np.append(False, np.asarray(pc.is_in(texts.texts(), value_set=pa.array(asked.accounts, pa.string()))))
    place = np.flatnonzero(infiltration.talk(rows) & ours[code])
    line = rows.line[place]
    for first, last in pairwise((0, *(np.flatnonzero(np.diff(line)) + 1).tolist(), len(line))):
        if last > first:
            yield rows.lines.names[line[first]], rows.lines.entries(place[first:last])


def leads(totals: dict[str, Totals], accounts: Accounts, parts: Iterable[Answer], against: Against) -> list[Lead]:
    """The leads that all parts together show."""
    parts = list(parts)
    known = accounts.but({number for part in parts for number in part.numbers.reached})
    found = [lead for part in parts for who, entries in part.talk for lead in of_groups(who, entries, known, against)]
    return found + [of_link(link, against) for link in callers.links(totals, (part.numbers for part in parts))]
