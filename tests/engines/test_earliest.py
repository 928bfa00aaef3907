"""The earliest lawful instant, where only a clock that is put forward, a month's end, a holiday or an unknown place makes it hard."""

from __future__ import annotations

import datetime as dt

import pytest
from random_law import with_years
from small import entries, law, rule, standing

from forbear.engines.earliest import earliest, unsettled
from forbear.engines.plain import Judge
from forbear.records.clock import say

NEW_YORK, LISBON = "America/New_York", "Europe/Lisbon"


def first(found, diary, where=LISBON, rules=None, **fields):
    """The earliest lawful instant of the last contact of a diary, as the wall clock there shows it, or None."""
    *before, last = entries(found, diary, zone=where)
    at = earliest(found.book, rules or found.book.rules, before, unsettled(last.but(**fields)))
    return at if at is None else say(at, where)


@pytest.mark.parametrize(
    ("hours", "asked", "lawful"),
    [
        ("[02:30,22:00)", "2026-03-08 01:00", "2026-03-08 03:00:00"),  # half past two is skipped
        ("(02:00,22:00)", "2026-03-08 01:00", "2026-03-08 03:00:00"),
        ("[02:10,02:50]", "2026-03-07 23:00", "2026-03-09 02:10:00"),  # all of it is skipped
        ("[03:00,22:00)", "2026-03-08 01:59:59", "2026-03-08 03:00:00"),
        ("[02:00,22:00)", "2026-11-01 01:30", "2026-11-01 02:00:00"),  # the hour from one to two comes twice
        ("(08:00,12:00)[14:00,16:00]", "2026-03-02 08:00", "2026-03-02 08:00:01"),
        ("(08:00,12:00)[14:00,16:00]", "2026-03-02 12:00", "2026-03-02 14:00:00"),
        ("(08:00,12:00)[14:00,16:00]", "2026-03-02 16:00:01", "2026-03-03 08:00:01"),
    ],
)
def test_hours_open_at_the_first_second_that_the_wall_clock_shows(hours, asked, lawful):
    """Gaps and folds, round and square brackets."""
    found = law(rule(hours={"daily": hours}))
    assert first(found, f"{asked} call", NEW_YORK) == lawful


def test_the_hour_that_comes_twice_is_lawful_twice():
    """Lawful from half past one to two: in the second round again."""
    found = law(rule(hours={"daily": "[01:30,02:00)"}))
    *_, last = entries(found, "2026-11-01 01:59:59 call", zone=NEW_YORK)
    later = last.at + 1
    moved = type(last)(entry_id="1", at=later, known_at=later, fields=last.fields)
    assert earliest(found.book, found.book.rules, [], moved) == last.at + 1 + 1800


@pytest.mark.parametrize(
    ("within", "asked", "lawful"),
    [
        ("1 month", "2026-02-01 09:00", "2026-02-28 00:00:00"),  # from 31 January, clipped
        ("2 months", "2026-02-01 09:00", "2026-03-31 00:00:00"),
        ("calendar month", "2026-01-31 10:00", "2026-02-01 00:00:00"),
        ("week from sunday", "2026-01-31 10:00", "2026-02-01 00:00:00"),
        ("week from monday", "2026-01-31 10:00", "2026-02-02 00:00:00"),
        ("7 days", "2026-01-31 10:00", "2026-02-07 00:00:00"),
        ("5 days after", "2026-01-31 10:00", "2026-02-06 00:00:00"),
        ("5 minutes", "2026-01-31 09:01", "2026-01-31 09:05:00"),
        ("ever", "2026-01-31 10:00", None),
    ],
)
def test_a_window_ends_as_its_kind_says(within, asked, lawful):
    """A call on the last of January, at nine."""
    found = law(rule(cap={"limit": 1, "within": within, "per": ["consumer"]}))
    assert first(found, f"2026-01-31 09:00 call busy\n{asked} call") == lawful


def test_business_days_skip_weekend_and_holidays():
    """Two business days after Thursday 26 March 2026, the Friday being a holiday, are over with Tuesday."""
    found = law(rule(cap={"limit": 1, "within": "2 business days after", "per": ["consumer"]}, calendar="ZZ"))
    assert first(found, "2026-03-26 09:00 call busy\n2026-03-26 10:00 call") == "2026-04-01 00:00:00"


def test_a_year_that_no_calendar_holds_leaves_no_instant_sure():
    """What is blocked by business days in 2030 never becomes surely lawful."""
    found = law(rule(cap={"limit": 1, "within": "2 business days after", "per": ["consumer"]}, calendar="ZZ"))
    assert first(found, "2030-03-07 09:00 call busy\n2030-03-07 10:00 call") is None


