"""Comparisons with time: dates of the place where the consumer was, in three values."""

from __future__ import annotations

import datetime as dt

import pytest
from small import law, rule, signs, standing

from forbear.engines.times import Times
from forbear.records.clock import EVERYWHERE
from forbear.records.entry import Entry
from forbear.rulebook.load import load

AZORES, LISBON = "Atlantic/Azores", "Europe/Lisbon"
DAILY = rule(hours={"daily": "[08:00,20:00)"})


def entry(**fields: tuple[str, ...]) -> Entry:
    """A contact of which only its place matters."""
    return Entry(entry_id="1", at=0, known_at=0, fields={"kind": ("contact",), **fields})


def test_zones_are_the_clock_of_the_law_the_candidates_the_jurisdiction_or_everywhere():
    """In this order."""
    times = Times(load())
    assert times.zones(entry(zone=("UTC",)), "Asia/Shanghai") == ("Asia/Shanghai",)
    assert times.zones(entry(zone=("UTC", LISBON), jurisdiction=("US",)), "consumer") == ("UTC", LISBON)
    of_states = times.zones(entry(jurisdiction=("US",)), "consumer")
    assert "America/New_York" in of_states
    assert "Pacific/Honolulu" in of_states
    assert times.zones(entry(jurisdiction=("US-XX",)), "consumer") == of_states
    assert set(times.zones(entry(jurisdiction=("US", "CN")), "consumer")) > set(of_states)
    assert times.zones(entry(jurisdiction=("XQ",)), "consumer") == EVERYWHERE
    assert times.zones(entry(), "consumer") == EVERYWHERE


@pytest.mark.parametrize(
    ("hours", "time", "sign"),
    [
        ("[08:00,20:00]", "07:59:59", "!"),
        ("[08:00,20:00]", "08:00", "."),
        ("[08:00,20:00]", "20:00", "."),
        ("[08:00,20:00]", "20:00:01", "!"),
        ("(08:00,20:00)", "08:00", "!"),
        ("(08:00,20:00)", "08:00:01", "."),
        ("(08:00,20:00)", "19:59:59", "."),
        ("(08:00,20:00)", "20:00", "!"),
        ("[00:00,24:00)", "00:00", "."),
        ("[00:00,24:00)", "23:59:59", "."),
        ("[00:00,06:00)[22:00,24:00)", "21:59:59", "!"),
        ("[00:00,06:00)[22:00,24:00)", "22:00", "."),
    ],
)
def test_brackets_to_the_second(hours, time, sign):
    """Square takes the boundary second in, round leaves it out."""
    assert signs(law(rule(hours={"daily": hours})), f"2026-03-02 {time} call") == sign


def test_a_day_not_named_has_no_lawful_hour_and_a_holiday_goes_first():
    """A Sunday; a holiday on a Friday, with and without hours of its own; a holiday that is not named is its weekday."""
    diary = "2026-03-26 10:00 call\n2026-03-27 10:00 call\n2026-03-28 10:00 call"
    week = {"mon-fri": "[08:00,20:00)"}
    assert signs(law(rule(hours=week, calendar="ZZ")), diary) == "..!"
    assert signs(law(rule(hours=week | {"holiday": []}, calendar="ZZ")), diary) == ".!!"
    assert signs(law(rule(hours=week | {"holiday": "[09:00,12:00)"}, calendar="ZZ")), diary) == "..!"


def test_a_year_that_the_calendar_does_not_hold_is_unclear_only_where_it_matters():
    """At seven no day is lawful; at ten a holiday would not be."""
    hours = {"mon-fri": "[08:00,20:00)", "holiday": []}
    assert signs(law(rule(hours=hours, calendar="ZZ")), "2030-03-04 07:00 call\n2030-03-04 10:00 call\n2030-03-09 10:00 call") == "!?!"
    open_too = {"mon-fri": "[08:00,20:00)", "holiday": "[09:00,11:00)"}
    assert signs(law(rule(hours=open_too, calendar="ZZ")), "2030-03-04 08:30 call\n2030-03-04 10:00 call") == "?."


def test_only_hours_lawful_in_all_zones_are_clear():
    """Half past eight in Lisbon is half past seven on the Azores; at six it is night in both."""
    diary = "2026-03-02 06:00 call zone=?\n2026-03-02 08:30 call zone=?\n2026-03-02 09:00 call zone=?\n2026-03-02 20:30 call zone=?"
    place = {"zones": [LISBON, AZORES]}
    assert signs(law(DAILY, place=place), diary) == "!?.?"
    assert signs(law(DAILY), "2026-03-02 09:00 call zone=? jurisdiction=XQ") == "?"


def test_a_fixed_clock_is_that_of_the_law():
    """Hours of Beijing, wherever the consumer is."""
    found = law(rule(hours={"daily": "[08:00,20:00)"}, clock="Asia/Shanghai"))
    assert signs(found, "2026-03-02 01:00 call zone=UTC\n2026-03-02 12:00 call zone=UTC\n2026-03-02 13:00 call zone=?") == ".!!"


@pytest.mark.parametrize(
    ("within", "days"),
    [("7 days", 7), ("1 day", 1), ("5 days after", 6), ("1 month", 31), ("2 business days after", 6)],
)
def test_dates_are_counted_not_hours(within, days):
    """From the last second of Thursday 26 March 2026, across the change to summer time and a holiday on the 27th."""
    found = law(rule(cap={"limit": 1, "within": within, "per": ["consumer"]}, calendar="ZZ"))
    last = dt.date(2026, 3, 26) + dt.timedelta(days - 1)
    first = "2026-03-26 23:59:58 call busy\n"
    assert signs(found, f"{first}{last} 23:59:59 call busy") == ".!"
    assert signs(found, f"{first}{last + dt.timedelta(1)} 00:00 call busy") == ".."


