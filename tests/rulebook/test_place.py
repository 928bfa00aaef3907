import datetime as dt
from pathlib import Path

import pytest

from forbear.rulebook.book import RulebookError
from forbear.rulebook.load import build, load

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


@pytest.mark.parametrize(
    ("start", "n", "end", "sure"),
    [
        ("2026-01-05", 1, "2026-01-07", True),
        ("2026-01-02", 1, "2026-01-05", True),
        ("2026-01-03", 1, "2026-01-05", True),
        ("2026-12-31", 1, "2027-01-01", False),
        ("2026-12-30", 1, "2026-12-31", True),
    ],
)
def test_business_days_skip_weekend_and_holidays(start, n, end, sure):
    """Where a year is not held the end is the earliest that it can be."""
    assert place().business_day(day(start), n) == (day(end), sure)
    assert place(weekend=["fri", "sat"]).business_day(day("2026-03-05"), 1)[0] == day("2026-03-08")


@pytest.mark.parametrize(
    ("parts", "what"),
    [
        ({"zones": []}, "zones: there is none; name at least one"),
        ({"zones": ["Mars/Olympus"]}, "zones: 'Mars/Olympus' is no IANA time zone"),
        ({"weekend": ["saturday"]}, "weekend: no day saturday"),
        ({"weekend": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "weekend: holds all seven days; leave one for work"),
        ({"calendar": {"version": 1, "years": [YEAR, YEAR]}}, "calendar.years: a year stands here twice"),
        ({"calendar": {"version": 1, "years": [YEAR | {"year": 2027}]}}, "holidays: 2026-01-06, 2026-03-07 does not lie in 2027"),
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
