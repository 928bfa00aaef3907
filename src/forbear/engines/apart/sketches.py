"""Timelines that a rule's own tests call for, so that it can be tried without an example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from forbear.engines.apart.variations import Side, Timeline, another, at
from forbear.records.entry import Entry
from forbear.rulebook.diary import UNSAID, read
from forbear.rulebook.match import Match, Test
from forbear.rulebook.rule import Rule
from forbear.terms import FIELDS, KIND

_MOST_COPIES = 40


def sketches(side: Side, other: Side) -> Iterator[Timeline]:
    """Entries that a rule's tests call for, alone, and after what opens and what closes each standing; what is owed behind them.

    They lie on a day of which the calendar of `other` says something else, if there is one.
    """
    book, rule = side
    day = _day(side, other)
    before: list[list[Entry]] = [[]]
    for name in book.reach(rule):
        closers = [_sketch(side, day - 1, rule.applies, match) for match in book.standings[name].closes.any]
        for opener in book.standings[name].opens:
            count = max(opener.in_a_row, opener.days_in_a_row)
            opened = [_sketch(side, day - n - 2, rule.applies, opener.match) for n in range(count)]
            before += [opened, *([*opened, closer] for closer in closers)]
    for match in _asked(rule):
        judged = _sketch(side, day, rule.applies, match)
        for earlier in before:
            yield Timeline.of([*earlier, judged])
            if rule.cap and rule.cap.limit <= _MOST_COPIES:
                yield Timeline.of([*earlier, *_full(rule, judged)])
    for match in rule.owe.entry.any if rule.owe else ():
        yield Timeline.of([_sketch(side, day, rule.applies), _sketch(side, day + 1, rule.applies, match)])


def _asked(rule: Rule) -> Iterator[Match]:
    """What may be asked of the judged entry beside `applies`: nothing, or what the verb does."""
    yield Match(())
    for box in (rule.forbid, rule.require):
        yield from box.any if box else ()
    yield from (rule.cap.when,) if rule.cap and rule.cap.when.tests else ()


def _full(rule: Rule, judged: Entry) -> Iterator[Entry]:
    """One more than a cap allows, a minute apart; with a value of its own each, where values are counted."""
    assert rule.cap
    distinct = FIELDS[rule.cap.distinct] if rule.cap.distinct and rule.cap.distinct != "zone" else None
    for n in range(rule.cap.limit + 1):
        entry = at(judged, judged.at + 60 * n)
        words = list(distinct.words) if distinct else []
        yield entry.but(**{rule.cap.distinct: (words[n] if n < len(words) else f"{n}",)}) if distinct and rule.cap.distinct else entry


def _day(side: Side, other: Side) -> int:
    """A day on which the rule is in force: one that the two calendars call differently; else in a year that its own holds."""
    rule = side.rule
    first, last = rule.from_.toordinal(), rule.until.toordinal() if rule.until else dt.date.max.toordinal()
    place, beside = (each.book.place(each.rule.calendar) for each in (side, other))
    ours, theirs = (each.calendar.years if each and each.calendar else [] for each in (place, beside))
    named = sorted(day.toordinal() for year in (*ours, *theirs) for day in (*year.holidays, *year.perhaps))
    disputed = [day for day in named if place and beside and place.day_kinds(day) != beside.day_kinds(day)]
    held = [dt.date(year.year, month, 15).toordinal() for year in ours for month in (3, 11)]
    return next((day for day in (*disputed, *held) if first <= day <= last), min(first + 45, last))


def _sketch(side: Side, day: int, *matches: Match) -> Entry:
    """An entry of that day, at ten in the morning, that passes the tests of the matches as far as words go; of the last above all."""
    said = dict(side.rule.given)
    for test in (test for match in matches for test in match.tests):
        if test.field not in ("while", "kind"):
            value = _passing(test)
            many = FIELDS[test.field].many and said.get(test.field) and not test.negated
            said[test.field] = f"{said[test.field]}+{value}" if many else value
    match = matches[-1] if matches[-1].tests else matches[0]
    facts = any(test.field == "kind" and test.covers("contact") == test.negated for test in match.tests)
    what = next(match.kinds(), "notice") if facts else said.pop("channel", "call")
    if what in KIND:
        said = {"hours": "daily[10:00,11:00)", "channel": "call"} | said
    if said.get("party", UNSAID["party"]) != "consumer":
        said.setdefault("person", "B")
    if not side.book.place(said.get("jurisdiction", "")) and said.get("zone", "?") == "?":
        said["zone"] = "Etc/UTC"
    return read(f"{dt.date.fromordinal(day)} 10:00 {what}", said, side.book)[0].entry


def _passing(test: Test) -> str:
    if test.is_bound:
        return f"{test.at_least if test.at_least is not None else test.at_most:g}"
    return another(test) if test.negated else test.values[0]
