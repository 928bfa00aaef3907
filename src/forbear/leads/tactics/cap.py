"""Riding the cap: on every day as many contacts as on any other, the first of them at the first minute that is allowed.

A cap is a limit, not a plan. Who happens to need as many contacts as are allowed on some days breaks nothing; who makes the same number on
every day, and begins to the minute, has planned by it. Which cap that is, the score does not ask.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from forbear.leads.rows import Rows
from forbear.leads.seen import Seen, elsewhere, of_each, surprise
from forbear.records import clock
from forbear.records.columns.texts import Mask
from forbear.records.entry import Entry

_DAYS: Final = 5
"""Days with contacts that it takes to see a habit."""
_MINUTES: Final = 3
"""Minutes within which first contacts count as at the same time."""
_SAME: Final = 0.5
"""Share of days on which people who do not plan make their usual number of contacts."""
_PROMPT: Final = 0.05
"""Share of days on which they begin within the same minutes."""


def seen(entries: Sequence[Entry]) -> list[Seen]:
    """What a timeline shows of it."""
    return of_each(entries, _of_agency)


def looks_at(rows: Rows) -> Mask:
    """Entries that `seen` needs."""
    return rows.calls & ~rows.elsewhere


def may(rows: Rows, at_least: float) -> Mask:
    """Timelines that may reach a score: where on enough days there were as many calls, at whatever time the first came."""
    calls = rows.calls & ~rows.elsewhere
    day = rows.day[calls] - rows.day.min(initial=0)
    span = int(day.max(initial=0)) + 1
    days, calls_a_day = np.unique(rows.whose[calls] * span + day, return_counts=True)
    whose, count = np.unique(days // span, return_counts=True)
    several = calls_a_day > 1
    most = int(calls_a_day.max(initial=0)) + 1
    same, times = np.unique(days[several] // span * most + calls_a_day[several], return_counts=True)
    full = np.zeros(len(whose), np.int64)
    np.maximum.at(full, np.searchsorted(whose, same // most), times)
    found = np.zeros(rows.timelines, np.bool_)
    enough = np.flatnonzero((count >= _DAYS) & (full > _SAME * count))
    for n, of, times_full in zip(enough.tolist(), count[enough].tolist(), full[enough].tolist(), strict=True):
        if round(surprise(times_full, of, _SAME), 2) >= at_least:
            found[whose[n] // rows.agencies] = True
    return found


def _of_agency(agency: str, made: list[Entry]) -> Seen | None:
    days = defaultdict[int, list[tuple[int, Entry]]](list)
    for each in made:
        if each.one("channel") == "call" and not elsewhere(each):
            zone = each.one("zone")
            day, second = clock.local(each.at, zone if zone and "|" not in zone else "Etc/UTC")
            days[day].append((second, each))
    if len(days) < _DAYS:
        return None
    most, full = Counter(len(some) for some in days.values()).most_common(1)[0]
    firsts = sorted(min(second for second, _ in some) // 60 for some in days.values())
    prompt, minute = max((bisect_right(firsts, first + _MINUTES - 1) - n, -first) for n, first in enumerate(firsts))
    if most < 2:
        return None
    score = min(surprise(full, len(days), _SAME), surprise(prompt, len(days), _PROMPT))  # either alone is a habit of many
    if score <= 0:
        return None
    observed = {"days": len(days), "full": full, "a_day": most, "prompt": prompt, "hour": -minute // 60, "minute": -minute % 60}
    return Seen(agency, round(score, 2), observed, tuple(each.entry_id for day in sorted(days) for _, each in days[day]))
