"""Comparisons with time, in three values: hours of the day, dates in force, spans and windows.

Dates are compared, each entry keeping the date of the place where the consumer then was (or of the law's fixed clock). An entry whose
zone is unknown has one date for each candidate zone. While comparing, the instants at which an answer could change are collected as
`edges` and `daily`, so that the earliest lawful instant can be found by walking them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

from forbear.engines.three import NO, YES, Answer, agreed, every, negate, unknown
from forbear.records.clock import EVERYWHERE, changes, instants, local, midnight
from forbear.records.entry import Entry
from forbear.records.hours import Hours, Interval
from forbear.rulebook.book import ALWAYS, Book
from forbear.rulebook.place import ENDLESS
from forbear.rulebook.rule import Rule, Standing
from forbear.rulebook.window import Span, Window, add_months, month_start, week_start, weekday
from forbear.terms import DAYS

Law = Rule | Standing
Bound = tuple[int, int]
"""The first and the last day that a bound can be, the same if it is sure; the last may be `ENDLESS`."""


class Times:
    """Answers about time under the places of one book."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.edges: set[int] = set()
        """Instants at which the judged entry might come to be judged otherwise, once and for all."""
        self.daily: set[int] = set()
        """The same, of hours of the day: such instants come again day by day, the same ones within a year."""

    def zones(self, entry: Entry, clock: str) -> tuple[str, ...]:
        """The zones whose clock counts: the fixed one, the entry's candidates, or all of its jurisdiction."""
        if clock != "consumer":
            return (clock,)
        if known := entry.fields.get("zone"):
            return known
        places = [self.book.place(name) for name in entry.fields.get("jurisdiction", ("",))]
        return tuple(dict.fromkeys(zone for place in places for zone in (place.zones if place else EVERYWHERE)))

    def days(self, entry: Entry, clock: str) -> tuple[int, ...]:
        """The candidate dates of an entry."""
        return tuple(dict.fromkeys(local(entry.at, zone).day for zone in self.zones(entry, clock)))

    def before(self, judged: Entry, bounds: Iterable[Bound], law: Law) -> Answer:
        """Is the date of `judged` before the bound, whichever candidate holds?"""
        bounds = list(bounds)
        said: set[bool | None] = set()
        for zone in self.zones(judged, law.clock):
            today = local(judged.at, zone).day
            for first, last in bounds:
                self.edges |= {midnight(day, zone) for day in (first, last) if day < ENDLESS}
                said.add(True if today < first else False if today >= last else None)
        need = {"zone"} if {True, False} <= said else set()
        if None in said:
            return unknown(*need, f"calendar {law.calendar}")
        return agreed((value is True for value in said), *need)

    def in_force(self, rule: Rule, judged: Entry) -> Answer:
        """Is the rule in force on the date of the judged entry?"""
        parts = []
        if rule.from_ != ALWAYS:
            parts.append(negate(self.before(judged, [(rule.from_.toordinal(),) * 2], rule)))
        if rule.until:
            parts.append(self.before(judged, [(rule.until.toordinal() + 1,) * 2], rule))
        return every(parts)

    def inside(self, judged: Entry, hours: Hours, clock: str, calendar: str = "") -> Answer:
        """Does its second lie in the hours of its day?"""
        zones = self.zones(judged, clock)
        said: list[set[bool]] = []
        years = set()
        for zone in zones:
            day, second = local(judged.at, zone)
            lawful = self.lawful(day, hours, calendar)
            self.daily |= _edges(day, zone, tuple(lawful))
            said.append({any(first <= second < out for first, out in spans) for spans in lawful})
            if len(said[-1]) > 1:
                years.add(f"calendar {calendar}")
        if len({frozenset(one) for one in said}) > 1:
            years.add("zone")
        return agreed((value for one in said for value in one), *years)

    def lawful(self, day: int, hours: Hours, calendar: str) -> list[tuple[Interval, ...]]:
        """The hours of a day; two answers where it is perhaps a holiday."""
        place = self.book.place(calendar) if calendar else None
        of_weekday = hours.get(_weekday(day), ())
        kinds = place.day_kinds(day) if place else (_weekday(day),)
        return [hours.get("holiday", of_weekday) if kind == "holiday" else of_weekday for kind in kinds]

    def begun(self, judged: Entry, opener: Entry) -> Answer:
        """Did `opener` happen by then? A judged fact learned late may have happened before what was known earlier."""
        self.edges.add(opener.at)
        return YES if opener.at <= judged.at else NO

    def started(self, judged: Entry, opener: Entry, starts: Span | None, law: Law) -> Answer:
        """Has a standing that `opener` opened begun? It begins at 00:00 of the date that `starts` names."""
        return negate(self.before(judged, self._starts(opener, starts, law), law)) if starts else YES

    def lasts(self, judged: Entry, opener: Entry, starts: Span | None, lasts: Span | None, law: Law) -> Answer:
        """Is the span of a standing that `opener` opened not over: neither by `lasts` nor by the `until` that the opener carries?"""
        parts = []
        if lasts and lasts.unit == "minute":
            parts.append(self._minutes(judged, opener, lasts))
        elif lasts:
            begins = self._starts(opener, starts, law) if starts else [(day, day) for day in self.days(opener, law.clock)]
            ends = [(self._end(first, lasts, law)[0], self._end(last, lasts, law)[1]) for first, last in begins]
            parts.append(self.before(judged, ends, law))
        if until := opener.fields.get("until"):
            parts.append(self.before(judged, [(dt.date.fromisoformat(day).toordinal() + 1,) * 2 for day in until], law))
        return every(parts)

    def within(self, judged: Entry, earlier: Entry, window: Window, law: Law) -> Answer:
        """Does `earlier` lie in the window that ends with `judged`? For windows that time alone decides."""
        if window.span is not None and earlier.at > judged.at:
            return NO
        if window.span is None:
            return self._same_unit(judged, earlier, window, law) if window.month or window.week_from is not None else YES
        if window.span.unit == "minute":
            return self._minutes(judged, earlier, window.span)
        return self.before(judged, [self._end(day, window.span, law) for day in self.days(earlier, law.clock)], law)

    def deadline(self, entry: Entry, span: Span, law: Law) -> list[Bound]:
        """The first days on which what `entry` calls for is late."""
        return [self._end(day, span, law) for day in self.days(entry, law.clock)]

    def due(self, entry: Entry, span: Span, law: Law) -> tuple[int, int]:
        """The first instant at which what `entry` calls for is late wherever it was: the earliest and the latest that it can be."""
        if span.unit == "minute":
            return entry.at + span.n * 60, entry.at + span.n * 60
        zones, (firsts, lasts) = self.zones(entry, law.clock), zip(*self.deadline(entry, span, law), strict=True)
        first = max(midnight(day, zone) for day in firsts for zone in zones)
        return first, ENDLESS if ENDLESS in lasts else max(midnight(day, zone) for day in lasts for zone in zones)

    def _starts(self, opener: Entry, starts: Span, law: Law) -> list[Bound]:
        found: list[Bound] = []
        for day in self.days(opener, law.clock):
            place = self.book.place(law.calendar)
            found.append(place.business_day(day, starts.n) if starts.unit == "business day" and place else (day + starts.n,) * 2)
        return found

    def _end(self, day: int, span: Span, law: Law) -> Bound:
        """The first day that is outside a span which begins on `day`."""
        if day == ENDLESS:
            return ENDLESS, ENDLESS
        if span.unit == "month":
            return (add_months(day, span.n),) * 2
        if span.unit == "business day" and (place := self.book.place(law.calendar)):
            early, late = place.business_day(day, span.n)
            return early + 1, ENDLESS if late == ENDLESS else late + 1
        return (day + span.n + span.after,) * 2

    def _minutes(self, judged: Entry, earlier: Entry, span: Span) -> Answer:
        over = earlier.at + span.n * 60
        self.edges.add(over)
        return agreed({judged.at < over})

    def _same_unit(self, judged: Entry, earlier: Entry, window: Window, law: Law) -> Answer:
        def start(day: int) -> int:
            return month_start(day) if window.week_from is None else week_start(day, window.week_from)

        for zone in self.zones(judged, law.clock):
            today = start(local(judged.at, zone).day)
            self.edges.add(midnight(add_months(today, 1) if window.week_from is None else today + 7, zone))
        return agreed((start(a) == start(b) for a in self.days(judged, law.clock) for b in self.days(earlier, law.clock)), "zone")


@lru_cache(maxsize=1 << 16)
def _edges(day: int, zone: str, hours: tuple[tuple[Interval, ...], ...]) -> frozenset[int]:
    """The instants of a day at which its hours begin or end, or the clock changes; and its end."""
    ends = {second for spans in hours for span in spans for second in span}
    return frozenset((midnight(day + 1, zone), *changes(day, zone), *(at for second in ends for at in instants(day, second, zone))))


def _weekday(day: int) -> str:
    return DAYS[weekday(day)]
