"""A diary as a picture: a strip for each day that has entries, a mark for each entry at its hour. The text below it says the same."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from forbear.doors.rules.words import words
from forbear.engines.trial import Diary
from forbear.findings.phrases import phrases
from forbear.records.clock import local
from forbear.rulebook.book import Book
from forbear.rulebook.diary import Line
from forbear.rulebook.rule import Rule
from forbear.rulebook.window import weekday
from forbear.terms import DAYS, Language

WIDE, NARROW = 720, 330
"""Widths in pixels: of a desk, and of a telephone."""
KINDS: Final = {"": "clear", "!": "breach", "?": "unclear", "!g": "gate", "!a": "audit", "?a": "unclear-audit"}
"""Mark of a diary line -> what is drawn."""
_MARK, _LANE, _TOP, _DAY_S = 19, 22, 20, 86_400
_PUSHED: Final = 60
"""How many pixels a mark may stand after its hour before it goes a line lower."""


class Mark(NamedTuple):
    """An entry, or several that a line repeats. Pixels from the left and the top."""

    x: float
    y: float
    kind: str
    times: int


class Day(NamedTuple):
    """A strip. `quiet`: where contact is not allowed, as pixels from the left and a width."""

    label: str
    y: float
    height: float
    quiet: list[tuple[float, float]]


class Strip(NamedTuple):
    """A picture."""

    width: int
    height: float
    days: list[Day]
    marks: list[Mark]
    ticks: list[tuple[float, str]]
    alt: str


def draw(book: Book, rule: Rule, diary: Diary, lang: Language, width: int) -> Strip:
    """One example."""
    days = dict[int, list[Line]]()
    for line in diary.lines:
        days.setdefault(local(line.entry.at, line.zone).day, []).append(line)
    left = 112 if width == WIDE else 72
    scale = (width - left - _MARK) / _DAY_S
    strips, marks, top = list[Day](), list[Mark](), float(_TOP)
    for day, lines in sorted(days.items()):
        found, lanes = _day(rule, lines, left, scale, top, width)
        marks += found
        height = lanes * _LANE + 6.0
        quiet = [(left + start * scale, (end - start) * scale) for start, end in _quiet(book, rule, day, lines[0].zone)]
        strips.append(Day(_label(day, lang, width), top, height, quiet))
        top += height + 4
    ticks = [(left + hour * 3600 * scale, f"{hour}:00") for hour in range(0, 25, 3 if width == WIDE else 6)]
    return Strip(width, top + 2, strips, marks, ticks, _alt(rule, diary, len(days), lang))


def kind(rule: Rule, line: Line) -> str:
    """What a line is drawn as: its mark, where it has none a fact or what is lawful."""
    if not line.mark and not line.entry.is_contact:
        return "fact"
    return "departure" if line.mark == "!" and rule.warns else KINDS[line.mark]


def _day(rule: Rule, lines: Sequence[Line], left: float, scale: float, top: float, width: int) -> tuple[list[Mark], int]:
    """The marks of a day, each at its hour or a little after it, a line lower where there is no room; and how many lines it took.

    A line of the diary that repeats is one mark.
    """
    groups = dict[tuple[int, str], list[Line]]()
    for line in sorted(lines, key=lambda line: local(line.entry.at, line.zone).second):
        groups.setdefault((line.number, kind(rule, line)), []).append(line)
    ends, found = list[float](), list[Mark]()
    for (_, drawn), group in groups.items():
        at = left + local(group[0].entry.at, group[0].zone).second * scale
        wide = _MARK + (12 + 7 * len(str(len(group))) if len(group) > 1 else 0)
        lane = next((n for n, end in enumerate(ends) if end - at <= _PUSHED and max(at, end) + wide <= width), len(ends))
        ends += [0.0] * (lane == len(ends))
        x = min(max(at, ends[lane]), width - wide)
        ends[lane] = x + wide
        found.append(Mark(x, top + 3 + lane * _LANE + _LANE / 2, drawn, len(group)))
    return found, len(ends)


def _quiet(book: Book, rule: Rule, day: int, zone: str) -> list[tuple[int, int]]:
    """The seconds of a day that surely lie outside the hours of the rule, be it a holiday or not; none if its clock is another."""
    if not rule.hours or rule.clock not in ("consumer", zone):
        return []
    place = book.place(rule.calendar) if "holiday" in rule.hours.days else None
    kinds = place.day_kinds(day) if place else (DAYS[weekday(day)],)
    quiet, until = list[tuple[int, int]](), 0
    for start, end in [*sorted(span for each in kinds for span in rule.hours.days.get(each, ())), (_DAY_S, _DAY_S)]:
        quiet += [(until, start)] if until < start else []
        until = max(until, end)
    return quiet


def _label(day: int, lang: Language, width: int) -> str:
    date, name = dt.date.fromordinal(day), phrases(lang)(f"day.{'' if lang == 'zh' else 'short-'}{DAYS[weekday(day)]}")
    return f"{date:{'%Y-%m-%d' if width == WIDE else '%m-%d'}} {name}"


def _alt(rule: Rule, diary: Diary, days: int, lang: Language) -> str:
    t = words(lang)
    counts = Counter(kind(rule, line) for line in diary.lines)
    marks = [t("strip.each", n=n, what=t(f"mark.{name}")) for name, n in counts.items()]
    return t("strip.alt", n=days, marks=t.listed(marks))
