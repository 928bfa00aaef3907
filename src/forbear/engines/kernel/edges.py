"""The instants at which law may say otherwise of a contact that is still to happen, if nothing else happens: never too few of them.

All that is not about hours of the day changes *once*: when a span ends, a week begins, a rule comes into force. Hours come again *daily*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forbear.engines.kernel.arrays import (
    HOURS,
    MINUTES,
    MONTH,
    O_LASTS,
    O_MINUTES,
    O_STARTS,
    R_CLOCK,
    R_N,
    R_SINCE,
    R_UNTIL,
    R_VERB,
    R_WINDOW,
    WEEK,
    Ints,
)
from forbear.engines.kernel.days import DAY, Days
from forbear.engines.kernel.law import Law
from forbear.records.clock import EPOCH_DAY, changes, instants, midnight
from forbear.rulebook.place import ENDLESS
from forbear.rulebook.window import add_months, month_start

_FARTHEST: Final = 3_000_000
"""A day near the end of all calendars."""


class Edges:
    """What of a law has to do with time."""

    def __init__(self, law: Law) -> None:
        rule, opener = law.packed.rule, law.packed.opener
        self._minutes = sorted({*(rule[rule[:, R_WINDOW] == MINUTES, R_N]).tolist(), *(opener[:, O_MINUTES] * 60).tolist()} - {0})
        self._weeks = sorted(set(rule[rule[:, R_WINDOW] == WEEK, R_N].tolist()))
        self._months = bool((rule[:, R_WINDOW] == MONTH).any())
        self._spans = range(len(law.spans))
        self._delayed = sorted({(int(row[O_STARTS]), int(row[O_LASTS])) for row in opener if row[O_STARTS] >= 0 and row[O_LASTS] >= 0})
        self._dates = np.unique([rule[:, R_SINCE], rule[:, R_UNTIL] + 1])
        self._clocks = law.clocks[1:]
        by_hours = rule[rule[:, R_VERB] == HOURS]
        self._hour_clocks = sorted({law.clocks[clock] for clock in by_hours[:, R_CLOCK].tolist()})
        self._seconds = tuple(
            sorted({second for hours in law.hours for spans in hours.values() for span in spans for second in span if second < DAY})
        )

    def once(self, at: Ints, dates: Ints, over: Ints, days: Days, zones: Sequence[str], first: int, until: int) -> list[int]:
        """Those between `first` and `until`.

        `at`, `dates`: of the entries; `over`: days on which an `until` of theirs is over; `zones`: of the question.
        """
        found = {int(x) for x in at.tolist()}
        found |= {x + minutes for x in at.tolist() for minutes in self._minutes}
        low, high = first // DAY + EPOCH_DAY - 1, min(until // DAY + EPOCH_DAY + 1, _FARTHEST)
        reached = self._reached(np.unique(dates), days)
        wanted = np.unique(np.concatenate([self._dates, over.reshape(-1), *reached]))
        wanted = wanted[(wanted >= low) & (wanted <= high)]
        found |= {midnight(day, zone) for day in wanted.tolist() for zone in {*zones, *self._clocks}}
        return sorted(instant for instant in found if first < instant < until)

    def daily(self, zones: Sequence[str], first: int, until: int) -> list[int]:
        """Those between two instants at which hours begin or end, a day begins or the clock is moved."""
        where = {zone for clock in self._hour_clocks for zone in (zones if clock == "consumer" else (clock,))}
        low, high = first // DAY + EPOCH_DAY - 1, until // DAY + EPOCH_DAY + 1
        found = {at for zone in where for day in range(low, high + 1) for at in _of_day(day, zone, self._seconds)}
        return sorted(instant for instant in found if first < instant < until)

    def _reached(self, begun: Ints, days: Days) -> Iterator[NDArray[np.int64]]:
        """Days to which something leads that began on one of these days."""
        for reached in (days.ends, days.latest):
            for span in self._spans:
                yield reached[span, begun - days.first]
            for starts, lasts in self._delayed:
                began = reached[starts, begun - days.first]
                yield reached[lasts, began[began < ENDLESS] - days.first]
        for week in self._weeks:
            start = begun - ((begun + 6) % 7 - week) % 7
            yield start
            yield start + 7
        if self._months:
            months = {month_start(day) for day in begun.tolist()}
            yield np.array([day for month in months for day in (month, add_months(month, 1))], np.int64)


@lru_cache(maxsize=1 << 16)
def _of_day(day: int, zone: str, seconds: tuple[int, ...]) -> tuple[int, ...]:
    return (midnight(day, zone), *changes(day, zone), *(at for second in seconds for at in instants(day, second, zone)))
