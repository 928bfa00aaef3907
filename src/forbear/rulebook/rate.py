"""A rate cap: how much a loan may cost in a year, since when, and whom it binds. It judges no entry; `leads.cost` asks it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

import msgspec

from forbear.rulebook.head import Head
from forbear.rulebook.match import Match

BINDS: Final = ("jurisdiction", "creditor_kind", "debt_kind")
"""What of a loan can decide whether a cap binds it."""
COUNTED: Final = ("effective", "unsaid")


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The number of a cap: its own, or so many times a published one."""

    annual: float | None = None
    """Per cent a year, interest and all fees together."""
    times: float | None = None
    """Instead: how many times the rate `of`, as that is on the day on which the loan was first paid out."""
    of: str = ""
    """The name that the place has for a rate that is published there."""
    counted: str
    """effective: what it costs over a year with interest on interest, as XIRR counts it. unsaid: the text that was read does not say, so
    that only what is above the cap by every way of counting is above it."""

    def __post_init__(self) -> None:
        if (self.annual is None) == (self.times is None) or (self.times is None) == bool(self.of):
            raise ValueError("annual: write either it, or times and of")
        if self.annual is not None and self.annual <= 0:
            raise ValueError("annual: no cap; write per cent a year, such as 24")
        if self.times is not None and self.times <= 0:
            raise ValueError("times: no cap; write how many times the rate, such as 4")
        if self.counted not in COUNTED:
            raise ValueError(f"counted: there is no {self.counted!r}; write one of {', '.join(COUNTED)}")


class RateCap(Head, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One file of a rate cap. `applies` tests the loan: `BINDS`, by words. In force on the day on which the loan was first paid out."""

    applies: Match
    rate: Rate

    def __post_init__(self) -> None:
        super().__post_init__()
        for test in self.applies.tests:
            if test.field not in BINDS or test.is_bound:
                raise ValueError(f"applies: {test.field} says nothing of a loan here; test {', '.join(BINDS)} for words")
        if not any(test.field == "jurisdiction" for test in self.applies.tests):
            raise ValueError('applies: no jurisdiction, so it would bind the world; write jurisdiction = "XX"')

    def binds(self, loan: Mapping[str, Collection[str]], day: dt.date) -> bool:
        """Whether it surely binds a loan of that day; `loan` holds every value that each field may have, and nothing of what is unknown."""
        return self.in_force(day) and all(
            bool(values := loan.get(test.field, ())) and all(test.covers(value) != test.negated for value in values)
            for test in self.applies.tests
        )


class Ceiling(NamedTuple):
    """A rate cap in numbers."""

    cap: RateCap
    since: tuple[tuple[dt.date, float | None], ...]
    """From which day on it is how many per cent a year, beginning with the first day in force; None: the rate it follows is not known."""

    def on(self, day: dt.date) -> float | None:
        """What it is on a day in force."""
        return next(annual for since, annual in reversed(self.since) if since <= day)
