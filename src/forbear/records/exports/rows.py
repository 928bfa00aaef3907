"""Rows of a CSV or of the first sheet of a workbook, each with its place. A CSV is read line by line, a workbook whole."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from forbear.records.errors import InputError
from forbear.records.exports.reading import Raw, Reading
from forbear.records.exports.reasons import Break
from forbear.records.tables import delimiter, said

_CHUNK = 1 << 20
_MOST: Final = 512 << 20
"""Bytes of a workbook, unpacked: more would fill the memory."""
_CSV = "open it, and save the sheet as CSV (UTF-8)"


class Row(NamedTuple):
    """A row that is not blank."""

    place: str
    cells: list[str]
    raw: Raw
    """What its digest is of: the bytes of a CSV, or the cells of a workbook."""


def rows(reading: Reading) -> Iterator[Row]:
    """The rows of a file, its header first. Where it ends within quotes, `broken` says so. Raises `InputError`."""
    with reading.path.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    return _workbook(reading.path) if packed else _csv(reading)


def _csv(reading: Reading) -> Iterator[Row]:
    encoding = _encoding(reading.path)
    taken: list[str] = []
    line = 1
    csv.field_size_limit(1 << 24)
    with reading.path.open(encoding=f"{encoding}-sig" if encoding == "utf-8" else encoding, errors="surrogateescape", newline="") as text:

        def lines() -> Iterator[str]:
            for each in text:
                taken.append(each)
                yield each

        first = text.readline()
        text.seek(0)
        reader = csv.reader(lines(), delimiter=delimiter(first))
        while True:
            begun = line
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                reading.broken = Break(f"line {begun}", "no-cells")
                return
            raw = "".join(taken)
            line, reading.done = line + len(taken), reading.done + len(raw)
            taken.clear()
            if '"' in raw and _left_open(raw, reader.dialect.delimiter):
                reading.broken = Break(f"line {begun}", "in-quotes")
                return
            if any(cell.strip() for cell in cells):
                yield Row(f"line {begun}", cells, raw.encode(encoding, "surrogateescape"))


def _left_open(raw: str, delimited: str) -> bool:
    try:
        list(csv.reader([raw], delimiter=delimited, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _encoding(path: Path) -> str:
    """`utf-8`, unless something in the file is none; then `gb18030`. A character cut off at the end is no sign of either."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return "gb18030"
    return "utf-8"


def _workbook(path: Path) -> Iterator[Row]:
    import python_calamine as calamine

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(each.file_size for each in packed.infolist()) > _MOST:
                raise InputError(path, f"unpacked the workbook is larger than {_MOST >> 20} MB", _CSV)
        sheet = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
            cells = [_cell(value) for value in row]
            if any(cell.strip() for cell in cells):
                yield Row(f"row {number}", cells, cells)
    except (zipfile.BadZipFile, calamine.CalamineError) as error:
        raise InputError(path, "the workbook is cut off or damaged", "copy it again, or save the sheet as CSV (UTF-8)") from error


def _cell(value: object) -> str:
    """A cell as a CSV would show it."""
    if isinstance(value, dt.datetime):
        return (value + dt.timedelta(milliseconds=500)).isoformat(" ", "seconds")  # spreadsheets count days, and miss seconds by a little
    if isinstance(value, dt.timedelta):
        return str(round(value.total_seconds()))
    return said(value)
