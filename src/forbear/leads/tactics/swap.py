"""A new number after a block: somebody blocks a number or declines its call, and within a day the agency comes from one not seen before.

Operators have several numbers and use them as they fall, so a new one may follow a declined call by chance, until all have been seen. Which
number is whose nobody asks here, and none is named: what counts is how often it happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from forbear.leads.rows import Rows
from forbear.leads.seen import Seen, elsewhere, of_each
from forbear.records.columns.texts import Mask
from forbear.records.entry import Entry, order

_SOON: Final = 86_400
"""Seconds within which a new number follows from what was blocked or declined."""


def seen(entries: Sequence[Entry]) -> list[Seen]:
    """What a timeline shows of it."""
    blocks = [each for each in entries if each.fields["kind"] == ("number-blocked",) and each.one("number")]
    return of_each(entries, lambda agency, made: _of_agency(agency, made, blocks))


def looks_at(rows: Rows) -> Mask:
    """Entries that `seen` needs."""
    return (_made(rows) | rows.says("kind", "number-blocked")) & rows.known("number")


def may(rows: Rows, at_least: float) -> Mask:
    """Timelines that may reach a score: as if each block and each declined call were followed by a number that is new."""
    made = _made(rows) & rows.known("number")
    room = int(rows.code("number").max(initial=0)) + 1
    whose, count = np.unique(np.unique(rows.whose[made] * room + rows.code("number")[made]) // room, return_counts=True)
    new = rows.most(whose // rows.agencies, count) - 1
    blocked, refused = (
        rows.count(rows.says("kind", "number-blocked") & rows.known("number")),
        rows.count(made & rows.says("outcome", "rejected")),
    )
    found: Mask = 2 * np.minimum(blocked, new) + np.clip(new - blocked, 0, refused) >= at_least
    return found


def _made(rows: Rows) -> Mask:
    return rows.made & ~rows.elsewhere


def _of_agency(agency: str, made: list[Entry], blocks: list[Entry]) -> Seen | None:
    used, stops, shown = set[str](), list[Entry](), dict[str, Entry]()
    blocked = refused = 0
    for each in sorted([*(one for one in made if one.one("number") and not elsewhere(one)), *blocks], key=order):
        number = each.one("number")
        if not each.is_contact:
            stops += [each] if number in used else []
            continue
        stops = [stop for stop in stops if each.at - stop.at <= _SOON]
        if stops and used and number not in used:
            stop = stops.pop()
            blocked += not stop.is_contact
            refused += stop.is_contact
            shown |= {stop.entry_id: stop, each.entry_id: each}
        used.add(number)
        if each.one("outcome") == "rejected":
            stops.append(each)
    if not blocked + refused:
        return None
    observed = {"blocked": blocked, "refused": refused, "numbers": len(used)}
    return Seen(agency, float(2 * blocked + refused), observed, tuple(one.entry_id for one in sorted(shown.values(), key=order)))
