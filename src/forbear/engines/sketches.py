"""Timelines that a rule's own tests call for, so that it can be tried without an example."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from forbear.engines.variations import Side, Timeline, another
from forbear.records.entry import Entry
from forbear.rulebook.diary import read
from forbear.rulebook.match import Match
from forbear.terms import KIND


def sketches(side: Side) -> Iterator[Timeline]:
    """An entry that the rule's tests call for, alone and after one that opens each standing; what is owed after it."""
    book, rule = side
    day = rule.from_.toordinal() + 45
    if rule.until:
        day = min(day, rule.until.toordinal())
    judged = _sketch(side, rule.applies, day)
    yield Timeline.of([judged])
    for name in book.reach(rule):
        for opener in book.standings[name].opens:
            count = max(opener.in_a_row, opener.days_in_a_row)
            yield Timeline.of([*(_sketch(side, opener.match, day - n - 1) for n in range(count)), judged])
        for match in book.standings[name].closes.any:
            yield Timeline.of([_sketch(side, match, day - 1), judged])
    for match in rule.owe.entry.any if rule.owe else ():
        yield Timeline.of([judged, _sketch(side, match, day + 1)])


def _sketch(side: Side, match: Match, day: int) -> Entry:
    """An entry of that day, at ten in the morning, that passes the tests of a match as far as words go."""
    said = dict(side.rule.given)
    for test in (*side.rule.applies.tests, *match.tests):
        if test.field in ("while", "kind"):
            continue
        if test.is_bound:
            said[test.field] = f"{test.at_least if test.at_least is not None else test.at_most:g}"
        else:
            said[test.field] = another(test) if test.negated else test.values[0]
    facts = any(test.field == "kind" and test.covers("contact") == test.negated for test in match.tests)
    what = next(match.kinds(), "notice") if facts else said.pop("channel", "call")
    if what in KIND:
        said.setdefault("hours", "daily[00:00,24:00)")
    if not side.book.place(said.get("jurisdiction", "")):
        said.setdefault("zone", "Etc/UTC")
    return read(f"{dt.date.fromordinal(day)} 10:00 {what}", said, side.book)[0].entry
