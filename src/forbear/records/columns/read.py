"""`history.take_in` for very many rows: the same files, the same entries, as blocks of columns, handed over one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from forbear.records.calllogs import Layout
from forbear.records.columns.ahead import ahead
from forbear.records.columns.block import Block, of_entries
from forbear.records.columns.rows import Chunk, ColumnRows
from forbear.records.columns.texts import Vocabulary
from forbear.records.entry import Entry
from forbear.records.errors import InputError
from forbear.records.files import open_file, shape_of
from forbear.records.history import History, Intake, Progress, Sources
from forbear.records.tables import Wanted, batches

CHUNK = 1 << 18
"""Rows of a Parquet file that are read at once."""
_TOGETHER = 1 << 12
"""Rows of small files that become one block."""


class Columns:
    """The files of one run. Iterate `blocks` to the end, then ask for `history`."""

    def __init__(self, intake: Intake, progress: Progress = lambda *_: None) -> None:
        """Looks for the files. Raises `InputError`."""
        self._sources, self._progress = Sources(intake), progress
        self._words = defaultdict[str, Vocabulary](Vocabulary)
        self.by_row = 0
        """Rows that were not plain enough for columns and were read one by one."""

    def blocks(self, threads: int = 1) -> Iterator[Block]:
        """All entries, block by block, in the order of files and rows. Raises `InputError`.

        `threads`: 2 read while the last block is being used; 3 and more also fetch from the file meanwhile.
        """
        read = self._read(fetching=threads > 2)
        for block, done in ahead(read) if threads > 1 else read:
            self._progress(done, self._sources.bytes)
            if len(block):
                yield block

    def _read(self, *, fetching: bool) -> Iterator[tuple[Block, int]]:
        """Blocks, and the bytes read so far."""
        sources, few = self._sources, list[Entry]()
        for path in sources.tables:
            with sources.reading(path) as source:
                rows = ColumnRows(source.rows, self._words)
                chunks = _chunks(path, source.names, source.rows.places)
                for chunk, done, log in ahead(chunks) if fetching else chunks:
                    if source.meet(log) is not rows.odd:
                        rows = ColumnRows(source.rows, self._words)
                    block, bad = rows.read(chunk)
                    source.kept, source.lost = source.kept + len(block), source.lost + bad
                    if isinstance(block, list):
                        few += block
                        if len(few) < _TOGETHER:
                            continue
                    if few:
                        yield of_entries(few), sources.before + done
                        few = []
                    if not isinstance(block, list):
                        yield block, sources.before + done
                self.by_row += rows.by_row
        yield of_entries(few), sources.before

    def history(self) -> History:
        """What `history.take_in` would have told of the run, but for its entries and what is known of their ids."""
        return self._sources.history()


def _chunks(path: Path, names: Sequence[str], wanted: Wanted) -> Iterator[tuple[Chunk, int, Layout | None]]:
    shape = shape_of(path) if path.exists() else None
    if shape == ("parquet", ""):
        yield from _parquet(path, wanted)
        return
    for batch in batches(path, names, wanted):
        empty = [pa.array([], pa.string())] * len(batch.header)
        columns = [pa.array(cells, pa.string()) for cells in zip(*batch.rows, strict=True)] or empty
        yield Chunk(batch.header, np.array(batch.lines, np.int64), columns, batch.unread), batch.done, batch.log


def _parquet(path: Path, wanted: Wanted) -> Iterator[tuple[Chunk, int, None]]:
    with open_file(path) as opened:
        total, seen = path.stat().st_size, 0
        try:
            file = pq.ParquetFile(opened.raw)
            header = tuple(file.schema_arrow.names)
            file = pq.ParquetFile(opened.raw, metadata=file.metadata, read_dictionary=_repetitive(file))
            places = range(len(header)) if len({*header}) < len(header) else wanted(header)
            asked = None if len(places) == len(header) else [header[place] for place in places]
            # Arrow holds the bytes of all row groups that it is asked for at once.
            for part in (part for groups in _groups(file) for part in file.iter_batches(CHUNK, row_groups=groups, columns=asked)):
                lines = np.arange(seen + 1, seen + part.num_rows + 1)
                seen += part.num_rows
                columns: list[pa.Array | None] = [None] * len(header)
                for index, place in enumerate(places):
                    columns[place] = part.column(index)
                yield Chunk(header, lines, columns, []), total * seen // max(file.metadata.num_rows, 1), None
            if seen != file.metadata.num_rows:
                raise InputError(path, f"the Parquet file says {file.metadata.num_rows} rows and holds {seen}", "write or copy it again")
            if not seen:
                yield Chunk(header, np.arange(0), [pa.array([], field.type) for field in file.schema_arrow], []), total, None
        except (pa.ArrowInvalid, pa.ArrowException, OSError) as error:
            raise InputError(path, "the Parquet file is cut off or damaged", "copy it again") from error


def _groups(file: pq.ParquetFile) -> Iterator[list[int]]:
    """Row groups that follow one another, some chunks of rows at a time."""
    groups, rows = list[int](), 0
    for group in range(file.metadata.num_row_groups):
        groups.append(group)
        rows += file.metadata.row_group(group).num_rows
        if rows >= 4 * CHUNK:
            yield groups
            groups, rows = [], 0
    if groups:
        yield groups


def _repetitive(file: pq.ParquetFile) -> list[str]:
    """Columns of texts that the file keeps as a dictionary, as far as their size tells: so they are read."""
    found, texts = [], {field.name for field in file.schema_arrow if pa.types.is_string(field.type)}
    if not file.metadata.num_row_groups:
        return []
    group = file.metadata.row_group(0)
    for place in range(group.num_columns):
        column = group.column(place)
        if column.path_in_schema in texts and column.total_uncompressed_size < _CODE_BYTES * column.num_values:
            found.append(column.path_in_schema)
    return found


_CODE_BYTES = 3
"""Bytes that a code of a dictionary takes up at most, while a text takes up four more than its letters."""
