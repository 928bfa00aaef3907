"""Windows and spans, as law counts them: dates by the calendar, minutes by the clock. There is no rolling day: "a day" in law is a date."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, Literal

from forbear.terms import DAYS

_SPAN: Final = re.compile(r"(\d+) (minute|day|business day|month)s?( after)?")
Unit = Literal["minute", "day", "business day", "month"]


class Span:
    """`7 days` (today is day 1), `5 days after` (today is day 0), `3 business days after`, `3 months`, `5 minutes` (to the second)."""

    __slots__ = ("after", "n", "unit")

    def __init__(self, n: int, unit: Unit, after: bool) -> None:
        self.n, self.unit, self.after = n, unit, after

    def __str__(self) -> str:
        return f"{self.n} {self.unit}{'s' if self.n > 1 else ''}{' after' if self.after else ''}"

    @classmethod
    def parse(cls, text: object) -> Span:
        """From its text. Raises `ValueError` with the forms that exist."""
        match = _SPAN.fullmatch(text) if isinstance(text, str) else None
        if not match or int(match[1]) < 1:
            raise ValueError(
                f'{text!r} is no span; write one such as "7 days", "5 days after", "3 business days after", "3 months" or "5 minutes"'
            )
        span = cls(int(match[1]), match[2], bool(match[3]))  # type: ignore[arg-type]
        if span.unit == "business day" and not span.after:
            raise ValueError(f'{text!r} would begin today, which may be no business day; write "{text} after"')
        if span.unit in ("minute", "month") and span.after:
            raise ValueError(f'{text!r} is no span; only days are counted "after" a day: leave "after" out')
        return span


class Window:
    """How far back an earlier entry still counts. Exactly one of the attributes is set; none means `ever`."""

    __slots__ = ("month", "span", "standing", "text", "week_from")

    def __init__(self, text: str) -> None:
        self.text = text
        self.span: Span | None = None
        self.week_from: int | None = None
        self.month = text == "calendar month"
        self.standing: str | None = None
        if text.startswith("week from "):
            first = text.removeprefix("week from ")
            days = [i for i, day in enumerate(DAYS) if first.startswith(day)]
            if not days or first not in (DAYS[days[0]], _FULL[days[0]]):
                raise ValueError(f"{text!r} begins on no day; write week from {', '.join(_FULL[:-1])} or {_FULL[-1]}")
            self.week_from = days[0]
        elif text.startswith("while "):
            self.standing = text.removeprefix("while ").strip()
        elif not self.month and text != "ever":
            self.span = Span.parse(text)

    @classmethod
    def parse(cls, raw: object) -> Window:
        """From its text. Raises `ValueError` with the reason."""
        if not isinstance(raw, str):
            raise ValueError(f'{raw!r} is no window; write a text such as "7 days"')
        return cls(raw)


_FULL: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def add_months(day: int, n: int) -> int:
    """The same day of the month `n` months later, clipped to that month's last day."""
    date = dt.date.fromordinal(day)
    year, month = divmod(date.year * 12 + date.month - 1 + n, 12)
    following = dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - dt.timedelta(1)).day
    return dt.date(year, month + 1, min(date.day, last)).toordinal()


def month_start(day: int) -> int:
    """The first day of the month of `day`."""
    return dt.date.fromordinal(day).replace(day=1).toordinal()


def week_start(day: int, first: int) -> int:
    """The first day of the fixed week of `day`, whose first weekday is `first` (0 = Monday)."""
    return day - (weekday(day) - first) % 7


def weekday(day: int) -> int:
    """0 = Monday."""
    return (day + 6) % 7
