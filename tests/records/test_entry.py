import pytest

from forbear.records.coverage import COMPLETE, Coverage, Holding
from forbear.records.entry import Entry, order


def entry(entry_id="1", at=0, **fields):
    """An entry with some fields."""
    return Entry(entry_id=entry_id, at=at, known_at=at, fields={"kind": ("contact",)} | fields)


def test_consent_stored_under_the_second_of_the_talk_comes_after_it():
    """Second, then contacts before facts, then the id."""
    rows = [entry("b", 5), entry("a", 5, kind=("consent",)), entry("a", 6), entry("c", 5)]
    assert [(each.at, each.entry_id) for each in sorted(rows, key=order)] == [(5, "b"), (5, "c"), (5, "a"), (6, "a")]


def test_values_are_said_as_they_are_written():
    """Candidates with `|`, several with `+`, unknown with nothing."""
    row = entry(zone=("UTC", "Asia/Shanghai"), debt=("1", "2"))
    assert (row.one("zone"), row.one("debt"), row.one("party")) == ("UTC|Asia/Shanghai", "1+2", "")
    assert row.but(zone=None, party=("friend",)).fields == {"kind": ("contact",), "debt": ("1", "2"), "party": ("friend",)}


@pytest.mark.parametrize(
    ("holdings", "at", "open_until"),
    [
        ([], 50, 50),
        ([(None, None)], 50, None),
        ([(10, None)], 50, 9),
        ([(10, 40)], 50, 50),
        ([(10, 40), (41, 60)], 50, 9),
        ([(10, 39), (41, 60)], 50, 40),
        ([(None, 40), (41, 60)], 50, None),
        ([(20, 60), (10, 55)], 50, 9),
    ],
)
def test_absence_proves_something_only_where_a_source_covers_the_time(holdings, at, open_until):
    """Sources that follow one another cover together; a gap of one second is open."""
    covered = Coverage(tuple(Holding("s", frozenset({"consent"}), *span) for span in holdings))
    assert covered.uncovered("consent", at) == open_until
    assert covered.uncovered("dispute", at) == at
    assert covered.uncovered("contact", at) is None


def test_a_complete_record_is_silent_only_where_it_says_so():
    """Diaries withhold nothing, save the kinds that they name."""
    assert COMPLETE.uncovered("consent", 5) is None
    some = Coverage(complete=True, silent=frozenset({"consent"}))
    assert some.uncovered("consent", 5) == 5
    assert some.silent_kinds(["dispute", "consent"]) == ["consent"]
