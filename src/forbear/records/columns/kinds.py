"""The three ways to carry a column of texts, each as small as it can be: words of a vocabulary, numbers, and texts as they are.

Whatever the way, the same text has the same hash, and a row that says nothing is unknown. Numbers are made texts only where somebody asks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.records.columns import loops
from forbear.records.columns.loops import PLUS
from forbear.records.columns.texts import FEW, MOST, Codes, Hashes, Ints, Mask, Texts, Vocabulary, hashes, narrow, numbers


class Words:
    """A column of few different texts."""

    def __init__(self, code: Codes, vocabulary: Vocabulary) -> None:
        """`code`: row -> number of its text, -1 where it is unknown; kept in as few bytes as the vocabulary needs."""
        self.code: Codes = narrow(code, vocabulary)
        self.vocabulary = vocabulary

    def __len__(self) -> int:
        return len(self.code)

    @property
    def nbytes(self) -> int:
        """What it takes up in memory."""
        return self.code.nbytes

    def take(self, rows: Ints) -> Words:
        """Some rows."""
        return Words(self.code.take(rows), self.vocabulary)

    def slice(self, first: int, last: int) -> Words:
        """Rows that follow one another, not copied."""
        return Words(self.code[first:last], self.vocabulary)

    def none(self, rows: int) -> Words:
        """As many rows that are unknown."""
        return Words(np.full(rows, -1, np.int8), self.vocabulary)

    def texts(self) -> Texts:
        """One text for each row, null where it is unknown."""
        return self.vocabulary.texts.take(pa.array(self.code, mask=self.code < 0))

    def known(self) -> Mask:
        """Rows that say something."""
        found: Mask = self.code >= 0
        return found

    def says(self, text: str) -> Mask:
        """Rows that say exactly this."""
        found: Mask = self.code == self.vocabulary.number(text)
        return found

    def hashes(self) -> Hashes:
        """Row -> hash of its text; it means nothing where the text is unknown."""
        return self.vocabulary.hashes.take(self.code)

    def arrow(self) -> pa.DictionaryArray:
        """As Arrow carries it, with those words alone that are in use."""
        used = np.zeros(len(self.vocabulary) + 1, np.bool_)
        used[self.code] = True
        used[-1] = False
        code = (np.cumsum(used) - 1).astype(np.int32)[self.code]
        words = self.vocabulary.texts.take(pa.array(np.flatnonzero(used)))
        return pa.DictionaryArray.from_arrays(pa.array(code, mask=self.code < 0), words)

    def __arrow_array__(self, type: pa.DataType | None = None) -> Texts:  # noqa: A002 - Arrow's own name
        """As Arrow reads what is no array of its own."""
        return self.texts()


class Numbers:
    """A column of which every text is a decimal of at most 18 digits, or one behind a plus: no zero leads."""

    def __init__(self, value: Ints) -> None:
        """`value`: row -> number, from `PLUS` on behind a plus, -1 where it is unknown."""
        self.value = value

    def __len__(self) -> int:
        return len(self.value)

    @property
    def nbytes(self) -> int:
        """What it takes up in memory."""
        return self.value.nbytes

    def take(self, rows: Ints) -> Numbers:
        """Some rows."""
        return Numbers(self.value.take(rows))

    def slice(self, first: int, last: int) -> Numbers:
        """Rows that follow one another, not copied."""
        return Numbers(self.value[first:last])

    def none(self, rows: int) -> Numbers:
        """As many rows that are unknown."""
        return Numbers(np.full(rows, -1, np.int64))

    def texts(self) -> Texts:
        """One text for each row, null where it is unknown."""
        plus = self.value >= PLUS
        found = pa.array(np.where(plus, self.value - PLUS, self.value), mask=self.value < 0).cast(pa.string())
        return pc.binary_join_element_wise(np.where(plus, "+", ""), found, "") if plus.any() else found

    def known(self) -> Mask:
        """Rows that say something."""
        found: Mask = self.value >= 0
        return found

    def says(self, text: str) -> Mask:
        """Rows that say exactly this."""
        wanted = numbers(pa.array([text], pa.string()))
        return np.zeros(len(self), np.bool_) if wanted is None else np.asarray(self.value == wanted[0])

    def hashes(self) -> Hashes:
        """Row -> hash of its text; it means nothing where the text is unknown."""
        found = np.empty(len(self.value), np.uint64)
        loops.mixed(self.value, found)
        return found

    def arrow(self) -> pa.Array:
        """As Arrow carries it."""
        return self.texts() if (self.value >= PLUS).any() else pa.array(self.value, mask=self.value < 0)

    def __arrow_array__(self, type: pa.DataType | None = None) -> Texts:  # noqa: A002 - Arrow's own name
        """As Arrow reads what is no array of its own."""
        return self.texts()


class Strings:
    """A column of any texts."""

    def __init__(self, array: Texts) -> None:
        """`array`: Arrow strings, null where a row is unknown."""
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    @property
    def nbytes(self) -> int:
        """What it takes up in memory."""
        return int(self.array.nbytes)

    def take(self, rows: Ints) -> Strings:
        """Some rows."""
        return Strings(self.array.take(pa.array(rows)))

    def slice(self, first: int, last: int) -> Strings:
        """Rows that follow one another, not copied."""
        return Strings(self.array.slice(first, last - first))

    def none(self, rows: int) -> Strings:
        """As many rows that are unknown."""
        return Strings(pa.nulls(rows, pa.string()))

    def texts(self) -> Texts:
        """One text for each row, null where it is unknown."""
        return self.array

    def known(self) -> Mask:
        """Rows that say something."""
        return np.asarray(self.array.is_valid())

    def says(self, text: str) -> Mask:
        """Rows that say exactly this."""
        return np.asarray(pc.fill_null(pc.equal(self.array, text), fill_value=False))

    def hashes(self) -> Hashes:
        """Row -> hash of its text; it means nothing where the text is unknown."""
        return hashes(self.array)

    def arrow(self) -> Texts:
        """As Arrow carries it."""
        return self.array

    def __arrow_array__(self, type: pa.DataType | None = None) -> Texts:  # noqa: A002 - Arrow's own name
        """As Arrow reads what is no array of its own."""
        return self.array


Column = Words | Numbers | Strings


def column(texts: Texts, vocabulary: Vocabulary) -> Column:
    """A column of texts, the smallest way."""
    if texts.null_count < len(texts) and (found := numbers(texts)) is not None:
        return Numbers(found)
    once = texts.dictionary_encode()
    if len(once.dictionary) > FEW or not vocabulary.room:
        return Strings(texts)
    code = np.append(vocabulary.codes(once.dictionary.to_pylist()), np.int32(-1))
    return Words(code[np.asarray(pc.fill_null(once.indices, -1))], vocabulary)


def together(columns: Sequence[Column]) -> Column:
    """Columns one after another."""
    if len({type(each) for each in columns}) > 1:
        # What says nothing is carried in any way.
        said = [isinstance(each, Numbers) or bool(each.known().any()) for each in columns]
        like = columns[said.index(True)] if any(said) else columns[0]
        columns = [each if speaks else like.none(len(each)) for each, speaks in zip(columns, said, strict=True)]
    if len(columns) == 1:
        return columns[0]
    if all(isinstance(each, Numbers) for each in columns):
        return Numbers(np.concatenate([each.value for each in columns if isinstance(each, Numbers)]))
    words = [each for each in columns if isinstance(each, Words)]
    if words and sum(map(len, columns)) - sum(map(len, words)) <= FEW and all(len(each.vocabulary) <= MOST for each in words):
        vocabulary = words[0].vocabulary
        return Words(np.concatenate([_said_in(vocabulary, each) for each in columns]), vocabulary)
    return Strings(pa.concat_arrays([each.texts() for each in columns]))


def _said_in(vocabulary: Vocabulary, column: Column) -> Codes:
    if isinstance(column, Words):
        if column.vocabulary is vocabulary:
            return column.code
        if len(column.vocabulary) <= len(column):
            here: Codes = np.append(vocabulary.codes(column.vocabulary.texts.to_pylist()), np.int32(-1))
            return here[column.code]
    return vocabulary.codes(column.texts().to_pylist())
