"""Timelines of entries that are objects already, seen as those of a block are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from forbear.records.columns.block import of_entries
from forbear.records.columns.lines import Ids, Lines
from forbear.records.columns.texts import Ints
from forbear.records.entry import Entry
from forbear.records.timelines import Timeline


class Whole(Lines):
    """As `lines.Lines`, for a history that was read row by row."""

    def __init__(self, timelines: Sequence[Timeline], repeated: int = 0) -> None:
        """`repeated`: rows that say exactly what another one says."""
        self._all = [entry for line in timelines for entry in line.entries]
        start = np.cumsum([0, *(len(line.entries) for line in timelines)], dtype=np.int64)
        names = [line.consumers[0] for line in timelines]
        super().__init__(of_entries(self._all), _Ids(self._all, repeated), np.arange(len(self._all)), start, names)

    def entries(self, positions: Iterable[int]) -> list[Entry]:
        """Entries by position."""
        return [self._all[position] for position in positions]

    def forget(self) -> None:
        """They are the history's."""


class _Ids(Ids):
    def __init__(self, entries: Sequence[Entry], repeated: int) -> None:
        self._entries, self.repeated = entries, repeated

    def of(self, rows: Ints) -> pa.StringArray:
        return pa.array([self._entries[row].entry_id for row in rows.tolist()], pa.string())
