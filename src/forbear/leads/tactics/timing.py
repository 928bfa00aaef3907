"""Machine-timed dialling: calls that follow each other at one and the same distance, second-long hang-ups, lines that ring at once.

A dialler that retries a number after a fixed time, twice in a day, is lawful and common, however often that happens; it takes a row of
equal gaps to stand out. The score is the surprise (log 10) of so many equal gaps if people had dialled, summed over the rows, and what
hang-ups and parallel lines add.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from forbear.leads.rows import Rows
from forbear.leads.seen import Seen, lasted, of_each, surprise
from forbear.records.columns.texts import Mask
from forbear.records.entry import Entry, order

_LONGEST: Final = 3600
"""Seconds: gaps longer than this tell of pauses, not of a machine."""
_EQUAL: Final = 4
"""Seconds by which gaps that are called equal may differ."""
_AGREE: Final = 5 * _EQUAL / 600
"""Chance that gaps agree when people redial within minutes: five windows of such a length hold a fair share of that."""
_HANG_UP: Final = 2
"""Seconds that a call lasts at most which nobody wanted to hold."""
_PICKED_UP: Final = ("answered", "conversation")
_AT_ONCE: Final = 15
"""Seconds within which two calls from different numbers ring at once."""


def seen(entries: Sequence[Entry]) -> list[Seen]:
    """What a timeline shows of it."""
    return of_each(entries, _of_agency)


def looks_at(rows: Rows) -> Mask:
    """Entries that `seen` needs."""
    return rows.calls


def may(rows: Rows, at_least: float) -> Mask:
    """Timelines that may reach a score: with three equal gaps in a row of calls, or with enough of the rest."""
    place = rows.together(rows.calls)
    line, number = rows.line[place], rows.code("number")[place]
    gap, same = np.diff(rows.at[place]), np.diff(rows.whose[place]) == 0
    run = np.cumsum(~same | (gap > _LONGEST))
    counts = same & (gap > 0) & (gap <= _LONGEST)
    order = np.lexsort((gap[counts], run[counts]))
    gaps, runs, lines = gap[counts][order], run[counts][order], line[1:][counts][order]
    equal = (runs[2:] == runs[:-2]) & (gaps[2:] - gaps[:-2] <= _EQUAL)
    at_once = same & (gap <= _AT_ONCE) & (number[1:] > 0) & (number[:-1] > 0) & (number[1:] != number[:-1])
    hung_up = rows.calls & rows.says("duration_s", *map(str, range(1, _HANG_UP + 1))) & rows.says("outcome", *_PICKED_UP)
    rest = 0.5 * rows.count(hung_up) + np.bincount(line[1:][at_once], minlength=rows.timelines)
    return (np.bincount(lines[2:][equal], minlength=rows.timelines) > 0) | (rest >= at_least)


def _of_agency(agency: str, made: list[Entry]) -> Seen | None:
    calls = [each for each in made if each.one("channel") == "call"]
    runs = [_equal(run) for run in _runs(calls)]
    hung_up = [each for each in calls if (lasted(each) or _HANG_UP + 1) <= _HANG_UP and each.one("outcome") in _PICKED_UP]
    at_once = [
        both
        for both in pairwise(calls)
        if both[1].at - both[0].at <= _AT_ONCE and "" != both[0].one("number") != both[1].one("number") != ""
    ]
    score = sum(run.surprise for run in runs) + 0.5 * len(hung_up) + len(at_once)
    if score <= 0:
        return None
    best = max(runs, key=lambda run: run.surprise, default=_Run(0.0, 0, 0, 0, ()))
    observed = {
        "calls": len(calls),
        "gaps": best.gaps,
        "equal": best.equal,
        "seconds": best.seconds,
        "hung_up": len(hung_up),
        "at_once": len(at_once),
    }
    shown = {each.entry_id: each for run in runs if run.surprise for each in run.calls}
    shown |= {each.entry_id: each for each in (*hung_up, *(one for both in at_once for one in both))}
    return Seen(agency, round(score, 2), observed, tuple(each.entry_id for each in sorted(shown.values(), key=order)))


class _Run(NamedTuple):
    """Calls without a pause between them."""

    surprise: float
    gaps: int
    equal: int
    seconds: int
    """How long the equal gaps are, about."""
    calls: tuple[Entry, ...]
    """Those on either side of an equal gap."""


def _runs(calls: Iterable[Entry]) -> Iterator[list[Entry]]:
    run = list[Entry]()
    for each in calls:
        if run and each.at - run[-1].at > _LONGEST:
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _equal(run: list[Entry]) -> _Run:
    """The most gaps of a run that are equal, and how surprising that is. Who is tried again after a set time, twice, is no surprise."""
    gaps = sorted((late.at - soon.at, n) for n, (soon, late) in enumerate(pairwise(run)) if late.at > soon.at)
    if not gaps:
        return _Run(0.0, 0, 0, 0, ())
    lengths = [gap for gap, _ in gaps]
    equal, begin = max((bisect_right(lengths, gap + _EQUAL) - n, n) for n, gap in enumerate(lengths))
    members = sorted({at for _, n in gaps[begin : begin + equal] for at in (n, n + 1)})
    return _Run(_surprise(equal, len(gaps)), len(gaps), equal, lengths[begin + equal // 2], tuple(run[n] for n in members))


def _surprise(equal: int, gaps: int) -> float:
    """How surprising (log 10) so many equal gaps are if people dial: then gaps spread over minutes, and few agree to the second.

    As many windows were tried as there are gaps.
    """
    if equal < 3:
        return 0.0
    return max(0.0, surprise(equal, gaps, _AGREE) - math.log10(gaps))
