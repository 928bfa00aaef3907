import datetime as dt
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forbear.records import clock

ZONES = ["America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia"]
INSTANTS = st.integers(int(dt.datetime(1995, 1, 1, tzinfo=dt.UTC).timestamp()), int(dt.datetime(2040, 1, 1, tzinfo=dt.UTC).timestamp()))


@given(INSTANTS, st.sampled_from(ZONES))
def test_an_instant_is_among_those_that_its_own_wall_clock_names(at, zone):
    """From instant to wall clock and back, also where an hour comes twice."""
    day, second = clock.local(at, zone)
    assert at in clock.instants(day, second, zone)


@given(INSTANTS, st.sampled_from(ZONES))
def test_midnight_is_the_first_instant_of_its_day(at, zone):
    """The second before belongs to an earlier day, also where the clock jumps over midnight."""
    day = clock.local(at, zone).day
    first = clock.midnight(day, zone)
    assert clock.local(first, zone).day == day
    assert clock.local(first - 1, zone).day < day


@given(INSTANTS, st.sampled_from(ZONES))
def test_changes_are_where_the_offset_changes_and_nowhere_else(at, zone):
    """Between two of them wall clock and seconds run together."""
    day = clock.local(at, zone).day
    edges = [clock.midnight(day, zone), *clock.changes(day, zone), clock.midnight(day + 1, zone)]
    for first, last in pairwise(edges):
        if last > first:
            assert clock._offset(first, zone) == clock._offset(last - 1, zone)
    for change in clock.changes(day, zone):
        assert clock._offset(change - 1, zone) != clock._offset(change, zone)


def test_a_gap_and_a_fold():
    """In spring half past two is nowhere; in autumn half past one is twice, and the first is taken."""
    spring, autumn = dt.datetime(2026, 3, 8, 2, 30), dt.datetime(2026, 11, 1, 1, 30)
    with pytest.raises(clock.NoSuchTime, match="2026-03-08 02:30:00 in America/New_York"):
        clock.settle(spring, "America/New_York")
    both = clock.instants(autumn.toordinal(), 5400, "America/New_York")
    assert both[1] - both[0] == 3600
    assert clock.settle(autumn, "America/New_York") == both[0]


def test_where_midnight_does_not_exist_the_day_begins_with_the_jump():
    """São Paulo put its clocks forward at midnight."""
    day = dt.date(2018, 11, 4).toordinal()
    assert clock.say(clock.midnight(day, "America/Sao_Paulo"), "America/Sao_Paulo") == "2018-11-04 01:00:00"


def test_a_leap_day_is_a_day():
    """Seconds of 29 February lie between those of the 28th and of 1 March."""
    days = [clock.local(clock.midnight(dt.date(2028, 2, 28).toordinal() + n, "Asia/Shanghai"), "Asia/Shanghai").day for n in range(3)]
    assert [dt.date.fromordinal(day).isoformat() for day in days] == ["2028-02-28", "2028-02-29", "2028-03-01"]


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Asia"])
def test_an_unknown_zone_is_refused(name):
    """What is no IANA name is an error, never UTC."""
    with pytest.raises(clock.UnknownZone):
        clock.check_zone(name)


def test_everywhere_holds_every_whole_offset():
    """Where nothing is known of the place, every date on earth is a candidate."""
    shown = {clock.local(1772413200, zone).day for zone in clock.EVERYWHERE}
    assert len(clock.EVERYWHERE) == 27
    assert len(shown) >= 2


@pytest.mark.parametrize("zone", [*ZONES, "America/Boa_Vista", "Asia/Gaza", "Africa/Casablanca"])
@given(at=INSTANTS)
def test_offsets_show_what_the_wall_clock_shows(zone, at):
    """Also where a zone moved its clock and moved it back within a week."""
    shift = [offset for since, offset in offsets_since_1995(zone) if since <= at][-1]
    day, second = divmod(at + shift, 86400)
    assert clock.local(at, zone) == (day + dt.date(1970, 1, 1).toordinal(), second)


@pytest.mark.parametrize("zone", ["America/Boa_Vista", "Asia/Gaza"])
def test_no_move_of_a_clock_is_passed_over(zone):
    """Looking at every hour finds the same moves."""
    first = (dt.date(2000, 9, 1) if zone == "America/Boa_Vista" else dt.date(2040, 9, 20)) - dt.date(1970, 1, 1)
    hours = range(first.days * 86400, (first.days + 60) * 86400, 3600)
    moves = sum(clock.local(hour, zone)[1] - clock.local(hour - 3600, zone)[1] not in (3600, 3600 - 86400) for hour in hours)
    assert len(clock.offsets(zone, first.days, 60)) == 1 + moves


@cache
def offsets_since_1995(zone):
    """The moves of a zone's clock."""
    return clock.offsets(zone, (dt.date(1995, 1, 1) - dt.date(1970, 1, 1)).days, 46 * 366)
