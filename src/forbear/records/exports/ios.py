"""iPhone: the databases of calls (`CallHistory.storedata`) and of messages (`sms.db`), opened so that nothing in them can change.

Which columns there are differs from one iOS to the next: what is missing is left empty. Of a call that came in and was not picked up the
telephone does not tell whether it rang out or was declined, so it has no outcome.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from forbear.records.errors import InputError
from forbear.records.exports.item import Item
from forbear.records.exports.reading import Reading, Unread, possible
from forbear.records.exports.reasons import Break
from forbear.records.exports.typedstream import plain
from forbear.records.phones import region_of

_APPLE: Final = 978_307_200
"""1 January 2001 in Unix seconds: when Apple's clocks begin."""
_NANOSECONDS = 100_000_000_000
_GROUP = 43
"""`style` of a chat with several people."""
_CALLS = "SELECT Z_PK AS row, {} FROM ZCALLRECORD ORDER BY Z_PK"
_MESSAGES = "SELECT m.ROWID AS row, {} FROM message m ORDER BY m.ROWID"
_OF_CALLS = (
    *("ZADDRESS", "ZDATE", "ZDURATION", "ZORIGINATED", "ZANSWERED", "ZNAME", "ZISO_COUNTRY_CODE", "ZCALLTYPE"),
    *("ZSERVICE_PROVIDER", "ZUNIQUE_ID"),
)
_OF_MESSAGES = (
    *("guid", "text", "attributedBody", "handle_id", "date", "is_from_me", "service", "error", "is_sent", "is_delivered"),
    *("item_type", "cache_roomnames"),
)


def opened(path: Path) -> sqlite3.Connection:
    """A database, to be read only; columns by name."""
    found = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    found.row_factory = sqlite3.Row
    found.execute("PRAGMA writable_schema = ON")  # else SQLite refuses a file that was cut off before it reads a page; nothing is written
    return found


def tables(path: Path) -> frozenset[str]:
    """The names of its tables. Raises `InputError` if the database is damaged."""
    try:
        with closing(opened(path)) as base:
            return frozenset(str(row[0]) for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'"))
    except sqlite3.DatabaseError as error:
        raise InputError(path, "the database is damaged", "copy it again from the backup") from error


def calls(reading: Reading) -> Iterator[Item]:
    """The records of `CallHistory.storedata`."""
    for row in _rows(reading, "ZCALLRECORD", _CALLS, _OF_CALLS):
        place = f"ZCALLRECORD {row['row']}"
        try:
            yield _call(reading, row, place)
        except Unread as error:
            reading.miss(place, str(error))


def _call(reading: Reading, row: Mapping[str, object], place: str) -> Item:
    country = region_of(_text(row["ZISO_COUNTRY_CODE"]).upper())
    people = reading.people if country in (None, reading.region) else reading.people_of(str(country))
    other, name = people[_text(row["ZADDRESS"]), _text(row["ZNAME"])]
    incoming = not row["ZORIGINATED"]
    seconds = row["ZDURATION"]
    if seconds is not None and not isinstance(seconds, int | float):
        raise Unread("bad-number")
    return Item(
        at=_instant(row["ZDATE"]),
        channel="call",
        incoming=incoming,
        other=other,
        name=name,
        outcome="answered" if incoming and row["ZANSWERED"] else "",
        seconds=None if seconds is None else round(seconds),
        place=place,
    )


def messages(reading: Reading) -> Iterator[Item]:
    """The records of `sms.db`. A message of a chat with several people was said in a group."""
    try:
        with closing(opened(reading.path)) as base:
            handles = {row["ROWID"]: str(row["id"]) for row in base.execute("SELECT ROWID, id FROM handle")}
            chats = _chats(base)
    except sqlite3.DatabaseError:
        reading.broken = Break("", "damaged-first")
        return
    for row in _rows(reading, "message", _MESSAGES, _OF_MESSAGES):
        place = f"message {row['row']}"
        try:
            yield _message(reading, row, place, handles, chats)
        except Unread as error:
            reading.miss(place, str(error))


def _message(
    reading: Reading, row: Mapping[str, object], place: str, handles: Mapping[object, str], chats: Mapping[object, tuple[str, str]]
) -> Item:
    if row["item_type"]:
        raise Unread("not-a-message")  # somebody joined, left, or gave the group a name
    text, body = row["text"], row["attributedBody"]
    if text is None and isinstance(body, bytes):
        text = plain(body)
        if text is None:
            raise Unread("text-unreadable")
    single, group = chats.get(row["row"], ("", ""))
    incoming = not row["is_from_me"]
    other, name = reading.people[handles.get(row["handle_id"], "" if group else single), ""]
    return Item(
        at=_instant(row["date"]),
        channel="group-chat" if group else "sms",
        incoming=incoming,
        other=other or ("" if incoming else group),
        name=name,
        group=group,
        outcome=_outcome(row, incoming=incoming),
        text=_text(text).replace("\ufffc", ""),  # stands where a picture was
        place=place,
    )


def _outcome(row: Mapping[str, object], *, incoming: bool) -> str:
    if incoming or row["is_delivered"]:
        return "delivered"
    return "failed" if row["error"] else ""


def _chats(base: sqlite3.Connection) -> dict[object, tuple[str, str]]:
    """Message -> (other end, "") in a chat of two, ("", name of the group) in a larger one."""
    names: dict[object, tuple[str, str]] = {}
    for row in base.execute("SELECT ROWID, style, chat_identifier, display_name FROM chat"):
        told = str(row["chat_identifier"] or "")
        names[row["ROWID"]] = ("", str(row["display_name"] or told)) if row["style"] == _GROUP else (told, "")
    joins = base.execute("SELECT message_id, chat_id FROM chat_message_join")
    return {row["message_id"]: names[row["chat_id"]] for row in joins if row["chat_id"] in names}


def _rows(reading: Reading, table: str, query: str, wanted: tuple[str, ...]) -> Iterator[dict[str, object]]:
    """The rows of a table, one after another; columns that it does not have are None. Where the database breaks, `broken` says so."""
    seen = ""
    try:
        with closing(opened(reading.path)) as base:
            base.text_factory = _decoded
            has = {row["name"] for row in base.execute(f"PRAGMA table_info({table})")}
            reading.said = _counted(base, table)
            for row in base.execute(query.format(", ".join(name if name in has else f"NULL AS {name}" for name in wanted))):
                reading.raw = columns = dict(row)
                yield columns
                seen = f"{table} {row['row']}"
    except sqlite3.DatabaseError:
        reading.broken = Break(seen, "damaged-after" if seen else "damaged-first")
    log = reading.path.with_name(reading.path.name + "-wal")
    if not reading.broken and log.exists() and log.stat().st_size:
        reading.broken = Break(log.name, "log-beside")


def _counted(base: sqlite3.Connection, table: str) -> int | None:
    """How many rows a table says it has; None if that part of the database is lost."""
    try:
        return int(base.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 (our own names)
    except sqlite3.DatabaseError:
        return None


def _decoded(text: bytes) -> str:
    return text.decode(errors="replace")


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return "" if value is None else str(value)


def _instant(value: object) -> int:
    """The Unix second of an Apple time in seconds, or in nanoseconds. Raises `Unread`."""
    if not isinstance(value, int | float):
        raise Unread("no-time")
    since = value // 1_000_000_000 if abs(value) >= _NANOSECONDS else value
    return possible(int(since // 1) + _APPLE)
