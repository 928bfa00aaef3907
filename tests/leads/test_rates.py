"""What a score is said to mean."""

from itertools import pairwise

from forbear.leads.find import MAY_TOUCH
from forbear.leads.rates import BUDGET, book, weight
from forbear.leads.tactics import SEEN
from forbear.terms import CONDUCT, TACTIC


def test_every_tactic_has_its_rates_and_its_word():
    """No more, no fewer; the default setting keeps to the budget; a higher score is rarer among the lawful and says more."""
    assert set(book().tactic) == set(SEEN)
    assert set(TACTIC) == set(MAY_TOUCH) == {*SEEN, "number-rotation", "cost-of-credit"}
    assert {conduct for each in MAY_TOUCH.values() for conduct in each} <= set(CONDUCT)
    for tactic, rates in book().tactic.items():
        assert rates.at_least == rates.scores[0]
        assert rates.lawful[0] <= BUDGET / 2
        assert all(a < b for a, b in pairwise(rates.scores))
        assert all(a > b for a, b in pairwise(rates.lawful))
        means = [weight(tactic, score) for score in rates.scores]
        assert all(a.ratio <= b.ratio for a, b in pairwise(means))


def test_below_the_default_setting_there_is_no_lead():
    """And far above it no more is said than was measured."""
    for tactic, rates in book().tactic.items():
        assert weight(tactic, rates.at_least - 0.01) is None
        assert weight(tactic, 1e9) == weight(tactic, rates.scores[-1])
