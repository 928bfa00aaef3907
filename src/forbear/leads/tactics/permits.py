"""Manufactured permits: dials that nobody could answer, so that the mother may be called next day; consents only the agency declares.

Where a clause allows contact with others once somebody cannot be reached, three tries in three minutes are three tries by the letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from forbear.leads.rows import Rows
from forbear.leads.seen import NOBODY, Seen, elsewhere, of_each, unanswered
from forbear.records.columns.texts import Mask
from forbear.records.entry import Entry, order

_BURST: Final = 600
"""Seconds within which tries follow each other too fast for anybody to call back."""
_TRIES: Final = 3
_NEXT_DAY: Final = 36 * 3600
_AFTER: Final = 3 * 86_400
"""Seconds within which others are contacted on the strength of them."""


def seen(entries: Sequence[Entry]) -> list[Seen]:
    """What a timeline shows of it."""
    declared: dict[str, list[Entry]] = {}
    for each in entries:
        if each.fields["kind"] == ("consent",) and each.one("declared_by") == "agency":
            declared.setdefault(each.one("agency"), []).append(each)
    return of_each(entries, lambda agency, made: _of_agency(agency, made, declared.get(agency, [])))


def looks_at(rows: Rows) -> Mask:
    """Entries that `seen` needs."""
    return rows.calls | (rows.made & rows.elsewhere) | _declared(rows)


def may(rows: Rows, at_least: float) -> Mask:
    """Timelines that may reach a score: as if each three tries were followed by another's contact on the next day."""
    place = rows.together(rows.calls & ~rows.elsewhere)
    nobody = rows.where("outcome", lambda values: bool(values) and set(values or ()) <= NOBODY)[place]
    whose, at = rows.whose[place], rows.at[place]
    burst = (whose[2:] == whose[:-2]) & (at[2:] - at[:-2] <= _BURST) & nobody[2:] & nobody[1:-1] & nobody[:-2]
    bursts = np.bincount(rows.line[place[2:][burst]], minlength=rows.timelines)
    others = rows.count(rows.made & rows.elsewhere) > 0
    declared = rows.count(_declared(rows))
    found: Mask = 2 * np.where(others, bursts, 0) + 0.5 * declared >= at_least
    return found


def _declared(rows: Rows) -> Mask:
    return rows.says("kind", "consent") & rows.says("declared_by", "agency")


def _of_agency(agency: str, made: list[Entry], declared: list[Entry]) -> Seen | None:
    tries = [each for each in made if each.one("channel") == "call" and not elsewhere(each)]
    others = [each for each in made if elsewhere(each)]
    talked = [each.at for each in tries if "conversation" in each.fields.get("outcome", ("conversation",))]
    bursts, after, at = list[Entry](), list[Entry](), 0
    episodes = next_day = 0
    while at + _TRIES <= len(tries):
        burst = tries[at : at + _TRIES]
        if burst[-1].at - burst[0].at <= _BURST and all(map(unanswered, burst)):
            reached = [each for each in others if 0 < each.at - burst[-1].at <= _AFTER]
            if reached and not any(burst[-1].at < second < reached[0].at for second in talked):
                episodes += 1
                next_day += reached[0].at - burst[-1].at <= _NEXT_DAY
                bursts += burst
                after.append(reached[0])
            at += _TRIES
        else:
            at += 1
    score = episodes + next_day + 0.5 * len(declared)
    if score <= 0:
        return None
    found = sorted({each.entry_id: each for each in (*bursts, *after, *declared)}.values(), key=order)
    observed = {"episodes": episodes, "next_day": next_day, "declared": len(declared)}
    return Seen(agency, score, observed, tuple(each.entry_id for each in found))
