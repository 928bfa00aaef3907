"""The meaning of the rule language: nested loops over one timeline, in three values. Slow, and meant to be read.

Every other way of computing is tested against this one. Section numbers are those of `docs/rules.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forbear.engines.conditions import Conditions, views
from forbear.engines.three import NO, YES, Answer, agreed, every, negate, some, unknown
from forbear.records.coverage import COMPLETE, Coverage
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.place import ENDLESS
from forbear.rulebook.rule import Rule
from forbear.rulebook.verbs import Free
from forbear.rulebook.window import Window


class Count(NamedTuple):
    """How many earlier entries (or other values) a cap counts: surely, with their grounds, latest first (`hits`), and perhaps."""

    hits: list[frozenset[int]]
    perhaps: int
    need: frozenset[str]
    fresh: Answer = YES
    """For a distinct count: whether the judged entry brings a value that is new in the window."""


class Judge(Conditions):
    """Judges entries against the earlier entries of their timeline."""

    def __init__(self, book: Book, entries: Sequence[Entry], coverage: Coverage = COMPLETE) -> None:
        super().__init__(book, entries, coverage)
        self._counted: dict[tuple[int, int, tuple[str, ...] | None], Answer] = {}

    # Section 4 and 8: the verbs, once for each debt of the judged entry.

    def judge(self, rule: Rule, entry: Entry, i: int, *, gate: bool = False) -> Answer:
        """Is `entry`, at position `i`, a breach (or departure) of `rule`? The gate does not look forward."""
        return some(self.judge_view(rule, view, i, gate=gate) for view in views(entry))

    def judge_view(self, rule: Rule, entry: Entry, i: int, *, gate: bool = False) -> Answer:
        """The same for an entry that names at most one debt."""
        return every(self._judgement(rule, entry, i, gate))

    def _judgement(self, rule: Rule, entry: Entry, i: int, gate: bool) -> Iterator[Answer]:
        yield self.counted(rule, entry, i)
        yield self.times.in_force(rule, entry)
        if rule.hours:
            yield negate(self.times.inside(entry, rule.hours.days, rule.clock, rule.calendar))
        elif rule.forbid:
            yield self.any_of(rule.forbid.any, entry, i)
        elif rule.require:
            yield negate(self.any_of(rule.require.any, entry, i))
        elif rule.cap:
            yield self.match(rule.cap.when, entry, i)
            yield self._over(rule, entry, i)
        else:
            yield NO if gate else self._owed(rule, entry, i)

    def seen(self, rule: Rule, entry: Entry, i: int) -> Answer:
        """Does the rule see the entry: it applies, and nothing exempts it?"""

        def parts() -> Iterator[Answer]:
            yield self.match(rule.applies, entry, i)
            yield negate(self.any_of(rule.unless.any, entry, i))

        return every(parts())

    def counted(self, rule: Rule, entry: Entry, i: int) -> Answer:
        """Does the rule see the entry, and is it not left out by a quota? Lean on those that used the quota up."""

        def parts() -> Iterator[Answer]:
            yield self.seen(rule, entry, i)
            for free in rule.cap.free if rule.cap else ():
                yield self._beyond(rule, free, entry, i)

        if i >= len(self.entries):
            return every(parts())
        key = (id(rule), i, entry.fields.get("debt"))
        if key not in self._counted:
            self._counted[key] = every(parts())
        return self._counted[key]

    def _beyond(self, rule: Rule, free: Free, entry: Entry, i: int) -> Answer:
        """Is the entry no matter of this quota, or is the quota used up before it?"""
        assert rule.cap
        of_sort = self.match(free.match, entry, i)
        if of_sort.value is False:
            return YES
        hits: list[frozenset[int]] = []
        need = set(of_sort.need)
        low = high = 1
        for j in reversed(range(i)):
            answer = some(every(self._of_quota(rule, free, entry, side, j, i)) for side in views(self.entries[j]))
            low, high, need = low + (answer.value is True), high + (answer.value is not False), need | answer.need
            if answer.value:
                hits.append(answer.lean | {j})
        if low > free.limit:
            return Answer(True, frozenset().union(*hits[: free.limit]))
        unseen = self.hidden(rule.applies, entry, lambda ghost: self.times.within(entry, ghost, free.within, rule))
        return negate(of_sort) if high <= free.limit and unseen.value is False else unknown(*need, *unseen.need)

    def _of_quota(self, rule: Rule, free: Free, entry: Entry, side: Entry, j: int, i: int) -> Iterator[Answer]:
        """Does this side of the entry at `j` use up the same quota as `entry`?"""
        assert rule.cap
        yield self.match(free.match, side, j)
        yield self.shares(rule.cap.per, entry, side)
        yield self._within(free.within, entry, side, j, i, rule)
        yield self.seen(rule, side, j)

    def count(self, rule: Rule, entry: Entry, i: int) -> Count:
        """What a cap counts before `entry`: see section 4, and section 8 for several debts."""
        assert rule.cap
        cap, distinct = rule.cap, rule.cap.distinct
        mine = entry.fields.get(distinct) if distinct else None
        hits: list[frozenset[int]] = []
        values: dict[str, frozenset[int]] = {}
        fresh, need, perhaps = YES, set[str](), 0
        if distinct and mine is None:
            fresh = unknown(distinct)
        for j in reversed(range(i)):
            earlier = self.entries[j]
            answer = some(every(self._hit(rule, entry, side, j, i)) for side in views(earlier))
            if answer.value is False:
                continue
            its = earlier.fields.get(distinct) if distinct else None
            sure = answer.value is True and (distinct is None or (its is not None and len(its) == 1))
            if sure and distinct and its and its == mine:
                return Count([], 0, frozenset(), NO)
            if sure and distinct and its:
                values.setdefault(its[0], answer.lean | {j})
                if mine and its[0] in mine:
                    fresh = every((fresh, unknown(distinct)))
            elif sure:
                hits.append(answer.lean | {j})
            else:
                perhaps += 1
                need |= answer.need if answer.value is None else {distinct or ""}
                if distinct and (its is None or mine is None or set(its) & set(mine)):
                    fresh = every((fresh, unknown(distinct, *answer.need)))
        unseen = self.hidden(rule.applies, entry, lambda ghost: self.times.within(entry, ghost, cap.within, rule))
        if unseen.value is not False:
            # What is not here may have filled the cap, or have brought the judged value before.
            perhaps, need = perhaps + cap.limit + 1, need | unseen.need
            fresh = every((fresh, unseen)) if distinct else fresh
        return Count(list(values.values()) if distinct else hits, perhaps, frozenset(need), fresh)

    def _hit(self, rule: Rule, entry: Entry, side: Entry, j: int, i: int) -> Iterator[Answer]:
        """Does the cap count this side of the entry at `j` together with `entry`?"""
        assert rule.cap
        yield self.counted(rule, side, j)
        yield self.shares(rule.cap.per, entry, side)
        yield self._within(rule.cap.within, entry, side, j, i, rule)

    def _over(self, rule: Rule, entry: Entry, i: int) -> Answer:
        assert rule.cap
        limit = rule.cap.limit
        found = self.count(rule, entry, i)
        if 1 + len(found.hits) > limit:
            over = Answer(True, frozenset().union(*found.hits[:limit]))
        else:
            over = NO if 1 + len(found.hits) + found.perhaps <= limit else unknown(*found.need)
        return every((found.fresh, over))

    def _owed(self, rule: Rule, entry: Entry, i: int) -> Answer:
        """Breach when nothing that matches followed in time; unknown while the records do not reach the deadline."""
        assert rule.owe
        owe = rule.owe

        def answers(follower: Entry, k: int) -> Iterator[Answer]:
            yield self.any_of(owe.entry.any, follower, k)
            yield self.shares(owe.per, entry, follower)
            yield self._in_time(entry, follower, rule)

        after = range(i + 1, len(self.entries))
        done = some(every(answers(side, k)) for k in after for side in views(self.entries[k]))
        if done.value is not False:
            return negate(done)
        first, end = self.times.due(entry, owe.within, rule)
        until = self.coverage.records_until
        if until is not None and until < first:
            return unknown("records until")
        far = ["records until"] if until is not None and until < end < ENDLESS else []
        sure = end < ENDLESS and not far
        end = end if sure else first
        silent = [kind for match in owe.entry.any for kind in match.kinds() if (self.coverage.uncovered(kind, end) or -1) >= entry.at]
        if silent or not sure:
            return unknown(*(f"kind={kind}" for kind in silent), *([] if sure else [f"calendar {rule.calendar}"]), *far)
        return YES

    def _in_time(self, entry: Entry, follower: Entry, rule: Rule) -> Answer:
        assert rule.owe
        within = rule.owe.within
        if within.unit == "minute":
            return agreed({follower.at < entry.at + within.n * 60})
        return self.times.before(follower, self.times.deadline(entry, within, rule), rule)

    # Section 5: windows.

    def _within(self, window: Window, entry: Entry, side: Entry, j: int, i: int, rule: Rule) -> Answer:
        if window.standing is None:
            return self.times.within(entry, side, window, rule)
        # "while": the standing that the earlier entry itself opened still holds at the time and place of the judged one.
        here = {name: entry.fields.get(name) for name in ("zone", "jurisdiction")}
        now = Entry(entry_id=entry.entry_id, at=entry.at, known_at=entry.known_at, fields=side.fields).but(**here)
        return self.opened(self.book.standings[window.standing], side, j, now, i)
