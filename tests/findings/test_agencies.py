from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forbear.findings.agencies import Sums, design_effect, row, table, wilson

PARTS = st.integers(0, 12).flatmap(lambda n: st.integers(0, n).flatmap(lambda y: st.tuples(st.just(n), st.integers(0, y), st.just(y))))
"""Contacts of a timeline, those in breach, and those in breach or unclear."""


def sums(parts) -> Sums:
    """The sums of an agency with these timelines."""
    found = Sums()
    for n, x, y in parts:
        found = found.plus(Sums.of_timeline(n, x, y, 0))
    return found


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718), (29, 29, 0.8830, 1.0)],
)
def test_the_score_interval_gives_the_published_values(hits, n, low, high):
    """Method 3 in R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998) 857-872.

    The last is the mirror of its 0 of 29.
    """
    found = wilson(hits, n)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


def test_where_nothing_was_seen_everything_is_possible():
    """Without a contact the rate may be anything."""
    assert wilson(0, 0) == (0.0, 1.0)


def test_breaches_on_one_consumer_count_for_less_than_breaches_on_many():
    """Ten breaches of a hundred contacts, all on one of ten consumers, prove a lower rate than one on each of ten."""
    together = row("X", sums([(10, 10, 10)] + [(10, 0, 0)] * 9))
    apart = row("X", sums([(10, 1, 1)] * 10))
    assert together.rate == apart.rate == 100.0
    assert together.low < apart.low < 100 < apart.high < together.high


def test_the_design_effect_of_whole_clusters_is_their_size():
    """Where each timeline of ten contacts is all breach or none, ten contacts tell as much as one (m / (m - 1) corrects for few)."""
    found = sums([(10, 10, 10)] * 20 + [(10, 0, 0)] * 20)
    assert design_effect(40, 400, 200, found.nn, found.nx, found.xx) == pytest.approx(10 * 40 / 39)


def test_a_single_timeline_proves_next_to_nothing_about_an_agency():
    """One consumer with six breaches in six contacts is one observation, whose interval is that of one in one."""
    found = row("X", sums([(6, 6, 6)]))
    assert found.low == pytest.approx(1000 * wilson(1, 1).low, abs=0.01)


def test_a_blank_column_widens_upwards_only():
    """Unclear contacts raise the upper end and leave the lower one where the breaches put it."""
    blank, full = row("X", sums([(10, 1, 6)] * 20)), row("X", sums([(10, 1, 1)] * 20))
    assert blank.low == full.low
    assert blank.high > full.high
    assert blank.unclear == 100


@given(st.lists(PARTS, max_size=12))
def test_the_interval_holds_the_rates(parts):
    """Lower end, rate of breaches, rate with unclear ones, and upper end never change their order."""
    found = row("X", sums(parts))
    if found.contacts:
        assert 0 <= found.low <= found.rate + 0.01
        assert found.rate <= found.rate_with_unclear <= found.high + 0.01 <= 1000.02


def test_a_small_agency_is_not_put_before_a_large_one_by_chance():
    """One breach in two contacts stands behind a hundred in a thousand: what is proven goes first, and the unknown agency last."""
    small, large, none = sums([(1, 1, 1), (1, 0, 0)]), sums([(1, 1, 1)] * 100 + [(1, 0, 0)] * 900), sums([(1, 1, 1)] * 50)
    assert [one.agency for one in table([("small", small), ("", none), ("large", large)])] == ["large", "small", ""]
