"""Conditions over a timeline, in three values: matches, keys and standings (sections 3, 6 and 7 of `docs/rules.md`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from forbear.engines.three import NO, YES, Answer, agreed, every, negate, some, unknown
from forbear.engines.times import Times
from forbear.records.coverage import COMPLETE, Coverage
from forbear.records.entry import Entry, Values
from forbear.records.hours import named
from forbear.rulebook.book import Book
from forbear.rulebook.match import Match, Test
from forbear.rulebook.rule import Standing
from forbear.rulebook.verbs import Opener
from forbear.terms import FIELDS


class Conditions:
    """Asks matches and standings of entries against the earlier entries of their timeline.

    `entries` are in the order of `records.entry.order`; position `i` says that only `entries[:i]` came before.
    """

    def __init__(self, book: Book, entries: Sequence[Entry], coverage: Coverage = COMPLETE) -> None:
        self.book, self.entries, self.coverage = book, entries, coverage
        self.times = Times(book)
        self.shut: dict[int, set[int]] = {}
        """Opener -> the entries that closed what it opened: without them its standing would hold again."""
        self._matched: dict[tuple[int, int, Values | None], Answer] = {}

    # Section 3: matches and keys.

    def any_of(self, matches: Iterable[Match], entry: Entry, i: int) -> Answer:
        """Does any of the matches hold?"""
        return some(self.match(match, entry, i) for match in matches)

    def match(self, match: Match, entry: Entry, i: int) -> Answer:
        """Do all tests of the match hold?"""
        return every(self.test(test, entry, i) for test in match.tests)

    def _stored(self, match: Match, side: Entry, j: int) -> Answer:
        """A match of a side of the entry at `j`, remembered: standings ask it again and again."""
        key = (id(match), j, side.fields.get("debt"))
        if key not in self._matched:
            self._matched[key] = self.match(match, side, j)
        return self._matched[key]

    def test(self, test: Test, entry: Entry, i: int) -> Answer:
        """Does the entry pass one test?"""
        if test.field == "while":
            held = some(self.holds(self.book.standings[name], entry, i) for name in test.values)
            return negate(held) if test.negated else held
        values = entry.fields.get(test.field)
        if values is None:
            return unknown(test.field)
        if test.is_bound:
            low, high = test.at_least, test.at_most
            return agreed(((low is None or low <= float(v)) and (high is None or float(v) <= high) for v in values), test.field)
        if FIELDS[test.field].many:
            return YES if "*" in values or any(test.covers(value) for value in values) != test.negated else NO
        return agreed((value == "*" or test.covers(value) != test.negated for value in values), test.field)

    def shares(self, per: Iterable[str], entry: Entry, other: Entry) -> Answer:
        """Do the two share every key?"""
        return every(self._shares(key, entry, other) for key in per)

    def _shares(self, key: str, entry: Entry, other: Entry) -> Answer:
        mine, its = entry.fields.get(key), other.fields.get(key)
        if mine == ("*",) or its == ("*",):
            return YES
        if mine is None or its is None:
            return unknown(key)
        if not set(mine) & set(its) and "*" not in (*mine, *its):
            return NO
        return YES if FIELDS[key].many or len(mine) == len(its) == 1 else unknown(key)

    # Section 6: standings, looked up from the entries before, never stored.

    def holds(self, standing: Standing, entry: Entry, i: int) -> Answer:
        """Does the standing hold for the entry?"""
        opened = some(
            every((self.times.begun(entry, self.entries[j]), self.opened(standing, side, j, entry, i)))
            for j in reversed(range(i))
            for side in views(self.entries[j])
        )
        if opened.value is not False:
            return opened
        return some(self.hidden(opener.match, entry, partial(self._lasts_for, entry, opener, standing)) for opener in standing.opens)

    def _lasts_for(self, entry: Entry, opener: Opener, standing: Standing, ghost: Entry) -> Answer:
        return self.times.lasts(entry, ghost, opener.starts, opener.lasts, standing)

    def opened(self, standing: Standing, side: Entry, j: int, entry: Entry, i: int) -> Answer:
        """Did the entry at `j`, of which `side` is a side, open the standing so that it still holds for `entry`?"""
        return some(every(self._opening(standing, opener, side, j, entry, i)) for opener in standing.opens)

    def _opening(self, standing: Standing, opener: Opener, side: Entry, j: int, entry: Entry, i: int) -> Iterator[Answer]:
        yield self._stored(opener.match, side, j)
        keys = [key for key in standing.per if key != "hours"]
        yield self.shares(keys, entry, side)
        if "hours" in standing.per:
            yield self._named_hours(entry, side)
        if opener.in_a_row > 1 or opener.days_in_a_row:
            yield self._row(standing, opener, j, entry, keys)
        yield self.times.started(entry, side, opener.starts, standing)
        yield self.times.lasts(entry, side, opener.starts, opener.lasts, standing)
        yield negate(self._closed(standing, j, entry, i, keys))
        yield Answer(True, frozenset({j}))

    def _named_hours(self, entry: Entry, opener: Entry) -> Answer:
        """Does the entry's local time lie in the hours that the opening fact names?"""
        answers = [self.times.inside(entry, named(text), "consumer") for text in opener.fields.get("hours", ())]
        both, either = every(answers), some(answers)
        return both if answers and both.value is either.value else unknown("hours", *both.need, *either.need)

    def _closed(self, standing: Standing, j: int, entry: Entry, i: int, keys: list[str]) -> Answer:
        """Did an entry between the opener and the judged one close it, or may one that is not here have done so?"""
        parts = []
        for k in range(j + 1, i):
            closes = self._closer(standing, k, entry, keys)
            if closes.value:
                self.shut.setdefault(j, set()).update(closes.lean | {k})
                return YES
            parts.append(closes)
        return some((*parts, self._hidden_closer(standing, self.entries[j].at, entry.known_at)))

    def _closer(self, standing: Standing, k: int, entry: Entry, keys: list[str]) -> Answer:
        """Does the entry at `k` close the standing for the keys of `entry`?"""
        return some(
            every((some(self._stored(match, side, k) for match in standing.closes.any), self.shares(keys, entry, side)))
            for side in views(self.entries[k])
        )

    def _hidden_closer(self, standing: Standing, since: int, until: int) -> Answer:
        """May a fact that no source would have brought have closed the standing between two instants?"""
        kinds = {kind for match in standing.closes.any for kind in match.kinds()}
        last = {kind: self.coverage.uncovered(kind, until) for kind in kinds}
        silent = [f"kind={kind}" for kind, at in last.items() if at is not None and at >= since]
        return unknown(*silent) if silent else NO

    def _row(self, standing: Standing, opener: Opener, j: int, entry: Entry, keys: list[str]) -> Answer:
        """Do enough openers of this key, with no closer between, end at `j`: so many entries, or so many dates that follow one another?"""
        need, grounds, firm = set[str](), dict[int, frozenset[int]](), True
        sure, perhaps = list[int](), list[tuple[int, ...]]()
        closed = NO
        for k in range(j, -1, -1):
            if closed.value:
                self.shut.setdefault(j, set()).update(closed.lean | {k + 1})
                break
            firm, need = firm and closed.value is False, need | closed.need
            opens = some(every((self._stored(opener.match, side, k), self.shares(keys, entry, side))) for side in views(self.entries[k]))
            # The first of a row may itself close what was before it.
            closed = self._closer(standing, k, entry, keys) if k < j else NO
            if opens.value is False:
                continue
            here = self._hidden_closer(standing, self.entries[k].at, self.entries[j].known_at) if k < j else NO
            firm, need = firm and here.value is False, need | here.need
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

    # Section 7: facts that no source would have brought.

    def hidden(self, match: Match, entry: Entry, reaches: Callable[[Entry], Answer]) -> Answer:
        """Unknown if a fact of a kind that the match names may have happened unseen, late enough to matter; else no."""
        silent = set()
        for kind in match.kinds():
            # A judged fact may have been learned late: what was learned before it may have happened after it.
            for until in {entry.at, entry.known_at}:
                last = self.coverage.uncovered(kind, until)
                # Nobody knows where the consumer then was, so the ghost has no place.
                if last is not None and reaches(Entry(entry_id="", at=last, known_at=last, fields={"kind": (kind,)})).value is not False:
                    silent.add(f"kind={kind}")
        return unknown(*silent) if silent else NO


def views(entry: Entry) -> list[Entry]:
    """A contact about several debts is judged once for each."""
    debts = entry.fields.get("debt") or ()
    return [entry] if len(debts) < 2 else [entry.but(debt=(debt,)) for debt in debts]
