"""Time is settled here: instants become local days and seconds of the day, and nothing else in the house knows a time zone.

Units: an *instant* is a Unix second (int). A *day* is a proleptic Gregorian ordinal (`datetime.date.toordinal`). A *second of the day* is
what a wall clock shows, 0 <= s < 86400, so it jumps with daylight saving time. A zone is an IANA name, opaque to every caller.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

EVERYWHERE = tuple(f"Etc/GMT{offset:+d}" for offset in range(-14, 13))
"""Whole-hour offsets from UTC+14 to UTC-12: the candidates where nothing at all is known of the place."""

_STEP_S = 3 * 86400
"""No zone's clock was moved twice within six days since 1970; the closest were seven days apart."""


EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
"""The day on which instants begin, in UTC."""

DAYS = range(dt.date(1900, 1, 1).toordinal(), dt.date(2200, 1, 1).toordinal())
"""Days of which a record can be; one of another day was misread, or written wrongly, and Python's calendar may end beside it."""

END = (DAYS.stop - EPOCH_DAY) * 86400
"""The first instant behind these days, in UTC."""


class UnknownZone(ValueError):
    """The name is not an IANA time zone."""


class NoSuchTime(ValueError):
    """The wall clock of that place never showed this time: it lies in the gap where the clock was put forward."""


class Local(NamedTuple):
    """What calendar and wall clock show at an instant in a zone."""

    day: int
    second: int


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownZone(name) from error


def check_zone(name: str) -> str:
    """`name` itself; raises `UnknownZone` if it is no IANA time zone."""
    _zone(name)
    return name


@lru_cache(maxsize=1 << 18)
def local(instant: int, zone: str) -> Local:
    """Day and second of the day at `instant` in `zone`."""
    at = dt.datetime.fromtimestamp(instant, _zone(zone))
    return Local(at.toordinal(), at.hour * 3600 + at.minute * 60 + at.second)


def _guess(day: int, second: int, zone: str, fold: int) -> int:
    wall = dt.datetime.fromordinal(day) + dt.timedelta(seconds=second)
    return int(wall.replace(tzinfo=_zone(zone), fold=fold).timestamp())


def instants(day: int, second: int, zone: str) -> tuple[int, ...]:
    """Every instant at which `zone` shows `second` of `day`: none in a gap, two where the clock is put back."""
    found = {_guess(day, second, zone, fold) for fold in (0, 1)}
    return tuple(sorted(at for at in found if local(at, zone) == (day, second)))


def settle(wall: dt.datetime, zone: str) -> int:
    """The instant of a local time without offset.

    Where the clock is put back the hour comes twice; the first is taken: day and wall clock agree, only the order within that hour may not.
    Raises `NoSuchTime` in a gap, `UnknownZone` for an unknown zone.
    """
    found = instants(wall.toordinal(), wall.hour * 3600 + wall.minute * 60 + wall.second, zone)
    if not found:
        raise NoSuchTime(f"{wall:%Y-%m-%d %H:%M:%S} in {zone}")
    return found[0]


@lru_cache(maxsize=1 << 16)
def midnight(day: int, zone: str) -> int:
    """The first instant of `day` in `zone`; where 00:00 does not exist, the instant at which the clock jumps into the day."""
    at = _guess(day, 0, zone, 0)
    while local(at, zone).day >= day and local(at - 1, zone).day >= day:
        at -= 1800
    while local(at, zone).day < day:
        at += 1 if local(at + 1800, zone).day >= day else 1800
    return at


@lru_cache(maxsize=1 << 16)
def changes(day: int, zone: str) -> tuple[int, ...]:
    """Instants of `day` at which the zone's offset changes, so that comparisons of the wall clock may change at no edge of their own."""
    first, last = midnight(day, zone), midnight(day + 1, zone)
    offset = _offset
    found = []
    for hour in range(first, last, 3600):
        low, high = hour, min(hour + 3600, last)
        if offset(low, zone) == offset(high, zone):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle, zone) == offset(low, zone) else (low, middle)
        found.append(high)
    return tuple(found)


def offsets(zone: str, first: int, days: int) -> list[tuple[int, int]]:
    """(from which instant, seconds east of UTC) for `days` days from day `first` since 1970 on; the first pair holds before as well.

    So that compiled code can tell local time: local second = instant + offset.
    """
    start = first * 86400
    end = start + days * 86400
    found = [(-(1 << 60), _offset(start, zone))]
    for low in range(start, end, _STEP_S):
        high = min(low + _STEP_S, end)
        if found[-1][1] == _offset(high, zone):
            continue
        a, b = low, high
        while b - a > 1:
            middle = (a + b) // 2
            a, b = (middle, b) if _offset(middle, zone) == found[-1][1] else (a, middle)
        found.append((b, _offset(b, zone)))
    return found


def _offset(instant: int, zone: str) -> int:
    shift = dt.datetime.fromtimestamp(instant, _zone(zone)).utcoffset()
    assert shift is not None
    return int(shift.total_seconds())


def wall(second: int) -> str:
    """A second of the day as a wall clock shows it: `09:00:00`."""
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def say(instant: int, zone: str) -> str:
    """`2026-03-01 09:00:00`, as the wall clock of `zone` shows it."""
    return dt.datetime.fromtimestamp(instant, _zone(zone)).strftime("%Y-%m-%d %H:%M:%S")
