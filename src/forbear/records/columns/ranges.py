"""Very many rows of hashes: which hash comes again. Kept by ranges of the first hash, so that each range is looked at by itself."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forbear.records.columns import loops
from forbear.records.columns.texts import Hashes

Rows = NDArray[np.uint64]
"""Row x column -> hash."""


class Ranges:
    """Takes hashes in, then tells which come again. What would not fit in memory waits in a file."""

    def __init__(self, columns: int, file: Path, budget: int) -> None:
        """`budget`: bytes that the rows may take up in memory."""
        self._columns, self._file, self._budget = columns, file, budget
        self._held: list[tuple[NDArray[np.int64], Rows]] = []
        self._on_disk: list[tuple[NDArray[np.int64], int]] = []
        """Where each range ends, and the byte of the file at which the rows begin."""
        self._bytes = 0

    def add(self, *columns: Hashes) -> None:
        """Takes in some rows, column by column."""
        rows = np.column_stack(columns) if len(columns) > 1 else columns[0].reshape(-1, 1)
        if not len(rows):
            return
        ends, found = np.zeros(loops.RANGES + 1, np.int64), np.empty_like(rows)
        loops.spread(rows, ends, found)
        self._held.append((ends, found))
        self._bytes += found.nbytes
        if self._bytes > self._budget:
            self._spill()

    def _spill(self) -> None:
        with self._file.open("ab") as out:
            for ends, rows in self._held:
                self._on_disk.append((ends, out.tell()))
                rows.tofile(out)
        self._held, self._bytes = [], 0

    def repeats(self) -> Rows:
        """Pairs of last hashes that stand beside the same first one: different ones, unless there is but one column. Gives all up."""
        found = list(self._repeats())
        self._held = []
        if self._on_disk:
            self._file.unlink()
        return np.concatenate(found) if found else np.empty((0, 2), np.uint64)

    def _repeats(self) -> Iterator[Rows]:
        with self._file.open("rb") if self._on_disk else io.BytesIO() as stored:
            for n in range(loops.RANGES):
                parts = [rows[ends[n] : ends[n + 1]] for ends, rows in self._held]
                for ends, byte in self._on_disk:
                    stored.seek(byte + 8 * self._columns * int(ends[n]))
                    some = np.fromfile(stored, np.uint64, self._columns * int(ends[n + 1] - ends[n]))
                    parts.append(some.reshape(-1, self._columns))
                rows = np.concatenate(parts) if parts else np.empty((0, self._columns), np.uint64)
                pairs = np.empty((len(rows), 2), np.uint64)
                count = loops.repeats(rows, pairs)
                if count:
                    yield pairs[:count].copy()
