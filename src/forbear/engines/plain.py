"""The meaning of the rule language: nested loops over one timeline, in three values. Slow, and meant to be read.

Every other way of computing is tested against this one. Section numbers are those of `docs/rules.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from forbear.engines.three import NO, YES, Answer, agreed, every, negate, some, unknown
from forbear.engines.times import Times
from forbear.records.clock import midnight
from forbear.records.entry import COMPLETE, Coverage, Entry
from forbear.records.hours import days_of, named
from forbear.rulebook.book import Book
from forbear.rulebook.match import Match, Test
from forbear.rulebook.rule import Free, Opener, Rule, Standing
from forbear.rulebook.window import Window
from forbear.terms import FIELDS


class Count(NamedTuple):
    """How many earlier entries (or other values) a cap counts: surely, and perhaps; `hits` are the grounds of the sure ones, latest first."""

    hits: list[frozenset[int]]
    perhaps: int
    need: frozenset[str]
    fresh: Answer = YES
    """For a distinct count: whether the judged entry brings a value that is new in the window."""


class Judge:
    """Judges entries against the earlier entries of their timeline.

    `entries` are in the order of `records.entry.order`; position `i` says that only `entries[:i]` came before.
    """

    def __init__(self, book: Book, entries: Sequence[Entry], coverage: Coverage = COMPLETE) -> None:
        self.book, self.entries, self.coverage = book, entries, coverage
        self.times = Times(book)
        self.shut: dict[int, set[int]] = {}
        """Opener -> the entries that closed what it opened: without them its standing would hold again."""
        self._matched: dict[tuple[int, int], Answer] = {}
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
            yield self._any(rule.forbid.any, entry, i)
        elif rule.require:
            yield negate(self._any(rule.require.any, entry, i))
        elif rule.cap:
            yield self._match(rule.cap.when, entry, i)
            yield self._over(rule, entry, i)
        else:
            yield NO if gate else self._owed(rule, entry, i)

    def seen(self, rule: Rule, entry: Entry, i: int) -> Answer:
        """Does the rule see the entry: it applies, and nothing exempts it?"""

        def parts() -> Iterator[Answer]:
            yield self._match(rule.applies, entry, i)
            yield negate(self._any(rule.unless.any, entry, i))

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
        of_sort = self._match(free.match, entry, i)
        if of_sort.value is False:
            return YES
        hits: list[frozenset[int]] = []
        low = high = 1
        for j in reversed(range(i)):
            answer = every(self._of_quota(rule, free, entry, j, i))
            low, high = low + (answer.value is True), high + (answer.value is not False)
            if answer.value:
                hits.append(answer.lean | {j})
        if low > free.limit:
            return Answer(True, frozenset().union(*hits[: free.limit]))
        return negate(of_sort) if high <= free.limit else unknown(*of_sort.need, "earlier entries")

    def _of_quota(self, rule: Rule, free: Free, entry: Entry, j: int, i: int) -> Iterator[Answer]:
        """Does the entry at `j` use up the same quota as `entry`?"""
        assert rule.cap
        earlier = self.entries[j]
        yield self._match(free.match, earlier, j)
        yield self._key(rule.cap.per, entry, earlier)
        yield self._within(free.within, entry, earlier, j, i, rule)
        yield self.seen(rule, earlier, j)

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
            answer = every(self._hit(rule, entry, earlier, j, i))
            if answer.value is False:
                continue
            its = earlier.fields.get(distinct) if distinct else None
            sure = answer.value is True and (distinct is None or its is not None and len(its) == 1)
            if sure and distinct and its and its == mine:
                return Count([], 0, frozenset(), NO)
            if sure and distinct and its:
                values.setdefault(its[0], answer.lean | {j})
            elif sure:
                hits.append(answer.lean | {j})
            else:
                perhaps += 1
                need |= answer.need if answer.value is None else {distinct or ""}
                if distinct and (its is None or mine is None or set(its) & set(mine)):
                    fresh = unknown(distinct, *answer.need)
        for kind in rule.applies.kinds():
            if self._hidden(kind, entry, lambda ghost: self.times.within(entry, ghost, cap.within, rule)):
                perhaps, need = perhaps + cap.limit + 1, need | {f"kind={kind}"}
        return Count(list(values.values()) if distinct else hits, perhaps, frozenset(need), fresh)

    def _hit(self, rule: Rule, entry: Entry, earlier: Entry, j: int, i: int) -> Iterator[Answer]:
        """Does the cap count `earlier` together with `entry`?"""
        assert rule.cap
        debt, its = entry.fields.get("debt"), earlier.fields.get("debt")
        same_debt = "debt" in rule.cap.per and debt and its and set(debt) <= set(its)
        yield some(self.counted(rule, view, j) for view in ([earlier.but(debt=debt)] if same_debt else views(earlier)))
        yield self._key(rule.cap.per, entry, earlier)
        yield self._within(rule.cap.within, entry, earlier, j, i, rule)

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
        late = self.times.deadline(entry, owe.within, rule)

        def answers(k: int) -> Iterator[Answer]:
            follower = self.entries[k]
            yield self._any(owe.entry.any, follower, k)
            yield self._key(owe.per, entry, follower)
            yield self._in_time(entry, follower, rule)

        done = some(every(answers(k)) for k in range(i + 1, len(self.entries)))
        if done.value is not False:
            return negate(done)
        end = max(midnight(day, zone) for day, _ in late for zone in self.times.zones(entry, rule.clock))
        if self.coverage.records_until is not None and self.coverage.records_until < end:
            return unknown("records until")
        silent = [kind for match in owe.entry.any for kind in match.kinds() if (self.coverage.uncovered(kind, end) or -1) >= entry.at]
        return unknown(*(f"kind={kind}" for kind in silent)) if silent else YES

    def _in_time(self, entry: Entry, follower: Entry, rule: Rule) -> Answer:
        assert rule.owe
        within = rule.owe.within
        if within.unit == "minute":
            return agreed({follower.at < entry.at + within.n * 60})
        return self.times.before(follower, self.times.deadline(entry, within, rule), rule)

    # Section 3: matches and keys.

    def _any(self, matches: Iterable[Match], entry: Entry, i: int) -> Answer:
        return some(self._match(match, entry, i) for match in matches)

    def _match(self, match: Match, entry: Entry, i: int) -> Answer:
        return every(self._test(test, entry, i) for test in match.tests)

    def _stored(self, match: Match, j: int) -> Answer:
        """A match of an entry of the timeline, remembered: standings ask it again and again."""
        key = (id(match), j)
        if key not in self._matched:
            self._matched[key] = self._match(match, self.entries[j], j)
        return self._matched[key]

    def _test(self, test: Test, entry: Entry, i: int) -> Answer:
        if test.field == "while":
            held = some(self.holds(self.book.standings[name], entry, i) for name in test.values)
            return negate(held) if test.negated else held
        values = entry.fields.get(test.field)
        if values is None:
            return unknown(test.field)
        if test.is_bound:
            low, high = test.at_least, test.at_most
            return agreed(((low is None or low <= float(v)) and (high is None or float(v) <= high) for v in values), test.field)
        hits = (value == "*" or (_covered(test, value) != test.negated) for value in values)
        if FIELDS[test.field].many:
            return YES if any(_covered(test, value) for value in values) != test.negated else NO
        return agreed(hits, test.field)

    def _key(self, per: Iterable[str], entry: Entry, other: Entry) -> Answer:
        """Do the two share every key?"""
        return every(self._shares(key, entry, other) for key in per)

    def _shares(self, key: str, entry: Entry, other: Entry) -> Answer:
        mine, its = entry.fields.get(key), other.fields.get(key)
        if mine == ("*",) or its == ("*",):
            return YES
        if mine is None or its is None:
            return unknown(key)
        if not set(mine) & set(its):
            return NO
        return YES if FIELDS[key].many or len(mine) == len(its) == 1 else unknown(key)

    # Section 6: standings, looked up from the entries before, never stored.

    def holds(self, standing: Standing, entry: Entry, i: int) -> Answer:
        """Does the standing hold for the entry?"""
        opened = some(self.opened(standing, j, entry, i) for j in reversed(range(i)))
        if opened.value is not False:
            return opened
        silent = []
        for opener in standing.opens:
            for kind in opener.match.kinds():
                if self._hidden(kind, entry, partial(self._lasts_for, entry, opener, standing)):
                    silent.append(f"kind={kind}")
        return unknown(*silent) if silent else NO

    def _lasts_for(self, entry: Entry, opener: Opener, standing: Standing, ghost: Entry) -> Answer:
        return self.times.lasts(entry, ghost, opener.starts, opener.lasts, standing)

    def opened(self, standing: Standing, j: int, entry: Entry, i: int) -> Answer:
        """Did the entry at `j` open the standing so that it still holds for `entry`?"""
        return some(every(self._opening(standing, opener, j, entry, i)) for opener in standing.opens)

    def _opening(self, standing: Standing, opener: Opener, j: int, entry: Entry, i: int) -> Iterator[Answer]:
        its = self.entries[j]
        yield self._stored(opener.match, j)
        keys = [key for key in standing.per if key != "hours"]
        yield self._key(keys, entry, its)
        if "hours" in standing.per:
            yield self._named_hours(entry, its)
        if opener.in_a_row > 1 or opener.days_in_a_row:
            yield self._row(standing, opener, j, entry, keys)
        yield self.times.started(entry, its, opener.starts, standing)
        yield self.times.lasts(entry, its, opener.starts, opener.lasts, standing)
        yield negate(self._closed(standing, j, entry, i, keys))
        yield Answer(True, frozenset({j}))

    def _named_hours(self, entry: Entry, opener: Entry) -> Answer:
        """Does the entry's local time lie in the hours that the opening fact names?"""
        hours = opener.fields.get("hours")
        if hours is None:
            return unknown("hours")
        days = {day: spans for text in hours for key, spans in named(text).items() for day in days_of(key)}
        return self.times.inside(entry, days, "consumer")

    def _closed(self, standing: Standing, j: int, entry: Entry, i: int, keys: list[str]) -> Answer:
        """Did an entry between the opener and the judged one close it, or may one that is not here have done so?"""
        parts = []
        for k in range(j + 1, i):
            closes = self._closer(standing, k, entry, keys)
            if closes.value:
                self.shut.setdefault(j, set()).update(closes.lean | {k})
                return YES
            parts.append(closes)
        for kind in {kind for match in standing.closes.any for kind in match.kinds()}:
            last = self.coverage.uncovered(kind, entry.at)
            if last is not None and last >= self.entries[j].at:
                parts.append(unknown(f"kind={kind}"))
        return some(parts)

    def _closer(self, standing: Standing, k: int, entry: Entry, keys: list[str]) -> Answer:
        closes = some(self._stored(match, k) for match in standing.closes.any)
        return closes if closes.value is False else every((closes, self._key(keys, entry, self.entries[k])))

    def _row(self, standing: Standing, opener: Opener, j: int, entry: Entry, keys: list[str]) -> Answer:
        """Do enough openers of this key, with no closer between, end at `j`: so many entries, or so many dates that follow one another?"""
        need, grounds, firm = set[str](), dict[int, frozenset[int]](), True
        sure, perhaps = list[int](), list[tuple[int, ...]]()
        for k in range(j, -1, -1):
            if k < j:
                closed = self._closer(standing, k, entry, keys)
                if closed.value:
                    self.shut.setdefault(j, set()).update(closed.lean | {k})
                    break
                firm, need = firm and closed.value is False, need | closed.need
            opens = every((self._stored(opener.match, k), self._key(keys, entry, self.entries[k])))
            if opens.value is False:
                continue
            days = self.times.days(self.entries[k], standing.clock)
            mark = days[0] if opener.days_in_a_row else -k
            perhaps.append(days if opener.days_in_a_row else (mark,))
            need |= opens.need | ({"zone"} if len(days) > 1 and opener.days_in_a_row else set())
            if opens.value and firm and (len(days) == 1 or not opener.days_in_a_row):
                grounds.setdefault(mark, opens.lean | {k})
                sure.append(mark)
        if not opener.days_in_a_row:
            wanted = opener.in_a_row
            if len(sure) >= wanted:
                return Answer(True, frozenset().union(*(grounds[mark] for mark in sure[:wanted])))
            return unknown(*need) if len(perhaps) >= wanted else NO
        wanted = opener.days_in_a_row
        today = self.times.days(self.entries[j], standing.clock)
        if len(today) == 1 and all(today[0] - n in grounds for n in range(wanted)):
            return Answer(True, frozenset().union(*(grounds[today[0] - n] for n in range(wanted))))
        possible = {day for days in perhaps for day in days}
        return unknown(*need) if any(all(day - n in possible for n in range(wanted)) for day in today) else NO

    # Section 5 and 7: windows, and facts that no source would have brought.

    def _within(self, window: Window, entry: Entry, earlier: Entry, j: int, i: int, rule: Rule) -> Answer:
        if window.standing is None:
            return self.times.within(entry, earlier, window, rule)
        # "while": the standing that the earlier entry itself opened still holds at the time of the judged one.
        now = Entry(entry_id=entry.entry_id, at=entry.at, known_at=entry.known_at, fields=earlier.fields)
        return self.opened(self.book.standings[window.standing], j, now, i)

    def _hidden(self, kind: str, entry: Entry, reaches: Callable[[Entry], Answer]) -> bool:
        """May a fact of this kind have happened unseen, late enough to matter?"""
        last = self.coverage.uncovered(kind, entry.at)
        if last is None:
            return False
        fields = {name: entry.fields[name] for name in ("zone", "jurisdiction") if name in entry.fields}
        return reaches(Entry(entry_id="", at=last, known_at=last, fields={**fields, "kind": (kind,)})).value is not False


def views(entry: Entry) -> list[Entry]:
    """A contact about several debts is judged once for each."""
    debts = entry.fields.get("debt") or ()
    return [entry] if len(debts) < 2 else [entry.but(debt=(debt,)) for debt in debts]


def _covered(test: Test, value: str) -> bool:
    """Whether a value is one of the test's; `US` covers `US-MA`."""
    return value in test.values or (test.field == "jurisdiction" and any(value.startswith(f"{wider}-") for wider in test.values))

