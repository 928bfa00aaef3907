"""What is wrong with an export of a person's own telephone, and with single records of one."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from errors.met import Met, raised
from exports_made import backup, database, ios_calls, put, read

from forbear.records.exports import rows, vcon
from forbear.records.exports.reasons import REASONS

SOURCES = ("records/exports/",)
OPENING, RECORDS = "Bringing an export of a telephone", "Reading a record of an export: why it was left unread"

FILES: tuple[tuple[str, bytes], ...] = (
    ("nothing in the file", b""),
    ("another kind of file", b"%PDF-1.7"),
    ("another kind of file, that we do not know", b"\0\1\2"),
    ("another kind of XML", b"<html/>"),
    ("XML with entities of its own", b'<!DOCTYPE smses [<!ENTITY a "b">]><smses/>'),
    ("a table with other columns", b"when,who\n1,2\n"),
    ("an old workbook", b"\xd0\xcf\x11\xe0"),
    ("a workbook under a password", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")),
    ("an archive cut off", b"PK\x03\x04 cut"),
    ("a damaged database", b"SQLite format 3\0 damaged"),
    ("JSON cut off", b'{"vcon": "0.0.2", "part'),
    ("JSON of another kind", b'{"a": 1}'),
    ("an encrypted vCon", b'{"ciphertext": "x"}'),
)


def met(folder: Path) -> Iterator[Met]:
    """Each of them."""
    file = folder / "export"
    yield Met(OPENING, "no such file", *raised(lambda: read(file), folder))
    yield Met(OPENING, "a zone that is none", *raised(lambda: read(file, zone="Boston"), folder))
    yield Met(OPENING, "a region that is none", *raised(lambda: read(file, region="us"), folder))
    for when, content in FILES:
        yield Met(OPENING, when, *raised(lambda content=content: read(put(file, content)), folder))
    with patch.object(Path, "open", side_effect=PermissionError(13, "Permission denied")):
        yield Met(OPENING, "a file that may not be read", *raised(lambda: read(file), folder))
    with patch.object(vcon, "_MOST", 1 << 20):
        yield Met(OPENING, "a vCon that is too large", *raised(lambda: read(put(file, b'{"vcon": ' + b" " * (1 << 20))), folder))
    yield from _archives(folder)
    yield from _iphone(folder)
    for code, word in REASONS.items():
        yield Met(RECORDS, "a record of a telephone", word.en, zh=word.zh, kind=code)


def _archives(folder: Path) -> Iterator[Met]:
    file = folder / "archive"
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("calls.xml", "<calls/>")
    yield Met(OPENING, "an archive", *raised(lambda: read(file), folder))
    plain = file.read_bytes()
    flag = plain.index(b"PK\x01\x02") + 8
    put(file, plain[:flag] + b"\1" + plain[flag + 1 :])
    yield Met(OPENING, "an archive under a password", *raised(lambda: read(file), folder))
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("xl/workbook.xml", " " * (2 << 20))
    yield Met(OPENING, "a damaged workbook", *raised(lambda: read(file), folder))
    with patch.object(rows, "_MOST", 1 << 20):
        yield Met(OPENING, "a workbook that is too large", *raised(lambda: read(file), folder))


def _iphone(folder: Path) -> Iterator[Met]:
    other = database(folder / "other.db", "CREATE TABLE x (y)")
    yield Met(OPENING, "a database of something else", *raised(lambda: read(other), folder))
    (folder / "empty").mkdir()
    yield Met(OPENING, "a folder without exports", *raised(lambda: read(folder / "empty"), folder))
    locked = backup(folder / "locked", {"Library/SMS/sms.db": b"x"}, locked=True)
    yield Met(OPENING, "an encrypted backup of an iPhone", *raised(lambda: read(locked), folder))
    bare = backup(folder / "bare", {"Library/Other.db": ios_calls(folder / "calls").read_bytes()})
    yield Met(OPENING, "a backup of an iPhone without calls and messages", *raised(lambda: read(bare), folder))
    put(bare / "Manifest.db", b"SQLite format 3\0 damaged")
    yield Met(OPENING, "a backup of an iPhone whose list is damaged", *raised(lambda: read(bare), folder))
