"""Entries as columns: what `Entry` says of one row, said of very many. Both ways are here, and nothing is lost in either.

A field is a column of texts: its values joined by `SEVERAL`; null where it is unknown, empty where it is known to hold none (tags). So a
word column stays a small dictionary, and no Python object stands for a row until a finding asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forbear.records.entry import Entry, Values
from forbear.records.values import SEVERAL

Ints = NDArray[np.int64]
Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]
Texts = Any  # Arrow ships no types
"""Texts, or a dictionary of texts."""
FEW = 1 << 12
"""Distinct texts up to which a column is kept as a dictionary where rows are handed about in small pieces."""


class Block(NamedTuple):
    """Entries without ids, column by column, in no order."""

    at: Ints
    known: Ints
    fields: dict[str, Texts]
    source: Texts
    brought: Texts
    text: Texts

    def __len__(self) -> int:
        return len(self.at)

    def take(self, rows: Ints | Mask) -> Block:
        """The rows of these numbers, or where a mask says so."""
        rows = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        some = pa.array(rows)
        fields = {name: column.take(some) for name, column in self.fields.items()}
        return Block(self.at[rows], self.known[rows], fields, *(column.take(some) for column in self[3:]))

    def entry(self, row: int, entry_id: str = "") -> Entry:
        """One row as an entry."""
        said = {name: column[row].as_py() for name, column in self.fields.items()}
        return Entry(
            entry_id=entry_id,
            at=int(self.at[row]),
            known_at=int(self.known[row]),
            fields={name: split(value) for name, value in said.items() if value is not None},
            source=self.source[row].as_py(),
            brought_id=self.brought[row].as_py(),
            text=self.text[row].as_py(),
        )


def split(text: str) -> Values:
    """The values of a text of a column."""
    return tuple(text.split(SEVERAL)) if text else ()


def of_entries(entries: Iterable[Entry]) -> Block:
    """Entries as columns."""
    rows = list(entries)
    names = dict.fromkeys(name for entry in rows for name in entry.fields)
    fields = {}
    for name in names:
        column = [None if (values := entry.fields.get(name)) is None else SEVERAL.join(values) for entry in rows]
        fields[name] = pa.array(column, pa.string())
    return Block(
        np.array([entry.at for entry in rows], np.int64),
        np.array([entry.known_at for entry in rows], np.int64),
        fields,
        pa.array([entry.source for entry in rows], pa.string()),
        pa.array([entry.brought_id for entry in rows], pa.string()),
        pa.array([entry.text for entry in rows], pa.string()),
    )


def join(blocks: Sequence[Block]) -> Block:
    """Blocks one after another; each column is one array, a dictionary if it was one anywhere."""
    if len(blocks) == 1:
        return blocks[0]
    names = dict.fromkeys(name for block in blocks for name in block.fields)
    fields = {}
    for name in names:
        fields[name] = together([b.fields[name] if name in b.fields else pa.nulls(len(b), pa.string()) for b in blocks])
    rest = [together([block[place] for block in blocks]) for place in range(3, 6)]
    at, known = (np.concatenate([block[place] for block in blocks]) if blocks else np.empty(0, np.int64) for place in (0, 1))
    return Block(at, known, fields, *rest)


def together(arrays: Sequence[Texts]) -> Texts:
    """Columns one after another, as one array."""
    if not any(pa.types.is_dictionary(array.type) for array in arrays):
        return pa.concat_arrays(arrays) if arrays else pa.array([], pa.string())
    coded = [array if pa.types.is_dictionary(array.type) else array.dictionary_encode() for array in arrays]
    found = pa.chunked_array(coded).unify_dictionaries().combine_chunks()
    return found.chunk(0) if isinstance(found, pa.ChunkedArray) else found
