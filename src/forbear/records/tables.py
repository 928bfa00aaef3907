"""Readers: one file in, batches of rows out, each with the line on which it begins. CSV, TSV, JSONL and Parquet, packed or not.

Rows are texts; what a column means is not known here. Memory holds one batch (a packed Parquet file is unpacked whole).
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from forbear.records import calllogs
from forbear.records.errors import InputError
from forbear.records.files import BRING, Format, Opened, encoding_of, open_file, shape_of
from forbear.records.values import SEVERAL

BATCH = 8192


class Unread(NamedTuple):
    """A row that the reader itself could not split into cells."""

    line: int
    value: str
    reason: str


class Batch(NamedTuple):
    """Some rows of one file, in its order."""

    header: tuple[str, ...]
    lines: list[int]
    rows: list[Sequence[str]]
    """As many cells as the header has, each."""
    unread: list[Unread]
    done: int
    """Bytes of the file on disk that have been read so far."""
    log: calllogs.Layout | None = None
    """The call log that the file was recognised as."""


Wanted = Callable[[tuple[str, ...]], Sequence[int]]
"""Header -> places of the columns that will be looked at."""


def batches(path: Path, names: Sequence[str] = (), wanted: Wanted | None = None, size: int = BATCH) -> Iterator[Batch]:
    """The rows of a file. At least one batch comes, so that the header is seen; `names` are the columns of a file without header.

    Where a format can leave columns unread, those that nobody wants are empty.

    Raises `InputError` for a file that is missing, empty, cut off, or not what its name says.
    """
    if not path.exists():
        raise InputError(path, "there is no such file", "check the path")
    shape = shape_of(path)
    if shape is None:
        raise InputError(path, "its name ends in no format that we read", BRING)
    form, packing = shape
    if form == "parquet":
        yield from _parquet(path, wanted, packed=bool(packing), size=size)
        return
    encoding = encoding_of(path)
    with open_file(path) as opened, io.TextIOWrapper(opened.stream, encoding, newline="") as text:
        yield from _jsonl(path, text, opened, size) if form == "jsonl" else _csv(path, text, opened, form, names, size)


class _Lines:
    """The lines of a text, remembering those of the record being read, and the first that is not blank."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text, self._ahead, self.record, self.first = text, list[str](), list[str](), ""
        for line in text:
            self._ahead.append(line)
            if line.strip("\r\n\t ,;\"'\ufeff"):
                self.first = line
                break

    def __iter__(self) -> Iterator[str]:
        for line in chain(self._ahead, self._text):
            self.record.append(line)
            yield line


def _csv(path: Path, text: io.TextIOWrapper, opened: Opened, form: Format, names: Sequence[str], size: int) -> Iterator[Batch]:
    lines = _Lines(text)
    first = lines.first
    if not first:
        raise InputError(path, "the file is empty", "export it again")
    if first.lstrip().startswith(("{", "<", "[")) and form == "csv":
        raise InputError(
            path, "named .csv, but what is in it is no table", "save it as CSV (UTF-8), or name it .jsonl if it holds JSON lines", 1
        )
    between = "\t" if form == "tsv" else delimiter(first)
    reader = csv.reader(lines, delimiter=between)
    records = _records(path, reader, lines)
    header: tuple[str, ...] = tuple(names)
    start, head = next(records)
    log = None if names else calllogs.recognise(head)
    keep: list[tuple[int, list[str]]] = [(start, head)] if names or log else []
    if log:
        header = log.header
    elif not names:
        header = tuple(cell.strip() for cell in head)
    width, empty = len(header), True
    at: list[int] = []
    rows: list[Sequence[str]] = []
    unread: list[Unread] = []
    for line, cells in chain(keep, records):
        row = (log.turn(cells) or cells) if log else cells
        if len(row) > width and not any(row[width:]):
            del row[width:]
        if len(row) == width:
            at.append(line)
            rows.append(row)
        else:
            unread.append(Unread(line, between.join(row), "row-too-short" if len(row) < width else "row-too-long"))
        if len(at) + len(unread) >= size:
            yield Batch(header, at, rows, unread, opened.raw.tell(), log)
            at, rows, unread, empty = [], [], [], False
    if at or unread or empty:
        yield Batch(header, at, rows, unread, opened.raw.tell(), log)


