"""Invented portfolios."""

import pytest

from forbear.leads.simulate import STYLES, TACTICS, lives
from forbear.terms import FIELDS, TAGS


def test_the_same_seed_makes_the_same_lives():
    """And another seed others."""
    assert list(lives(3, 20)) == list(lives(3, 20))
    assert list(lives(3, 20)) != list(lives(4, 20))


@pytest.mark.parametrize("tactic", ["", *TACTICS])
def test_what_is_made_is_what_records_hold(tactic):
    """Entries in the order of timelines, fields and tags of our vocabulary, numbers that nobody has."""
    styles = set()
    for life in lives(5, 60, tactic, 0.7):
        styles.add(life.style)
        assert [each.known_at for each in life.entries] == sorted(each.known_at for each in life.entries)
        for entry in life.entries:
            assert set(entry.fields) <= {"kind", *FIELDS}
            assert set(entry.fields.get("tags", ())) <= set(TAGS)
            assert entry.one("number")[:7] in ("", "+155501")
    assert styles == set(STYLES)


def test_a_tactic_only_adds():
    """Its strength shows in how much."""
    weak = sum(len(life.entries) for life in lives(9, 200, "timed-dialling", 0.1))
    strong = sum(len(life.entries) for life in lives(9, 200, "timed-dialling", 1.0))
    assert strong > 1.3 * weak
