"""Runs the loops over timelines; `tell` then says what was found, and judges what the loops left to plain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from forbear.engines.judgement import Entries, Judgement, Verdicts
from forbear.engines.kernel import table
from forbear.engines.kernel.arrays import Ints
from forbear.engines.kernel.compiled import run
from forbear.engines.kernel.compiled.dates import settle_days
from forbear.engines.kernel.compiled.state import memory
from forbear.engines.kernel.days import Days
from forbear.engines.kernel.found import Found
from forbear.engines.kernel.held import HeldTable, hold_law, hold_state, hold_table
from forbear.engines.kernel.law import Law
from forbear.engines.kernel.tell import Teller
from forbear.records.columns.block import Block, of_entries
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule


class Kernel:
    """One rulebook, ready to judge any timelines. Threads may share one: what a run writes to is its own."""

    def __init__(self, book: Book, rules: Sequence[Rule], coverage: Coverage) -> None:
        self.book, self.rules, self.coverage = book, list(rules), coverage
        self.law = Law(book, self.rules, coverage)
        self.held = hold_law(self.law.packed)
        self._teller = Teller(self.law, self.held)
        self._days: Days | None = None

    def judge(self, timelines: Sequence[Sequence[Entry]]) -> Iterator[list[Judgement]]:
        """The judgements of each timeline that are not clear, by entry and then by rule, as `judgement.judge_timeline` gives them."""
        if not timelines:
            return
        entries = [entry for line in timelines for entry in line]
        start = np.cumsum([0, *(len(line) for line in timelines)], dtype=np.int64)
        found = self.find(of_entries(entries), np.arange(len(entries)), start)
        told: list[list[Judgement]] = [[] for _ in timelines]
        for line, judgements in self._teller.tell(found, lambda positions: [entries[k] for k in positions]):
            first = int(start[line])
            told[line] = judgements
            if first:
                told[line] = [j._replace(position=j.position - first, witness=tuple(k - first for k in j.witness)) for j in judgements]
        yield from told

    def find(self, block: Block, row: Ints, start: Ints) -> Found:
        """What the loops find in timelines: timeline `t` is rows `row[start[t]:start[t + 1]]` of the block."""
        days = self._days = table.span_of(self.law, block, self._days)
        packed = table.build(self.law, block, row, start, days)
        clocks = len(self.law.clocks)
        dates = np.empty((len(packed.at), 2 * clocks), np.int64)
        held = hold_table(packed)
        settle_days(held, clocks, dates)
        rows, slow = self._run(held, len(start) - 1, dates)
        return Found(block, row, packed, held, dates, rows, slow)

    def tell(self, found: Found, entries: Entries) -> Iterator[tuple[int, list[Judgement]]]:
        """Timelines with their judgements that are not clear, positions counted through all timelines."""
        return self._teller.tell(found, entries)

    def verdicts(self, found: Found, entries: Entries) -> Verdicts:
        """The verdicts that are not clear, by entry and then by rule: much quicker than to tell them."""
        return self._teller.verdicts(found, entries)

    def _run(self, held: HeldTable, timelines: int, dates: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
        """Rows (position, rule, truth) sorted, and what was left to plain."""
        slow = np.zeros(timelines, np.int8)
        if self.law.dated:
            slow[:] = 1
            return np.empty((0, 3), np.int64), slow
        nodes = 1 << 14
        state = hold_state(memory(self.law.packed, nodes))
        until = 1 << 60 if self.coverage.records_until is None else self.coverage.records_until
        out = np.empty((max(1 << 16, 4 * len(self.rules)), 3), np.int64)
        parts, begin = [np.empty((0, 3), np.int64)], 0
        while begin < len(slow):
            following, rows = run.run(self.held, held, dates, state, until, out, slow, begin)
            parts.append(out[:rows].copy())
            if following == begin:
                # One timeline filled an array: twice as much room, and again.
                nodes *= 2
                state = hold_state(memory(self.law.packed, nodes))
                out = np.empty((2 * len(out), 3), np.int64)
            begin = following
        return np.concatenate(parts), slow
