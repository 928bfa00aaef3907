"""Entries as columns: what `Entry` says of one row, said of very many. Both ways are here, and nothing is lost in either.

A field is a column of texts: its values joined by `SEVERAL`; unknown where nothing is said, empty where it is known to hold none (tags).
How a column is carried is told in `kinds`: no Python object stands for a row until a finding asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from forbear.records.columns.kinds import Column, Numbers, Words, column, together
from forbear.records.columns.texts import Ints, Mask, Texts, Vocabulary
from forbear.records.entry import Entry, Values
from forbear.records.values import SEVERAL

FIELD: Final = "field "
"""Stands before the name of a column that is a field, where Arrow carries a block."""
_BESIDE: Final = ("source", "brought", "text")
"""Columns that are no field: where they are unknown, an entry says nothing there."""


class Block(NamedTuple):
    """Entries without ids, column by column, in no order."""

    at: Ints
    known: Ints
    fields: dict[str, Column]
    source: Column
    brought: Column
    text: Column

    def __len__(self) -> int:
        return len(self.at)

    @property
    def nbytes(self) -> int:
        """What it takes up in memory."""
        own = 0 if self.known is self.at else self.known.nbytes
        return self.at.nbytes + own + sum(each.nbytes for each in (*self.fields.values(), *self[3:]))

    def take(self, rows: Ints | Mask) -> Block:
        """The rows of these numbers, or where a mask says so."""
        some: Ints = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64, copy=False)
        at = self.at.take(some)
        known = at if self.known is self.at else self.known.take(some)
        return Block(at, known, {name: each.take(some) for name, each in self.fields.items()}, *(each.take(some) for each in self[3:]))

    def slice(self, first: int, last: int) -> Block:
        """Rows that follow one another, not copied."""
        at = self.at[first:last]
        known = at if self.known is self.at else self.known[first:last]
        fields = {name: each.slice(first, last) for name, each in self.fields.items()}
        return Block(at, known, fields, *(each.slice(first, last) for each in self[3:]))

    def entries(self, rows: Ints, ids: Sequence[str] | None = None) -> list[Entry]:
        """Some rows as entries, with these ids."""
        some = self.take(rows)
        columns = [each.texts().to_pylist() for each in some.fields.values()]
        rest = zip(*(each.texts().to_pylist() for each in some[3:]), strict=True)
        found = []
        for said, at, known, entry_id, (source, brought, text) in zip(
            zip(*columns, strict=True), some.at.tolist(), some.known.tolist(), ids or [""] * len(rows), rest, strict=True
        ):
            entry = Entry(
                entry_id=entry_id,
                at=at,
                known_at=known,
                fields={name: split(value) for name, value in zip(some.fields, said, strict=True) if value is not None},
                source=source or "",
                brought_id=brought or "",
                text=text or "",
            )
            found.append(entry)
        return found

    def entry(self, row: int, entry_id: str = "") -> Entry:
        """One row as an entry."""
        (found,) = self.entries(np.array([row]), [entry_id])
        return found


def split(text: str) -> Values:
    """The values of a text of a column."""
    return tuple(text.split(SEVERAL)) if text else ()


def of_entries(entries: Iterable[Entry]) -> Block:
    """Entries as columns."""
    rows = list(entries)
    names = dict.fromkeys(name for entry in rows for name in entry.fields)
    fields = {}
    for name in names:
        said = [None if (values := entry.fields.get(name)) is None else SEVERAL.join(values) for entry in rows]
        fields[name] = _column(said)
    return Block(
        np.array([entry.at for entry in rows], np.int64),
        np.array([entry.known_at for entry in rows], np.int64),
        fields,
        _column([entry.source or None for entry in rows]),
        _column([entry.brought_id or None for entry in rows]),
        _column([entry.text or None for entry in rows]),
    )


def _column(texts: list[str | None]) -> Column:
    return column(pa.array(texts, pa.string()), Vocabulary())


def join(blocks: Sequence[Block]) -> Block:
    """Blocks one after another."""
    if len(blocks) == 1:
        return blocks[0]
    if not blocks:
        return of_entries([])
    fields: dict[str, Column] = {}
    for name in dict.fromkeys(name for block in blocks for name in block.fields):
        like = next(block.fields[name] for block in blocks if name in block.fields)
        fields[name] = together([block.fields[name] if name in block.fields else like.none(len(block)) for block in blocks])
    at = np.concatenate([block.at for block in blocks])
    alike = all(block.known is block.at for block in blocks)
    known = at if alike else np.concatenate([block.known for block in blocks])
    source, brought = together([block.source for block in blocks]), together([block.brought for block in blocks])
    return Block(at, known, fields, source, brought, together([block.text for block in blocks]))


def to_arrow(block: Block, *, bare: bool = False) -> pa.RecordBatch:
    """A block as Arrow carries it, whole in itself: words are a dictionary of their own, numbers integers.

    `bare`: numbers behind a plus are integers too, of which only `of_arrow` knows what they mean.
    """
    columns: dict[str, Texts] = {"at": pa.array(block.at)}
    if block.known is not block.at:
        columns["known"] = pa.array(block.known)
    columns |= {name: _carried(each, bare=bare) for name, each in zip(_BESIDE, block[3:], strict=True)}
    columns |= {FIELD + name: _carried(each, bare=bare) for name, each in block.fields.items()}
    return pa.RecordBatch.from_pydict(columns)


def _carried(column: Column, *, bare: bool) -> pa.Array:
    return pa.array(column.value, mask=column.value < 0) if bare and isinstance(column, Numbers) else column.arrow()


def of_arrow(batch: pa.RecordBatch) -> Block:
    """What `to_arrow` wrote; `known` may be left out where it is `at`, and texts may be plain."""
    at = batch.column("at").to_numpy(zero_copy_only=False)
    known = batch.column("known").to_numpy(zero_copy_only=False) if "known" in batch.schema.names else at
    fields = {name.removeprefix(FIELD): _of(batch.column(name)) for name in batch.schema.names if name.startswith(FIELD)}
    return Block(at, known, fields, *(_of(batch.column(name)) for name in _BESIDE))


def pack(block: Block) -> pa.Buffer:
    """A block as bytes, whole in itself."""
    sink = pa.BufferOutputStream()
    write(block, sink)
    return sink.getvalue()


def write(block: Block, sink: pa.NativeFile) -> None:
    """Writes what `pack` gives."""
    batch = to_arrow(block, bare=True)
    with pa.ipc.new_stream(sink, batch.schema) as out:
        out.write_batch(batch)


def unpack(packed: pa.Buffer | bytes) -> Block:
    """The block again."""
    return of_arrow(pa.ipc.open_stream(packed).read_next_batch())


def _of(array: pa.Array) -> Column:
    if pa.types.is_integer(array.type):
        return Numbers(np.asarray(array.fill_null(-1)))
    if pa.types.is_dictionary(array.type):
        vocabulary = Vocabulary()
        code = np.append(vocabulary.codes(array.dictionary.to_pylist()), np.int32(-1))
        indices = array.indices if not array.null_count else array.indices.fill_null(-1)
        return Words(code[np.asarray(indices)], vocabulary)
    return column(array, Vocabulary())
