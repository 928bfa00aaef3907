import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forbear.records import clock, instants
from forbear.records.instants import BadTime, Shown

NINE_FIVE = Shown(None, dt.date(2025, 2, 28).toordinal(), 9 * 3600 + 300)
AT = 1740704700
"""2025-02-28 09:05 in Shanghai."""


@pytest.mark.parametrize(
    "text",
    [
        *("2025-02-28 09:05", "2025-02-28T09:05:00", "2025/2/28 9:05", "2025/02/28 09:05:00", "2025.2.28 9:05", "2025年2月28日 9:05"),
        *(
            "2025年2月28日9时05分",
            "2025年2月28日 上午9时05分00秒",
            "2025-02-28 9:05 AM",
            "202502280905",
            "20250228090500",
            "2025-02-28 09:05:00.7",
        ),
        "45716.378472222",
    ],
)
def test_a_local_time_is_read_however_it_is_written(text):
    """Thirteen spellings of five past nine, the last a spreadsheet's serial number."""
    assert instants.read(text) == NINE_FIVE


@pytest.mark.parametrize(
    "text",
    [
        *("2025-02-28T09:05:00+08:00", "2025-02-28 01:05Z", "2025-02-28 09:05 +0800", "2025/2/28 9:05 +08", "2025/2/28 1:05 UTC"),
        *("Fri, 28 Feb 2025 09:05:00 +0800", "28 Feb 2025 01:05 GMT", "Fri, 28 Feb 2025 01:05:00 -0000"),
        *(f"{AT}", f"{AT}.25", f"{AT}000", f"{AT}999", f"{AT}000000", f"{AT}000000000"),
    ],
)
def test_an_instant_needs_no_zone(text):
    """Offsets, and Unix time in seconds, milliseconds, micro- and nanoseconds, all say the same instant."""
    assert instants.read(text).instant == AT


def test_afternoon_is_afternoon():
    """下午 and PM add twelve hours, except at noon; 12 AM is midnight."""
    said = ["2025/2/28 下午1:05", "2025-02-28 1:05 pm", "2025-02-28 12:05 PM", "2025-02-28 12:05 AM", "2025/2/28 下午13:05"]
    assert [(instants.read(each).second or 0) // 3600 for each in said] == [13, 13, 12, 0, 13]


@pytest.mark.parametrize("text", ["2025-02-28", "2025/2/28", "2025年2月28日", "20250228", "45716"])
def test_a_date_without_time_says_so(text):
    """It is not midnight: whoever asks must decide which end of the day is meant."""
    assert instants.read(text) == NINE_FIVE._replace(second=None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *(("2025-02-30 09:00", "impossible-time"), ("2025/13/1 9:00", "impossible-time"), ("2025-02-28 25:00", "impossible-time")),
        *(("2025-02-29", "impossible-time"), ("20250230", "impossible-time"), ("0001-01-01 00:00:00", "impossible-time")),
        *(("yesterday", "unreadable-time"), ("1.7407047E+12", "unreadable-time"), ("09:05", "unreadable-time"), ("0", "unreadable-time")),
        *(("03/04/2025 09:00", "ambiguous-date"), ("9999999999999", "impossible-time"), ("99999999999999999999", "unreadable-time")),
    ],
)
def test_an_impossible_or_unreadable_time_is_refused(text, reason):
    """A day that no calendar has, a number that is no time, and a date of two readings each get their own reason."""
    with pytest.raises(BadTime, match=f"^{reason}$"):
        instants.read(text)


def test_the_mapping_says_which_is_the_day():
    """3 April or 4 March: told, not guessed; where both numbers agree, or one is no month, nothing need be told."""
    days = [instants.read("03/04/2025", form).day for form in ("day-first", "month-first")]
    assert [dt.date.fromordinal(day) for day in days] == [dt.date(2025, 4, 3), dt.date(2025, 3, 4)]
    assert instants.read("28/02/2025").day == instants.read("02/28/2025").day == NINE_FIVE.day
    assert instants.read("03/03/2025").second is None


def test_a_format_of_the_mapping_is_followed():
    """`%d.%m.%y` is read by its pattern, with or without a time, and Unix units can be fixed."""
    assert instants.read("28.02.25 09:05", "%d.%m.%y %H:%M") == NINE_FIVE
    assert instants.read("28.02.25", "%d.%m.%y").second is None
    assert instants.read("1740704700000", "unix-ms").instant == instants.read("1740704700", "unix-s").instant == AT
    assert instants.read("45716.378472222", "excel") == NINE_FIVE
    with pytest.raises(BadTime, match="unreadable-time"):
        instants.read("2025-02-28 09:05", "%d.%m.%y")


def test_a_local_time_in_a_dst_gap_does_not_exist():
    """Half past two on the night the clocks go forward was shown by no clock."""
    with pytest.raises(clock.NoSuchTime):
        instants.settle(instants.read("2025-03-09 02:30"), ["America/New_York"])


def test_a_local_time_needs_one_zone():
    """None is refused, two that disagree are refused, two that agree are not."""
    shown = instants.read("2025-02-28 09:05")
    for zones, reason in (([], "no-zone"), (["America/New_York", "America/Los_Angeles"], "several-zones")):
        with pytest.raises(BadTime, match=reason):
            instants.settle(shown, zones)
    assert instants.settle(shown, ["Asia/Shanghai", "Asia/Taipei"]) == AT


def test_the_edges_of_a_date():
    """The start is its first second, the end its last, so that the fact keeps its date; candidates make the day as long as it may be."""
    day = NINE_FIVE.day
    first, last = (instants.edge(day, ["Asia/Shanghai"], end=end) for end in (False, True))
    assert (clock.say(first, "Asia/Shanghai"), clock.say(last, "Asia/Shanghai")) == ("2025-02-28 00:00:00", "2025-02-28 23:59:59")
    both = ["Asia/Shanghai", "America/New_York"]
    assert instants.edge(day, both, end=False) == first
    assert instants.edge(day, both, end=True) == instants.edge(day, both[1:], end=True) > last


@given(
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2050, 1, 1)),
    st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Asia/Shanghai"]),
)
def test_settling_agrees_with_the_clock(wall, zone):
    """The short cut through midnight gives what the clock gives, on days with and without a change of offset."""
    wall = wall.replace(microsecond=0)
    shown = instants.read(wall.isoformat(sep=" "))
    try:
        expected = clock.settle(wall, zone)
    except clock.NoSuchTime:
        with pytest.raises(clock.NoSuchTime):
            instants.settle(shown, [zone])
    else:
        assert instants.settle(shown, [zone]) == expected


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_refused(text):
    """No text breaks the reader."""
    if text.strip():
        try:
            said = instants.read(text.strip())
        except BadTime as error:
            said = str(error)
        assert isinstance(said, Shown) or said.endswith(("-time", "-date"))
