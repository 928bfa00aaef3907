"""The hour of the week and the month of very many contacts at once, by the clock of the place where each consumer then was."""

from __future__ import annotations

from collections.abc import Callable

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
    return _shown(at, zone, jurisdiction, book, _hours)


def months(at: Ints, zone: Coded, jurisdiction: Coded, book: Book) -> Ints:
    """Months since January 1970, as `of_week` gives hours; -1 where the zones that count show different months, and before 1970."""
    return _shown(at, zone, jurisdiction, book, _months)


def _shown(at: Ints, zone: Coded, jurisdiction: Coded, book: Book, read: Callable[[Ints, str], Ints]) -> Ints:
    """What `read` sees on the clocks of a zone, where all zones that count agree."""
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
        seen = read(at[rows], zones[0])
        for other in zones[1:]:
            seen[read(at[rows], other) != seen] = -1
            if (seen < 0).all():
                break
        found[rows] = seen
    return found


def _hours(at: Ints, zone: str) -> Ints:
    hour: Ints = (shown(at, zone) // 3600 + 24 * _THURSDAY) % (7 * 24)
    return hour


def _months(at: Ints, zone: str) -> Ints:
    return shown(at, zone).astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
