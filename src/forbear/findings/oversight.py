"""Who gets rougher: breaches and leads per thousand contacts, of agencies and of their collectors, with what chance could make of it.

Few contacts say little, so a rate is drawn towards that of all, the more the fewer there are (shrinkage); its interval is as wide as people
differ. A trend is the slope of breaches over time, or over days past due, with its own interval. Nothing here is a ranking.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from forbear.findings.agencies import Z95, Sums, design_effect, per_thousand, wilson

DAY: Final = 86_400
_WARN: Final = 3.0
"""Standard errors from which a slope is worth a warning: 1 in 700 by chance, and many slopes are looked at."""
_FEWEST: Final = 30
"""Contacts, and people, that a trend is told of at least."""


class Rate(NamedTuple):
    """Contacts with a breach, or in a lead, per thousand."""

    name: str
    people: int
    contacts: int
    hits: int
    raw: float
    shrunk: float
    """Drawn towards the rate of all."""
    low: float
    high: float
    """95 % interval of the shrunk rate."""


class Trend(NamedTuple):
    """How a rate changes."""

    name: str
    contacts: int
    slope: float
    """Breaches more per thousand contacts, for each `unit` days."""
    low: float
    high: float
    unit: int
    warns: bool
    """Whether it rises so surely that somebody should look."""


class Moments(NamedTuple):
    """What is kept of contacts at days `t`, each a hit (y = 1) or not: sums over contacts, and over people of products of their sums.

    A person's sums are (1, t, t², y, t·y) over his contacts; `products` holds their products by twos, row by row. All are whole numbers, so
    that parts add up to the same whatever their order.
    """

    people: int
    sums: tuple[int, ...]
    products: tuple[int, ...]

    def plus(self, other: Moments) -> Moments:
        """Both together."""
        return Moments(
            self.people + other.people,
            tuple(map(sum, zip(self.sums, other.sums, strict=True))),
            tuple(map(sum, zip(self.products, other.products, strict=True))),
        )


def rates(of_name: Mapping[str, Sums]) -> list[Rate]:
    """A rate for each name, by name: never by rate. `breached` of the sums counts the hits."""
    sums = dict(sorted(of_name.items()))
    whole = Sums()
    for each in sums.values():
        whole = whole.plus(each)
    if not whole.contacts:
        return []
    usual, strength = whole.breached / whole.contacts, _strength(list(sums.values()))
    return [_rate(one, each, usual, strength) for one, each in sums.items()]


def _strength(all_sums: Sequence[Sums]) -> float:
    """How many contacts' worth the rate of all weighs, beside one's own: many if agencies hardly differ, few if they do.

    By moments: what the rates differ beyond chance. J. N. K. Rao and I. Molina, Small Area Estimation, 2nd ed., Wiley 2015, chapter 9.
    """
    contacts, hits = sum(each.contacts for each in all_sums), sum(each.breached for each in all_sums)
    p = hits / contacts
    if len(all_sums) < 2 or not 0 < p < 1:
        return 0.0
    own = [each.contacts / _wider(each) for each in all_sums]
    spread = sum(n * (each.breached / each.contacts - p) ** 2 for n, each in zip(own, all_sums, strict=True))
    chance = (len(own) - 1) * p * (1 - p)
    between = (spread - chance) / max(sum(own) - sum(n * n for n in own) / sum(own), 1e-9)
    most = sum(own) / len(own)  # how much they differ is known but roughly; more would make intervals that promise too much
    return min(p * (1 - p) / between - 1, most) if between > 0 else most


def _wider(each: Sums) -> float:
    return design_effect(each.timelines, each.contacts, each.breached, each.nn, each.nx, each.xx)


def _rate(name: str, each: Sums, usual: float, strength: float) -> Rate:
    n = each.contacts / _wider(each)
    x = each.breached / each.contacts * n
    shrunk = (x + strength * usual) / (n + strength)
    low, high = wilson(shrunk * n, n)  # as wide as one's own contacts make it: what is borrowed moves the rate, and proves nothing
    told = map(per_thousand, (each.breached / each.contacts, shrunk, low, high))
    return Rate(name, each.timelines, each.contacts, each.breached, *told)


def trends(of_name: Mapping[str, Moments], unit: int) -> list[Trend]:
    """How the rate of each name changes by the day; those without enough contacts or people are left out.

    A least-squares slope. Its variance is that of sums over people, since contacts with one person are alike: K.-Y. Liang and S. L. Zeger,
    "Longitudinal data analysis using generalized linear models", Biometrika 73 (1986) 13-22.
    """
    found = []
    for one, each in sorted(of_name.items()):
        n, t, tt, y, ty = each.sums
        if n < _FEWEST or each.people < _FEWEST or n * tt == t * t:
            continue
        middle, rate = Fraction(t, n), Fraction(y, n)
        square = tt - n * middle**2
        slope = (ty - middle * y) / square
        # What a person's residuals add up to, weighed by the distance of their days from the middle, as a sum over his own five sums.
        weights = (rate * middle - slope * middle**2, 2 * slope * middle - rate, -slope, -middle, Fraction(1))
        squares = sum(a * b * product for (a, b), product in zip(((a, b) for a in weights for b in weights), each.products, strict=True))
        error = math.sqrt(each.people / (each.people - 1) * float(squares)) / float(square)
        low, high = (per_thousand(unit * (float(slope) + side * Z95 * error)) for side in (-1, 1))
        found.append(Trend(one, n, per_thousand(unit * float(slope)), low, high, unit, float(slope) > _WARN * error > 0))
    return found
