"""The folder of an iPhone backup on a computer: which of its files, named by hashes, are the databases of calls and messages."""

from __future__ import annotations

import plistlib
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Final
from xml.parsers.expat import ExpatError

from forbear.records.errors import InputError
from forbear.records.exports.ios import opened

_WANTED: Final = ("Library/CallHistoryDB/CallHistory.storedata", "Library/SMS/sms.db")
_FILES = "SELECT fileID, relativePath FROM Files WHERE domain = 'HomeDomain' AND relativePath IN (?, ?) ORDER BY relativePath"
PARTS: Final[Mapping[str, str]] = {
    "Manifest.db": "Manifest.db",
    "Manifest.plist": "Manifest.plist",
    "5a/5a4935c78a5255723f707230a451d79c540d2741": "CallHistory.storedata",
    "3d/3d0d7e5fb2ce288813306e4d4636395e047a3d28": "sms.db",
}
"""Of the thousands of files of a backup those that are read: place in its folder -> what the file is called on the telephone. The name in a
backup is the SHA-1 of domain and path."""
_PLAIN = (
    "on the computer (Finder, iTunes or the Apple Devices app) take the tick from 'Encrypt local backup', "
    "make a new backup, and bring that folder; a copy on iCloud cannot be brought"
)


def is_backup(folder: Path) -> bool:
    """Whether a folder is such a backup."""
    return (folder / "Manifest.db").is_file()


def databases(folder: Path) -> dict[Path, str]:
    """The files of calls and messages -> what each is called on the telephone.

    Raises `InputError` for an encrypted backup, and for one without them.
    """
    manifest = folder / "Manifest.db"
    with manifest.open("rb") as file:
        plain = file.read(15) == b"SQLite format 3"
    if not plain or _encrypted(folder / "Manifest.plist"):
        raise InputError(folder, "the backup is encrypted", _PLAIN)
    try:
        with closing(opened(manifest)) as base:
            names = {str(row["fileID"]): str(row["relativePath"]).rpartition("/")[2] for row in base.execute(_FILES, _WANTED)}
    except sqlite3.DatabaseError as error:
        raise InputError(manifest, "the list of the backup's files is damaged", "make the backup again") from error
    found = {path: called for name, called in names.items() if (path := folder / name[:2] / name).is_file()}
    if not found:
        raise InputError(folder, "the backup holds neither calls nor messages", "make the backup again, and bring the whole folder")
    return found


def untaken(name: str, taken: Collection[str]) -> str:
    """The name, with a number where another file has it: two telephones have databases of the same names."""
    stem, dot, kind = name.partition(".")
    return next(each for n in count(1) if (each := name if n == 1 else f"{stem}-{n}{dot}{kind}") not in taken)


def _encrypted(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return bool(plistlib.load(file).get("IsEncrypted"))
    except (OSError, plistlib.InvalidFileException, ExpatError, ValueError):
        return False  # older programs write none; what is encrypted is then no database
