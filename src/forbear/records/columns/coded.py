"""One column of a chunk while it is read: codes into texts that are read once each.

In `texts`, values are joined by `SEVERAL`; null is a cell that says nothing (`None` of the cell readers), empty one that says unknown.
Ids that are numbers are no texts even here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.records import values
from forbear.records.columns.kinds import Column, Numbers, Strings, Words
from forbear.records.columns.loops import PLUS
from forbear.records.columns.texts import FEW, Codes, Ints, Mask, Vocabulary, narrow, numbers, whole
from forbear.records.entry import Values
from forbear.records.tables import said
from forbear.records.values import SEVERAL
from forbear.terms import FIELDS

_PLAIN = r"^[!-*,-;=@-{}~]*[0-9][!-*,-;=@-{}~]*$"
"""An id that every reader of ids gives back as it came: visible ASCII with a digit, and no sign that joins or means unknown."""
_PLAIN_ONE = r"^[!-;=@-{}~]*[0-9][!-;=@-{}~]*$"
"""The same for a field of one value, where `+` joins nothing (it begins a telephone number)."""
IDS = frozenset(name for name, field in FIELDS.items() if field.shape == "id") - {"zone", "jurisdiction"} | {"from", "to"}
"""Fields of which such a text is read as it stands."""


class Coded(NamedTuple):
    """A column: row -> code -> text."""

    code: Codes
    texts: pa.StringArray

    @classmethod
    def all(cls, rows: int, text: str | None) -> Coded:
        """The same said by every row."""
        return cls(np.zeros(rows, np.int32), pa.array([text], pa.string()))

    def where(self, condition: pa.BooleanArray) -> Mask:
        """Rows whose text meets a condition that was asked of `texts`; null is no."""
        flags: Mask = np.asarray(pc.fill_null(condition, fill_value=False))
        found: Mask = flags[self.code]
        return found

    def silent(self) -> Mask:
        """Rows that say nothing."""
        return self.where(pc.is_null(self.texts))

    def says(self, text: str) -> Mask:
        """Rows that say exactly this."""
        return self.where(pc.equal(self.texts, text))

    def known(self) -> Mask:
        """Rows that say a value."""
        return self.where(pc.not_equal(self.texts, ""))

    def one(self) -> Mask:
        """Rows that say one value and no more."""
        return self.known() & ~self.where(pc.match_substring(self.texts, SEVERAL))

    def holds(self, test: Callable[[Values], bool]) -> Mask:
        """Rows whose values pass a test in Python, asked once for each text in use; those that say nothing or unknown do not."""
        found = np.zeros(len(self.texts), np.bool_)
        for code in np.unique(self.code):
            text = self.texts[code].as_py()
            found[code] = bool(text) and test(tuple(text.split(SEVERAL)))
        rows: Mask = found[self.code]
        return rows

    def coded(self) -> Coded:
        """Itself."""
        return self

    def final(self, vocabulary: Vocabulary, *, empty: bool = False, ids: bool = False) -> Column:
        """As an entry keeps it; `ids` may be numbers.

        What is said to be unknown is as unknown as what nothing is said of, unless `empty` says that none is something.
        """
        texts = self.texts if empty else pc.if_else(pc.equal(self.texts, ""), pa.scalar(None, pa.string()), self.texts)
        used = np.ones(len(texts), np.bool_)
        if len(texts) > FEW:
            used[:] = False
            used[self.code] = True
        value = numbers(pc.if_else(pa.array(used), texts, pa.scalar(None, pa.string()))) if ids else None
        if value is not None and (value >= 0).any():
            return Numbers(value[self.code])
        if used.sum() > FEW or not vocabulary.room:
            return Strings(texts.take(pa.array(self.code)))
        number = np.full(len(texts), -1, np.int32)
        number[used] = vocabulary.codes(texts.filter(pa.array(used)).to_pylist())
        return Words(narrow(number, vocabulary)[self.code], vocabulary)


class Ids(NamedTuple):
    """A column of ids that are numbers: see `kinds.Numbers`. A cell that is unknown says nothing."""

    value: Ints

    def silent(self) -> Mask:
        """Rows that say nothing."""
        found: Mask = self.value < 0
        return found

    def says(self, text: str) -> Mask:
        """Rows that say exactly this."""
        return Numbers(self.value).says(text)

    def known(self) -> Mask:
        """Rows that say a value."""
        found: Mask = self.value >= 0
        return found

    def one(self) -> Mask:
        """Rows that say one value and no more."""
        return self.known()

    def coded(self) -> Coded:
        """The same as codes into texts."""
        once = pa.array(self.value).dictionary_encode()
        return Coded(np.asarray(once.indices), Numbers(np.asarray(once.dictionary)).texts())

    def final(self, vocabulary: Vocabulary, *, empty: bool = False, ids: bool = False) -> Column:  # noqa: ARG002 - as `Coded.final`
        """As an entry keeps it."""
        return Numbers(self.value)


Said = Coded | Ids


def of_texts(texts: pa.StringArray) -> Coded:
    """A column of free texts, each kept once; null is empty."""
    once = pc.fill_null(texts, "").dictionary_encode()
    return Coded(np.asarray(once.indices), once.dictionary)


def _value(column: Said) -> Ints | int | None:
    """The numbers of a column, if it is one of ids or says nothing."""
    if isinstance(column, Ids):
        return column.value
    return -1 if column.texts.null_count == len(column.texts) else None


def choose(mask: Mask, yes: Said, no: Said) -> Said:
    """Row by row one or the other."""
    if not mask.any():
        return no
    if mask.all():
        return yes
    if isinstance(yes, Ids) or isinstance(no, Ids):
        first, second = _value(yes), _value(no)
        if first is not None and second is not None:
            return Ids(np.where(mask, first, second))
    yes, no = yes.coded(), no.coded()
    code = np.where(mask, yes.code, no.code + np.int32(len(yes.texts)))
    return Coded(code.astype(np.int32, copy=False), pa.concat_arrays([yes.texts, no.texts]))


def together(columns: Sequence[Said], say: Callable[[list[str | None]], str | None], rows: Mask) -> Coded:
    """A new text from the texts of several columns, made once for each combination in use among `rows`; the other rows get null."""
    key: Ints = np.zeros(int(rows.sum()), np.int64)
    coded = [column.coded() for column in columns]
    for column in coded:
        key = key * len(column.texts) + column.code[rows]
    combinations, inverse = np.unique(key, return_inverse=True)
    made: list[str | None] = [None]
    for combination in combinations.tolist():
        texts: list[str | None] = []
        rest = combination
        for column in reversed(coded):
            rest, code = divmod(rest, len(column.texts))
            texts.append(column.texts[code].as_py())
        made.append(say(texts[::-1]))
    code = np.zeros(len(rows), np.int32)
    code[rows] = inverse.astype(np.int32) + 1
    return Coded(code, pa.array(made, pa.string()))


def cells(array: pa.Array) -> Coded:
    """The cells of a column as the texts of a CSV would show them, each text once; null is an empty cell."""
    kind = array.type
    if pa.types.is_dictionary(kind) and not pa.types.is_string(kind.value_type):
        array, kind = array.dictionary_decode(), kind.value_type
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        array = array.cast(pa.string())
    elif not (pa.types.is_string(kind) or pa.types.is_dictionary(kind) or pa.types.is_primitive(kind)):
        array = pa.array([said(cell) for cell in array.to_pylist()], pa.string())
    coded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    code = np.asarray(pc.fill_null(coded.indices.cast(pa.int32()), -1))
    distinct = coded.dictionary
    if pa.types.is_integer(distinct.type):
        distinct = distinct.cast(pa.string())
    if not pa.types.is_string(distinct.type):
        distinct = pa.array([said(cell) for cell in distinct.to_pylist()], pa.string())
    if coded.null_count or distinct.null_count:
        code = np.where(code < 0, len(distinct), code).astype(np.int32)
        distinct = pa.concat_arrays([pc.fill_null(distinct, ""), pa.array([""])])
    return Coded(code, distinct)


def ids(name: str, array: pa.Array) -> Ids | None:
    """The cells of a column of ids, if all of them are numbers: those mean what they say."""
    if name not in IDS:
        return None
    if pa.types.is_integer(array.type):
        found = whole(array)
    elif pa.types.is_string(array.type):
        found = numbers(array, silent=True)
    else:
        return None
    joins = name in FIELDS and FIELDS[name].many  # there a plus is no part of an id
    return None if found is None or (joins and bool((found >= PLUS).any())) else Ids(found)


def read(name: str, column: values.Column, said_in: Coded, *, translated: bool) -> tuple[Coded, Mask]:
    """What the cells say as values of a field, and the rows whose cell cannot be read (they say nothing here)."""
    texts = said_in.texts
    plain = np.zeros(len(texts), np.bool_)
    if name in IDS and not translated and len(texts) > 64:
        many = name in FIELDS and FIELDS[name].many
        plain = np.asarray(pc.match_substring_regex(texts, _PLAIN if many else _PLAIN_ONE))
    rest = np.flatnonzero(~plain)
    bad = np.zeros(len(texts), np.bool_)
    meant: list[str | None] = []
    for place, cell in zip(rest, column.read(texts.take(pa.array(rest)).to_pylist()), strict=True):
        if isinstance(cell, values.Unreadable):
            bad[place] = True
            meant.append(None)
        else:
            meant.append(None if cell is None else SEVERAL.join(cell))
    if len(rest):
        texts = pc.replace_with_mask(texts, pa.array(~plain), pa.array(meant, pa.string()))
    return Coded(said_in.code, texts), bad[said_in.code]
