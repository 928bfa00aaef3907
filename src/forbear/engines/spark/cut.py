"""What executors do with entries before they are judged: cut them by the buckets of their consumers, and note who belongs together.

Each function is a step of `host` over one Spark partition, and gives the same for the same, so that what a lost executor had done can
be done again by another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forbear.engines.spark.blobs import CONSUMER, DEBT, hashed, pack, plain, said, together, unpack
from forbear.records.columns.lines import least
from forbear.records.columns.parts import MADE
from forbear.records.columns.texts import Hashes
from forbear.records.schema import ALL
from forbear.records.values import SEVERAL

if TYPE_CHECKING:
    from pyspark import Broadcast

Piece = TypeVar("Piece")
ROWS: Final = 1 << 18
"""Entries that are cut at once; more where there are very many buckets, so that a bucket's share is worth its own bytes."""
_BYTES: Final = 1 << 28


class Note(NamedTuple):
    """What a reader has to tell beside its entries. It comes to the driver as it is, so it must be small."""

    value: Any


class Slip(NamedTuple):
    """What one cut brings to one bucket."""

    place: tuple[int, int]
    """Piece and cut: the order in which everything is put together, whatever arrives first."""
    block: bytes = b""
    """Entries of the bucket's consumers."""
    pairs: bytes = b""
    """Hashes of debts of the bucket, each with that of a consumer who has it."""
    ids: bytes = b""
    """Ids of the bucket that rows bring."""
    everyone: bytes = b""
    """Entries told for all consumers."""
    rows: int = 0
    last: int | None = None
    note: Any = None
    came: bool = False
    """Whether its entries come from another bucket, where they were cut for their own consumers."""


class Survey(NamedTuple):
    """What is to be known of one bucket before anything is judged."""

    rows: int
    last: int | None
    edges: Hashes
    """Two by two, consumers who share a debt."""
    shared: list[str]
    """Ids that several rows bring."""
    looks: Hashes
    """Of ids that rows bring, those that look like one made from content."""
    everyone: list[tuple[tuple[int, int], bytes]]
    notes: list[tuple[tuple[int, int], Any]]


