"""Cell -> instant: every way in which exports write a time, settled in two steps.

`read` says what the cell shows: an instant, or what a calendar and a wall clock showed. `settle` and `edge` make an instant of the latter
once the row's zone is known. Nothing is guessed: 03/04/2025 is refused until the mapping says which is the day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import NamedTuple

from forbear.records import clock

FORMS = ("auto", "unix-s", "unix-ms", "excel", "day-first", "month-first")
"""What a mapping may say of the times of a file, beside a pattern of `strptime` such as `%d.%m.%y %H:%M`."""

_EXCEL_ZERO = dt.date(1899, 12, 30).toordinal()
_EXCEL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_UNITS = {9: 1, 10: 1, 13: 1000, 16: 1_000_000, 19: 1_000_000_000}
"""Digits of a Unix time -> parts of a second that it counts."""
_MAILED = re.compile(r"(?:[A-Z][a-z]{2},\s*)?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|GMT|UTC?)")
"""`Fri, 28 Feb 2025 09:05:00 +0800`, as RFC 5322 writes the date of a message, and interfaces of telephone services that of a call."""
_COMPACT = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_WRITTEN = re.compile(
    r"(?:(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?|(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y2>\d{4}))"
    r"(?:[T,\s]*(?P<half>上午|下午)?\s*(?P<h>\d{1,2})\s*[:：时点]\s*(?P<mi>\d{1,2})(?:\s*[:：分]\s*(?P<s>\d{1,2})(?:[.,]\d+)?\s*秒?|分)?"
    r"\s*(?P<ap>[AaPp])?(?(ap)\.?[Mm]\.?)\s*(?P<off>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)


class BadTime(ValueError):
    """The cell is no time. The argument is the reason code of the quarantine."""


class Shown(NamedTuple):
    """What a cell shows. Either `instant` is known, or `day` (and `second`, unless only a date is written) of a local calendar."""

    instant: int | None = None
    day: int = 0
    second: int | None = None


def read(text: str, form: str = "auto") -> Shown:
    """What a cell that is not empty shows. Raises `BadTime`."""
    if "%" in form:
        return _pattern(text, form)
    if form.startswith("unix") or form == "excel":
        return _numeric(text, form)
    if len(text) >= 16 and text[4] == "-":
        try:
            return _shown(dt.datetime.fromisoformat(text))
        except ValueError:
            pass
    if text.isascii() and text.replace(".", "", 1).isdigit() and text[0] != ".":
        return _numeric(text, form)
    return _written(text, form)


def _shown(at: dt.datetime, *, timed: bool = True) -> Shown:
    day = at.toordinal()
    if day not in clock.DAYS:
        raise BadTime("impossible-time")
    if at.tzinfo is not None:
        return Shown(int(at.timestamp() // 1))
    return Shown(None, day, at.hour * 3600 + at.minute * 60 + at.second if timed else None)


def _pattern(text: str, form: str) -> Shown:
    try:
        return _shown(dt.datetime.strptime(text, form), timed=any(part in form for part in ("%H", "%I", "%X", "%c", "%T", "%R")))
    except ValueError as error:
        raise BadTime("unreadable-time") from error


def _numeric(text: str, form: str) -> Shown:
    whole, _, _ = text.partition(".")
    if form == "excel" or (form not in ("unix-s", "unix-ms") and _EXCEL.fullmatch(text)):
        return _excel(text)
    if form in ("unix-s", "unix-ms"):
        unit: int | None = 1000 if form == "unix-ms" else 1
    else:
        unit = _UNITS.get(len(whole))
    if not whole.isascii() or not whole.isdigit() or len(whole) > 19:
        raise BadTime("unreadable-time")
    if unit is None:
        pattern = _COMPACT.get(len(text))
        if pattern is None:
            raise BadTime("unreadable-time")
        try:
            return _shown(dt.datetime.strptime(text, pattern), timed="%H" in pattern)
        except ValueError as error:
            raise BadTime("impossible-time") from error
    at = int(whole) // unit
    if at >= clock.END:
        raise BadTime("impossible-time")
    return Shown(at)


def _excel(text: str) -> Shown:
    try:
        days = float(text)
        day, second = divmod(round(days * 86400), 86400)
    except (ValueError, OverflowError) as error:
        raise BadTime("unreadable-time") from error
    if day + _EXCEL_ZERO not in clock.DAYS:
        raise BadTime("impossible-time")
    return Shown(None, day + _EXCEL_ZERO, None if "." not in text else second)


def _written(text: str, form: str) -> Shown:
    if _MAILED.fullmatch(text):
        return _mailed(text)
    found = _WRITTEN.fullmatch(text)
    if not found:
        raise BadTime("unreadable-time")
    year, month, day = _date(found, form)
    hour = int(found["h"] or 0)
    late = found["half"] == "下午" or found["ap"] in ("p", "P")
    if found["half"] or found["ap"]:
        hour = hour % 12 + 12 * late if hour <= 12 else hour
    offset = found["off"]
    try:
        zone = None if offset is None else _offset(offset)
        at = dt.datetime(year, month, day, hour, int(found["mi"] or 0), int(found["s"] or 0), tzinfo=zone)
    except ValueError as error:
        raise BadTime("impossible-time") from error
    return _shown(at, timed=found["h"] is not None)


def _mailed(text: str) -> Shown:
    try:
        at = parsedate_to_datetime(text)
        return _shown(at if at.tzinfo else at.replace(tzinfo=dt.UTC))  # -0000 is UTC of one who does not say where he is (RFC 5322, 3.3)
    except ValueError as error:
        raise BadTime("impossible-time") from error


def _date(found: re.Match[str], form: str) -> tuple[int, int, int]:
    if found["y"]:
        return int(found["y"]), int(found["m"]), int(found["d"])
    first, second, year = int(found["a"]), int(found["b"]), int(found["y2"])
    if form == "auto" and first <= 12 and second <= 12 and first != second:
        raise BadTime("ambiguous-date")
    day_first = form == "day-first" or (form == "auto" and first > 12)
    return (year, second, first) if day_first else (year, first, second)


def _offset(text: str) -> dt.timezone:
    if text in ("Z", "UTC", "GMT"):
        return dt.UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return dt.timezone(dt.timedelta(minutes=-minutes if text[0] == "-" else minutes))


@lru_cache(maxsize=1 << 16)
def steady(day: int, zone: str) -> int | None:
    """The instant of midnight, if the clock of `zone` is not moved on `day`, so that a wall time is midnight plus its seconds."""
    first = clock.midnight(day, zone)
    unmoved = clock.midnight(day + 1, zone) - first == 86400 and not clock.changes(day, zone)
    return first if unmoved else None


def settle(shown: Shown, zones: Sequence[str]) -> int:
    """The instant of a cell that shows a time, in whichever of `zones` the clock stood.

    Raises `BadTime` where there is no zone, or where the candidates make different instants of it; `clock.NoSuchTime` in a DST gap.
    """
    if shown.instant is not None:
        return shown.instant
    assert shown.second is not None
    if not zones:
        raise BadTime("no-zone")
    found = {_settled(shown.day, shown.second, zone) for zone in zones}
    if len(found) > 1:
        raise BadTime("several-zones")
    return found.pop()


def _settled(day: int, second: int, zone: str) -> int:
    first = steady(day, zone)
    return clock.settle(dt.datetime.fromordinal(day) + dt.timedelta(seconds=second), zone) if first is None else first + second


def edge(day: int, zones: Sequence[str], *, end: bool) -> int:
    """The last second of a date (`end`) or its first one; where the zone is one of several, the last or first in any of them.

    Raises `BadTime` where there is no zone.
    """
    if not zones:
        raise BadTime("no-zone")
    return max(clock.midnight(day + 1, z) - 1 for z in zones) if end else min(clock.midnight(day, z) for z in zones)
