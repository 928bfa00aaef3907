import datetime as dt

import pytest

from forbear.rulebook import window
from forbear.rulebook.window import Span, Window


def day(text: str) -> int:
    """A date as the engines count it."""
    return dt.date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("text", "n", "unit", "after"),
    [
        ("1 day", 1, "day", False),
        ("7 days", 7, "day", False),
        ("5 days after", 5, "day", True),
        ("3 business days after", 3, "business day", True),
        ("3 months", 3, "month", False),
        ("5 minutes", 5, "minute", False),
    ],
)
def test_spans_are_read(text, n, unit, after):
    """Each form of section 5."""
    span = Span.parse(text)
    assert (span.n, span.unit, span.after) == (n, unit, after)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("24 hours", "is no span"),
        ("0 days", "is no span"),
        ("-1 days", "is no span"),
        ("days", "is no span"),
        ("7 days before", "is no span"),
        (7, "is no span"),
        ("3 business days", 'may be no business day; write "3 business days after"'),
        ("3 months after", "only days"),
        ("5 minutes after", "only days"),
    ],
)
def test_what_is_no_span_is_refused(text, what):
    """There is no rolling day, and the error lists the forms."""
    with pytest.raises(ValueError, match=what):
        Span.parse(text)


def test_windows_are_spans_weeks_months_standings_or_ever():
    """Exactly one of the attributes is set, none for ever."""
    found = [Window.parse(text) for text in ("7 days", "week from sunday", "week from mon", "calendar month", "while zz.a", "ever")]
    assert [(w.span is not None, w.week_from, w.month, w.standing) for w in found] == [
        (True, None, False, None),
        (False, 6, False, None),
        (False, 0, False, None),
        (False, None, True, None),
        (False, None, False, "zz.a"),
        (False, None, False, None),
    ]


@pytest.mark.parametrize("text", ["week from someday", "week from mondays", "week", "calendar week", "always", "", 7, None])
def test_what_is_no_window_is_refused(text):
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=r"week from monday|is no span|is no window"):
        Window.parse(text)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-10-31", 2, "2026-12-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-03-15", 1, "2026-04-15"),
    ],
)
def test_months_run_to_the_same_day_clipped_to_the_last(start, n, end):
    """Over ends of months, leap days and ends of years."""
    assert dt.date.fromordinal(window.add_months(day(start), n)) == dt.date.fromisoformat(end)


def test_weeks_and_months_have_a_first_day():
    """The first day of a fixed week is part of the rule."""
    assert window.week_start(day("2026-03-04"), 0) == day("2026-03-02")
    assert window.week_start(day("2026-03-04"), 6) == day("2026-03-01")
    assert window.week_start(day("2026-03-01"), 6) == day("2026-03-01")
    assert window.month_start(day("2026-03-31")) == day("2026-03-01")
    assert [window.weekday(day("2026-03-02") + n) for n in range(7)] == list(range(7))
