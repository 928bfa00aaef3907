"""Soft violence in turns: one collector threatens or insults, the next is kind, and the first comes back; each talk by itself may pass.

That a talk turns bad is common; that rough and kind talks alternate between collectors within days is a part that is played.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from forbear.leads.rows import Rows
from forbear.leads.seen import Seen, of_each
from forbear.records.columns.texts import Mask
from forbear.records.entry import Entry

_ROUGH: Final = frozenset({"threat", "insult", "false-claim", "disclosure"})
_SPAN: Final = 14 * 86_400
"""Seconds within which talks belong together."""


def seen(entries: Sequence[Entry]) -> list[Seen]:
    """What a timeline shows of it."""
    return of_each(entries, _of_agency)


def may(rows: Rows, at_least: float) -> Mask:
    """Timelines that may reach a score: those with two rough talks and one between them, whoever held them and when."""
    talks = rows.made & rows.known("tags") & rows.known("collector")
    rough = rows.holds("tags", *_ROUGH)
    turns = 2 * np.minimum(rows.count(talks & rough), rows.count(talks & ~rough)) + 1
    most = turns - 2 + math.log2(_SPAN / 3600)
    return (rows.count(talks & rough) >= 2) & (turns > 1) & (np.round(most, 1) >= at_least)


def _of_agency(agency: str, made: list[Entry]) -> Seen | None:
    talks = [each for each in made if each.fields.get("tags") is not None and each.one("collector")]
    best = list[Entry]()
    for begin in range(len(talks)):
        run = talks[begin : begin + 1]
        for each in talks[begin + 1 :]:
            if each.at - talks[begin].at > _SPAN:
                break
            if _rough(each) != _rough(run[-1]) and each.one("collector") != run[-1].one("collector"):
                run.append(each)
        if len(run) > len(best):
            best = run
    rough = sum(map(_rough, best))
    if rough < 2:
        return None
    days = -(-(best[-1].at - best[0].at) // 86_400)
    observed = {"turns": len(best) - 1, "rough": rough, "days": days, "collectors": len({each.one("collector") for each in best})}
    # A turn more is worth as much as a rhythm twice as fast.
    score = len(best) - 2 + math.log2(_SPAN / max(best[-1].at - best[0].at, 3600))
    return Seen(agency, round(score, 1), observed, tuple(each.entry_id for each in best))


def _rough(entry: Entry) -> bool:
    return not _ROUGH.isdisjoint(entry.fields.get("tags", ()))
