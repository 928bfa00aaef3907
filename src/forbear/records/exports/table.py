"""A table that somebody wrote by hand, CSV or XLSX, with the columns of our template, in English or in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from forbear.records import values
from forbear.records.exports.item import Item
from forbear.records.exports.reading import Reading, Unread
from forbear.records.exports.rows import Row
from forbear.records.exports.rowwise import Cells, items, local, named
from forbear.terms import Language, Word, Words

COLUMNS: Final[Words] = {
    "time": Word("time", "时间"),
    "direction": Word("direction", "方向"),
    "channel": Word("channel", "渠道"),
    "other": Word("other", "对方"),
    "name": Word("name", "名称"),
    "outcome": Word("outcome", "结果"),
    "seconds": Word("seconds", "秒数"),
    "text": Word("text", "内容"),
}
_NEEDED: Final = ("time", "direction", "channel", "other")
_INCOMING: Final = frozenset({"incoming", "in", "received", "呼入", "来电", "收到"})
_OUTGOING: Final = frozenset({"outgoing", "out", "sent", "呼出", "去电", "发出"})
_CHANNELS: Final = frozenset({"call", "voicemail", "sms", "email", "social-message", "group-chat"})


def template(lang: Language = "en") -> tuple[str, ...]:
    """The header of a table to fill in. The first four columns are needed; the others may be left out."""
    return tuple(word.say(lang) for word in COLUMNS.values())


def fits(header: Sequence[str]) -> bool:
    """Whether a header has the columns that are needed, in whatever order."""
    return {_ours(cell) for cell in header}.issuperset(_NEEDED)


def read(reading: Reading) -> Iterator[Item]:
    """The rows of such a table. Times without an offset are those of a clock in the zone of the reading."""
    channel, outcome, seconds = values.column("channel"), values.column("outcome"), values.column("duration_s")

    def item(row: Row, cells: Cells) -> Item:
        way = cells["direction"].strip().casefold()
        if way not in _INCOMING and way not in _OUTGOING:
            raise Unread("unknown-word")
        medium = _word(channel, cells["channel"])
        if medium not in _CHANNELS:
            raise Unread("unknown-word")
        lasted = _word(seconds, cells.get("seconds", ""), "bad-number")
        other, name = reading.people[cells["other"], cells.get("name", "")]
        return Item(
            at=local(cells["time"], reading.zone),
            channel=medium,
            incoming=way in _INCOMING,
            other=other,
            name=name,
            outcome=_word(outcome, cells.get("outcome", "")),
            seconds=round(float(lasted)) if lasted else None,
            text=cells.get("text", ""),
            place=row.place,
        )

    yield from items(reading, lambda header, cells: named([_ours(cell) for cell in header], cells), item)


def _ours(cell: str) -> str:
    """Which of our columns a cell of the header names; itself if none."""
    told = cell.strip().casefold()
    return next((name for name, word in COLUMNS.items() if told in (word.en, word.zh)), told)


def _word(column: values.Column, cell: str, why: str = "unknown-word") -> str:
    """What a cell says, if it says one thing; else empty. Raises `Unread`."""
    found = column[cell]
    if isinstance(found, values.Unreadable):
        raise Unread(why) from found
    return found[0] if found and len(found) == 1 else ""
