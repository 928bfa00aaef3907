"""What the clocks of a zone show at very many instants: `clock.local` for columns."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from forbear.records.clock import offsets
from forbear.records.columns.texts import Ints

DAY = 86_400
_YEAR = 366


def shown(at: Ints, zone: str) -> Ints:
    """Seconds since 1970-01-01 00:00 of the zone's own wall clock, which jumps where it is put forward or back."""
    if not len(at):
        return at
    first = int(at.min()) // DAY // _YEAR * _YEAR
    since, shift = _moved(zone, first, (int(at.max()) // DAY - first) // _YEAR + 1)
    local: Ints = at + shift[np.searchsorted(since, at, side="right") - 1]
    return local


@lru_cache(maxsize=1024)
def _moved(zone: str, first: int, years: int) -> tuple[Ints, Ints]:
    """From when on a zone's clock shows which offset."""
    pairs = np.array(offsets(zone, first, years * _YEAR), np.int64)
    return pairs[:, 0], pairs[:, 1]
