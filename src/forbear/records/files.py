"""Opening what people bring: finding files, undoing gzip and zstd, telling the encoding, saying clearly what is wrong with a file."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal, NamedTuple

from forbear.records.errors import InputError

Format = Literal["csv", "tsv", "jsonl", "parquet"]
FORMATS: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".txt": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
PACKED: Final = (".gz", ".zst")
BRING: Final = f"bring {', '.join(FORMATS)}, also packed as {' or '.join(PACKED)}"
"""What to do about a file of another kind."""

_MAGIC: Final = {
    b"PAR1": "Parquet",
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "PDF",
    b"SQLite format 3": "an SQLite database",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_CHUNK = 1 << 20
_SURELY_UTF8 = 10
"""Characters beyond ASCII that read well as UTF-8 before the first that does not: the file is damaged UTF-8, not GB18030."""


class Found(NamedTuple):
    """The files behind the paths that were asked for."""

    files: tuple[Path, ...]
    skipped: tuple[Path, ...]
    """Files of the folders asked for whose names say no format that we read: to be told, never dropped in silence."""


def shape_of(path: Path) -> tuple[Format, str] | None:
    """(format, packing) that the name says; None if it says none that we read."""
    packing = path.suffix.lower() if path.suffix.lower() in PACKED else ""
    inner = Path(path.stem) if packing else path
    form = FORMATS.get(inner.suffix.lower())
    return (form, packing) if form else None


def find(paths: Sequence[Path]) -> Found:
    """The files of paths and folders, each once, in the order of names within a folder. Raises `InputError`."""
    files: dict[Path, Path] = {}
    skipped: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith("."))
            good = [each for each in inside if shape_of(each)]
            if not good:
                raise InputError(path, "the folder holds no file that we read", BRING)
            for each in good:
                files.setdefault(each.resolve(), each)
            skipped |= dict.fromkeys(each for each in inside if not shape_of(each))
        elif not path.exists():
            raise InputError(path, "there is no such file", "check the path")
        elif shape_of(path) is None:
            raise InputError(path, "its name ends in no format that we read", BRING)
        else:
            files.setdefault(path.resolve(), path)
    return Found(tuple(files.values()), tuple(skipped))


class Opened(NamedTuple):
    """A file, unpacked as it is read."""

    stream: io.BufferedReader
    raw: io.BufferedReader
    """The file on disk: `raw.tell()` says how much of it has been read."""


@contextmanager
def open_file(path: Path) -> Iterator[Opened]:
    """Opens and unpacks a file. What is missing, empty, cut off or not what its name says raises `InputError`, also while reading."""
    shape = shape_of(path)
    assert shape is not None
    form, packing = shape
    try:
        with path.open("rb") as raw:
            _check_magic(path, raw.read(16), packing or f".{form}")
            raw.seek(0)
            stream = _unpacked(raw, packing)
            if packing:
                _check_magic(path, stream.peek(16)[:16], f".{form}")
            yield Opened(stream, raw)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(path, "the gzip file is cut off or damaged", "copy it again") from error
    except FileNotFoundError as error:
        raise InputError(path, "there is no such file", "check the path") from error
    except OSError as error:
        if packing == ".zst":
            raise InputError(path, "the zstd file is cut off or damaged", "copy it again") from error
        raise InputError(path, f"cannot be read ({error.strerror or 'damaged'})", "check the file and its permissions") from error


def _unpacked(raw: io.BufferedReader, packing: str) -> io.BufferedReader:
    if packing == ".gz":
        return io.BufferedReader(gzip.GzipFile(fileobj=raw), _CHUNK)
    if packing == ".zst":
        import pyarrow as pa

        return io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(raw, "r"), "zstd"), _CHUNK)
    return raw


def _check_magic(path: Path, head: bytes, suffix: str) -> None:
    if not head:
        raise InputError(path, "the file is empty", "export it again")
    is_a = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "text")
    should = {".gz": "gzip", ".zst": "zstd", ".parquet": "Parquet"}.get(suffix, "text")
    if is_a == should:
        return
    if should == "text" and is_a.endswith(("workbook", "UTF-16 text")):
        raise InputError(path, f"named {suffix} but is {is_a}", "save it as CSV (UTF-8)")
    raise InputError(path, f"named {suffix} but is {is_a}", "give it the name of what it is, or export it again")


@contextmanager
def unchanged(path: Path) -> Iterator[int]:
    """Refuses a file that changes while it is read, once it was read; gives its bytes. Raises `InputError`."""
    before = _state(path)
    yield before[0] if before else 0
    if _state(path) != before:
        raise InputError(path, "it changed while it was read", "wait until nothing writes to it any more, then read it again")


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


class _Damaged(Exception):
    def __init__(self, line: int, foreign: int, *, cut: bool) -> None:
        super().__init__()
        self.line, self.foreign, self.cut = line, foreign, cut


def encoding_of(path: Path) -> str:
    """`utf-8-sig`, or `gb18030` where the file reads as that alone: the whole file is read once, so that damage shows before the first row.

    Raises `InputError` where it is neither.
    """
    try:
        _decode_all(path, "utf-8")
    except _Damaged as error:
        if error.cut:
            raise InputError(path, "the file ends in the middle of a character", "copy it again, for it was cut off", error.line) from error
        if error.foreign >= _SURELY_UTF8:
            raise InputError(path, "its text (UTF-8) is damaged here", "export it again", error.line) from error
    else:
        return "utf-8-sig"
    try:
        _decode_all(path, "gb18030")
    except _Damaged as error:
        raise InputError(path, "its text is neither UTF-8 nor GB18030", "save it as CSV (UTF-8)", error.line) from error
    return "gb18030"


def _decode_all(path: Path, encoding: str) -> None:
    lines, foreign, decoder = 1, 0, codecs.getincrementaldecoder(encoding)()
    with open_file(path) as opened:
        while True:
            chunk = opened.stream.read(_CHUNK)
            if b"\0" in chunk:
                raise InputError(path, "not text (it holds zero bytes)", "save it as CSV (UTF-8)")
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding)
                raise _Damaged(lines + good.count("\n"), foreign + _beyond_ascii(good), cut=not chunk) from error
            if not chunk:
                return
            lines, foreign = lines + text.count("\n"), foreign if foreign >= _SURELY_UTF8 else foreign + _beyond_ascii(text)


def _beyond_ascii(text: str) -> int:
    return 0 if text.isascii() else sum(not each.isascii() for each in text)


def size(paths: Iterable[Path]) -> int:
    """Bytes on disk: the measure of progress."""
    return sum(path.stat().st_size for path in paths)
