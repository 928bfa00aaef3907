"""What the executors of a Spark cluster do in an audit: read one file, and judge one bucket of whole timelines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa

from forbear.doors.audit.judging import Job, judging
from forbear.engines.spark.cut import Note
from forbear.engines.spark.host import Shared
from forbear.leads.rows import Rows
from forbear.leads.second import Answer, Asked, answer
from forbear.records.columns.block import to_arrow
from forbear.records.columns.read import Columns
from forbear.records.history import Intake


def read_piece(piece: Intake) -> Iterator[pa.RecordBatch | Note]:
    """The entries of one file of an intake, as every executor finds it, and then all that is to be told of it."""
    columns = Columns(piece)
    for block in columns.blocks():
        yield to_arrow(block)
    yield Note(columns.history())


def judge_bucket(batches: Sequence[pa.RecordBatch], shared: Shared, job: Job) -> Iterator[bytes]:
    """What was found in the timelines of a bucket, packed."""
    yield judging(job).part(shared.lines(batches)).pack().to_pybytes()


def ask_bucket(batches: Sequence[pa.RecordBatch], shared: Shared, asked: Asked) -> Iterator[Answer]:
    """What a bucket tells that is asked once more."""
    yield answer(Rows(shared.lines(batches)), asked)
