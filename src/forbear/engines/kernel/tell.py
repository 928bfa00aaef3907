"""What was found, told by plain: of each finding it sees the judged entry and the few others that its rule can see, and no more.

A finding of a rule that asks nothing but the fields of the entry and its date is told once for all entries that say the same in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forbear.engines.judgement import BREACH, DEPARTURE, UNCLEAR, Entries, Judgement, Verdicts, hours_of, judgement_of
from forbear.engines.kernel.arrays import (
    CAP,
    DEBT,
    OWE,
    R_APPLIES,
    R_CLOCK,
    R_LIMIT,
    R_SINCE,
    R_SLOW,
    R_STOP,
    R_UNTIL,
    R_VERB,
    Ints,
)
from forbear.engines.kernel.compiled.counts import counts
from forbear.engines.kernel.compiled.run import LEFT
from forbear.engines.kernel.found import Found
from forbear.engines.kernel.held import HeldLaw
from forbear.engines.kernel.law import Law
from forbear.engines.kernel.sight import Sight
from forbear.engines.kernel.table import NO, YES
from forbear.engines.plain import Judge
from forbear.engines.times import Times
from forbear.records.entry import Entry
from forbear.rulebook.rule import Rule
from forbear.terms import Verdict

_AHEAD: Final = 5000
"""Findings of which the entries are made together."""
_FEW: Final = 64
"""Entries that a rule can see up to which time is not asked."""


class Teller:
    """Tells what was found under one law."""

    def __init__(self, law: Law, held: HeldLaw) -> None:
        self.law, self._held = law, held
        self.sight = Sight(law)
        self._slow = np.flatnonzero(law.packed.rule[:, R_SLOW]).tolist()
        self._warns = np.array([rule.warns for rule in law.rules], np.bool_)
        self._told: dict[tuple[object, ...], Judgement | None] = {}
        self._times = Times(law.book)

    def tell(self, found: Found, entries: Entries) -> Iterator[tuple[int, list[Judgement]]]:
        """Timelines with their judgements, by entry and then by rule; positions count through all timelines."""
        yield from self._tell(found, entries, self._guilty(found))

    def verdicts(self, found: Found, entries: Entries) -> Verdicts:
        """Verdicts alone, in the same order: only what is left to plain is judged anew."""
        guilty = self._guilty(found)
        left = guilty[:, 2] == LEFT
        verdict = np.where(guilty[:, 2] != YES, UNCLEAR, np.where(self._warns[guilty[:, 1]], DEPARTURE, BREACH)).astype(np.int8)
        if left.any():
            told = [one for _, judgements in self._tell(found, entries, guilty[left]) for one in judgements]
            judged = Verdicts.of(told, self.law.rules)
            rules = len(self.law.rules)
            asked = guilty[left, 0] * rules + guilty[left, 1]
            place = np.searchsorted(asked, judged.position * rules + judged.rule)
            kept = ~left
            rows = np.flatnonzero(left)[place]
            kept[rows], verdict[rows] = True, judged.verdict
            guilty, verdict = guilty[kept], verdict[kept]
        return Verdicts(guilty[:, 0], guilty[:, 1], verdict)

    def _tell(self, found: Found, entries: Entries, guilty: NDArray[np.int64]) -> Iterator[tuple[int, list[Judgement]]]:
        if not len(guilty):
            return
        line_of = np.searchsorted(found.table.start, guilty[:, 0], side="right") - 1
        seen = _Seen(self.sight, found, entries, self._count(found, guilty, line_of))
        # Entries are made for many findings at once.
        begins = np.flatnonzero(np.append(True, line_of[1:] != line_of[:-1]))
        ends = np.append(begins[1:], len(guilty))
        ahead, dated = 0, self._dated(found, guilty)
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            if begin >= ahead:
                ahead = int(ends[min(int(np.searchsorted(ends, begin + _AHEAD)), len(ends) - 1)])
                seen.foresee(guilty[begin:ahead], line_of[begin:ahead])
            line, rows = int(line_of[begin]), guilty[begin:end]
            judged = zip(rows.tolist(), entries(rows[:, 0].tolist()), dated[begin:end].tolist(), strict=True)
            told = [self._one(seen, line, i, r, truth, entry, sure) for (i, r, truth), entry, sure in judged]
            judgements = [judgement for judgement in told if judgement is not None]
            if judgements:
                yield line, judgements

    def _count(self, found: Found, guilty: NDArray[np.int64], line_of: NDArray[np.int64]) -> dict[tuple[int, int], _Counted]:
        """(position, rule) -> what compiled code counted, of sure breaches about one debt at most."""
        of_rule = np.array(self.sight.counts, np.bool_)
        chosen = of_rule[guilty[:, 1]] & (guilty[:, 2] == YES) & (found.table.code[guilty[:, 0], DEBT] != -1)
        rows = np.ascontiguousarray(guilty[chosen])
        if not len(rows):
            return {}
        counted = np.zeros((len(rows), 2), np.int64)
        witness = np.zeros((len(rows), max(1, int(self.law.packed.rule[:, R_LIMIT].max()))), np.int64)
        first = found.table.start[line_of[chosen]]
        counts(self._held, found.held, found.dates, rows, first, counted, witness, np.empty(4096, np.int64))
        limits = self.law.packed.rule[rows[:, 1], R_LIMIT].tolist()
        pairs = zip(rows.tolist(), counted.tolist(), witness, limits, strict=True)
        return {(i, r): _Counted(s, p, w[:limit].tolist()[::-1]) for (i, r, _), (s, p), w, limit in pairs if s >= limit}

    def _guilty(self, found: Found) -> NDArray[np.int64]:
        """(position, rule, truth) of all that is to be told, sorted; truth `LEFT` where only plain knows."""
        table, more = found.table, [found.rows]
        for line in np.flatnonzero(found.slow).tolist():
            rules = range(len(self.law.rules)) if found.slow[line] == 1 else self._slow
            positions = np.arange(table.start[line], table.start[line + 1])
            for r in rules:
                seen = positions[table.truth[table.shape[positions], self.law.packed.rule[r, R_APPLIES]] != NO]
                more.append(np.stack([seen, np.full(len(seen), r), np.full(len(seen), LEFT)], axis=1))
        rows = np.concatenate(more)
        return rows[np.lexsort((rows[:, 1], rows[:, 0]))]

    def _dated(self, found: Found, guilty: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each rule is surely in force on the date of its entry."""
        rule = self.law.packed.rule[guilty[:, 1]]
        low, high = (found.dates[guilty[:, 0], 2 * rule[:, R_CLOCK] + end] for end in (0, 1))
        dated: NDArray[np.bool_] = (rule[:, R_SINCE] <= low) & (high <= rule[:, R_UNTIL])
        return dated

    def _one(self, seen: _Seen, line: int, i: int, r: int, truth: int, entry: Entry, dated: bool) -> Judgement | None:
        law, rule, sight = self.law, self.law.rules[r], self.sight
        if not sight.alone[r] and not (sight.timeless[r] and entry.at == entry.known_at and seen.untouched(line, i, r)):
            return seen.counted(i, r, entry) or seen.among(line, i, r)
        debts, fields = entry.fields.get("debt", ()), sight.fields[r]
        if truth == YES and sight.clocked[r]:
            return Judgement(i, rule, breach(rule), debts, *hours_of(self._times, rule, entry), settles=(), witness=())
        if fields is None or truth == LEFT or not dated:
            found = judgement_of(law.book, rule, [entry], 0, Judge(law.book, [entry], law.coverage))
            return found and found._replace(position=i)
        key = (r, truth, *map(entry.fields.get, fields))
        if key not in self._told:
            self._told[key] = judgement_of(law.book, rule, [entry], 0, Judge(law.book, [entry], law.coverage))
        found = self._told[key]
        return found and Judgement(i, rule, found.verdict, debts, *found[4:])


