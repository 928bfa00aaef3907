"""The gate on nights on which clocks are moved, at midnight, and at the last second of a lease."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from gate_house import House, X
from small import law, rule

from forbear.doors.gate.api import Refused


def at(zone, *when, fold=0):
    """The Unix second of a local time."""
    return int(dt.datetime(*when, tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def local(said, zone):
    """What a wall clock shows at an instant that an answer gave."""
    return dt.datetime.fromisoformat(said).astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("zone", "night"),
    [
        ("America/New_York", (2026, 10, 31, 22, 0)),
        ("America/New_York", (2026, 11, 1, 1, 30)),
        ("America/New_York", (2026, 3, 7, 22, 0)),
        ("America/Anchorage", (2026, 3, 8, 1, 59)),
        ("Pacific/Honolulu", (2026, 3, 8, 3, 0)),
    ],
)
def test_a_night_is_over_when_the_consumers_own_clock_says_so(tmp_path, zone, night):
    """On nights on which the clock is put forward or back the earliest is still eight in the morning of the wall, and so are windows."""
    house = House(f"sqlite:///{tmp_path}/gate.db", tmp_path)
    house.clock.at = at(zone, *night)
    answer = house.ask(zone=zone)
    morning = local(answer.earliest, zone)
    (first, *_) = house.plan(zone=zone, days=2).windows
    house.close()
    assert morning.endswith("08:00:01")
    assert first.since == answer.earliest
    assert local(first.until, zone) == f"{morning[:5]} 21:00:00"


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Los_Angeles", "Africa/Cairo"])
def test_a_day_ends_at_the_consumers_midnight(tmp_path, zone):
    """A cap of one a day frees at the first second of the consumer's next day, not of the server's."""
    found = law(rule(cap={"limit": 1, "within": "1 day", "per": ["person"]}))
    house = House(f"sqlite:///{tmp_path}/gate.db", tmp_path, found.book, [found.judged])
    house.clock.at = at(zone, 2026, 9, 21, 23, 59, 58)
    house.ask(zone=zone, jurisdiction="ZZ")
    midnight = at(zone, 2026, 9, 22)
    house.clock.at = midnight - 1
    denied = house.ask(zone=zone, jurisdiction="ZZ")
    house.clock.at = midnight
    allowed = house.ask(zone=zone, jurisdiction="ZZ")
    house.close()
    assert (denied.decision, local(denied.earliest, zone)) == ("deny", "09-22 00:00:00")
    assert allowed.decision == "allow"


def test_a_lease_ends_after_its_last_second(tmp_path):
    """Cancelled in the last second of the lease, the slot is free; a second later it is not to be had."""
    house = House(f"sqlite:///{tmp_path}/gate.db", tmp_path)
    answer = house.ask()
    house.clock.at += 900
    assert house.cancel(answer.id).status == "cancelled"
    again = house.ask()
    house.clock.at += 901
    with pytest.raises(Refused, match="lease-ended"):
        house.cancel(again.id)
    house.close()


def test_a_question_after_a_fact_of_its_second_comes_a_second_later(tmp_path):
    """The order of asking is the order of time (decision 015): what was known when it was judged stands before it."""
    house = House(f"sqlite:///{tmp_path}/gate.db", tmp_path)
    house.fact("consent", scope="hours", person="A", agency="X", debt="1", hours="mon-sun[20:00,24:00)", declared_by="consumer")
    first, second = house.ask(), house.ask(dry=True)
    house.close()
    assert (first.at, second.at) == ("2026-09-21T16:00:01Z", "2026-09-21T16:00:01Z")


def test_gates_whose_clocks_differ_exceed_no_cap(store_url, tmp_path):
    """Two gates on one store, one twenty seconds behind: the timeline's time never falls back, and the cap holds for both together."""
    found = law(rule(cap={"limit": 3, "within": "7 days", "per": ["person"]}))
    houses = [House(store_url, tmp_path, found.book, [found.judged]) for _ in range(2)]
    houses[1].clock.at -= 20
    answers = [houses[turn % 2].ask(asker=X, jurisdiction="ZZ") for turn in range(8)]
    for house in houses:
        house.close()
    assert [answer.decision for answer in answers] == ["allow"] * 3 + ["deny"] * 5
    assert len({answer.at for answer in answers}) == 1
    assert sorted(answer.id for answer in answers[:3]) == [answer.id for answer in answers[:3]]
