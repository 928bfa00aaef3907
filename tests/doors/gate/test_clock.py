"""The gate on nights on which clocks are moved, at midnight, and at the last second of a lease."""

from __future__ import annotations

import datetime as dt
import random
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from gate_house import ABOUT, FULL, LENDER, House, X, Y
from small import law, rule

from forbear.doors.gate.api import Question, Refused
from forbear.doors.gate.ledger.export import export
from forbear.doors.gate.reading import Reader
from forbear.engines import earliest as plain
from forbear.engines.judgement import judge_timeline
from forbear.records import history
from forbear.records.mapping import PLAIN
from forbear.records.timelines import timelines

NIGHTS = [
    *[("America/New_York", 2026, 11, 1), ("America/New_York", 2026, 3, 8)],
    *[("America/Havana", 2026, 11, 1), ("America/Havana", 2026, 3, 8), ("Asia/Beirut", 2026, 3, 29), ("Asia/Beirut", 2026, 10, 25)],
]
"""Zones and dates on which their clocks are moved: at two in the morning, and at midnight, which is then missing or comes twice."""


def at(zone, *when, fold=0):
    """The Unix second of a local time."""
    return int(dt.datetime(*when, tzinfo=ZoneInfo(zone), fold=fold).timestamp())


def local(said, zone):
    """What a wall clock shows at an instant that an answer gave."""
    return dt.datetime.fromisoformat(said).astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M:%S")


def unix(said):
    """The Unix second of an instant that an answer gave."""
    return int(dt.datetime.fromisoformat(said).timestamp())


def change(zone, *date):
    """The first second after the clock was moved around the night before this date's noon."""
    noon = at(zone, *date, 12)
    offsets = [(second, dt.datetime.fromtimestamp(second, ZoneInfo(zone)).utcoffset()) for second in range(noon - 86400, noon, 60)]
    (found,) = [second for (_, before), (second, after) in pairwise(offsets) if before != after]
    return found


@pytest.mark.parametrize("night", NIGHTS, ids=str)
@pytest.mark.parametrize("shift", [-3601, -1801, -1, 0, 1, 1799, 3600, 3601, 7200, 9 * 3600])
def test_around_a_change_of_the_clock_the_gate_says_what_the_plain_engine_says(tmp_path, night, shift):
    """Decision, earliest and each edge of the windows asked just before, at and after the change are those of the rules' plain meaning."""
    zone = night[0]
    house = House(f"sqlite:///{tmp_path}/gate.db", tmp_path)
    house.clock.at = now = change(*night) + shift
    asked = plain.unsettled(Reader(PLAIN).question(Question(consumer="A", **{**ABOUT, "zone": zone}), X, now))

    def lawful_from(second):
        moved = msgspec.structs.replace(asked, at=second, known_at=second)
        return plain.earliest(house.gate.book, house.gate.rules, [], moved, FULL)

    answer, windows = house.ask(zone=zone, dry=True), house.plan(zone=zone, days=2).windows
    house.close()
    assert unix(answer.earliest or answer.at) == lawful_from(now) == unix(windows[0].since)
    assert (answer.decision == "allow") == (lawful_from(now) == now)
    for window in windows:
        since, until = unix(window.since), unix(window.until)
        assert since == now or lawful_from(since - 1) == since
        assert lawful_from(until - 1) == until - 1
        assert until == now + 2 * 86400 or lawful_from(until) > until


@pytest.mark.parametrize("night", NIGHTS, ids=str)
@pytest.mark.parametrize("shift", [-3601, -1, 0, 1, 3600])
def test_a_day_of_23_or_25_hours_is_a_day(tmp_path, night, shift):
    """A cap of one a day frees at the first second of the consumer's next date, also where midnight is missing or comes twice."""
    zone = night[0]
    found = law(rule(cap={"limit": 1, "within": "1 day", "per": ["person"]}))
    house = House(f"sqlite:///{tmp_path}/gate.db", tmp_path, found.book, [found.judged])
    house.clock.at = start = change(*night) + shift
    today = dt.datetime.fromtimestamp(start, ZoneInfo(zone)).date()
    dates = ((second, dt.datetime.fromtimestamp(second, ZoneInfo(zone)).date()) for second in range(start, start + 2 * 86400))
    tomorrow = next(second for second, date in dates if date > today)
    first = house.ask(zone=zone, jurisdiction="ZZ")
    house.clock.at = tomorrow - 1
    denied = house.ask(zone=zone, jurisdiction="ZZ")
    house.clock.at = tomorrow
    again = house.ask(zone=zone, jurisdiction="ZZ")
    house.close()
    assert [answer.decision for answer in (first, denied, again)] == ["allow", "deny", "allow"]
    assert unix(denied.earliest) == tomorrow


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


@pytest.mark.parametrize("seed", range(8))
def test_what_gates_with_different_clocks_allowed_replays_clear(tmp_path, seed):
    """Over a midnight, two agencies at two gates, one up to twenty seconds behind: no cap is exceeded, and the export shows no breach."""
    draw, url = random.Random(seed), f"sqlite:///{tmp_path}/gate.db"  # noqa: S311 (a test that can be repeated)
    found = law(rule(cap={"limit": 3, "within": "1 day", "per": ["person"]}))
    houses = [House(url, tmp_path, found.book, [found.judged]) for _ in range(2)]
    lags, now, allowed = (0, draw.randint(1, 20)), at("America/New_York", 2026, 9, 21, 23, 59, 40), []
    for _ in range(40):
        now += draw.randint(0, 3)
        for house, lag in zip(houses, lags, strict=True):
            house.clock.at = now - lag
        answer = draw.choice(houses).ask(asker=draw.choice([X, Y]), jurisdiction="ZZ")
        if answer.decision == "allow":
            allowed.append(answer.id)
            draw.choice(houses).outcome(answer.id, asker=LENDER)
    export(houses[0].gate.store, tmp_path / "ledger")
    for house in houses:
        house.close()
    read = history.read([tmp_path / "ledger" / "contacts.csv"], [tmp_path / "ledger" / "facts.csv"])
    assert [entry.entry_id for entry in read.entries] == allowed
    assert len(allowed) == 6
    assert [judged for line in timelines(read.entries) for judged in judge_timeline(found.book, [found.judged], line.entries, FULL)] == []
