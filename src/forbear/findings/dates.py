"""Instants and dates as people of each language write them. A place's clock is only shown where the place is known."""

from __future__ import annotations

import datetime as dt

from forbear.findings.phrases import phrases
from forbear.records.clock import local
from forbear.terms import Language

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def date(day: dt.date, lang: Language) -> str:
    """`7 Apr 2026` or `2026年4月7日`."""
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def time(second: int) -> str:
    """A second of the day as `18:00`, and as `18:00:05` where it does not fall on the minute."""
    hours, rest = divmod(second, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def instant(at: int, zone: str, lang: Language) -> str:
    """`7 Apr 2026 18:00`, by the clock of `zone`."""
    shown = local(at, zone)
    day = date(dt.date.fromordinal(shown.day), lang)
    return f"{day}{'' if lang == 'zh' else ' '}{time(shown.second)}"


def placed(at: int, zones: tuple[str, ...], lang: Language) -> str:
    """The instant by the clocks that may count, each with its place; in UTC where the place is unknown or could be any of many."""
    if not 1 <= len(zones) <= 2:
        return phrases(lang)("time.unplaced", time=instant(at, "Etc/UTC", lang))
    clocks = [phrases(lang)("time.placed", time=instant(at, zone, lang), zone=place(zone, lang)) for zone in zones]
    return phrases(lang)("time.or").join(clocks)


def place(zone: str, lang: Language) -> str:
    """A zone as people call it; its IANA name where no other is in use."""
    return phrases(lang).texts.get(f"zone.{zone}", zone)