def _records(path: Path, reader: Iterator[list[str]], lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of every record that is not a blank line. A quote left open at the end is a file cut off."""
    line, last, begun = 1, list[str](), 1
    csv.field_size_limit(1 << 24)
    try:
        for row in reader:
            last, begun = lines.record, line
            line += len(last)
            lines.record = []
            if row:
                yield begun, row
    except csv.Error as error:
        raise InputError(path, f"cannot be split into cells ({error})", "look for a quote left open here", line) from error
    if any('"' in each for each in last):
        try:
            list(csv.reader(last, strict=True))
        except csv.Error as error:
            if "unexpected end" in str(error):
                raise InputError(
                    path,
                    "the file ends within quotes",
                    "close the quote that was left open here, or copy the file again if it was cut off",
                    begun,
                ) from error


def delimiter(first: str) -> str:
    """A comma, unless the first line holds none and another usual delimiter."""
    return "," if "," in first else next((each for each in "\t;|" if each in first), ",")


def _jsonl(path: Path, text: io.TextIOWrapper, opened: Opened, size: int) -> Iterator[Batch]:
    at: list[int] = []
    found: list[dict[str, object]] = []
    unread: list[Unread] = []
    empty = True
    for number, line in enumerate(text, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            if not line.endswith(("\n", "\r")):
                raise InputError(path, "the last line is cut off", "copy the file again", number) from error
            row = None
        if isinstance(row, dict):
            at.append(number)
            found.append(row)
        else:
            unread.append(Unread(number, line.rstrip("\r\n"), "bad-json"))
        if len(at) + len(unread) >= size:
            yield _objects(at, found, unread, opened)
            at, found, unread, empty = [], [], [], False
    if empty and not found:
        what = "holds no JSON object" if unread else "the file is empty"
        raise InputError(path, what, "write one JSON object a line" if unread else "export it again")
    if found or unread:
        yield _objects(at, found, unread, opened)


def _objects(at: list[int], found: list[dict[str, object]], unread: list[Unread], opened: Opened) -> Batch:
    header = tuple(dict.fromkeys(key for row in found for key in row))
    rows: list[Sequence[str]] = [[said(row.get(key)) for key in header] for row in found]
    return Batch(header, at, rows, unread, opened.raw.tell())


def said(value: object) -> str:
    """A value of JSON or Parquet as the cell of a CSV would show it."""
    if isinstance(value, str):
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53:
        return str(int(value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return SEVERAL.join(said(each) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _parquet(path: Path, wanted: Wanted | None, *, packed: bool, size: int) -> Iterator[Batch]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with open_file(path) as opened:
        total = path.stat().st_size
        try:
            source = pa.BufferReader(opened.stream.read()) if packed else opened.raw
            file = pq.ParquetFile(source)
            header = tuple(file.schema_arrow.names)
            places = range(len(header)) if wanted is None or len({*header}) < len(header) else wanted(header)
            seen = 0
            for part in file.iter_batches(size, columns=None if len(places) == len(header) else [header[place] for place in places]):
                columns = [[""] * part.num_rows] * len(header)
                for index, place in enumerate(places):
                    columns[place] = _column(part.column(index).to_pylist())
                rows: list[Sequence[str]] = list(zip(*columns, strict=True)) if columns else [()] * part.num_rows
                lines = list(range(seen + 1, seen + part.num_rows + 1))
                seen += part.num_rows
                yield Batch(header, lines, rows, [], total * seen // max(file.metadata.num_rows, 1))
            if not seen:
                yield Batch(header, [], [], [], total)
        except (pa.ArrowInvalid, pa.ArrowException, OSError) as error:
            raise InputError(path, "the Parquet file is cut off or damaged", "copy it again") from error


def _column(cells: list[object]) -> list[str]:
    say: Callable[[object], str] = said
    return [cell if type(cell) is str else say(cell) for cell in cells]
