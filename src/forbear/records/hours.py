"""Hours of the day and week as law and people name them: `daily[08:00,22:00)`, `mon-fri[18:00,24:00)sat[08:00,12:00)`.

A square bracket takes the boundary second in, a round one leaves it out. Internally an interval is (first second in, first second out).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from forbear.terms import DAYS

Interval = tuple[int, int]
Hours = Mapping[str, tuple[Interval, ...]]
"""Day key (`daily`, `mon`, `mon-fri`, `holiday`) -> intervals of that day."""

_INTERVAL = re.compile(r"([\[(])\s*(\d\d):(\d\d)(?::(\d\d))?\s*,\s*(\d\d):(\d\d)(?::(\d\d))?\s*([\])])")
_NAMED = re.compile(r"([a-z-]+)((?:[\[(][\d:,\s]+[\])])+)")


class BadHours(ValueError):
    """The text is not a list of intervals, or one of them is empty or outside the day."""


def intervals(text: str) -> tuple[Interval, ...]:
    """`[08:00,12:00)[14:00,18:00]` -> ((28800, 43200), (50400, 64801)). Raises `BadHours`."""
    found, rest = [], text.strip()
    while rest:
        match = _INTERVAL.match(rest)
        if not match:
            raise BadHours(f"{text!r} is no interval; write intervals like [08:00,22:00)")
        opens, h1, m1, s1, h2, m2, s2, closes = match.groups()
        first = int(h1) * 3600 + int(m1) * 60 + int(s1 or 0) + (opens == "(")
        out = int(h2) * 3600 + int(m2) * 60 + int(s2 or 0) + (closes == "]")
        if int(m1) > 59 or int(m2) > 59 or not 0 <= first < out <= 86400:
            raise BadHours(f"{text!r} does not run forwards within one day; a night is two intervals: [00:00,08:00)[22:00,24:00)")
        found.append((first, out))
        rest = rest[match.end() :].lstrip()
    if not found:
        raise BadHours("no interval; write intervals like [08:00,22:00)")
    return tuple(found)


def days_of(key: str) -> tuple[str, ...]:
    """The days that a key names: `daily`, a day, a range of days, or `holiday`. Raises `BadHours`."""
    if key == "daily":
        return DAYS
    if key == "holiday" or key in DAYS:
        return (key,)
    first, _, last = key.partition("-")
    if first in DAYS and last in DAYS and DAYS.index(first) < DAYS.index(last):
        return DAYS[DAYS.index(first) : DAYS.index(last) + 1]
    raise BadHours(f"{key!r} names no day; write daily, {', '.join(DAYS)}, a range like mon-fri, or holiday")


def named(text: str) -> Hours:
    """Hours as one text, day by day: `mon-fri[18:00,24:00)sat[08:00,12:00)`. Raises `BadHours`.

    What names a day twice names both: `mon-fri[18:00,24:00)mon[08:00,12:00)`.
    """
    found: dict[str, tuple[Interval, ...]] = {}
    for match in _NAMED.finditer(text):
        for day in days_of(match[1]):
            found[day] = _joined((*found.get(day, ()), *intervals(match[2])))
    if not found or _NAMED.sub("", text).strip():
        raise BadHours(f"{text!r} are no hours; write days and intervals like mon-fri[18:00,24:00)")
    return found


def _joined(spans: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same seconds in intervals that neither meet nor overlap, in order."""
    found: list[Interval] = []
    for first, out in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(out, found[-1][1]))
        else:
            found.append((first, out))
    return tuple(found)


def minutes_a_week(hours: Hours) -> int:
    """How many minutes of a week the hours name, rounded down."""
    return sum((out - first) // 60 * len(days_of(key)) for key, spans in hours.items() for first, out in spans)
