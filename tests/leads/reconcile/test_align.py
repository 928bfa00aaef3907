"""The weighing of all pairings, against every pairing written out."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forbear.leads.reconcile.align import _shares


def every(weights):
    """Each way to pair some rows and columns in order, with its weight."""
    pairs = sorted(weights)
    for size in range(len(pairs) + 1):
        for chosen in combinations(pairs, size):
            if all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(chosen)):
                weight = 1.0
                for pair in chosen:
                    weight *= weights[pair]
                yield chosen, weight


@given(st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.floats(1e-3, 1e3), min_size=1, max_size=9))
def test_the_share_of_a_pair_is_that_of_all_pairings_that_hold_it(weights):
    """Summed over every pairing in the order of time."""
    ways = list(every(weights))
    whole = sum(weight for _, weight in ways)
    for pair, share in _shares(weights).items():
        assert share == pytest.approx(sum(weight for chosen, weight in ways if pair in chosen) / whole, rel=1e-6)
