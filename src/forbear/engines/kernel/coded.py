"""Columns as codes: 0 where a field is unknown, else one more than the place of its text; and what each code stands for as a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.engines.kernel.arrays import Ints, Lists, lists
from forbear.records.columns.block import split
from forbear.records.columns.kinds import Column, Numbers
from forbear.records.columns.lines import coded as dense
from forbear.records.values import SEVERAL as JOINED

UNSAID, SINGLE, ALL, SEVERAL, OPEN = range(5)
"""What a code stands for: unknown, one value, `*`, candidates, or candidates one of which is `*`."""


class Later:
    """Texts that are numbers: they are only made when somebody asks."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, place: int) -> pa.StringScalar:
        return self._numbers.slice(place, place + 1).texts()[0]

    def to_pylist(self) -> list[str]:
        """All of them."""
        texts: list[str] = self._numbers.texts().to_pylist()
        return texts


class Coded(NamedTuple):
    """A column."""

    code: Ints
    texts: pa.StringArray | Later
    """Code - 1 -> text; all of them are in use."""


class Dimension(NamedTuple):
    """A column as a key."""

    code: Ints
    """-1 where a row has several debts."""
    kind: Ints
    """Code -> what it stands for."""
    values: Lists
    """Code -> numbers of the values that it may be."""
    lists: Lists | None = None
    """Row -> codes of its debts."""


def coded(column: Column) -> Coded:
    """A column of a block."""
    code, distinct = dense(column)
    return Coded(code, Later(distinct) if isinstance(distinct, Numbers) else distinct.texts())


def combine(columns: Sequence[Coded | None], rows: int) -> tuple[Ints, list[tuple[str | None, ...]]]:
    """Row -> number of its combination of texts, and the combinations."""
    key = np.zeros(rows, np.int64)
    for column in columns:
        key = key if column is None else key * (len(column.texts) + 1) + column.code
    keys, found = np.unique(key, return_inverse=True)
    combinations = []
    for each in keys.tolist():
        rest, texts = each, list[str | None]()
        for column in reversed(columns):
            code = 0
            if column is not None:
                rest, code = divmod(rest, len(column.texts) + 1)
            texts.append(column.texts[code - 1].as_py() if column is not None and code else None)
        combinations.append(tuple(texts[::-1]))
    return found.reshape(-1), combinations


def dimension(column: Coded | None, rows: int) -> Dimension:
    """A column as a key."""
    if column is None:
        return Dimension(np.zeros(rows, np.int64), np.zeros(1, np.int64), lists([[]]))
    kind, values = _kinds(column.texts)
    return Dimension(column.code, kind, values)


def _kinds(texts: pa.StringArray | Later) -> tuple[Ints, Lists]:
    if isinstance(texts, Later):
        kind = np.full(len(texts) + 1, SINGLE, np.int64)
        kind[0] = UNSAID
        return kind, Lists(np.maximum(np.arange(len(texts) + 2) - 1, 0), np.arange(len(texts)))
    several = np.asarray(pc.match_substring(texts, JOINED))
    kind = np.full(len(texts) + 1, SINGLE, np.int64)
    kind[0] = UNSAID
    kind[1:][np.asarray(pc.equal(texts, ""))] = UNSAID
    kind[1:][np.asarray(pc.equal(texts, "*"))] = ALL
    if not several.any():
        start = np.maximum(np.arange(len(texts) + 2) - 1, 0)
        return kind, Lists(start, np.arange(len(texts)))
    number: dict[str, int] = {}
    rows = [[number.setdefault(value, len(number)) for value in split(text)] for text in texts.to_pylist()]
    for n in np.flatnonzero(several).tolist():
        kind[n + 1] = OPEN if "*" in split(texts[n].as_py()) else SEVERAL
    return kind, lists([[], *rows])


def debts_of(column: Coded | None, rows: int) -> Dimension:
    """The debts, each with a code of its own, whether a row names one or several."""
    if column is None:
        empty = Lists(np.zeros(rows + 1, np.int64), np.empty(0, np.int64))
        return Dimension(np.zeros(rows, np.int64), np.zeros(1, np.int64), lists([[]]), empty)
    texts = column.texts
    if isinstance(texts, Later) or not np.asarray(pc.match_substring(texts, JOINED)).any():
        kind, values = _kinds(texts)
        known = kind[column.code] != UNSAID
        start = np.zeros(rows + 1, np.int64)
        np.cumsum(known, out=start[1:])
        return Dimension(np.where(known, column.code, 0), kind, values, Lists(start, column.code[known]))
    number: dict[str, int] = {}
    per_text = [[number.setdefault(debt, len(number) + 1) for debt in split(text)] for text in texts.to_pylist()]
    of_text = lists([[], *per_text])
    kind, values = _kinds(pa.array(list(number), pa.string()))
    length = (of_text.start[1:] - of_text.start[:-1])[column.code]
    start = np.zeros(rows + 1, np.int64)
    np.cumsum(length, out=start[1:])
    items = of_text.items[np.arange(start[-1]) - np.repeat(start[:-1] - of_text.start[column.code], length)]
    code = np.zeros(rows, np.int64)
    code[length == 1] = items[start[:-1][length == 1]]
    code[length > 1] = -1
    return Dimension(code, kind, values, Lists(start, items))
