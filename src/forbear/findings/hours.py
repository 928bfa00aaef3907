"""The hour of the week of very many contacts at once, by the clock of the place where each consumer then was."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forbear.engines.kernel.coded import Coded, combine
from forbear.engines.times import Times
from forbear.records.columns.block import split
from forbear.records.columns.local import shown
from forbear.records.entry import Entry
from forbear.rulebook.book import Book

Ints = NDArray[np.int64]
_THURSDAY = 3
"""The weekday of 1970-01-01."""


def of_week(at: Ints, zone: Coded, jurisdiction: Coded, book: Book) -> Ints:
    """Hours since Monday 00:00, 0 to 167, for instants and the places beside them; -1 where the zones that count show different hours."""
    found = np.full(len(at), -1, np.int64)
    if not len(at):
        return found
    combined, places = combine([zone, jurisdiction], len(at))
    order = np.argsort(combined, kind="stable")
    ends = np.searchsorted(combined[order], np.arange(len(places) + 1))
    times = Times(book)
    for n, texts in enumerate(places):
        rows = order[ends[n] : ends[n + 1]]
        said = {name: split(text) for name, text in zip(("zone", "jurisdiction"), texts, strict=True) if text is not None}
        zones = times.zones(Entry(entry_id="", at=0, known_at=0, fields=said), "consumer")
        hour = _hours(at[rows], zones[0])
        for other in zones[1:]:
            hour[_hours(at[rows], other) != hour] = -1
            if (hour < 0).all():
                break
        found[rows] = hour
    return found


def _hours(at: Ints, zone: str) -> Ints:
    hour: Ints = (shown(at, zone) // 3600 + 24 * _THURSDAY) % (7 * 24)
    return hour
