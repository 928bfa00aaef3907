"""A rulebook made into arrays of integers: matches become bits, windows become tables of days, keys become dimensions.

Nothing here judges. Which values satisfy a test is asked of `plain`, once for each distinct value that the data hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from forbear.engines.conditions import Conditions
from forbear.engines.kernel.arrays import (
    CAP,
    EVER,
    FORBID,
    HOURS,
    MINUTES,
    MONTH,
    OPENER,
    OWE,
    REQUIRE,
    RULE,
    SPAN,
    STANDING,
    WEEK,
    WHILE,
    Arrays,
    lists,
)
from forbear.records.columns.block import split
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry
from forbear.records.hours import Interval
from forbear.rulebook.book import Book
from forbear.rulebook.match import Match, Test
from forbear.rulebook.rule import Rule, Standing
from forbear.rulebook.window import Span, Window
from forbear.terms import DAYS

NEVER_STOP: Final = 1 << 50
_DAY: Final = 86400
_TRI: Final = {False: 0, None: 1, True: 2}
_REMEMBERED: Final = 1 << 16


class Law:
    """The rules chosen from a book, with everything they reach, under what the sources hold."""

    def __init__(self, book: Book, rules: Sequence[Rule], coverage: Coverage) -> None:
        self.book, self.rules, self.coverage = book, list(rules), coverage
        self.standings: list[Standing] = [book.standings[name] for name in sorted({name for rule in rules for name in book.reach(rule)})]
        self._number = {standing.id: i for i, standing in enumerate(self.standings)}
        self.matches: list[Match] = []
        self._match_number: dict[int, int] = {}
        self.clocks: list[str] = ["consumer"]
        self.calendars: list[str] = [""]
        self.spans: list[tuple[Span, str, bool]] = []
        """Tables of days: a span, its calendar, and whether the table gives where it starts rather than where it ends."""
        self._span_number: dict[tuple[int, str, bool, bool, str], int] = {}
        self.hours: list[dict[str, tuple[Interval, ...]]] = []
        keys = [rule.cap.per if rule.cap else rule.owe.per if rule.owe else [] for rule in rules] + [s.per for s in self.standings]
        values = [rule.cap.distinct for rule in rules if rule.cap and rule.cap.distinct]
        self.dimensions: list[str] = ["debt", *sorted({key for per in [*keys, values] for key in per if key not in ("debt", "hours")})]
        self._answers: dict[str, dict[str | None, list[int]]] = {}
        self._base: dict[str, list[tuple[int, Test]]] = {}
        self.packed = self._pack(keys)

    @cached_property
    def tested(self) -> list[str]:
        """The fields that some match tests."""
        return sorted({test.field for match in self.matches for test in match.tests if test.field != "while"})

    def number(self, standing: str) -> int:
        """The number of a standing."""
        return self._number[standing]

    @property
    def dated(self) -> bool:
        """Whether sources hold a kind between dates: the loops know only kinds that are held always or never, and leave it to plain."""
        return any(h.since is not None or h.until is not None for h in self.coverage.holdings)

    def base(self, field: str) -> list[tuple[int, Test]]:
        """The tests of one field, by match."""
        if field not in self._base:
            self._base[field] = [(i, test) for i, match in enumerate(self.matches) for test in match.tests if test.field == field]
        return self._base[field]

    def answers(self, field: str, text: str | None) -> list[int]:
        """What the tests of a field say of a value as a column keeps it, null if it is unknown; plain is asked once for each."""
        known = self._answers.setdefault(field, {})
        found = known.get(text)
        if found is None:
            if len(known) > _REMEMBERED:
                known.clear()
            entry = Entry(entry_id="", at=0, known_at=0, fields={} if text is None else {field: split(text)})
            found = known[text] = [_TRI[Conditions(self.book, ()).test(test, entry, 0).value] for _, test in self.base(field)]
        return found

    def _pack(self, keys: list[list[str]]) -> Arrays:
        rules = [self._rule(rule) for rule in self.rules]
        unless = lists([self._match(m) for m in rule.unless.any] for rule in self.rules)
        chosen = [(rule.forbid or rule.require or (rule.owe.entry if rule.owe else None)) for rule in self.rules]
        alternatives = lists([self._match(m) for m in box.any] if box else [] for box in chosen)
        openers, standings = list[list[int]](), list[list[int]]()
        for standing in self.standings:
            standings.append(self._standing(standing, len(openers)))
            openers += [self._opener(standing, number) for number in range(len(standing.opens))]
        closers = lists([self._match(m) for m in standing.closes.any] for standing in self.standings)
        per = lists([self.dimensions.index(key) for key in keys_ if key != "hours"] for keys_ in keys)
        tests = [[test for test in match.tests if test.field == "while"] for match in self.matches]
        flat = [test for row in tests for test in row]
        numbers = iter(range(len(flat)))
        return Arrays(
            rule=np.array(rules, np.int64).reshape(-1, len(RULE)),
            unless=unless,
            alternatives=alternatives,
            per=per,
            standing=np.array(standings, np.int64).reshape(-1, len(STANDING)),
            opener=np.array(openers, np.int64).reshape(-1, len(OPENER)),
            closers=closers,
            whiles=lists([next(numbers) for _ in row] for row in tests),
            asked=lists([self._number[name] for name in test.values] for test in flat),
            negated=np.array([test.negated for test in flat], np.int64),
            reach=lists([self._number[name] for name in self.book.reach(rule)] for rule in self.rules),
            hours=lists(_hour_rows(self.hours)),
        )

    def _rule(self, rule: Rule) -> list[int]:
        cap, owe = rule.cap, rule.owe
        window = cap.within if cap else None
        kind, n, table, stop = self._window(window, rule.calendar)
        if owe:
            kind, n, table, stop = self._span(owe.within, rule.calendar)
        if rule.hours:
            self.hours.append(rule.hours.days)
        debt_below = any("debt" in self.book.standings[name].per for name in self.book.reach(rule))
        row = {
            "applies": self._match(rule.applies),
            "verb": {"forbid": FORBID, "require": REQUIRE, "hours": HOURS, "cap": CAP, "owe": OWE}[rule.verb],
            "when": self._match(cap.when) if cap and cap.when.tests else -1,
            "limit": cap.limit if cap else 0,
            "distinct": self.dimensions.index(cap.distinct) if cap and cap.distinct else -1,
            "window": kind,
            "n": n,
            "table": table,
            "stop": stop,
            "clock": self._clock(rule.clock),
            "hours": len(self.hours) - 1 if rule.hours else -1,
            "calendar": self._calendar(rule.calendar),
            "since": rule.from_.toordinal(),
            "until": rule.until.toordinal() if rule.until else 1 << 40,
            "hidden": self._silent(rule.applies.kinds() if cap else [k for m in owe.entry.any for k in m.kinds()] if owe else ()),
            "by_debt": bool(cap and "debt" in cap.per) or debt_below or bool(owe and "debt" in owe.per),
            "key_debt": "debt" in (cap.per if cap else owe.per if owe else ()),
            "slow": bool(cap and (cap.free or cap.within.standing or "tags" in cap.per)),
        }
        return [int(row[name]) for name in RULE]

    def _standing(self, standing: Standing, first: int) -> list[int]:
        opens = standing.opens
        reach = [_seconds(o.lasts) + _seconds(o.starts) if o.lasts else NEVER_STOP for o in opens]
        row = {
            "openers": len(opens),
            "first": first,
            "stop": min(max(reach), NEVER_STOP),
            "clock": self._clock(standing.clock),
            "hidden_open": self._silent(kind for o in opens for kind in o.match.kinds()),
            "hidden_close": self._silent(kind for m in standing.closes.any for kind in m.kinds()),
            "key_debt": "debt" in standing.per,
            "named_hours": "hours" in standing.per,
            "rows": any(o.in_a_row > 1 or o.days_in_a_row for o in opens),
        }
        return [int(row[name]) for name in STANDING]

    def _opener(self, standing: Standing, number: int) -> list[int]:
        o = standing.opens[number]
        minutes = bool(o.lasts and o.lasts.unit == "minute")
        row = {
            "match": self._match(o.match),
            "in_a_row": o.in_a_row,
            "days_in_a_row": o.days_in_a_row,
            "starts": self._table(o.starts, standing.calendar, starts=True) if o.starts else -1,
            "lasts": self._table(o.lasts, standing.calendar) if o.lasts and not minutes else -1,
            "minutes": o.lasts.n if o.lasts and minutes else 0,
        }
        return [row[name] for name in OPENER]

    def _window(self, window: Window | None, calendar: str) -> tuple[int, int, int, int]:
        if window is None or window.standing or window.text == "ever":
            return (WHILE if window and window.standing else EVER), 0, -1, NEVER_STOP
        if window.month:
            return MONTH, 0, -1, 35 * _DAY
        if window.week_from is not None:
            return WEEK, window.week_from, -1, 11 * _DAY
        assert window.span
        return self._span(window.span, calendar)

    def _span(self, span: Span, calendar: str) -> tuple[int, int, int, int]:
        if span.unit == "minute":
            return MINUTES, span.n * 60, -1, span.n * 60
        return SPAN, 0, self._table(span, calendar), _seconds(span)

    def _table(self, span: Span, calendar: str, *, starts: bool = False) -> int:
        key = (span.n, span.unit, span.after, starts, calendar if span.unit == "business day" else "")
        if key not in self._span_number:
            self._span_number[key] = len(self.spans)
            self.spans.append((span, calendar, starts))
        return self._span_number[key]

    def _match(self, match: Match) -> int:
        if id(match) not in self._match_number:
            self._match_number[id(match)] = len(self.matches)
            self.matches.append(match)
        return self._match_number[id(match)]

    def _clock(self, clock: str) -> int:
        if clock not in self.clocks:
            self.clocks.append(clock)
        return self.clocks.index(clock)

    def _calendar(self, calendar: str) -> int:
        if calendar not in self.calendars:
            self.calendars.append(calendar)
        return self.calendars.index(calendar)

    def _silent(self, kinds: Iterable[str]) -> bool:
        return bool(self.coverage.silent_kinds(kinds))


def _seconds(span: Span | None) -> int:
    """No entry that lies further back than this can be inside the span, whatever zones and calendars say."""
    if span is None:
        return 0
    if span.unit == "business day":
        # In a year that the calendar does not hold, the last business day may be any later day.
        return NEVER_STOP
    return span.n * 60 if span.unit == "minute" else (span.n * (31 if span.unit == "month" else 1) + 4) * _DAY


def _hour_rows(hours: list[dict[str, tuple[Interval, ...]]]) -> Iterable[list[int]]:
    for days in hours:
        for day in (*DAYS, "holiday"):
            yield [second for interval in days.get(day, ()) for second in interval]
        yield [int("holiday" in days)]
