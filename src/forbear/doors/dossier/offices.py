"""Where a person can turn with what was found: `offices.toml`, each with its source."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from forbear.records import clock
from forbear.rulebook.head import Title
from forbear.rulebook.rule import Rule


class Office(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An office, and which breaches concern it."""

    id: str
    laws: list[str]
    rules: tuple[str, ...]
    name: Title
    purpose: Title
    source: Title
    conduct: list[str] = []
    years: int = 0
    """Years from a breach within which it must be asked; 0 where no such limit is known."""

    def concerns(self, rule: Rule) -> bool:
        """Whether a breach of `rule` is a matter for it."""
        return rule.id.startswith(self.rules) and (not self.conduct or rule.conduct in self.conduct)


@cache
def offices(law: str) -> tuple[Office, ...]:
    """The offices of a law, in the order in which to turn to them."""
    raw = tomllib.loads(files("forbear.doors.dossier").joinpath("offices.toml").read_text("utf-8"))
    found = msgspec.convert(raw["office"], list[Office])
    return tuple(office for office in found if law in office.laws)


def last_day(at: int, zone: str, years: int) -> dt.date:
    """The last day of so many years from the day of `at`: the day before its anniversary, so that no count of days makes it late."""
    day = dt.date.fromordinal(clock.local(at, zone).day)
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leap else day.day) - dt.timedelta(days=1)
