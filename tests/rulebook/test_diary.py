"""Diary lines, good and bad."""

from __future__ import annotations

import pytest
from small import law, rule

from forbear.records.clock import say
from forbear.rulebook.diary import UNSAID, DiaryError, Line, read

FOUND = law(rule(forbid={"channel": "call"})).book
LISBON = "Europe/Lisbon"


def lines(text: str, **given: str) -> list[Line]:
    """The lines of a diary in a place with two zones."""
    return read(text, {"jurisdiction": "ZZ", **given}, FOUND)


def fields(text: str, **given: str) -> dict[str, str]:
    """What one line says, unknown fields left out."""
    (line,) = lines(text, **given)
    return {name: line.entry.one(name) for name in line.entry.fields}


def test_what_a_line_leaves_unsaid_is_said_for_it():
    """Section 11: consumer A, debt 1, agency X, creditor L, outbound, address a1, number n1, home, no tags, the place's first zone."""
    said = fields("2026-03-02 09:00  call")
    assert said == {**UNSAID, "jurisdiction": "ZZ", "zone": LISBON, "kind": "contact", "channel": "call", "person": "A"}
    assert "outcome" not in said


def test_words_come_in_any_order_and_the_line_goes_over_what_is_given():
    """Direction, party and outcome by their words, everything else as key=value."""
    said = fields("2026-03-02 09:00 call busy debt=1+2 friend inbound zone=Atlantic/Azores|UTC person=eve", debt="7", agency="Y")
    assert [said[name] for name in ("outcome", "direction", "party", "debt", "agency", "zone", "person")] == [
        "busy",
        "inbound",
        "friend",
        "1+2",
        "Y",
        "Atlantic/Azores|UTC",
        "eve",
    ]


def test_the_person_is_the_consumer_only_where_the_party_is():
    """Of somebody else it is unknown unless said."""
    assert fields("2026-03-02 09:00 call consumer=B")["person"] == "B"
    assert "person" not in fields("2026-03-02 09:00 call friend")
    assert "person" not in fields("2026-03-02 09:00 call party=?")
    assert "person" not in fields("2026-03-02 09:00 call person=?")


@pytest.mark.parametrize("word", ["debt=?", "zone=?", "tags=?", "agency=?"])
def test_a_question_mark_is_unknown(word):
    """The field is not there, though it would be said otherwise."""
    assert word[:-2] not in fields(f"2026-03-02 09:00 call {word}")


def test_an_outcome_that_is_pending_is_unknown():
    """Placed, outcome not reported."""
    assert "outcome" not in fields("2026-03-02 09:00 call pending")


def test_facts_carry_hours_with_their_minutes_until_and_when_they_were_known():
    """`minutes_a_week` is computed; `known` is the place on the timeline."""
    (line,) = lines(
        "2026-03-02 09:00 inconvenient-hours hours=mon-fri[18:00,24:00)sat[08:00,12:00) until=2026-04-01 known=2026-03-05T08:00"
    )
    assert line.entry.fields["minutes_a_week"] == (str(5 * 360 + 240),)
    assert line.entry.fields["until"] == ("2026-04-01",)
    assert [say(at, LISBON) for at in (line.entry.at, line.entry.known_at)] == ["2026-03-02 09:00:00", "2026-03-05 08:00:00"]
    assert not line.entry.is_contact


def test_repetition_comments_blank_lines_and_seconds():
    """`30 x` repeats a minute apart; `#` begins a comment; what is left is in the order of the timeline."""
    found = lines("""
        # a comment
        2026-03-02 10:00:30 sms delivered   # another
        3 x 2026-03-02 09:59:10 call busy  !
    """)
    assert [say(line.entry.at, LISBON)[11:] for line in found] == ["09:59:10", "10:00:10", "10:00:30", "10:01:10"]
    assert [line.mark for line in found] == ["!", "!", "", "!"]
    assert [line.number for line in found] == [4, 4, 3, 4]
    assert len({line.entry.entry_id for line in found}) == 4


