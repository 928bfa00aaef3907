"""Per agency: contacts, those with a breach, and their rate with an interval that neither shames by chance nor shelters behind blanks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from operator import add
from typing import Any, NamedTuple

import numpy as np

from forbear.records.columns.block import split
from forbear.records.columns.texts import Ints, Mask

Z95 = 1.959963984540054
"""The normal quantile of a two-sided interval of 95 %."""


class Interval(NamedTuple):
    """Bounds of a proportion, 0 <= low <= high <= 1."""

    low: float
    high: float


class Sums(NamedTuple):
    """What is kept of one agency: counts, and sums over its timelines that say how much breaches cluster.

    In one timeline the agency has `n` contacts, `x` of them with a breach, and `y` with a breach or with no more than an unclear one.
    """

    timelines: int = 0
    contacts: int = 0
    breached: int = 0
    exposed: int = 0
    """Contacts with a breach, or without one but unclear under a rule that would make it one: the sum of `y`."""
    departed: int = 0
    """Contacts with a departure and no breach."""
    nn: int = 0
    nx: int = 0
    xx: int = 0
    ny: int = 0
    yy: int = 0

    @classmethod
    def of_timeline(cls, n: int, x: int, y: int, departed: int) -> Sums:
        """The sums of a single timeline."""
        return cls(1, n, x, y, departed, n * n, n * x, x * x, n * y, y * y)

    def plus(self, other: Sums) -> Sums:
        """Both together."""
        return Sums._make(map(add, self, other))


def numbered(texts: Iterable[str]) -> tuple[Ints, list[str]]:
    """(code -> position of its name, the names), of a coded column: what is unknown, or one of several, goes to no name."""
    name = [""] + [text if len(split(text)) == 1 else "" for text in texts]
    number = {text: n for n, text in enumerate(dict.fromkeys(name))}
    return np.array([number[text] for text in name], np.int64), list(number)


class Shares(NamedTuple):
    """Contacts by the share that a name has in a timeline."""

    names: Sequence[str]
    name: Ints
    """Share -> position of its name."""
    place: Ints
    """Contact -> its share."""

    @classmethod
    def of(cls, line: Ints, name: Ints, names: Sequence[str]) -> Shares:
        """Of contacts that lie in these timelines and belong to these names."""
        keys, place = np.unique(line * len(names) + name, return_inverse=True)
        return cls(names, keys % len(names), place)

    def counts(self, *weights: Ints | Mask | None) -> list[Ints]:
        """For each of some weights, their sum over each share; None counts contacts."""
        return [np.bincount(self.place, each, len(self.name)).astype(np.int64) for each in weights]

    def sums(self, *marks: Mask) -> dict[str, Sums]:
        """Name -> its sums. `marks`: as `Sums.of_timeline` takes them after `n`."""
        counted: list[Any] = self.counts(None, *marks)
        found = [np.zeros(len(self.names), np.int64) for _ in Sums._fields]
        for total, of_timeline in zip(found, Sums.of_timeline(*counted), strict=True):
            np.add.at(total, self.name, of_timeline)
        rows = zip(*(total.tolist() for total in found), strict=True)
        return {text: Sums._make(row) for text, row in zip(self.names, rows, strict=True) if row[0]}


class AgencyRow(NamedTuple):
    """One line of the agency table; rates are contacts with a breach per thousand contacts. An empty `agency` is the unknown one."""

    agency: str
    timelines: int
    contacts: int
    breached: int
    unclear: int
    departed: int
    rate: float
    rate_with_unclear: float
    low: float
    """Lower end: were chance alone at work, and were every unclear contact clear."""
    high: float
    """Upper end: the same, were every unclear contact a breach."""


def wilson(hits: float, n: float, z: float = Z95) -> Interval:
    """The score interval of a proportion `hits / n`; all of 0 to 1 where nothing was seen.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American Statistical Association
    22 (1927) 209-212; recommended for small n by L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
    Statistical Science 16 (2001) 101-133.
    """
    if n <= 0:
        return Interval(0.0, 1.0)
    p, zz = hits / n, z * z
    middle = (p + zz / (2 * n)) / (1 + zz / n)
    half = z / (1 + zz / n) * math.sqrt(p * (1 - p) / n + zz / (4 * n * n))
    return Interval(0.0 if hits <= 0 else max(0.0, middle - half), 1.0 if hits >= n else min(1.0, middle + half))


def design_effect(m: int, n: float, x: float, nn: float, nx: float, xx: float) -> float:
    """How many times wider than by independent draws the variance is, since breaches cluster on few consumers; at least 1.

    `m` timelines with `n` contacts in all, `x` hits; `nn`, `nx`, `xx` are sums over timelines of products. Where none or all are hits, or
    there is one timeline, nothing shows how they cluster, and each timeline is taken to be of one piece.

    J. N. K. Rao and A. J. Scott, "A simple method for the analysis of clustered binary data", Biometrics 48 (1992) 577-585: counts are
    divided by the design effect and then treated as independent ones.
    """
    if n == 0:
        return 1.0
    if m < 2 or x in (0, n):
        return nn / n
    p = x / n
    spread = xx - 2 * p * nx + p * p * nn
    return max(1.0, m / (m - 1) * spread / n / (p * (1 - p)))


def row(agency: str, sums: Sums) -> AgencyRow:
    """An agency's line: the interval runs from the lower bound of breaches alone to the upper bound of breaches and unclear ones together.

    So a blank column cannot make an agency look better than its records prove, and a few contacts cannot make it look worse.
    """
    m, n = sums.timelines, sums.contacts
    sure = design_effect(m, n, sums.breached, sums.nn, sums.nx, sums.xx)
    perhaps = design_effect(m, n, sums.exposed, sums.nn, sums.ny, sums.yy)
    return AgencyRow(
        agency=agency,
        timelines=m,
        contacts=n,
        breached=sums.breached,
        unclear=sums.exposed - sums.breached,
        departed=sums.departed,
        rate=per_thousand(sums.breached / n if n else 0.0),
        rate_with_unclear=per_thousand(sums.exposed / n if n else 0.0),
        low=per_thousand(wilson(sums.breached / sure, n / sure).low),
        high=per_thousand(wilson(sums.exposed / perhaps, n / perhaps).high),
    )


def table(agencies: Iterable[tuple[str, Sums]]) -> list[AgencyRow]:
    """All agencies, those first of which most is proven; the unknown agency goes last."""
    rows = [row(agency, sums) for agency, sums in agencies]
    return sorted(rows, key=lambda r: (not r.agency, -r.low, -r.high, r.agency))


def per_thousand(share: float) -> float:
    """A share of contacts as it is told: per thousand, with two decimals."""
    return round(share * 1000, 2)
