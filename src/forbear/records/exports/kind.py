"""What a file is, by what stands in it; its name says nothing here."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from forbear.records.errors import InputError
from forbear.records.exports import android, backup, ios, table, vcon, wechat
from forbear.records.exports.item import Format, Item
from forbear.records.exports.reading import Reading
from forbear.records.exports.rows import rows

BRING: Final = (
    "bring the XML of SMS Backup & Restore, CallHistory.storedata or sms.db of an iPhone or the folder of its unencrypted backup, "
    "a CSV of WeChatMsg, MemoTrace or chatlog, a vCon, or a table (CSV, XLSX) with the columns "
    f"{', '.join(table.template())} or {'、'.join(table.template('zh'))}"
)
_HEAD = 4096
_ROOT = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*(<!DOCTYPE|<[^\s/>!]+)", re.DOTALL)
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OTHERS: Final = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"RIFF": "a recording or a picture",
    b"ID3": "a recording",
    b"\x1f\x8b": "packed with gzip",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"bplist": "a property list",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
Read = Callable[[Reading], Iterator[Item]]


class Kind(NamedTuple):
    """A format, and what reads it."""

    format: Format
    read: Read


_SMS_BACKUP: Final = Kind("sms-backup", android.read)
_HEADERS: Final[tuple[tuple[tuple[str, ...], Kind], ...]] = (
    (wechat.ALL, Kind("wechat", wechat.all_chats)),
    (wechat.CHAT, Kind("wechat", wechat.one_chat)),
    (wechat.CHATLOG, Kind("chatlog", wechat.chatlog)),
)


class Files(NamedTuple):
    """The files behind the paths that were asked for."""

    files: dict[Path, Kind]
    called: dict[Path, str]
    """File of a backup -> what it is called on the telephone; a number tells those of several telephones apart."""
    skipped: tuple[tuple[Path, str], ...]
    """Files of a folder that are none of these formats, and why."""


def find(paths: Sequence[Path]) -> Files:
    """Each file once, with its kind. In folders, backups of iPhones are found, and other files that we do not read are set aside.

    Raises `InputError` for a path that is not there, a file named outright that is none of these formats, or a folder without any.
    """
    files: dict[Path, Kind] = {}
    called: dict[Path, str] = {}
    skipped: dict[Path, str] = {}
    seen: set[Path] = set()

    def take(path: Path, *, outright: bool) -> int:
        try:
            kind = of(path)
        except InputError as error:
            if outright:
                raise
            skipped[path] = error.what
            return 0
        if path.resolve() not in seen:
            seen.add(path.resolve())
            files[path] = kind
        return 1

    def walk(folder: Path) -> int:
        if backup.is_backup(folder):
            found = backup.databases(folder)
            for each, name in found.items():
                called[each] = backup.untaken(name, called.values())
            return sum(take(each, outright=True) for each in found)
        inside = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
        return sum(
            walk(each) if each.is_dir() else take(each, outright=False) for each in inside if not each.name.endswith(("-wal", "-shm"))
        )

    for path in paths:
        if not path.is_dir():
            take(path, outright=True)
        elif not walk(path):
            raise InputError(path, "the folder holds no file that we read", BRING)
    return Files(files, called, tuple(skipped.items()))


def of(path: Path) -> Kind:
    """What a file is. Raises `InputError`."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError as error:
        raise InputError(path, "there is no such file", "check the path") from error
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})", "check the file and its permissions") from error
    if not head.strip():
        raise InputError(path, "the file is empty", "make the backup or export again")
    if head.startswith(b"SQLite format 3\0"):
        return _database(path)
    if head.startswith(b"PK\x03\x04"):
        return _packed(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        with path.open("rb") as file:
            locked = _ENCRYPTED in file.read(64 << 20)
        what = "the workbook is protected by a password" if locked else "an old Excel workbook"
        raise InputError(path, what, "open it, take the password away, and save it as XLSX or CSV" if locked else "save it as XLSX or CSV")
    other = next((is_a for magic, is_a in _OTHERS.items() if head.startswith(magic)), "")
    if other or b"\0" in head:
        raise InputError(path, other or "a file of a kind that we do not know", BRING)
    return _text(path, head)


def _database(path: Path) -> Kind:
    has = ios.tables(path)
    if "ZCALLRECORD" in has:
        return Kind("ios-calls", ios.calls)
    if has.issuperset({"message", "handle", "chat"}):
        return Kind("ios-messages", ios.messages)
    raise InputError(path, "a database that is neither of calls nor of messages of an iPhone", BRING)


def _packed(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            inside = archive.infolist()
    except zipfile.BadZipFile as error:
        raise InputError(path, "an archive or workbook that is cut off or damaged", "copy it again") from error
    if any(each.flag_bits & 1 for each in inside):
        raise InputError(path, "an archive protected by a password", "unpack it with its password, and bring what was in it")
    if not any(each.filename.startswith("xl/") for each in inside):
        raise InputError(path, "a zip archive", "unpack it, and bring what was in it")
    return _table(path)


def _text(path: Path, head: bytes) -> Kind:
    start = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        root = _ROOT.match(start)
        if root and root[1][1:] in (*android.ROOTS, "!DOCTYPE"):
            return _SMS_BACKUP
        raise InputError(path, "XML, but no backup of SMS Backup & Restore", BRING)
    if start.startswith("{"):
        return Kind("vcon", vcon.read)
    return _table(path)


def _table(path: Path) -> Kind:
    header = next((row.cells for row in rows(Reading(path, "UTC", ""))), [])
    told = {cell.strip() for cell in header}
    kind = next((kind for columns, kind in _HEADERS if told.issuperset(columns)), None)
    if kind is None and table.fits(header):
        kind = Kind("table", table.read)
    if kind is None:
        raise InputError(path, "a table whose first row names none of the sets of columns that we know", BRING, 1)
    return kind
