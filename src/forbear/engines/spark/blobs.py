"""Entries as bytes that Spark moves without looking into them: Arrow's own stream format, of texts and integers alone.

A batch of few rows must not carry the dictionary of many, so dictionaries are dissolved for the way; which columns had one is noted in
the schema, and they get one again where a bucket is put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.records.columns.block import FIELD
from forbear.records.columns.texts import Hashes, hashes

CONSUMER: Final = f"{FIELD}consumer"
DEBT: Final = f"{FIELD}debt"
_CODED: Final = b"coded"
_BETWEEN: Final = b"\n"


def plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same entries without dictionaries and without fields of which nothing is known."""
    columns: dict[str, pa.Array] = {}
    coded = list[bytes]()
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if name.startswith(FIELD) and column.null_count == len(column):
            continue
        if pa.types.is_dictionary(column.type):
            coded.append(name.encode())
            columns[name] = column.dictionary_decode().cast(pa.string())
        else:
            columns[name] = column.cast(pa.int64() if pa.types.is_integer(column.type) else pa.string())
    return pa.RecordBatch.from_pydict(columns, metadata={_CODED: _BETWEEN.join(coded)})


def together(batches: Sequence[pa.RecordBatch]) -> list[pa.RecordBatch]:
    """Plain entries one after another, still plain: one batch, or several where a column would pass two gigabytes.

    What is an integer here and a text there becomes a text.
    """
    coded = dict.fromkeys(name for batch in batches for name in _coded(batch.schema))
    columns = {}
    for name in dict.fromkeys(name for batch in batches for name in batch.schema.names):
        kinds = {batch.schema.field(name).type for batch in batches if name in batch.schema.names}
        kind = kinds.pop() if len(kinds) == 1 else pa.string()
        columns[name] = pa.chunked_array([_column(batch, name, kind) for batch in batches], kind)
    table = pa.table(columns, metadata={_CODED: _BETWEEN.join(coded)})
    return list(table.combine_chunks().to_batches())


def _column(batch: pa.RecordBatch, name: str, kind: pa.DataType) -> pa.Array:
    if name in batch.schema.names:
        return batch.column(name).cast(kind)
    # An entry that does not say when it became known was known at once.
    return batch.column("at") if name == "known" else pa.nulls(batch.num_rows, kind)


def restored(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Plain entries with the dictionaries that they had."""
    coded = {name.decode() for name in _coded(batch.schema)}
    columns = {name: batch.column(name) for name in batch.schema.names}
    return pa.RecordBatch.from_pydict({name: column.dictionary_encode() if name in coded else column for name, column in columns.items()})


def _coded(schema: pa.Schema) -> list[bytes]:
    return [name for name in (schema.metadata or {}).get(_CODED, b"").split(_BETWEEN) if name]


def pack(batch: pa.RecordBatch) -> bytes:
    """A batch as bytes."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)) as out:
        out.write_batch(batch)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def unpack(packed: bytes, only: str = "") -> pa.RecordBatch:
    """The batch again, or one of its columns."""
    options = pa.ipc.IpcReadOptions(use_threads=False)
    if only:
        schema = pa.ipc.open_stream(packed).schema
        options = pa.ipc.IpcReadOptions(use_threads=False, included_fields=[schema.get_field_index(only)])
    return pa.ipc.open_stream(packed, options=options).read_next_batch()


def said(column: pa.Array) -> pa.StringArray:
    """The texts of a column that say something."""
    texts = column.cast(pa.string())
    return texts.filter(pc.fill_null(pc.not_equal(texts, ""), fill_value=False))


def hashed(column: pa.Array) -> Hashes:
    """64 bits of each text, and none of them null. A hash only decides what lies together: texts are compared there."""
    return hashes(column.cast(pa.string())) if len(column) else np.empty(0, np.uint64)