@pytest.mark.parametrize(
    ("end", "mark", "earliest"),
    [
        ("", "", ""),
        (" !", "!", ""),
        ("  ?", "?", ""),
        (" !g", "!g", ""),
        (" !a", "!a", ""),
        (" ?a", "?a", ""),
        (" ! -> never", "!", "never"),
        (" ?  ->  2026-03-03 00:00", "?", "2026-03-03 00:00"),
    ],
)
def test_marks(end, mark, earliest):
    """Those of section 11, with or without an earliest instant."""
    (line,) = lines(f"2026-03-02 09:00 call busy{end}")
    assert (line.mark, line.earliest, line.zone) == (mark, earliest, LISBON)


def test_a_line_is_written_in_the_clock_of_its_place():
    """The line's own zone, else the given one, else the first of the place, of several candidates the first."""
    for words, given, zone in (
        ("", {}, LISBON),
        ("zone=Asia/Tokyo", {}, "Asia/Tokyo"),
        ("", {"zone": "Asia/Tokyo"}, "Asia/Tokyo"),
        ("zone=?", {"zone": "Asia/Tokyo"}, "Asia/Tokyo"),
        ("zone=?", {}, LISBON),
        ("zone=Asia/Tokyo|UTC", {}, "Asia/Tokyo"),
        ("jurisdiction=YY", {}, LISBON),
        ("jurisdiction=?", {}, LISBON),
    ):
        (line,) = lines(f"2026-03-02 09:00 call {words}", **given)
        assert line.zone == zone, (words, given)
        assert say(line.entry.at, zone) == "2026-03-02 09:00:00"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("call busy", "write DATE TIME channel-or-fact words key=value mark"),
        ("2026-03-02 call busy", "write DATE TIME"),
        ("2026-03-02 9:00 call busy", "write DATE TIME"),
        ("2026-03-02 09:00", "write DATE TIME"),
        ("2026-03-02 09:00 call busy ?g", "write DATE TIME"),
        ("2026-03-02 09:00 call busy -> never", "'->' is no word and no field of a diary"),
        ("2026-03-02 09:00 phone busy", "'phone' is neither a channel nor a kind of fact"),
        ("2026-03-02 09:00 call engaged", "'engaged' is no word and no field of a diary"),
        ("2026-03-02 09:00 call debts=2", "'debts=2' is no word and no field of a diary"),
        ("2026-03-02 09:00 call outcome=engaged", "outcome has no value 'engaged'"),
        ("2026-03-02 09:00 call outcome=busy|engaged", "outcome has no value 'engaged'"),
        ("2026-03-02 09:00 call tags=rude", "tags has no value 'rude'"),
        ("2026-03-02 09:00 visit collectors_present=two", "collectors_present=two"),
        ("2026-03-02 09:00 consent until=tomorrow", "until=tomorrow"),
        ("2026-03-02 09:00 inconvenient-hours hours=18-24", "hours: '18-24' are no hours"),
        ("2026-13-02 09:00 call busy", "there is no 2026-13-02 09:00; write a date and time"),
        ("2026-02-30 09:00 call busy", "there is no 2026-02-30 09:00; write a date and time"),
        ("2026-03-02 25:00 call busy", ""),
        ("3 x 2026-13-02 09:00 call busy", "there is no 2026-13-02 09:00; write a date and time"),
        ("2026-03-29 01:30 call busy", "the clock was put forward over this time"),
        ("2026-03-02 09:00 call zone=Mars/Olympus", "Mars/Olympus is no IANA time zone"),
        ("2026-03-02 09:00 consent known=soon", "soon"),
    ],
)
def test_a_bad_line_is_named_by_its_number(text, what):
    """The second line of the diary, and what is wrong with it."""
    with pytest.raises(DiaryError) as error:
        lines(f"2026-03-01 09:00 call busy\n{text}")
    assert error.value.number == 2
    assert what in error.value.what


def test_without_a_place_a_diary_has_no_time():
    """Neither a zone nor a jurisdiction that has a place."""
    with pytest.raises(DiaryError, match=r"no time zone is known here; write zone=\.\.\., or a jurisdiction that has a place\.toml"):
        read("2026-03-02 09:00 call busy", {}, FOUND)


def test_a_given_field_that_does_not_exist_is_told():
    """As a line would tell it."""
    with pytest.raises(DiaryError, match="no field 'who'; the fields are kind"):
        lines("2026-03-02 09:00 call busy", who="x")
