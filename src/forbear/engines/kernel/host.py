"""Runs the loops over timelines and lets `plain` tell the details of what they found, and judge what they left to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from forbear.engines.judgement import Judgement, judgement_of
from forbear.engines.kernel import loops, table
from forbear.engines.kernel.law import RULE, Law
from forbear.engines.plain import Judge
from forbear.records.entry import Coverage, Entry
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule


class Share(NamedTuple):
    """How many timelines were judged, and how many of them plain judged: wholly, or under the rules that the loops do not do."""

    timelines: int
    whole: int
    partly: int


class Kernel:
    """One rulebook, ready to judge any timelines."""

    def __init__(self, book: Book, rules: Sequence[Rule], coverage: Coverage) -> None:
        self.book, self.rules, self.coverage = book, list(rules), coverage
        self.law = Law(book, self.rules, coverage)
        slow = RULE.index("slow")
        self._slow = [r for r in range(len(self.rules)) if self.law.packed.rule[r, slow]]
        self._state = loops.state(self.law.packed, 1 << 14)
        # Sources that hold a kind between dates are asked of plain: the loops know only kinds that are held always or never.
        self._dated = any(h.since is not None or h.until is not None for h in coverage.holdings)
        self.share = Share(0, 0, 0)

    def judge(self, timelines: Sequence[Sequence[Entry]]) -> Iterator[list[Judgement]]:
        """The judgements of each timeline that are not clear, by entry and then by rule, as `judgement.judge_timeline` gives them."""
        if not timelines:
            return
        packed = table.pack(self.law, timelines)
        found, slow = self._run(packed)
        whole, partly = int((slow == 1).sum()), int((slow == 2).sum())
        self.share = Share(*(a + b for a, b in zip(self.share, (len(timelines), whole, partly), strict=True)))
        ends = np.searchsorted(found[:, 0], packed.start)
        for t, entries in enumerate(timelines):
            rows = found[ends[t] : ends[t + 1]]
            guilty = [(int(i - packed.start[t]), int(r)) for i, r in rows[:, :2]]
            if slow[t]:
                rules = range(len(self.rules)) if slow[t] == 1 else self._slow
                guilty += [(i, r) for i in range(len(entries)) for r in rules]
            judge = Judge(self.book, entries, self.coverage)
            told = (judgement_of(self.book, self.rules[r], entries, i, judge) for i, r in sorted(guilty))
            yield [judgement for judgement in told if judgement is not None]

    def _run(self, packed: table.Table) -> tuple[np.ndarray, np.ndarray]:
        """Rows (entry, rule, truth) sorted, and what was left to plain."""
        slow = np.zeros(len(packed.start) - 1, np.int8)
        if self._dated:
            slow[:] = 1
            return np.empty((0, 3), np.int64), slow
        clocks = len(self.law.clocks)
        days = np.empty((len(packed.at), 2 * clocks), np.int64)
        loops.settle_days(packed, clocks, days)
        until = 1 << 60 if self.coverage.records_until is None else self.coverage.records_until
        out = np.empty((max(1 << 16, 4 * len(self.rules)), 3), np.int64)
        parts, begin = [np.empty((0, 3), np.int64)], 0
        while begin < len(slow):
            following, rows = loops.run(self.law.packed, packed, days, self._state, until, out, slow, begin)
            parts.append(out[:rows].copy())
            if following == begin:
                # One timeline filled an array: twice as much room, and again.
                self._state = loops.state(self.law.packed, 2 * len(self._state.node))
                out = np.empty((2 * len(out), 3), np.int64)
            begin = following
        found = np.concatenate(parts)
        return found[np.lexsort((found[:, 1], found[:, 0]))], slow
