"""How far two clocks lie apart: the differences between the times of the same contacts pile up where the offset is; all others are spread.

A phone that was taken to another zone, or whose clock was set, has several offsets, one after another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FARTHEST: Final = 27 * 3600
"""Seconds: no two civil clocks differ by more than 26 hours."""
_WINDOW: Final = 45
"""Seconds on either side of an offset within which contacts are taken to agree."""
_AROUND: Final = 2700
"""Seconds on either side that tell how many would agree by chance."""
_CHANCE: Final = 1e-4
"""How likely a pile as high may be somewhere by chance before it counts."""
_MOST: Final = 4
"""Offsets that are looked for in one log."""


class Offset(NamedTuple):
    """The clock of the person's log minus that of the lender's, while it held."""

    since: int
    """Unix second of the person's clock from which it held."""
    seconds: int
    agree: int
    """Contacts of the person that have a partner at this offset."""
    by_chance: float
    """How many would have one if the logs had nothing to do with each other."""


def offsets(theirs: NDArray[np.int64], lenders: NDArray[np.int64]) -> list[Offset]:
    """The offsets of sorted times, in the order of time; empty if the logs show none that chance would not."""
    found: list[tuple[int, int, float]] = []
    left = theirs
    while len(found) < _MOST and len(left) and len(lenders):
        best = _pile(left, lenders)
        if best is None:
            break
        found.append(best)
        left = left[~_agrees(left, lenders, best[0])]
    return _spans(theirs, lenders, found) if found else []


def at(held: Sequence[Offset], second: int) -> int:
    """The offset at a second of the person's clock."""
    return next((each.seconds for each in reversed(held) if each.since <= second), held[0].seconds)


def _agrees(theirs: NDArray[np.int64], lenders: NDArray[np.int64], offset: int) -> NDArray[np.bool_]:
    """bool[len(theirs)]: which have a partner at the offset."""
    near = np.searchsorted(lenders, theirs - offset - _WINDOW)
    return near < np.searchsorted(lenders, theirs - offset + _WINDOW, side="right")


def _pile(theirs: NDArray[np.int64], lenders: NDArray[np.int64]) -> tuple[int, int, float] | None:
    """(offset, contacts that agree, how many would by chance) of the highest pile, unless chance makes one as high."""
    first = np.searchsorted(lenders, theirs - FARTHEST)
    last = np.searchsorted(lenders, theirs + FARTHEST, side="right")
    apart = np.sort(np.concatenate([theirs[i] - lenders[first[i] : last[i]] for i in range(len(theirs))]))
    if not len(apart):
        return None
    high = np.searchsorted(apart, apart + 2 * _WINDOW, side="right") - np.arange(len(apart))
    top = int(high.argmax())
    middle = int(np.median(apart[top : top + high[top]]))
    around = np.searchsorted(apart, middle + _AROUND) - np.searchsorted(apart, middle - _AROUND)
    expected = max(around - high[top], 1) * _WINDOW / _AROUND
    agree = int(_agrees(theirs, lenders, middle).sum())
    tried = 2 * FARTHEST / (2 * _WINDOW)
    if agree < 3 or _tail(agree, expected) * tried > _CHANCE:
        return None
    return middle, agree, float(expected)


def _tail(count: int, mean: float) -> float:
    """How likely a Poisson number of this mean is `count` or more: an upper bound (Chernoff)."""
    return 1.0 if count <= mean else math.exp(count - mean - count * math.log(count / mean))


def _spans(theirs: NDArray[np.int64], lenders: NDArray[np.int64], found: list[tuple[int, int, float]]) -> list[Offset]:
    """From when to when each offset held: the fewest changes that leave the most contacts agreeing (Viterbi)."""
    agree = np.stack([_agrees(theirs, lenders, offset) for offset, _, _ in found])
    gain, change = 2.0, 8.0
    score, came = np.zeros(len(found)), list[NDArray[np.int64]]()
    for column in agree.T:
        stay = score.argmax()
        moved = score[stay] - change > score
        came.append(np.where(moved, stay, np.arange(len(found))))
        score = np.where(moved, score[stay] - change, score) + gain * column
    state = [int(score.argmax())]
    for before in reversed(came[1:]):
        state.append(int(before[state[-1]]))
    state.reverse()
    spans = []
    for each, run in groupby(range(len(state)), key=state.__getitem__):
        mine = list(run)
        spans.append(Offset(int(theirs[mine[0]]), found[each][0], int(agree[each, mine].sum()), found[each][2]))
    return spans