def breach(rule: Rule) -> Verdict:
    """What surely breaking a rule is called."""
    return Verdict.DEPARTURE if rule.warns else Verdict.BREACH


class _Counted(NamedTuple):
    """How many entries a cap surely counted and how many perhaps, and the latest sure ones that fill it."""

    sure: int
    perhaps: int
    witness: list[int]


class _Seen:
    """The entries of some timelines as far as rules can see them."""

    def __init__(self, sight: Sight, found: Found, entries: Entries, counted: dict[tuple[int, int], _Counted]) -> None:
        self._counted = counted
        self.law, self.found, self.entries = sight.law, found, entries
        self._sight = sight
        self._hits: dict[int, NDArray[np.bool_]] = {}
        self._touches: dict[int, tuple[NDArray[np.bool_], NDArray[np.bool_]]] = {}
        self._few: dict[tuple[int, int], list[int]] = {}
        """(timeline, rule) -> all that the rule can see when it judges what is to be told, where that is little."""
        self._kept: tuple[int, int] = (-1, -1)
        self._judge: Judge | None = None
        self._wide: dict[tuple[int, int], tuple[Ints, Ints]] = {}
        self._touched: dict[tuple[int, int], int] = {}
        """(timeline, rule) -> the first entry that touches a standing which the rule asks."""

    def foresee(self, guilty: NDArray[np.int64], line_of: NDArray[np.int64]) -> None:
        """Has the entries made that these findings will need."""
        positions = set[int](guilty[:, 0].tolist())
        judged = defaultdict[tuple[int, int], list[int]](list)
        for (i, r, _), line in zip(guilty.tolist(), line_of.tolist(), strict=True):
            if (i, r) in self._counted:
                positions.update(self._counted[i, r].witness)
            elif not self._sight.alone[r]:
                judged[line, r].append(i)
        self._few.clear()
        self._wide.clear()
        self._touched.clear()
        for (line, r), mine in judged.items():
            hits, touches = self._visible(line, r)
            if len(hits) + len(touches) + len(mine) <= _FEW:
                self._few[line, r] = sorted({*hits.tolist(), *touches.tolist(), *mine})
                positions.update(self._few[line, r])
        self.entries(sorted(positions))

    def counted(self, i: int, r: int, entry: Entry) -> Judgement | None:
        """A breach of a cap that compiled code counted."""
        found = self._counted.get((i, r))
        if found is None:
            return None
        rule = self.law.rules[r]
        assert rule.cap
        low = found.sure + 1
        return Judgement(
            position=i,
            rule=rule,
            verdict=breach(rule),
            debts=entry.fields.get("debt", ()),
            measured=f"{low}..{low + found.perhaps}" if found.perhaps else str(low),
            limit=str(rule.cap.limit),
            settles=(),
            witness=tuple(found.witness),
        )

    def untouched(self, line: int, i: int, r: int) -> bool:
        """Whether nothing before an entry touches a standing that the rule asks."""
        if (line, r) not in self._touched:
            touches = self._visible(line, r)[1]
            self._touched[line, r] = int(touches[0]) if len(touches) else len(self.found.row)
        return self._touched[line, r] >= i

    def among(self, line: int, i: int, r: int) -> Judgement | None:
        """What plain says of an entry among those that the rule can see."""
        law, positions = self.law, self._few.get((line, r))
        if positions is None:
            positions = self._near(line, i, r)
            judge = self._judge_of(positions)
        elif self._kept == (line, r) and self._judge:
            judge = self._judge
        else:
            judge = self._judge = self._judge_of(positions)
            self._kept = (line, r)
        found = judgement_of(law.book, law.rules[r], judge.entries, positions.index(i), judge)
        return found and found._replace(position=i, witness=tuple(positions[k] for k in found.witness))

    def _judge_of(self, positions: list[int]) -> Judge:
        return Judge(self.law.book, self.entries(positions), self.law.coverage)

    def _visible(self, line: int, r: int) -> tuple[Ints, Ints]:
        """What of a timeline the rule may count or look for later, and what touches a standing that it asks."""
        if (line, r) not in self._wide:
            first, last = self.found.table.start[line : line + 2].tolist()
            truth, shape = self.found.table.truth, self.found.table.shape[first:last]
            if r not in self._hits:
                self._hits[r] = self._sight.hit(r, truth)
            touches = np.zeros(len(shape), np.bool_)
            for s in self._sight.standings[r]:
                if s not in self._touches:
                    self._touches[s] = self._sight.touch(s, truth)
                opens, closes = (mask[shape] for mask in self._touches[s])
                # Before anything may have opened a standing there is nothing to close.
                touches |= opens | (closes & np.logical_or.accumulate(opens))
            self._wide[line, r] = first + np.flatnonzero(self._hits[r][shape]), first + np.flatnonzero(touches)
        return self._wide[line, r]

    def _near(self, line: int, i: int, r: int) -> list[int]:
        """The same for one entry of a long timeline, without what lies too far back to count and, where nothing is owed, what is later."""
        known, rule = self.found.table.known, self.law.packed.rule[r]
        hits, touches = self._visible(line, r)
        if rule[R_VERB] != OWE:
            hits, touches = hits[: np.searchsorted(hits, i)], touches[: np.searchsorted(touches, i)]
        if rule[R_VERB] == CAP and not rule[R_SLOW]:
            # A judged fact may have happened long before it was known.
            hits = hits[np.searchsorted(known[hits], min(self.found.table.at[i], known[i]) - rule[R_STOP]) :]
        return sorted({*hits.tolist(), *touches.tolist(), i})
