"""`history.read` for very many rows: the same files, the same entries, as blocks of columns, handed over one by one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from forbear.records.calllogs import Layout
from forbear.records.columns.ahead import ahead
from forbear.records.columns.block import Block, of_entries
from forbear.records.columns.rows import Chunk, ColumnRows
from forbear.records.columns.texts import Vocabulary
from forbear.records.entries import Rows
from forbear.records.entry import Entry
from forbear.records.errors import InputError
from forbear.records.files import find, open_file, shape_of, size, steady
from forbear.records.history import FileCount, History, Progress, coverage_of
from forbear.records.mapping import PLAIN, Mapping
from forbear.records.plan import Table
from forbear.records.quarantine import Quarantined
from forbear.records.readings import Tally
from forbear.records.tables import Wanted, batches

CHUNK = 1 << 18
"""Rows of a Parquet file that are read at once."""
_TOGETHER = 1 << 12
"""Rows of small files that become one block."""


class Columns:
    """The files of one run. Iterate `blocks` to the end, then ask for `history`."""

    def __init__(
        self,
        paths: Sequence[Path],
        facts_paths: Sequence[Path] = (),
        mapping: Mapping | Sequence[Mapping] = PLAIN,
        holds: Iterable[str] | Literal["all"] = (),
        records_until: dt.date | int | None = None,
        progress: Progress | None = None,
        asked: frozenset[str] | None = None,
    ) -> None:
        """As `history.read` takes it. Raises `InputError`."""
        self._mappings = [mapping] if isinstance(mapping, Mapping) else list(mapping)
        found, told = find(paths), find(facts_paths)
        facts = {path.resolve() for path in told.files}
        self._tables: dict[Path, Table | None] = dict.fromkeys(path for path in found.files if path.resolve() not in facts)
        self._tables |= dict.fromkeys(told.files, "facts")
        if not self._tables:
            raise InputError(".", "no file was named", "name one file or folder of contacts at least")
        self.coverage = coverage_of(self._mappings, holds, records_until)
        self._skipped = tuple(str(path) for path in (*found.skipped, *told.skipped) if path not in self._tables)
        self._unmet = dict.fromkeys(theirs for each in self._mappings for theirs in each.columns)
        self._progress = progress or (lambda *_: None)
        self._asked, self._words = asked, defaultdict[str, Vocabulary](Vocabulary)
        self._tally, self._counts, self._quarantine = Tally(), list[FileCount](), list[Quarantined]()
        self.by_row = 0
        """Rows that were not plain enough for columns and were read one by one."""

    @property
    def bytes(self) -> int:
        """What the files weigh on disk."""
        return size(self._tables)

    def blocks(self, threads: int = 1) -> Iterator[Block]:
        """All entries, block by block, in the order of files and rows. Raises `InputError`.

        `threads`: 2 read while the last block is being used; 3 and more also fetch from the file meanwhile.
        """
        total, read = self.bytes, self._read(fetching=threads > 2)
        for block, done in ahead(read) if threads > 1 else read:
            self._progress(done, total)
            if len(block):
                yield block

    def _read(self, *, fetching: bool) -> Iterator[tuple[Block, int]]:
        """Blocks, and the bytes read so far."""
        before, few = 0, list[Entry]()
        for path, table in self._tables.items():
            suited = next((each for each in self._mappings if each.suits(path.name)), PLAIN)
            rows, kept, lost = self._rows(path, suited, table), 0, len(self._quarantine)
            log: Layout | None = None
            with steady(path) as size:
                chunks = _chunks(path, suited.names, rows.odd.places)
                for chunk, done, layout in ahead(chunks) if fetching else chunks:
                    if layout and not log:
                        log = layout
                        rows = self._rows(path, suited.over(log.mapping), table)
                    block, bad = rows.read(chunk)
                    self._quarantine += bad
                    kept += len(block)
                    if isinstance(block, list):
                        few += block
                        if len(few) < _TOGETHER:
                            continue
                    if few:
                        yield of_entries(few), before + done
                        few = []
                    if not isinstance(block, list):
                        yield block, before + done
            before += size
            odd, lost = rows.odd, len(self._quarantine) - lost
            self._unmet = {theirs: None for theirs in self._unmet if theirs not in odd.met}
            ignored = tuple(each for each in odd.ignored if log is None or each not in log.used)
            log_id, unasked = log.id if log else "", tuple(odd.unasked)
            self._counts.append(FileCount(str(path), odd.table or "contacts", kept + lost, kept, lost, ignored, log_id, unasked))
            self.by_row += rows.by_row
        yield of_entries(few), before

    def _rows(self, path: Path, mapping: Mapping, table: Table | None) -> ColumnRows:
        return ColumnRows(Rows(str(path), mapping, table, self._tally, self._asked), self._words)

    def history(self) -> History:
        """What `history.read` would have told of the run, but for its entries and what is known of their ids."""
        return History(
            entries=[],
            quarantine=self._quarantine,
            coverage=self.coverage,
            givens=self._tally.givens,
            readings=self._tally.readings,
            dated={},
            duplicate_ids={},
            repeated=frozenset(),
            files=tuple(self._counts),
            unmet=tuple(self._unmet),
            skipped=self._skipped,
        )


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
