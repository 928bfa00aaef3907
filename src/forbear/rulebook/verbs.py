"""What rules and standings are made of: the tables of the five verbs, openers, quotas and examples, each read and checked by itself."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from forbear.records.hours import Interval, days_of, intervals
from forbear.rulebook.match import Match, Matches
from forbear.rulebook.window import Span, Window
from forbear.terms import FIELDS, KIND


class DayHours:
    """The hours that are allowed. A day not named has no lawful hour; `holiday`, where it is named, goes first."""

    __slots__ = ("days",)

    def __init__(self, days: dict[str, tuple[Interval, ...]]) -> None:
        self.days = days

    @classmethod
    def parse(cls, raw: object) -> DayHours:
        """From `{ mon-fri = "[08:00,22:00)", holiday = [] }`: an empty list is a day without a lawful hour."""
        if not isinstance(raw, dict) or not raw:
            raise ValueError('no day is named; write days and their hours: daily = "[08:00,22:00)"')
        days: dict[str, tuple[Interval, ...]] = {}
        for key, text in raw.items():
            if text != [] and not isinstance(text, str):
                raise ValueError(f'{key}: {text!r} are no hours; write them like "[08:00,22:00)", or [] for none')
            for day in days_of(key):
                if day in days:
                    raise ValueError(f"{key}: {day} is named twice; keep one")
                days[day] = intervals(text) if text else ()
        return cls(days)


class Opener:
    """One way in which a standing opens: a match, how many in a row it takes, when it starts and how long it lasts."""

    __slots__ = ("days_in_a_row", "in_a_row", "lasts", "match", "starts")

    def __init__(self, match: Match, in_a_row: int, days_in_a_row: int, starts: Span | None, lasts: Span | None) -> None:
        self.match, self.in_a_row, self.days_in_a_row, self.starts, self.lasts = match, in_a_row, days_in_a_row, starts, lasts

    @classmethod
    def parse(cls, raw: object) -> Opener:
        """From a TOML table: the tests, and `in_a_row` or `days_in_a_row`, `starts`, `lasts` beside them."""
        if not isinstance(raw, dict):
            raise ValueError('a table of tests belongs here; write one such as { channel = "sms" }')
        own = {key: raw[key] for key in ("in_a_row", "days_in_a_row", "starts", "lasts") if key in raw}
        for key in ("in_a_row", "days_in_a_row"):
            if key in own and (not isinstance(own[key], int) or own[key] < 2):
                raise ValueError(f"{key}: {own[key]!r} does not count in a row; write a whole number of at least 2, or leave it out")
        if "in_a_row" in own and "days_in_a_row" in own:
            raise ValueError("in_a_row: not together with days_in_a_row; write two openers")
        starts, lasts = (Span.parse(own[key]) if key in own else None for key in ("starts", "lasts"))
        if starts and (not starts.after or starts.unit not in ("day", "business day")):
            raise ValueError(f'starts: {own["starts"]!r} is no start; write "1 day after" or "3 business days after"')
        if starts and lasts and lasts.unit == "minute":
            raise ValueError(f"lasts: {own['lasts']!r} is too short; what starts at midnight lasts for days or months")
        match = Match.parse({key: value for key, value in raw.items() if key not in own}).looking()
        return cls(match, own.get("in_a_row", 1), own.get("days_in_a_row", 0), starts, lasts)


class Free:
    """A quota of exclusions: at most `limit` entries that match are left out of the count inside their own trailing window."""

    __slots__ = ("limit", "match", "within")

    def __init__(self, match: Match, limit: int, within: Window) -> None:
        self.match, self.limit, self.within = match, limit, within

    @classmethod
    def parse(cls, raw: object) -> Free:
        """From a TOML table: the tests, with `limit` and `within` beside them."""
        if not isinstance(raw, dict) or not isinstance(raw.get("limit"), int) or raw["limit"] < 1:
            raise ValueError("a quota needs a limit of at least 1; write limit and within beside its tests")
        match = Match.parse({key: value for key, value in raw.items() if key not in ("limit", "within")})
        return cls(match, raw["limit"], Window.parse(raw.get("within")))


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A diary with its verdicts. `silent`: kinds of fact that no source of this diary holds."""

    name: str
    diary: str
    given: dict[str, str] = {}
    silent: list[str] = []

    def __post_init__(self) -> None:
        check_given(self.given)
        if unknown := [kind for kind in self.silent if kind not in KIND]:
            raise ValueError(f"silent: no kind of fact {', '.join(unknown)}; write some of {', '.join(KIND)}")


class Cap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """With the judged entry, more than `limit` entries (or distinct values of a field) lie in the window."""

    limit: int
    within: Window
    per: list[str]
    count: str = "entries"
    when: Match = Match(())
    free: list[Free] = []

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError("limit: at least 1; write [forbid] for what is never allowed")
        check_keys(self.per)
        named = self.count == "entries" or self.count.startswith("distinct ")
        if not named or (self.distinct is not None and (self.distinct not in FIELDS or FIELDS[self.distinct].many)):
            raise ValueError(f'count: {self.count!r} cannot be counted; write "entries", or "distinct" and a field that holds one value')

    def windows(self) -> list[Window]:
        """Its own window and those of its quotas."""
        return [self.within, *(free.within for free in self.free)]

    @property
    def distinct(self) -> str | None:
        """The field whose different values are counted; None counts entries."""
        return None if self.count == "entries" else self.count.removeprefix("distinct ")


class Owe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something must follow within a time."""

    entry: Matches
    within: Span
    per: list[str]

    def __post_init__(self) -> None:
        check_keys(self.per)


def check_keys(per: list[str]) -> None:
    """Raises `ValueError` unless these are fields, at least one."""
    for key in per:
        if key not in FIELDS:
            raise ValueError(f"per: no field {key!r}; the fields are {', '.join(FIELDS)}")
    if not per:
        raise ValueError("per: there is none, and everything would be summed; name at least one field")


def check_given(given: Mapping[str, str]) -> None:
    """Raises `ValueError` unless these are fields that a diary can take as said."""
    if unknown := [key for key in given if key not in FIELDS]:
        raise ValueError(f"given: no field {', '.join(unknown)}; the fields are {', '.join(FIELDS)}")