def test_a_day_that_the_calendar_leaves_open_is_waited_for():
    """Two business days after 25 March, the 26th perhaps and the 27th surely a holiday, are surely over with the 31st."""
    place = with_years(lambda year: year | {"perhaps": [dt.date(year["year"], 3, 26)]})
    found = law(rule(cap={"limit": 1, "within": "2 business days after", "per": ["consumer"]}, calendar="ZZ"), place=place)
    assert first(found, "2026-03-25 09:00 call busy\n2026-03-25 10:00 call") == "2026-04-01 00:00:00"


def test_a_leap_day_is_waited_for():
    """One month from 29 January ends on 29 February in a leap year, on the 28th in another."""
    found = law(rule(cap={"limit": 1, "within": "1 month", "per": ["consumer"]}))
    assert first(found, "2028-01-29 09:00 call busy\n2028-01-29 10:00 call") == "2028-02-29 00:00:00"
    assert first(found, "2026-01-29 09:00 call busy\n2026-01-29 10:00 call") == "2026-02-28 00:00:00"


def test_where_midnight_does_not_exist_the_day_begins_with_the_jump():
    """The clocks of São Paulo went from 23:59:59 to 01:00."""
    found = law(rule(**{"from": dt.date(2010, 1, 1)}, cap={"limit": 1, "within": "1 day", "per": ["consumer"]}))
    assert first(found, "2018-11-03 09:00 call busy\n2018-11-03 10:00 call", "America/Sao_Paulo") == "2018-11-04 01:00:00"


def test_until_ends_a_standing_and_the_end_of_force_ends_a_rule():
    """A stop until the fifth; a rule in force until the eighth."""
    told = standing("zz.told", {"kind": "cease-request"})
    diary = "2026-03-02 09:00 cease-request {}\n2026-03-02 10:00 call"
    found = law(rule(forbid={"while": "zz.told"}, until=dt.date(2026, 3, 8)), told)
    assert first(found, diary.format("until=2026-03-05")) == "2026-03-06 00:00:00"
    assert first(found, diary.format("")) == "2026-03-09 00:00:00"


def test_all_rules_together_are_not_the_latest_of_each():
    """Each rule alone is lawful at once or at six; together they are lawful only the next morning."""
    evening = law(rule(hours={"daily": "[08:00,12:00)[18:00,24:00)"})).book.rules[0]
    talked = law(rule(hours={"daily": "[00:00,18:00)"}))
    assert first(talked, "2026-03-02 13:00 call", rules=[evening]) == "2026-03-02 18:00:00"
    assert first(talked, "2026-03-02 13:00 call") == "2026-03-02 13:00:00"
    assert first(talked, "2026-03-02 13:00 call", rules=[evening, *talked.book.rules]) == "2026-03-03 08:00:00"


def test_of_two_candidate_places_both_must_be_lawful():
    """Nine in Lisbon is eight on the Azores."""
    found = law(rule(hours={"daily": "[08:00,20:00)"}))
    assert first(found, "2026-03-02 07:00 call") == "2026-03-02 08:00:00"
    *_, last = entries(found, "2026-03-02 07:00 call")
    for zones in (None, (LISBON, "Atlantic/Azores")):
        at = earliest(found.book, found.book.rules, [], unsettled(last.but(zone=zones)))
        assert say(at, LISBON) == "2026-03-02 09:00:00"


def test_where_nothing_is_known_of_the_place_never_is_said_after_a_year(monkeypatch):
    """No hour is daytime everywhere: hours that come again day by day are walked for a year, not for ten."""
    found = law(rule(hours={"daily": "[08:00,20:00)"}))
    *_, last = entries(found, "2026-03-02 07:00 call")
    tried = []

    class Watched(Judge):
        def judge(self, rule, entry, *place, **how):
            tried.append(entry.at)
            return super().judge(rule, entry, *place, **how)

    monkeypatch.setattr("forbear.engines.earliest.Judge", Watched)
    assert earliest(found.book, found.book.rules, [], unsettled(last.but(zone=None, jurisdiction=None))) is None
    assert 365 * 86400 < max(tried) - last.at < 2 * 365 * 86400


def test_what_happens_once_is_waited_for_over_the_years():
    """A stop until 2029 and hours in between: the first lawful second is in 2029."""
    found = law(
        rule(hours={"daily": "[08:00,20:00)"}, unless=[{"while": {"not": ["zz.told"]}}], until=dt.date(2030, 12, 31)),
        standing("zz.told", {"kind": "cease-request"}),
    )
    diary = "2026-03-02 09:00 cease-request until=2029-03-05\n2026-03-02 22:00 call"
    assert first(found, diary) == "2026-03-03 08:00:00"
    assert first(found, diary, zone=None, jurisdiction=None) == "2029-03-06 12:00:00"