class Moved(NamedTuple):
    """Consumers who are judged in another bucket than their own, since they share a debt with somebody there."""

    who: Hashes
    """Sorted."""
    to: NDArray[np.int64]

    def where(self, consumers: Hashes) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which of them are moved, and where those are moved to."""
        if not len(self.who):
            return np.zeros(len(consumers), np.bool_), np.zeros(len(consumers), np.int64)
        found = np.minimum(np.searchsorted(self.who, consumers), len(self.who) - 1)
        return self.who[found] == consumers, self.to[found]


def cut(
    numbered: Iterable[tuple[int, Piece]], read: Callable[[Piece], Iterable[pa.RecordBatch | Note]], buckets: int
) -> Iterator[tuple[int, Slip]]:
    """Reads pieces and gives each bucket what is its own."""
    most = min(max(ROWS, 256 * buckets), 1 << 21)
    for number, piece in numbered:
        cuts, rows, weight, waiting = 0, 0, 0, list[pa.RecordBatch]()
        for batch in read(piece):
            if isinstance(batch, Note):
                yield number % buckets, Slip((number, cuts), note=batch)
                cuts += 1
            elif batch.num_rows:
                waiting.append(plain(batch))
                rows, weight = rows + batch.num_rows, weight + waiting[-1].nbytes
                if rows >= most or weight >= _BYTES:
                    yield from _cut(waiting, (number, cuts), buckets)
                    cuts, rows, weight, waiting = cuts + 1, 0, 0, []
        if waiting:
            yield from _cut(waiting, (number, cuts), buckets)


def _cut(waiting: list[pa.RecordBatch], place: tuple[int, int], buckets: int) -> Iterator[tuple[int, Slip]]:
    # More than one batch only where a column would pass two gigabytes.
    for batch in together(waiting):
        told = pc.equal(batch.column(CONSUMER).cast(pa.string()), ALL)
        everyone, own = batch.filter(told), batch.filter(pc.invert(told))
        yield (
            place[0] % buckets,
            Slip(
                place,
                everyone=pack(everyone) if everyone.num_rows else b"",
                rows=batch.num_rows,
                last=pc.max(batch.column("known" if "known" in batch.schema.names else "at")).as_py(),
            ),
        )
        consumers = hashed(own.column(CONSUMER))
        brought = said(batch.column("brought"))
        pairs = _pairs(own, consumers)
        blocks = dict(_divided(own, consumers, buckets))
        ids = dict(_divided(pa.RecordBatch.from_arrays([brought], ["id"]), hashed(brought), buckets))
        debts = dict(_divided(pairs, pairs.column("debt").to_numpy(), buckets))
        for bucket in sorted(blocks.keys() | ids.keys() | debts.keys()):
            yield bucket, Slip(place, blocks.get(bucket, b""), debts.get(bucket, b""), ids.get(bucket, b""))


def _divided(batch: pa.RecordBatch, by: Hashes, buckets: int) -> Iterator[tuple[int, bytes]]:
    """Each bucket with its own of the rows."""
    of = (by % np.uint64(buckets)).astype(np.int64)
    order = np.argsort(of, kind="stable")
    batch, of = batch.take(pa.array(order)), of[order]
    starts = np.flatnonzero(np.diff(of, prepend=-1))
    for first, rows in zip(starts.tolist(), np.diff(starts, append=len(of)).tolist(), strict=True):
        yield int(of[first]), pack(batch.slice(first, rows))


def _pairs(batch: pa.RecordBatch, consumers: Hashes) -> pa.RecordBatch:
    """Hashes of debts and of consumers who have them, each pair once."""
    found = np.empty((0, 2), np.uint64)
    if DEBT in batch.schema.names:
        each = pc.split_pattern(batch.column(DEBT).cast(pa.string()), SEVERAL)
        debts, rows = pc.list_flatten(each), np.asarray(pc.list_parent_indices(each))
        real = np.asarray(pc.invert(pc.is_in(debts, value_set=pa.array([ALL, ""]))))
        found = _once(np.stack([hashed(debts)[real], consumers[rows[real]]], axis=1))
    return pa.RecordBatch.from_arrays([pa.array(found[:, 0]), pa.array(found[:, 1])], ["debt", "consumer"])


def _once(pairs: Hashes) -> Hashes:
    """Each pair once, sorted."""
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    new: Hashes = pairs[np.append(True, (pairs[1:] != pairs[:-1]).any(axis=1))[: len(pairs)]]
    return new


def survey(slips: Iterable[tuple[int, Slip]]) -> Iterator[Survey]:
    """What is to be known of a bucket."""
    pairs, ids, everyone, notes = [np.empty((0, 2), np.uint64)], list[pa.Array](), list[tuple[tuple[int, int], bytes]](), []
    rows, last = 0, None
    for _, slip in slips:
        rows += slip.rows
        last = max((each for each in (last, slip.last) if each is not None), default=None)
        if slip.pairs:
            pairs.append(np.stack([column.to_numpy() for column in unpack(slip.pairs).columns], axis=1))
        if slip.ids:
            ids.append(unpack(slip.ids).column(0))
        if slip.everyone:
            everyone.append((slip.place, slip.everyone))
        if slip.note is not None:
            notes.append((slip.place, slip.note.value))
    counted = pc.value_counts(pa.chunked_array(ids, pa.string()))
    values, counts = counted.field("values"), counted.field("counts")
    every = _once(np.concatenate(pairs))
    same = every[1:, 0] == every[:-1, 0]
    yield Survey(
        rows=rows,
        last=last,
        edges=np.stack([every[:-1, 1][same], every[1:, 1][same]], axis=1),
        shared=values.filter(pc.greater(counts, 1)).to_pylist(),
        looks=hashed(values.filter(pc.match_substring_regex(values, MADE))),
        everyone=everyone,
        notes=notes,
    )


def moved(edges: Hashes, buckets: int) -> Moved:
    """Who is judged elsewhere: with the first, by hash, of those with whom he shares a debt, also through others."""
    who, place = np.unique(edges, return_inverse=True)
    place = place.reshape(-1, 2)
    first = least(np.arange(len(who)), place[:, 0], place[:, 1])
    to, own = (who[first] % np.uint64(buckets)).astype(np.int64), (who % np.uint64(buckets)).astype(np.int64)
    return Moved(who[to != own], to[to != own])


def leaving(slips: Iterable[tuple[int, Slip]], moves: Broadcast[Moved]) -> Iterator[tuple[int, Slip]]:
    """The entries of a bucket that are judged elsewhere, on their way there."""
    for _, slip in slips:
        if not slip.block:
            continue
        goes, to = moves.value.where(hashed(unpack(slip.block, CONSUMER).column(0)))
        if goes.any():
            block = unpack(slip.block)
            for bucket in np.unique(to[goes]).tolist():
                yield bucket, Slip(slip.place, pack(block.filter(pa.array(goes & (to == bucket)))), came=True)


def whole(slips: Iterable[tuple[int, Slip]], moves: Broadcast[Moved]) -> list[pa.RecordBatch]:
    """The entries that are judged in a bucket, of what was cut for it and of what came in: whole timelines, in the order of pieces."""
    found = list[tuple[tuple[int, int], bytes, pa.RecordBatch]]()
    for _, slip in slips:
        if not slip.block:
            continue
        block = unpack(slip.block)
        if not slip.came:
            goes, _ = moves.value.where(hashed(block.column(CONSUMER)))
            block = block.filter(pa.array(~goes)) if goes.any() else block
        if block.num_rows:
            found.append((slip.place, slip.block, block))
    # Blobs of one cut hold entries of different consumers, wherever they come from: which of them is first is told by their content.
    found.sort(key=lambda each: each[:2])
    return together([block for _, _, block in found]) if found else []
