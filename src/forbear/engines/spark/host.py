"""A history read, brought together and judged on the executors of a Spark cluster, as `records.columns.parts` does it on one machine.

    pieces -> read and cut by a hash of the consumer -> one shuffle -> survey -> the moved follow their debts -> judged, bucket by bucket

Every piece is read once. What is cut crosses the cluster once, as opaque bytes (`blobs`): a row is never an object of Python or of Java.
The files of that shuffle are what is kept; nothing else is, but what was found. Along with the entries go, each to the bucket of its own
hash, pairs of debt and consumer and the ids that rows bring, so that the same pass tells which consumers share a debt and which ids
come twice. Only consumers who share a debt with somebody of another bucket cross the cluster again; the others stay where they are.

RDDs and not DataFrames: buckets are placed by our own number, blobs are no rows, and the union of those who stay with those who come
in needs no third shuffle. Whatever a step makes is a function of its piece or bucket and is put in the order of pieces, so a lost
executor costs the work that it had done and changes nothing.

The driver holds one edge of 16 bytes for each further consumer of a debt and joins them in memory: that is good for some tens of
millions of shared debts. Beyond that, `cut.moved` would become rounds of large-star and small-star over the edges on executors, each a
`groupByKey`, until no edge changes. It also holds what is told for everyone, ids that come twice, and eight bytes for each id brought
that looks like one made from content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from forbear.engines.spark import cut
from forbear.engines.spark.blobs import restored, together, unpack
from forbear.engines.spark.cut import Moved, Note, Slip
from forbear.engines.spark.failure import carried, home
from forbear.records.columns.block import join, of_arrow, of_entries
from forbear.records.columns.lines import Lines, lines
from forbear.records.columns.parts import taken
from forbear.records.columns.texts import Hashes

if TYPE_CHECKING:
    from pyspark import RDD, Broadcast
    from pyspark.sql import SparkSession

Piece = TypeVar("Piece")
Made = TypeVar("Made")
_AT_ONCE: Final = 16
"""Buckets whose findings come to the driver together: a job of Spark for each alone would take longer than they do."""
Read = Callable[[Piece], Iterable["pa.RecordBatch | Note"]]
"""Entries of a piece, and what else is to be told of it. Runs on an executor; the same piece gives the same every time."""


class Shared(NamedTuple):
    """What every bucket must know of the whole run."""

    everyone: list[pa.RecordBatch]
    """What is told for all consumers: it stands on every timeline."""
    shared: pa.StringArray
    """Ids that several rows of the run bring, sorted."""
    looks: Hashes
    """Sorted hashes of ids that rows bring and that look like one made from content."""
    rows: int
    """Entries of the run."""
    last: int | None
    """The last second at which anything became known."""

    def taken(self, entry_id: str) -> bool:
        """Whether a row brings just this id, which looks like one made from content (by 64 bits of hash)."""
        return taken(self.looks, entry_id)

    def lines(self, batches: Sequence[pa.RecordBatch]) -> Lines:
        """The timelines of a bucket, with what is told for everyone."""
        everyone = join([of_arrow(batch) for batch in self.everyone]) if self.everyone else of_entries([])
        return lines(join([of_arrow(batch) for batch in batches]), everyone, self.shared, self.taken)


JudgePart = Callable[[Sequence[pa.RecordBatch], Shared], Iterable[Made]]
"""Judges whole timelines: batches as `read` gives them, nearly always one. Runs on an executor; what it gives is pickled."""


class Gathered:
    """A history that lies on the executors in buckets of whole timelines. Begin with `gathered`."""

    def __init__(self, session: SparkSession, slips: RDD[tuple[int, Slip]], buckets: int) -> None:
        self._context, self._slips, self._buckets = session.sparkContext, slips, buckets
        found = slips.mapPartitions(carried(cut.survey)).collect()
        everyone = sorted((place, packed) for one in found for place, packed in one.everyone)
        self.shared = Shared(
            everyone=[restored(batch) for batch in together([unpack(packed) for _, packed in everyone])] if everyone else [],
            shared=pa.array(sorted(each for one in found for each in one.shared), pa.string()),
            looks=np.sort(np.concatenate([one.looks for one in found])),
            rows=sum(one.rows for one in found),
            last=max((one.last for one in found if one.last is not None), default=None),
        )
        notes = [each for one in found for each in one.notes]
        self.notes: list[Any] = [value for _, value in sorted(notes, key=lambda each: each[0])]
        """What the readers had to tell, in the order of the pieces."""
        self._moved = cut.moved(np.concatenate([one.edges for one in found]), buckets)

    def judge(self, judge_part: JudgePart[Made]) -> Iterator[Made]:
        """What `judge_part` says of each bucket that has timelines, in the order of buckets, once all of them are judged.

        What was found waits on the disks of the executors and comes to the driver a few buckets at once. Raises `InputError` as
        `judge_part` raised it, and `ExecutorError`.
        """
        from pyspark import StorageLevel

        shared = self._context.broadcast(self.shared)
        moves = self._context.broadcast(self._moved)
        judged = self._joined(moves).mapPartitions(partial(carried(_judge), judge_part=judge_part, shared=shared, moves=moves))
        judged.persist(StorageLevel.DISK_ONLY)
        try:
            with home():
                judged.count()
            for first in range(0, self._buckets, _AT_ONCE):
                with home():
                    some = self._context.runJob(judged, iter, range(first, min(first + _AT_ONCE, self._buckets)))
                yield from some
        finally:
            judged.unpersist()
            for broadcast in (shared, moves):
                broadcast.destroy()

    def _joined(self, moves: Broadcast[Moved]) -> RDD[tuple[int, Slip]]:
        """Each bucket with what was cut for it and what comes in."""
        if not len(self._moved.who):
            return self._slips
        leave = self._slips.mapPartitions(partial(carried(cut.leaving), moves=moves))
        joined = self._slips.union(leave.partitionBy(self._buckets, _own))
        # Both are divided alike, so Spark lays bucket upon bucket; if it did not, timelines would be torn.
        assert joined.getNumPartitions() == self._buckets
        return joined


@contextmanager
def gathered(session: SparkSession, pieces: Sequence[Piece], read: Read[Piece], partitions: int) -> Iterator[Gathered]:
    """Reads pieces on executors and brings timelines together there, in so many buckets.

    A bucket should hold 250 000 entries or more, since each costs some tenths of a second by itself; and there should be some for each
    core. `pieces` and `read` are pickled; a piece is read by one task. Batches are as `records.columns.block.to_arrow` writes them, and
    may differ in columns: `at`, `known` where it is not `at`, `source`, `brought`, `text`, and `field NAME` for each field: texts,
    dictionaries of texts, or integers, null where nothing is said; `field consumer` always says something. Raises `InputError` as `read`
    raised it, and `ExecutorError`.
    """
    context = session.sparkContext
    numbered = context.parallelize(list(enumerate(pieces)), max(len(pieces), 1))
    with home():
        slips = numbered.mapPartitions(partial(carried(cut.cut), read=read, buckets=partitions)).partitionBy(partitions, _own)
        found = Gathered(session, slips, partitions)
    yield found


def _own(bucket: int) -> int:
    return bucket


def _judge(
    slips: Iterable[tuple[int, Slip]], judge_part: JudgePart[Made], shared: Broadcast[Shared], moves: Broadcast[Moved]
) -> Iterator[Made]:
    """Judges one bucket."""
    entries = cut.whole(slips, moves)
    if entries:
        yield from judge_part([restored(batch) for batch in entries], shared.value)
