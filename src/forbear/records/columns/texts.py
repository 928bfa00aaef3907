"""Texts in bulk: their numbers in a vocabulary, their hashes, and what they are as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forbear.records.columns import loops

Ints = NDArray[np.int64]
Codes = NDArray[np.signedinteger[Any]]
Mask = NDArray[np.bool_]
Hashes = NDArray[np.uint64]
Texts = Any  # Arrow ships no types
"""Arrow strings."""
FEW: Final = 1 << 12
"""Different texts up to which a column is carried as words."""
MOST: Final = 1 << 16
"""Words of one vocabulary: what comes later is carried as it is."""


class Vocabulary:
    """Texts and their numbers; it only grows, and threads may share it."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._lock = Lock()
        self._texts: Texts = pa.array([], pa.string())
        self._hashes: Hashes = np.empty(0, np.uint64)

    def __len__(self) -> int:
        return len(self._number)

    def codes(self, texts: Iterable[str | None]) -> Codes:
        """The number of each text, -1 for none; new texts are added."""
        with self._lock:
            number = self._number
            return np.array([-1 if text is None else number.setdefault(text, len(number)) for text in texts], np.int32)

    def number(self, text: str) -> int:
        """The number of a text; -2 if it is not here."""
        return self._number.get(text, -2)

    @property
    def room(self) -> bool:
        """Whether it may still grow."""
        return len(self) < MOST

    @property
    def texts(self) -> Texts:
        """Number -> text, at least of all numbers that were given out before."""
        found = self._texts
        if len(found) < len(self):
            with self._lock:
                found = self._texts = pa.array(list(self._number), pa.string())
        return found

    @property
    def hashes(self) -> Hashes:
        """Number -> hash; one more, that means nothing."""
        found = self._hashes
        if len(found) < len(self) + 1:
            found = self._hashes = np.append(hashes(self.texts), np.uint64(0))
        return found


def narrow(code: Codes, vocabulary: Vocabulary) -> Codes:
    """Codes in as few bytes as a vocabulary needs."""
    size = len(vocabulary)
    return code.astype(np.int8 if size < 1 << 7 else np.int16 if size < 1 << 15 else np.int32, copy=False)


def _bytes(texts: Texts) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """(where each text begins, the bytes of all)."""
    if not len(texts):
        return np.zeros(1, np.int32), np.empty(0, np.uint8)
    start = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = texts.buffers()[2]
    return start, np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)


def hashes(texts: Texts) -> Hashes:
    """64 bits of each text: the same text, the same number."""
    found = np.empty(len(texts), np.uint64)
    loops.hashed(*_bytes(texts), found)
    return found


def numbers(texts: Texts, *, silent: bool = False) -> Ints | None:
    """Texts as numbers, null as -1, and an empty text too if it is `silent`; None if some text is no number."""
    found = np.empty(len(texts), np.int64)
    if not loops.decimals(*_bytes(pc.fill_null(texts, "") if texts.null_count else texts), -1, found):
        return None
    if not silent and bool((found < 0).sum() > texts.null_count):
        return None
    return found


def whole(array: pa.Array) -> Ints | None:
    """Arrow's integers as those of a column of numbers; None if some of them cannot be."""
    if array.null_count == len(array):
        return None
    bounds = pc.min_max(array)
    if bounds["min"].as_py() < 0 or bounds["max"].as_py() >= 10**18:
        return None
    found: Ints = np.asarray(array.cast(pa.int64()).fill_null(-1))
    return found
