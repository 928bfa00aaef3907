import datetime as dt
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from forbear.rulebook.book import RulebookError
from forbear.rulebook.load import build, load
from forbear.rulebook.place import ENDLESS

YEAR = {"year": 2026, "source": "invented", "holidays": [dt.date(2026, 1, 6), dt.date(2026, 3, 7)]}
RAW = {"zones": ["Europe/Lisbon"], "calendar": {"version": 1, "years": [YEAR]}}


def day(text: str) -> int:
    """A date as the engines count it."""
    return dt.date.fromisoformat(text).toordinal()


def place(**parts: object):
    """A place with some parts said otherwise."""
    return build(RAW | parts, Path("ZZ/place.toml"))


def test_a_day_is_a_holiday_a_weekday_or_perhaps_either():
    """A year that was not gazetted is not guessed."""
    kinds = [place().day_kinds(day(text)) for text in ("2026-01-05", "2026-01-06", "2026-03-07", "2027-01-05")]
    assert kinds == [("mon",), ("holiday",), ("holiday",), ("tue", "holiday")]
    assert place(calendar=None).day_kinds(day("2026-01-06")) == ("tue", "holiday")


OPEN = {"version": 1, "years": [YEAR | {"perhaps": [dt.date(2026, 1, 7), dt.date(2026, 1, 10), dt.date(2026, 12, 31)]}]}


def test_a_day_that_the_calendar_leaves_open_is_a_weekday_or_a_holiday():
    """A holiday of some alone is not taken for one of all, nor for none."""
    found = place(calendar=OPEN)
    assert [found.day_kinds(day(f"2026-01-0{n}")) for n in (6, 7, 8)] == [("holiday",), ("wed", "holiday"), ("thu",)]


@pytest.mark.parametrize(
    ("start", "n", "end", "last"),
    [
        ("2026-01-05", 1, "2026-01-07", "2026-01-07"),
        ("2026-01-02", 1, "2026-01-05", "2026-01-05"),
        ("2026-01-03", 1, "2026-01-05", "2026-01-05"),
        ("2026-12-31", 1, "2027-01-01", None),
        ("2026-12-30", 1, "2026-12-31", "2026-12-31"),
    ],
)
def test_business_days_skip_weekend_and_holidays(start, n, end, last):
    """Where a year is not held the end is the earliest that it can be, and there is no latest."""
    assert place().business_day(day(start), n) == (day(end), day(last) if last else ENDLESS)
    assert place(weekend=["fri", "sat"]).business_day(day("2026-03-05"), 1)[0] == day("2026-03-08")


@pytest.mark.parametrize(
    ("start", "n", "end", "last"),
    [
        ("2026-01-05", 1, "2026-01-07", "2026-01-08"),
        ("2026-01-05", 3, "2026-01-09", "2026-01-12"),
        ("2026-01-08", 2, "2026-01-12", "2026-01-12"),
        ("2026-12-30", 1, "2026-12-31", None),
    ],
)
def test_a_day_that_is_left_open_makes_business_days_end_between_two_days(start, n, end, last):
    """It may count or not; on a weekend it never does, and what may lead into a year that is not held has no latest end."""
    assert place(calendar=OPEN).business_day(day(start), n) == (day(end), day(last) if last else ENDLESS)


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"zones": []}, "zones: there is none; name at least one"),
        ({"zones": ["Mars/Olympus"]}, "zones: 'Mars/Olympus' is no IANA time zone"),
        ({"weekend": ["saturday"]}, "weekend: no day saturday"),
        ({"weekend": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "weekend: holds all seven days; leave one for work"),
        ({"calendar": {"version": 1, "years": [YEAR, YEAR]}}, "calendar.years: a year stands here twice"),
        ({"calendar": {"version": 1, "years": [YEAR | {"year": 2027}]}}, "holidays: 2026-01-06, 2026-03-07 does not lie in 2027"),
        ({"calendar": {"version": 1, "years": [YEAR | {"perhaps": [dt.date(2027, 1, 1)]}]}}, "holidays: 2027-01-01 does not lie in 2026"),
        (
            {"calendar": {"version": 1, "years": [YEAR | {"perhaps": YEAR["holidays"][:1]}]}},
            "perhaps: 2026-01-06 stands among the holidays",
        ),
        ({"calendar": {"version": 1, "years": [], "name": "x"}}, "calendar.name: no key 'name' in the rule language"),
        ({"calendar": {"years": []}}, "calendar: the key 'version' is missing; add it"),
    ],
)
def test_a_place_that_cannot_be_is_refused(parts, what):
    """Zones, weekend and years of the calendar are checked when they are read."""
    with pytest.raises(RulebookError) as error:
        place(**parts)
    assert what in str(error.value)


def test_every_shipped_place_has_a_name_of_its_own_in_both_languages():
    """What people call it; a place of one's own may have none."""
    places = load().places
    for names in zip(*((place.name.en, place.name.zh) for place in places.values() if place.name), strict=True):
        assert len(set(names)) == len(places)
    assert place().name is None
    assert place(name={"en": "Nowhere", "zh": "乌有之地"}).name.say("zh") == "乌有之地"


def test_what_the_shipped_law_says_was_announced_stands_on_two_pages():
    """Of two hosts; and what does not change a rate is the first or the last announcement."""
    rates = [rate for place in load().places.values() for rate in place.rates]
    assert rates
    for rate in rates:
        for each in rate.announced:
            assert len({urlsplit(page).netloc for page in each.sources}) == len(each.sources) >= 2, each
        inner = [each.annual for each in rate.announced[:-1]]
        assert all(one != other for one, other in pairwise(inner))


def published(days, name="base"):
    """A rate that was announced on these days of January."""
    told = [{"day": dt.date(2026, 1, day), "annual": 3.0, "sources": ["a"]} for day in days]
    return {"id": name, "name": {"en": "base", "zh": "基准"}, "version": 1, "announced": told}


@pytest.mark.parametrize("days", [[], [5, 4], [5, 5]])
def test_announcements_come_in_order(days):
    """There is at least one, and one a day."""
    with pytest.raises(RulebookError, match=r"rates\[0\]\.announced: not one after the other"):
        place(rates=[published(days)])


def test_a_place_has_a_published_rate_once():
    """Two of one name would leave open which counts."""
    assert len(place(rates=[published([5]), published([5], "other")]).rates) == 2
    with pytest.raises(RulebookError, match="rates: a rate stands here twice"):
        place(rates=[published([5]), published([6])])
