"""How far a rule sees: what decides it beside the judged entry, and what of a timeline that can be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forbear.engines.kernel.arrays import CAP, FORBID, HOURS, O_MATCH, OWE, R_APPLIES, R_SLOW, R_VERB, R_WHEN, REQUIRE, S_FIRST, S_OPENERS
from forbear.engines.kernel.law import Law
from forbear.engines.kernel.table import NO


class Sight:
    """What each rule of one law can see."""

    def __init__(self, law: Law) -> None:
        self.law = law
        packed = law.packed
        asks = np.diff(packed.whiles.start) > 0
        self.hits: list[list[int]] = []
        """Rule -> the matches of which one holds for whatever it counts, or looks for later."""
        self.alone: list[bool] = []
        """Rule -> whether the judged entry by itself decides."""
        self.counts: list[bool] = []
        """Rule -> whether it is a cap that compiled code can count."""
        self.fields: list[list[str] | None] = []
        """Rule -> the fields that decide it together with the date and with what touches a standing that it asks; None if time does."""
        self.clocked: list[bool] = []
        """Rule -> whether it is one of hours, and holds for all debts of an entry alike."""
        for r in range(len(law.rules)):
            unless = packed.unless.items[packed.unless.start[r] : packed.unless.start[r + 1]].tolist()
            found = packed.alternatives.items[packed.alternatives.start[r] : packed.alternatives.start[r + 1]].tolist()
            applies, verb = int(packed.rule[r, R_APPLIES]), int(packed.rule[r, R_VERB])
            alone = verb in (FORBID, REQUIRE, HOURS) and not any(asks[m] for m in (applies, *unless, *found))
            tested = sorted({test.field for m in (applies, *unless, *found) for test in law.matches[m].tests})
            self.alone.append(alone)
            by_fields = verb in (FORBID, REQUIRE) and "debt" not in tested
            self.fields.append([name for name in tested if name != "while"] if by_fields else None)
            self.clocked.append(verb == HOURS and "debt" not in tested)
            when = int(packed.rule[r, R_WHEN])
            asking = [applies, *unless, *([when] if when >= 0 else [])]
            by_debt = any(test.field == "debt" for m in asking for test in law.matches[m].tests)
            self.counts.append(verb == CAP and not by_debt and not packed.rule[r, R_SLOW] and not any(asks[m] for m in asking))
            self.hits.append([applies] if verb == CAP else found if verb == OWE else [])
        self.standings = [sorted(law.number(name) for name in law.book.reach(rule)) for rule in law.rules]
        self.timeless = [self._is_timeless(r) for r in range(len(law.rules))]
        """Rule -> whether time decides nothing about an entry that nothing before it touches."""

    def sees(self, r: int, truth: NDArray[np.int8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Shape -> whether the rule may count it, or looks for it later; and whether it touches a standing that the rule asks."""
        touching = [opens | closes for opens, closes in (self.touch(s, truth) for s in self.standings[r])]
        return self.hit(r, truth), np.logical_or.reduce([np.zeros(len(truth), np.bool_), *touching])

    def hit(self, r: int, truth: NDArray[np.int8]) -> NDArray[np.bool_]:
        """Shape -> whether the rule may count it, or looks for it later."""
        found: NDArray[np.bool_] = (truth[:, self.hits[r]] != NO).any(axis=1)
        return found

    def touch(self, s: int, truth: NDArray[np.int8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Shape -> whether it may open a standing, and whether it may close it."""
        packed, row = self.law.packed, self.law.packed.standing[s]
        opening = packed.opener[row[S_FIRST] : row[S_FIRST] + row[S_OPENERS], O_MATCH].tolist()
        closing = packed.closers.items[packed.closers.start[s] : packed.closers.start[s + 1]].tolist()
        return (truth[:, opening] != NO).any(axis=1), (truth[:, closing] != NO).any(axis=1)

    def _is_timeless(self, r: int) -> bool:
        """Whether an entry that nothing before it touches is judged by itself: what it asks of standings is then up to the sources alone.

        A fact that no source would have brought may have happened in the same second, so what it opens lasts still, whenever that was.
        """
        law, coverage = self.law, self.law.coverage
        if self.law.packed.rule[r, R_VERB] not in (FORBID, REQUIRE, HOURS):
            return False
        kinds = {kind for name in law.book.reach(law.rules[r]) for o in law.book.standings[name].opens for kind in o.match.kinds()}
        return all(coverage.throughout(kind) or kind in coverage.silent_kinds([kind]) for kind in kinds)
