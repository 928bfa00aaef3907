"""Windows, deadlines, hours of the day and numbers, as words of a sentence."""

from __future__ import annotations

from forbear.findings import dates
from forbear.findings.phrases import Phrases
from forbear.rulebook.book import Book
from forbear.rulebook.match import Test
from forbear.rulebook.window import Span, Window
from forbear.terms import DAYS, FIELDS


def window(within: Window, t: Phrases, book: Book | None) -> str:
    """A window that ends with the judged entry: `in 7 days`."""
    if within.standing is not None:
        title = book.standings[within.standing].title.say(t.lang) if book and within.standing in book.standings else within.standing
        return t("window.while", title=title)
    if within.week_from is not None:
        return t("window.week", day=t(f"day.{DAYS[within.week_from]}"))
    if within.span is None:
        return t("window.month" if within.month else "window.ever")
    if within.span.unit == "day" and within.span.n == 1 and not within.span.after:
        return t("window.today")
    return t(f"window.{unit(within.span)}", n=within.span.n)


def deadline(span: Span, t: Phrases) -> str:
    """By when something is due, counted from the judged entry."""
    return t(f"deadline.{unit(span)}", n=span.n)


def unit(span: Span) -> str:
    """The key of a unit in the phrases: `business-days-after`."""
    return f"{span.unit.replace(' ', '-')}s{'-after' if span.after else ''}"


def hours(limit: str, t: Phrases) -> str:
    """The hours of a day as a finding holds them: `08:00:00-21:59:59`, several apart by spaces, candidate days by `|`."""
    return t.listed([t.listed([_interval(interval, t) for interval in day.split(" ")]) for day in limit.split("|")], "list.or")


def _interval(text: str, t: Phrases) -> str:
    """Which boundary is left out is said: the first and last second of the interval show it."""
    if text == "none":
        return t("hours.no-hour")
    first, last = (sum(int(part) * unit for part, unit in zip(end.split(":"), (3600, 60, 1), strict=True)) for end in text.split("-"))
    starts = t("hours.after", time=dates.time(first - 1)) if first % 60 == 1 else dates.time(first)
    before = last % 60 == 59 and last + 1 < 86400
    ends = t("hours.before", time=dates.time(last + 1)) if before else dates.time(last + (last % 60 == 59))
    return t("hours.interval", first=starts, last=ends)


def asked(test: Test, t: Phrases) -> str:
    """What a test asks for: `collectors present: at least 2`."""
    field = FIELDS[test.field]
    if test.is_bound:
        bounds = (("at-least", test.at_least), ("at-most", test.at_most))
        said = [t(f"require.{word}", value=f"{bound:g}") for word, bound in bounds if bound is not None]
    else:
        value = t.listed([field.words[v].say(t.lang) if v in field.words else v for v in test.values], "list.or")
        said = [t("require.not" if test.negated else "require.is", value=value)]
    return t("require.field", field=field.name.say(t.lang), value=t.listed(said))
