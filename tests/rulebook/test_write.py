"""A timeline written as a diary reads as itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_law import PLACE, holed, law, timelines
from small import GIVEN, rule
from timelines import book

from forbear.engines.trial import diaries
from forbear.records.entry import Entry
from forbear.records.hours import minutes_a_week, named
from forbear.rulebook.diary import read
from forbear.rulebook.write import Unwritable, write

LAW = law(rule(forbid={"party": "family"}), place=PLACE)


def shown(entries: list[Entry]) -> list[tuple]:
    """What a diary says of entries."""
    return [(entry.at, entry.known_at, dict(entry.fields)) for entry in entries]


def written(diary: str, **given: str) -> str:
    """A diary read and written again."""
    return write([line.entry for line in read(diary, {**GIVEN, **given}, LAW.book)], GIVEN, LAW.book)


def test_every_diary_of_the_law_reads_as_itself_once_written():
    """Entries and marks, whatever each example takes as given."""
    for one in book().rules:
        for diary in diaries(book(), one):
            entries, marks = [line.entry for line in diary.lines], [line.mark for line in diary.lines]
            again = read(write(entries, one.given, book(), marks), one.given, book())
            assert shown([line.entry for line in again]) == shown(entries)
            assert [line.mark for line in again] == marks


def _with_minutes(entry: Entry) -> Entry:
    """Reading computes how many minutes a week named hours are."""
    hours = entry.fields.get("hours")
    return entry.but(minutes_a_week=(str(minutes_a_week(named(hours[0]))),) if hours else None)


@given(st.data())
def test_random_timelines_with_holes_read_as_themselves(data):
    """Unknown fields, candidates, facts learned late, ties; what no diary can say is refused."""
    entries = [_with_minutes(entry) for entry in data.draw(holed(data.draw(timelines())))]
    entries = [entry for entry in entries if len(entry.fields.get("hours", ("",))) == 1]
    try:
        text = write(entries, GIVEN, LAW.book)
    except Unwritable:
        return
    assert shown([line.entry for line in read(text, GIVEN, LAW.book)]) == shown(entries)


def test_only_what_differs_from_the_usual_is_said():
    """In the words that a person would have written."""
    text = "2026-03-02 09:00  call inbound conversation debt=1+2\n2026-03-02 19:00:01  sms family tags=threat\n"
    assert written(text) == text
    assert (
        written("2026-03-02 09:00 consent consumer=A debt=1", zone="Atlantic/Azores") == "2026-03-02 09:00  consent zone=Atlantic/Azores\n"
    )


def test_lines_that_are_alike_a_minute_apart_are_one():
    """As `30 x` reads; a mark ends the row."""
    text = "3 x 2026-03-02 09:00  call busy\n2026-03-02 09:04  call busy\n"
    assert written(text) == text
    entries = [line.entry for line in read("3 x 2026-03-02 09:00 call", GIVEN, LAW.book)]
    assert write(entries, GIVEN, LAW.book, ["", "", "!"]) == "2 x 2026-03-02 09:00  call\n2026-03-02 09:02  call  !\n"


def test_the_second_of_an_hour_that_comes_twice_cannot_be_written():
    """A diary names a wall clock, and takes the first."""
    (line,) = read("2026-10-25 01:30 call", GIVEN, LAW.book)
    late = Entry(entry_id="0", at=line.entry.at + 3600, known_at=line.entry.at + 3600, fields=line.entry.fields)
    with pytest.raises(Unwritable):
        write([late], GIVEN, LAW.book)
