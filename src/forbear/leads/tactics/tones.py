"""Soft violence in turns: one collector threatens or insults, the next is kind, and the first comes back; each talk by itself may pass.

That a talk turns bad is common; that rough and kind talks alternate between collectors within days is a part that is played.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
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


def looks_at(rows: Rows) -> Mask:
    """Entries that `seen` needs: talks that lie near a rough one."""
    talks, rough = _talks(rows)
    near = talks.copy()
    place, ends = rows.near(np.flatnonzero(talks & rough), np.flatnonzero(talks), _SPAN)
    near[np.flatnonzero(talks)] = ends > place
    return near


def may(rows: Rows, at_least: float) -> Mask:
    """Timelines that may reach a score: those with two rough talks and one between them, whoever held them and when."""
    talks, rough = _talks(rows)
    turns = 2 * np.minimum(rows.count(talks & rough), rows.count(talks & ~rough)) + 1
    most = turns - 2 + math.log2(_SPAN / 3600)
    return (rows.count(talks & rough) >= 2) & (turns > 1) & (np.round(most, 1) >= at_least)


def _talks(rows: Rows) -> tuple[Mask, Mask]:
    """(talks, what is rough)."""
    return rows.made & rows.known("tags") & rows.known("collector"), rows.holds("tags", *_ROUGH)


def _of_agency(agency: str, made: list[Entry]) -> Seen | None:
    talks = [each for each in made if each.fields.get("tags") is not None and each.one("collector")]
    best = max((_run(talks, begin) for begin in _begins(talks)), key=lambda run: (len(run), run[0].at - run[-1].at), default=[])
    rough = sum(map(_rough, best))
    if rough < 2:
        return None
    days = -(-(best[-1].at - best[0].at) // 86_400)
    observed = {"turns": len(best) - 1, "rough": rough, "days": days, "collectors": len({each.one("collector") for each in best})}
    # A turn more is worth as much as a rhythm twice as fast.
    score = len(best) - 2 + math.log2(_SPAN / max(best[-1].at - best[0].at, 3600))
    return Seen(agency, round(score, 1), observed, tuple(each.entry_id for each in best))


def _begins(talks: list[Entry]) -> Iterator[int]:
    """Where a run can begin that no later beginning makes longer: a rough talk, or the last kind one before it by somebody else."""
    kind = dict[str, int]()  # by two different collectors, the latest last
    for n, each in enumerate(talks):
        who = each.one("collector")
        if _rough(each):
            yield n
            yield from [before for other, before in reversed(kind.items()) if other != who][:1]
        else:
            kind.pop(who, None)
            kind[who] = n
            if len(kind) > 2:
                del kind[next(iter(kind))]


def _run(talks: list[Entry], begin: int) -> list[Entry]:
    """Talks that alternate, each by another collector than the one before."""
    run = talks[begin : begin + 1]
    for n in range(begin + 1, len(talks)):
        each = talks[n]
        if each.at - run[0].at > _SPAN:
            break
        if _rough(each) != _rough(run[-1]) and each.one("collector") != run[-1].one("collector"):
            run.append(each)
    return run


def _rough(entry: Entry) -> bool:
    return not _ROUGH.isdisjoint(entry.fields.get("tags", ()))
