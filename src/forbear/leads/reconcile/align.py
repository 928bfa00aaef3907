"""Which contacts of two logs are the same: every way to pair them in the order of time is weighed, and each pair gets its share.

A pair weighs what it is likelier to look like this if it is one contact than if it is two: by time, number and length. How often the
lender notes what the person saw, how well clocks agree, how often a number is shown as it is, are not given but learned from the logs (EM).
The sum over all pairings is done where contacts lie near each other; far from any other, a contact has no partner.

R. Durbin, S. Eddy, A. Krogh, G. Mitchison, Biological Sequence Analysis, Cambridge 1998, chapter 4: alignment as a pair hidden Markov
model.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from forbear.leads.reconcile.sightings import Sighting

REACH: Final = 180
"""Seconds: contacts farther apart, clocks being set right, are not the same."""
_ROUNDS: Final = 12
_STRAY: Final = 0.03
"""Of the same contacts, how many are noted at a time that has nothing to do with the other log's, within `REACH`."""
_LONG: Final = 60.0
"""Seconds, the mean length of contacts that have nothing to do with each other: a guess that decides little."""


class Pair(NamedTuple):
    """A contact of the person and one of the lender that may be the same."""

    theirs: int
    """Position in the person's log."""
    lenders: int
    apart: int
    """Seconds between them, clocks being set right."""
    probability: float


class Habits(NamedTuple):
    """What is learned of the two logs."""

    share: float
    """Of the person's contacts, how many the lender's log holds."""
    spread: float
    """Seconds, standard deviation: how well the two note the same time."""
    shown: float
    """How often the number that the person saw is the one that the lender notes."""
    length: float
    """Seconds, mean deviation: how well they agree on how long it took."""


def pairs(theirs: Sequence[Sighting], lenders: Sequence[Sighting]) -> tuple[list[Pair], Habits]:
    """The pairs that are possible, each with its probability. Times of both logs are on one clock."""
    near = list(_near(theirs, lenders))
    blocks = list(_blocks(near))
    span = max([1, *(each[-1].at - each[0].at for each in (theirs, lenders) if each)])
    often = Counter(each.number for each in lenders if each.number)
    known = sum(often.values())
    habits, found = Habits(0.8, 15.0, 0.9, 5.0), list[Pair]()
    for _ in range(_ROUNDS):
        both = min(max(habits.share * len(theirs), 0.5), len(lenders) - 0.5) if lenders else 0.0
        odds = both * span / max(len(theirs) - both, 0.5) / max(len(lenders) - both, 0.5)
        found = []
        for block in blocks:
            weights = {
                (i, j): odds * _time(theirs[i].at - lenders[j].at, habits) * _rest(theirs[i], lenders[j], habits, often, known)
                for i, j in block
            }
            found += [Pair(i, j, theirs[i].at - lenders[j].at, p) for (i, j), p in _shares(weights).items()]
        habits = _learned(found, theirs, lenders)
    return found, habits


def _near(theirs: Sequence[Sighting], lenders: Sequence[Sighting]) -> Iterator[tuple[int, int]]:
    begin = 0
    for i, each in enumerate(theirs):
        while begin < len(lenders) and lenders[begin].at < each.at - REACH:
            begin += 1
        j = begin
        while j < len(lenders) and lenders[j].at <= each.at + REACH:
            yield i, j
            j += 1


def _blocks(near: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Pairs that hang together by a contact in common; both positions only grow from one block to the next."""
    block, farthest = list[tuple[int, int]](), -1
    for i, j in near:
        if block and i != block[-1][0] and j > farthest:
            yield block
            block = []
        block.append((i, j))
        farthest = max(farthest, j)
    if block:
        yield block


def _time(apart: int, habits: Habits) -> float:
    """Density per second of the distance of two notes of one contact."""
    bell = math.exp(-0.5 * (apart / habits.spread) ** 2) / habits.spread / math.sqrt(2 * math.pi)
    return (1 - _STRAY) * bell + _STRAY / (2 * REACH)


def _rest(one: Sighting, other: Sighting, habits: Habits, often: Counter[str], known: int) -> float:
    """How much likelier number and length are if it is one contact."""
    odds = 1.0
    if one.number and other.number:
        odds *= (habits.shown * known / often[one.number] + 1 - habits.shown) if one.number == other.number else 1 - habits.shown
    if one.seconds is not None and other.seconds is not None:
        by_chance = math.exp(-other.seconds / _LONG) / _LONG
        same = math.exp(-abs(one.seconds - other.seconds) / habits.length) / (2 * habits.length)
        odds *= 0.97 * same / by_chance + 0.03
    return odds


def _shares(weights: dict[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    """What share of all pairings in the order of time, by their weight, holds each pair."""
    rows, columns = sorted({i for i, _ in weights}), sorted({j for _, j in weights})
    table = [[weights.get((i, j), 0.0) for j in columns] for i in rows]
    if len(rows) == len(columns) == 1:
        return {pair: weight / (1 + weight) for pair, weight in weights.items()}
    before = _sums(table)
    after = _sums([row[::-1] for row in table[::-1]])
    n, m = len(rows), len(columns)
    return {
        (rows[a], columns[b]): table[a][b] * before[a][b] * after[n - a - 1][m - b - 1] / before[n][m]
        for a in range(n)
        for b in range(m)
        if table[a][b]
    }


def _sums(table: Sequence[Sequence[float]]) -> list[list[float]]:
    """[a][b]: the weights of all pairings of the first `a` rows and `b` columns, summed."""
    sums = [[1.0] * (len(table[0]) + 1) for _ in range(len(table) + 1)]
    for a, row in enumerate(table):
        for b, weight in enumerate(row):
            sums[a + 1][b + 1] = sums[a][b + 1] + sums[a + 1][b] + (weight - 1) * sums[a][b]
    return sums


def _learned(found: Sequence[Pair], theirs: Sequence[Sighting], lenders: Sequence[Sighting]) -> Habits:
    """What the pairs show, with a few pairs' worth of what is usual."""
    both = sum(pair.probability for pair in found)
    close = [pair for pair in found if abs(pair.apart) <= REACH / 2]
    squares = sum(pair.probability * pair.apart**2 for pair in close)
    numbers = [(pair.probability, theirs[pair.theirs].number, lenders[pair.lenders].number) for pair in found]
    told = sum(p for p, one, other in numbers if one and other)
    lengths = [(pair.probability, theirs[pair.theirs].seconds, lenders[pair.lenders].seconds) for pair in found]
    spoke = sum(p for p, one, other in lengths if one is not None and other is not None)
    off = sum(p * min(abs(one - other), 60) for p, one, other in lengths if one is not None and other is not None)
    return Habits(
        share=(both + 1.6) / (len(theirs) + 2),
        spread=max(1.0, math.sqrt((squares + 2 * 15.0**2) / (sum(pair.probability for pair in close) + 2))),
        shown=(sum(p for p, one, other in numbers if one and one == other) + 4.5) / (told + 5),
        length=max(0.5, (off + 2 * 5.0) / (spoke + 2)),
    )
