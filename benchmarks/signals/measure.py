"""What is measured of tags: precision, recall and F1 with bootstrap intervals, calibration, confusion. Rows are texts, columns are tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
_ROUNDS: Final = 2000
_BINS: Final = 10


class Score(NamedTuple):
    """How well one tag, or all together, were found."""

    texts: int
    """Texts that have it; of all together, labels."""
    precision: float
    recall: float
    f1: float
    low: float
    high: float
    """Bounds of F1 within which 95 of 100 samples of texts lie."""


def scores(found: Flags, truth: Flags, tags: list[str], seed: int = 0) -> Iterator[tuple[str, Score]]:
    """All together first (micro), then each tag that was there or found."""
    counts = np.array([_counts(found, truth, rows) for rows in _samples(len(truth), seed)])
    yield "all", _score(found, truth, counts.sum(axis=1))
    for at, tag in enumerate(tags):
        if truth[:, at].any() or found[:, at].any():
            yield tag, _score(found[:, at], truth[:, at], counts[:, at])


def _samples(texts: int, seed: int) -> Iterator[NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    for _ in range(_ROUNDS):
        yield rng.integers(0, texts, texts)


def _counts(found: Flags, truth: Flags, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[tags, 3]: right, found, true."""
    taken, true = found[rows], truth[rows]
    return np.stack([(taken & true).sum(0), taken.sum(0), true.sum(0)], axis=1)


def _score(found: Flags, truth: Flags, sampled: NDArray[np.int64]) -> Score:
    right, taken, true = int((found & truth).sum()), int(found.sum()), int(truth.sum())
    f1 = 2 * sampled[:, 0] / np.maximum(1, sampled[:, 1] + sampled[:, 2])
    low, high = np.quantile(f1, (0.025, 0.975))
    return Score(true, right / max(1, taken), right / max(1, true), 2 * right / max(1, taken + true), float(low), float(high))


class Bin(NamedTuple):
    """Tags whose confidence lay between two numbers."""

    confidence: float
    right: float
    count: int


def calibration(confidence: NDArray[np.float64], right: Flags) -> tuple[list[Bin], float]:
    """The bins, and the mean distance of confidence from what was right, weighed by how many there are."""
    order = np.argsort(confidence, kind="stable")
    bins = [Bin(float(confidence[each].mean()), float(right[each].mean()), len(each)) for each in np.array_split(order, _BINS) if len(each)]
    total = max(1, sum(each.count for each in bins))
    return bins, sum(abs(each.confidence - each.right) * each.count for each in bins) / total


def confusion(found: Flags, truth: Flags, tags: list[str]) -> list[dict[str, object]]:
    """Of the texts that have a tag, the share in which each other tag was wrongly found; on the diagonal, the share that was missed."""
    rows = []
    for a, wanted in enumerate(tags):
        mine = truth[:, a]
        if mine.any():
            for b, taken in enumerate(tags):
                wrong = (~found[:, a] if a == b else found[:, b] & ~truth[:, b])[mine].mean()
                rows.append({"has": wanted, "found": taken, "share": float(wrong), "missed": a == b})
    return rows
