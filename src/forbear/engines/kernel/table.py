"""Entries as arrays: each value a small code, each combination of tested values a *shape*, each zone a list of offsets.

Three values are integers here and in `loops`: 0 no, 1 unknown, 2 yes; so *and* is min, *or* is max, *not* is 2 - x.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forbear.engines.conditions import Conditions
from forbear.engines.kernel.law import DEBT, FORBID, REQUIRE, RULE, STANDING, Ints, Law, Lists, lists
from forbear.engines.times import Times
from forbear.records.clock import offsets
from forbear.records.entry import Entry, Values
from forbear.rulebook.window import add_months

NO, UNKNOWN, YES = 0, 1, 2
UNSAID, SINGLE, ALL, SEVERAL, OPEN = range(5)
"""What a code stands for: unknown, one value, `*`, candidates, or candidates one of which is `*`."""
_TRI: Final = {False: NO, None: UNKNOWN, True: YES}
_EPOCH_DAY: Final = dt.date(1970, 1, 1).toordinal()
_DAY: Final = 86400
_MARGIN: Final = 800
"""Days of the day tables before and after the data, so that what starts later than its opener still finds its end."""


class Table(NamedTuple):
    """What the loops read of the entries. Timeline `t` is `entry[start[t]:start[t + 1]]`, in the order of timelines."""

    start: Ints
    at: Ints
    known: Ints
    shape: Ints
    zones: Ints
    """Entry -> number of its list of candidate zones."""
    code: NDArray[np.int64]
    """Entry x dimension -> code; 0 is unknown. The dimension of debts is -1 where an entry names several."""
    debts: Lists
    """Entry -> codes of its debts."""
    until: NDArray[np.int64]
    """Entry x 2 -> first and last candidate of the day after its `until`; a far day if it has none."""
    kind: Lists
    """Dimension -> what each of its codes stands for."""
    values: Lists
    """Running number of a code (dimension after dimension) -> the values that it may be."""
    first_code: Ints
    """Dimension -> running number of its code 0."""
    truth: NDArray[np.int8]
    """Shape x match -> the truth of its tests, `while` aside."""
    simple: Lists
    """Shape -> (rule, truth) of the rules that need nothing but the shape and the date."""
    complex: Lists
    """Shape -> the other rules that may see it."""
    events: Lists
    """Shape -> the standings that it may open or close."""
    candidates: Lists
    """Number of a list of zones -> zones; the first lists are those of the clocks."""
    moved: Lists
    """Zone -> (instant, offset) pairs, from the earliest on."""
    first_day: int
    ends: NDArray[np.int64]
    """Table of days x day -> the day that a span leads to."""
    sure: NDArray[np.int8]
    """The same -> whether that day is sure."""
    day_kind: NDArray[np.int8]
    """Calendar x day -> 0-6 a weekday, 7 a holiday, 8 + weekday where nobody knows."""


class Codes:
    """Values met so far in one field, and their codes; 0 is unknown."""

    def __init__(self) -> None:
        self.number: dict[Values, int] = {}
        self.values: list[Values] = [()]

    def of(self, values: Values | None) -> int:
        """The code of `values`, a new one if they were never met."""
        if values is None:
            return 0
        found = self.number.get(values)
        if found is None:
            found = self.number[values] = len(self.values)
            self.values.append(values)
        return found


def pack(law: Law, timelines: Sequence[Sequence[Entry]]) -> Table:
    """The entries of these timelines, each in the order of its entries, as arrays for `law`."""
    entries = [entry for line in timelines for entry in line]
    tested = law.tested
    fields, dimensions = [Codes() for _ in tested], [Codes() for _ in law.dimensions]
    shapes: dict[tuple[int, ...], int] = {}
    zone_lists: dict[Values, int] = {}
    times = Times(law.book)
    for clock in law.clocks[1:]:
        zone_lists.setdefault((clock,), len(zone_lists) + 1)
    shape, zones, debts = list[int](), list[int](), list[list[int]]()
    code = np.zeros((len(entries), len(dimensions)), np.int64)
    until = np.full((len(entries), 2), 1 << 40, np.int64)
    for i, entry in enumerate(entries):
        has = entry.fields
        shape.append(shapes.setdefault(tuple(c.of(has.get(name)) for c, name in zip(fields, tested, strict=True)), len(shapes)))
        where = times.zones(entry, "consumer")
        zones.append(zone_lists.setdefault(where, len(zone_lists) + 1))
        named = has.get("debt")
        debts.append([dimensions[DEBT].of((debt,)) for debt in named or ()])
        code[i, DEBT] = (debts[-1][0] if len(debts[-1]) == 1 else -1) if named else 0
        for d, name in enumerate(law.dimensions[1:], 1):
            code[i, d] = dimensions[d].of(has.get(name))
        if "until" in has:
            over = [dt.date.fromisoformat(day).toordinal() + 1 for day in has["until"]]
            until[i] = min(over), max(over)
    truth = _truths(law, fields, list(shapes))
    simple, complicated, events = _lists_by_shape(law, truth)
    first = min((entry.at for entry in entries), default=0) // _DAY + _EPOCH_DAY - _MARGIN
    days = max((entry.known_at for entry in entries), default=0) // _DAY + _EPOCH_DAY + _MARGIN - first + 1
    ends, sure = _ends(law, first, days)
    values, first_code = _values(dimensions)
    names = sorted({zone for where in zone_lists for zone in where})
    lists_of_zones = [(), *zone_lists]
    return Table(
        start=np.cumsum([0, *(len(line) for line in timelines)], dtype=np.int64),
        at=np.array([entry.at for entry in entries], np.int64),
        known=np.array([entry.known_at for entry in entries], np.int64),
        shape=np.array(shape, np.int64),
        zones=np.array(zones, np.int64),
        code=code,
        debts=lists(debts),
        until=until,
        kind=lists([_kind(v) for v in codes.values] for codes in dimensions),
        values=values,
        first_code=first_code,
        truth=truth,
        simple=simple,
        complex=complicated,
        events=events,
        candidates=lists([names.index(zone) for zone in where] for where in lists_of_zones),
        moved=lists([x for pair in offsets(zone, first - _EPOCH_DAY, days) for x in pair] for zone in names),
        first_day=first,
        ends=ends,
        sure=sure,
        day_kind=_day_kinds(law, first, days),
    )


def _kind(values: Values) -> int:
    if len(values) < 2:
        return ALL if values == ("*",) else SINGLE if values else UNSAID
    return OPEN if "*" in values else SEVERAL


def _values(dimensions: list[Codes]) -> tuple[Lists, Ints]:
    rows, first = list[list[int]](), [0]
    for codes in dimensions:
        number: dict[str, int] = {}
        rows += [[number.setdefault(value, len(number)) for value in values] for values in codes.values]
        first.append(len(rows))
    return lists(rows), np.array(first, np.int64)


def _truths(law: Law, fields: list[Codes], shapes: list[tuple[int, ...]]) -> NDArray[np.int8]:
    """Asks plain for each test and each distinct value, then takes the least over the tests of a match."""
    truth = np.full((len(shapes), len(law.matches)), YES, np.int8)
    codes = np.array(shapes, np.int64).reshape(len(shapes), len(fields))
    asker = Conditions(law.book, ())
    for f, name in enumerate(law.tested):
        entries = [Entry(entry_id="", at=0, known_at=0, fields={name: v} if n else {}) for n, v in enumerate(fields[f].values)]
        for match, test in law.base(name):
            of_value = np.array([_TRI[asker.test(test, entry, 0).value] for entry in entries], np.int8)
            np.minimum(truth[:, match], of_value[codes[:, f]], out=truth[:, match])
    return truth


def _lists_by_shape(law: Law, truth: NDArray[np.int8]) -> tuple[Lists, Lists, Lists]:
    packed, shapes = law.packed, truth.shape[0]
    column = {name: packed.rule[:, n] for n, name in enumerate(RULE)}
    asks = np.diff(packed.whiles.start) > 0
    simple: list[list[int]] = [[] for _ in range(shapes)]
    complicated: list[list[int]] = [[] for _ in range(shapes)]
    for r in range(len(law.rules)):
        unless = packed.unless.items[packed.unless.start[r] : packed.unless.start[r + 1]]
        found = packed.alternatives.items[packed.alternatives.start[r] : packed.alternatives.start[r + 1]]
        applies, verb = int(column["applies"][r]), int(column["verb"][r])
        if verb in (FORBID, REQUIRE) and not any(asks[m] for m in (applies, *unless, *found)):
            exempt = truth[:, unless].max(axis=1, initial=NO)
            said = truth[:, found].max(axis=1, initial=NO)
            value = np.minimum(np.minimum(truth[:, applies], 2 - exempt), said if verb == FORBID else 2 - said)
            for shape in np.flatnonzero(value).tolist():
                simple[shape] += [r, int(value[shape])]
        else:
            for shape in np.flatnonzero(truth[:, applies]).tolist():
                complicated[shape].append(r)
    events: list[list[int]] = [[] for _ in range(shapes)]
    first, count = STANDING.index("first"), STANDING.index("openers")
    for s in range(len(law.standings)):
        row = packed.standing[s]
        touching = [
            *packed.opener[row[first] : row[first] + row[count], 0],
            *packed.closers.items[packed.closers.start[s] : packed.closers.start[s + 1]],
        ]
        for shape in np.flatnonzero(truth[:, touching].max(axis=1, initial=NO)).tolist():
            events[shape].append(s)
    return lists(simple), lists(complicated), lists(events)


def _ends(law: Law, first: int, days: int) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    ends, sure = np.zeros((len(law.spans), days), np.int64), np.ones((len(law.spans), days), np.int8)
    everyday = np.arange(first, first + days)
    for t, (span, calendar, starts) in enumerate(law.spans):
        if span.unit == "business day" and (place := law.book.place(calendar)):
            reached = [place.business_day(int(day), span.n) for day in everyday]
            ends[t] = [day + (not starts) for day, _ in reached]
            sure[t] = [known for _, known in reached]
        elif span.unit == "month":
            ends[t] = [add_months(int(day), span.n) for day in everyday]
        else:
            ends[t] = everyday + span.n + (span.after and not starts)
    return ends, sure


def _day_kinds(law: Law, first: int, days: int) -> NDArray[np.int8]:
    everyday = np.arange(first, first + days)
    weekdays = (everyday + 6) % 7
    found = np.tile(weekdays, (len(law.calendars), 1)).astype(np.int8)
    for c, calendar in enumerate(law.calendars):
        if place := law.book.place(calendar):
            for d, day in enumerate(everyday):
                kinds = place.day_kinds(int(day))
                found[c, d] = 7 if kinds == ("holiday",) else found[c, d] + 8 * (len(kinds) > 1)
    return found
