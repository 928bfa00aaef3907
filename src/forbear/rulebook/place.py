"""A place: the zones of a jurisdiction, its weekend, the holidays that were gazetted for it, and the rates that are announced there."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Final

import msgspec

from forbear.records.clock import UnknownZone, check_zone
from forbear.rulebook.head import Title
from forbear.rulebook.window import weekday
from forbear.terms import DAYS

ENDLESS: Final = 1 << 61
"""A day, and an instant, that never comes: the latest that something can be where no calendar tells."""


class CalendarYear(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Public holidays of one gazetted year."""

    year: int
    source: str
    holidays: list[dt.date]
    perhaps: list[dt.date] = msgspec.field(default_factory=list)
    """Days that are a holiday for some alone, of which sources disagree, or of which the clause does not say whether they count."""

    def __post_init__(self) -> None:
        if wrong := [str(day) for day in (*self.holidays, *self.perhaps) if day.year != self.year]:
            raise ValueError(f"holidays: {', '.join(wrong)} does not lie in {self.year}; put it under its own year")
        if both := [str(day) for day in self.perhaps if day in self.holidays]:
            raise ValueError(f"perhaps: {', '.join(both)} stands among the holidays too; keep it in one of the two")


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Gazetted years only: in any other year a day is perhaps a holiday. The version is raised by hand with every change."""

    version: int
    years: list[CalendarYear]

    def __post_init__(self) -> None:
        held = [year.year for year in self.years]
        if len(set(held)) < len(held):
            raise ValueError("years: a year stands here twice; put its holidays together")


class Announced(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rate as it was announced on a day, per cent a year."""

    day: dt.date
    annual: float
    sources: list[str]


class Published(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rate that somebody announces, such as the LPR.

    Each announcement holds until the next one that stands here, and the last one on its day alone: what came after it was not read. The
    version is raised by hand with every change.
    """

    id: str
    """The name that the `of` of a rate cap has for it."""
    name: Title
    version: int
    announced: list[Announced]

    def __post_init__(self) -> None:
        days = [each.day for each in self.announced]
        if not days or days != sorted(set(days)):
            raise ValueError("announced: not one after the other; write what was announced, the oldest first and one of each day")

    @property
    def until(self) -> dt.date:
        """The last day on which it is known."""
        return self.announced[-1].day

    def since(self) -> list[tuple[dt.date, float | None]]:
        """The days on which what is known of it changes, and what it is from each on; None: not known."""
        told = [(dt.date.min, None), *((each.day, each.annual) for each in self.announced), (self.until + dt.timedelta(1), None)]
        return [told[0], *(after for before, after in pairwise(told) if after[1] != before[1])]


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`law/<jurisdiction>/place.toml`. The first zone is the one that a diary takes as said."""

    zones: list[str]
    name: Title | None = None
    """What people call it; nothing that is judged asks for it."""
    sources: dict[str, str] = msgspec.field(default_factory=dict)
    """How a citation begins -> where an official text of it stands; nothing that is judged asks for it."""
    weekend: list[str] = msgspec.field(default_factory=lambda: ["sat", "sun"])
    calendar: Calendar | None = None
    rates: list[Published] = msgspec.field(default_factory=list)
    """What a rate cap may follow."""

    def __post_init__(self) -> None:
        if wrong := [url for url in self.sources.values() if not url.startswith("https://")]:
            raise ValueError(f"sources: {wrong[0]} is no address; write one that begins with https://")
        if not self.zones:
            raise ValueError("zones: there is none; name at least one")
        for zone in self.zones:
            try:
                check_zone(zone)
            except UnknownZone:
                raise ValueError(f"zones: {zone!r} is no IANA time zone; write a name like Asia/Shanghai") from None
        if wrong := [day for day in self.weekend if day not in DAYS]:
            raise ValueError(f"weekend: no day {', '.join(wrong)}; write some of {', '.join(DAYS)}")
        if len({rate.id for rate in self.rates}) < len(self.rates):
            raise ValueError("rates: a rate stands here twice; put what was announced together")
        if set(self.weekend) == set(DAYS):
            raise ValueError("weekend: holds all seven days; leave one for work")

    def day_kinds(self, day: int) -> tuple[str, ...]:
        """`("holiday",)`, a weekday, or both: on a day that is perhaps a holiday, and wherever the calendar does not hold the year."""
        date, name = dt.date.fromordinal(day), DAYS[weekday(day)]
        year = self._year(day)
        if year is None or date in year.perhaps:
            return (name, "holiday")
        return ("holiday",) if date in year.holidays else (name,)

    def business_day(self, day: int, n: int) -> tuple[int, int]:
        """The earliest and the latest that the `n`th business day after `day` can be; `ENDLESS` if a year that is not held tells it."""
        return self._nth(day, n, early=True), self._nth(day, n, early=False)

    def _nth(self, day: int, n: int, *, early: bool) -> int:
        while n:
            day += 1
            if DAYS[weekday(day)] in self.weekend:
                continue
            if not early and self._year(day) is None:
                return ENDLESS
            kinds = self.day_kinds(day)
            n -= kinds[0] != "holiday" and (early or len(kinds) == 1)
        return day

    def _year(self, day: int) -> CalendarYear | None:
        number = dt.date.fromordinal(day).year
        return next((year for year in self.calendar.years if year.year == number), None) if self.calendar else None
