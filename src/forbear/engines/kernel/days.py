"""What the law says of days, worked out once for all days of a run: where spans lead, which days are holidays, when clocks are moved."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forbear.engines.kernel.law import Law
from forbear.records.clock import EPOCH_DAY, offsets
from forbear.rulebook.place import ENDLESS
from forbear.rulebook.window import add_months

DAY: Final = 86400
_MARGIN: Final = 800
"""Days of the day tables before and after the data, so that what starts later than its opener still finds its end."""


class Days(NamedTuple):
    """Tables over all days from `first` on."""

    first: int
    ends: NDArray[np.int64]
    """Table of days x day -> the earliest day that a span can lead to."""
    latest: NDArray[np.int64]
    """The same -> the latest; `ENDLESS` where no calendar tells."""
    kind: NDArray[np.int8]
    """Calendar x day -> 0-6 a weekday, 7 a holiday, 8 + weekday where nobody knows."""

    def covers(self, earliest: int, latest: int) -> bool:
        """Whether both instants, with room before and after, are within the tables."""
        return self.first <= _day(earliest) - _MARGIN and _day(latest) + _MARGIN < self.first + self.kind.shape[1]

    def moved(self, zone: str) -> list[int]:
        """(instant, offset) pairs of a zone, one after another."""
        return _moved(zone, self.first - EPOCH_DAY, self.kind.shape[1])


@lru_cache(maxsize=4096)
def _moved(zone: str, first: int, days: int) -> list[int]:
    return [x for pair in offsets(zone, first, days) for x in pair]


def _day(instant: int) -> int:
    return instant // DAY + EPOCH_DAY


def days_of(law: Law, earliest: int, latest: int, before: Days | None = None) -> Days:
    """The tables for a stretch of time; `before` itself if they reach so far, else what covers both."""
    if before is not None:
        if before.covers(earliest, latest):
            return before
        earliest = min(earliest, (before.first + _MARGIN - EPOCH_DAY) * DAY)
        latest = max(latest, (before.first + before.kind.shape[1] - _MARGIN - 1 - EPOCH_DAY) * DAY)
    first = _day(earliest) - _MARGIN
    days = _day(latest) + _MARGIN - first + 1
    return Days(first, *_ends(law, first, days), _kinds(law, first, days))


def _ends(law: Law, first: int, days: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    ends, latest = (np.zeros((len(law.spans), days), np.int64) for _ in range(2))
    everyday = np.arange(first, first + days)
    for t, (span, calendar, starts) in enumerate(law.spans):
        if span.unit == "business day" and (place := law.book.place(calendar)):
            reached = [place.business_day(int(day), span.n) for day in everyday]
            ends[t] = [early + (not starts) for early, _ in reached]
            latest[t] = [late if late == ENDLESS else late + (not starts) for _, late in reached]
        elif span.unit == "month":
            ends[t] = latest[t] = [add_months(int(day), span.n) for day in everyday]
        else:
            ends[t] = latest[t] = everyday + span.n + (span.after and not starts)
    return ends, latest


def _kinds(law: Law, first: int, days: int) -> NDArray[np.int8]:
    everyday = np.arange(first, first + days)
    weekdays = (everyday + 6) % 7
    found = np.tile(weekdays, (len(law.calendars), 1)).astype(np.int8)
    for c, calendar in enumerate(law.calendars):
        if place := law.book.place(calendar):
            for d, day in enumerate(everyday):
                kinds = place.day_kinds(int(day))
                found[c, d] = 7 if kinds == ("holiday",) else found[c, d] + 8 * (len(kinds) > 1)
    return found