def test_each_entry_keeps_the_date_of_the_place_where_the_consumer_then_was():
    """The same instant is the second of March in Tokyo and the first in New York: seven days are counted from either."""
    found = law(rule(cap={"limit": 1, "within": "7 days", "per": ["consumer"]}))
    later = "2026-03-08 12:00 call busy zone=UTC"
    assert signs(found, f"2026-03-02 00:30 call busy zone=Asia/Tokyo\n{later}") == ".!"
    assert signs(found, f"2026-03-01 10:30 call busy zone=America/New_York\n{later}") == ".."
    assert signs(found, f"2026-03-02 00:30 call busy zone=Asia/Tokyo|America/New_York\n{later}") == ".?"


def test_flying_west_does_not_take_a_contact_out_of_the_window():
    """It was the third in Tokyo; an hour later, in Hawaii, it is the second: the window of today still holds it."""
    found = law(rule(cap={"limit": 1, "within": "1 day", "per": ["consumer"]}))
    assert signs(found, "2026-03-03 09:00 call busy zone=Asia/Tokyo\n2026-03-02 15:00 call busy zone=Pacific/Honolulu") == ".!"


def test_weeks_and_months_are_fixed():
    """Sunday begins the week of this rule; the month begins on its first."""
    diary = "2026-02-28 09:00 call busy\n2026-03-01 09:00 call busy\n2026-03-02 09:00 call busy\n2026-03-08 09:00 call busy"
    for within, said in (("week from sunday", "..!."), ("week from monday", ".!.!"), ("calendar month", "..!!"), ("ever", ".!!!")):
        assert signs(law(rule(cap={"limit": 1, "within": within, "per": ["consumer"]})), diary) == said, within


def test_minutes_roll_to_the_second():
    """The 300th second later is outside."""
    found = law(rule(cap={"limit": 1, "within": "5 minutes", "per": ["consumer"]}))
    assert signs(found, "2026-03-02 09:00:00 call busy\n2026-03-02 09:04:59 call busy\n2026-03-02 09:09:59 call busy") == ".!."
    # Clocks are put forward at one: two minutes later it is a minute past two.
    assert signs(found, "2026-03-29 00:59:00 call busy\n2026-03-29 02:01:00 call busy") == ".!"


@pytest.mark.parametrize(
    ("lasts", "end"),
    [("1 month", "2026-02-28"), ("13 months", "2027-02-28"), ("30 days", "2026-03-02"), ("30 days after", "2026-03-03")],
)
def test_a_standing_ends_with_its_span(lasts, end):
    """Opened on the last of January."""
    found = law(rule(forbid={"while": "zz.told"}), standing("zz.told", {"kind": "cease-request", "lasts": lasts}))
    before = dt.date.fromisoformat(end) - dt.timedelta(1)
    assert signs(found, f"2026-01-31 09:00 cease-request\n{before} 23:59:59 call\n{end} 00:00 call") == ".!."


def test_a_leap_day_is_the_last_of_its_month():
    """One month from 31 January 2028 ends on 29 February."""
    found = law(rule(forbid={"while": "zz.told"}), standing("zz.told", {"kind": "cease-request", "lasts": "1 month"}))
    assert signs(found, "2028-01-31 09:00 cease-request\n2028-02-28 23:59 call\n2028-02-29 00:00 call") == ".!."


def test_a_standing_starts_at_midnight_and_lasts_from_there():
    """Two days from the second business day after Thursday, a holiday on Friday: Tuesday and Wednesday, a holiday too."""
    opens = {"kind": "cease-request", "starts": "2 business days after", "lasts": "2 days"}
    found = law(rule(forbid={"while": "zz.told"}), standing("zz.told", opens, calendar="ZZ"))
    days = [
        f"2026-{day} {time} call" for day, time in (("03-30", "23:59:59"), ("03-31", "00:00"), ("04-01", "23:59:59"), ("04-02", "00:00"))
    ]
    assert signs(found, "2026-03-26 09:00 cease-request\n" + "\n".join(days)) == "..!!."


def test_a_rule_is_in_force_on_the_dates_of_the_judged_entry():
    """From the first to the last date, by the place; where the place is unknown the first hours are unclear."""
    dates = {"from": dt.date(2026, 3, 2), "until": dt.date(2026, 3, 3)}
    found = law(rule(forbid={"channel": "call"}, **dates), place={"zones": [LISBON, AZORES]})
    times = ("2026-03-01 23:59:59", "2026-03-02 00:00", "2026-03-03 23:59:59", "2026-03-04 00:00")
    assert signs(found, "\n".join(f"{time} call" for time in times)) == ".!!."
    assert signs(found, "\n".join(f"{time} call zone=?" for time in (*times, "2026-03-04 01:00"))) == ".?!?."


def test_hours_on_the_day_when_clocks_are_put_forward_and_back():
    """What the wall clock shows counts: one is followed by three in spring, and shown twice in autumn."""
    found = law(rule(hours={"daily": "[02:00,03:00)"}))
    assert signs(found, "2026-03-08 01:59:59 call\n2026-03-08 03:00 call", zone="America/New_York") == "!!"
    twice = law(rule(hours={"daily": "[01:30,02:00)"}))
    first = dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC).timestamp()
    times = Times(twice.book)
    said = []
    for n in (-1, 0, 1799, 1800, 3599, 3600, 5399, 5400):
        one = Entry(entry_id="1", at=int(first) + n, known_at=0, fields={"kind": ("contact",), "zone": ("America/New_York",)})
        said.append(times.inside(one, {"sun": ((5400, 7200),)}, "consumer").value)
    assert said == [False, True, True, False, False, True, True, False]
