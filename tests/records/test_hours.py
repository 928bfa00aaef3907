import pytest

from forbear.records import hours


def test_brackets_take_the_boundary_second_in_or_leave_it_out():
    """Square in, round out, at both ends."""
    assert hours.intervals("[08:00,22:00)") == ((28800, 79200),)
    assert hours.intervals("(08:00,22:00]") == ((28801, 79201),)
    assert hours.intervals("[08:00,12:00)[14:00:30,24:00)") == ((28800, 43200), (50430, 86400))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "08:00-22:00",
        "[22:00,08:00)",
        "[08:00,08:00)",
        "[08:60,09:00)",
        "[08:00,24:01)",
        "[08:00,24:00]",
        "[8:00,9:00)",
        "[08:00,09:00) x",
    ],
)
def test_what_is_no_interval_of_a_day_is_refused(text):
    """Empty, backwards, outside the day, or not an interval at all."""
    with pytest.raises(hours.BadHours):
        hours.intervals(text)


@pytest.mark.parametrize("text", ["", "mon", "[08:00,22:00)", "someday[08:00,22:00)", "fri-mon[08:00,22:00)", "mon[08:00,22:00) and more"])
def test_named_hours_need_days_and_intervals(text):
    """A day without hours, hours without a day, a day that is none."""
    with pytest.raises(hours.BadHours):
        hours.named(text)


def test_named_hours_are_counted_over_the_week():
    """Ranges count for each of their days."""
    named = hours.named("mon-fri[18:00,24:00)sat[08:00,12:00)")
    assert hours.minutes_a_week(named) == 5 * 360 + 240
    assert hours.minutes_a_week(hours.named("daily[08:00,22:00)")) == 7 * 840
    assert hours.days_of("holiday") == ("holiday",)


def test_what_names_a_day_twice_names_both():
    """Whether as the same day or within a range; what overlaps is counted once."""
    named = hours.named("mon-fri[18:00,24:00)mon[08:00,12:00)mon[11:00,13:00]")
    assert named["mon"] == ((28800, 46801), (64800, 86400))
    assert named["tue"] == ((64800, 86400),)
    assert hours.minutes_a_week(named) == 5 * 360 + 300
