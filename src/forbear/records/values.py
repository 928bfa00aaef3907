"""Cell -> values of a field: words in two languages, ids, numbers, hours, dates; candidates `a|b`, several `a+b`, unknown `?`.

Every reader takes one cell and gives `Values`, `SAID_UNKNOWN` for a cell that says so, or None for a cell that says nothing, which a
constant of the mapping may fill. What cannot be read raises `Unreadable` with a reason code of the quarantine.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from forbear.records import clock, hours, instants, synonyms
from forbear.records.entry import Values
from forbear.records.schema import EXTRA
from forbear.terms import FIELDS

SAID_UNKNOWN: Values = ()
SEVERAL = "\x1f"
"""Stands between items that came as a list (JSON, Parquet): the field knows whether they are candidates or several at once."""

_CLOCK = re.compile(r"(\d{1,4}):(\d\d):(\d\d)")
_SPELLED = re.compile(
    r"(?:(\d{1,4})\s*(?:小时|时|h))?\s*(?:(\d{1,6})\s*(?:分钟|分|min|m))?\s*(?:(\d{1,9})\s*(?:秒钟|秒|seconds|sec|s))?", re.IGNORECASE
)
_DECIMAL = re.compile(r"(\d{1,18}|\d{1,3}(?:,\d{3}){1,5})(?:\.(\d{1,18}))?", re.ASCII)
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?|\*")
_REMEMBERED = 1 << 17


class Unreadable(ValueError):
    """The cell cannot be read; the argument is the reason code. It never shows the value, which may be personal."""

    @property
    def reason(self) -> str:
        """A key of `quarantine.REASONS`."""
        return str(self.args[0])


Cell = Values | None | Unreadable
Read = Callable[[str], Values | None]


class Column(dict[str, Cell]):
    """Reads the cells of one column and remembers what it has read: exports repeat themselves."""

    def __init__(self, read: Read) -> None:
        super().__init__()
        self._read = read
        self.bad = False
        """Whether any cell so far could not be read."""
        self.readings: dict[str, str] = {}
        """Cells that are exact only by our reading -> the word they were read as."""

    def __missing__(self, cell: str) -> Cell:
        read: Cell
        try:
            read = self._read(cell)
        except Unreadable as error:
            read, self.bad = error, True
        self[cell] = read
        return read

    def read(self, cells: Sequence[str]) -> list[Cell]:
        """What the cells say, in their order."""
        if len(self) > _REMEMBERED:
            self.clear()
        return list(map(self.__getitem__, cells))


NO_TAGS: Final = ("no-tags", "无标签")
"""What a cell of `tags` says where the words were read and no tag fits; an empty cell says that nobody knows."""


def column(name: str, translations: Mapping[str, str] | None = None) -> Column:
    """The reader of a column named as in the schema. `translations`: the cell as it comes -> what it says in our words."""
    readings: dict[str, str] = {}
    read = _reader(name, readings)

    def translate(cell: str) -> Values | None:
        said = cell.strip()
        word = (translations or {}).get(said)
        if word is None:
            return read(cell)
        meaning = synonyms.words(name).get(synonyms.plain(said)) if name in FIELDS else None
        if meaning and meaning.reading and word == "|".join(meaning.words):
            readings[said] = word  # a mapping that repeats our reading does not make it more than that
        return read(word)

    found = Column(translate if translations else read)
    found.readings = readings
    return found


def _reader(name: str, readings: dict[str, str]) -> Read:
    field = None if name in EXTRA else FIELDS[name]
    many = field is not None and field.many
    shape = "id" if field is None else field.shape
    one = partial(_word, name, readings) if shape == "word" else (_STRICT.get(name) or _SHAPES[shape])

    def read(cell: str) -> Values | None:
        text = cell.strip()
        if not text:
            return None
        if text == "?" or text.casefold() in synonyms.unknown():
            return SAID_UNKNOWN
        if not many and "|" not in text and SEVERAL not in text:
            return one(text)
        if name == "tags" and text in NO_TAGS:
            return NO_TAGS[:1]
        if many and "|" in text:
            raise Unreadable("choice-in-several")
        parts = [part.strip() for part in re.split(rf"[{SEVERAL}{'+' if many else '|'}]", text)]
        if "?" in parts:
            return SAID_UNKNOWN
        found = [value for part in parts if part for value in one(part)]
        return tuple(dict.fromkeys(found))

    return read


def _word(field: str, readings: dict[str, str], text: str) -> Values:
    if text in FIELDS[field].words:
        return (text,)
    meaning = synonyms.words(field).get(synonyms.plain(text))
    if meaning is None or (FIELDS[field].many and len(meaning.words) > 1):
        raise Unreadable("unknown-word")
    if meaning.reading:
        readings[text] = "|".join(meaning.words)
    return meaning.words


def _id(text: str) -> Values:
    return (text,)


def _jurisdiction(text: str) -> Values:
    if not _JURISDICTION.fullmatch(text):
        raise Unreadable("bad-jurisdiction")  # no law would apply, and everything would look lawful
    return (text,)


def _zone(text: str) -> Values:
    try:
        return (clock.check_zone(text),)
    except clock.UnknownZone as error:
        raise Unreadable("unknown-zone") from error


def _hours(text: str) -> Values:
    try:
        hours.named(text)
    except hours.BadHours as error:
        raise Unreadable("bad-hours") from error
    return (text,)


def _number(text: str) -> Values:
    timed = _CLOCK.fullmatch(text) or _SPELLED.fullmatch(text)
    if timed:
        hour, minute, second = (int(part or 0) for part in timed.groups())
        return (str(hour * 3600 + minute * 60 + second),)
    found = _DECIMAL.fullmatch(text)
    if not found:
        raise Unreadable("bad-number")
    part = (found[2] or "").rstrip("0")
    whole = int(found[1].replace(",", ""))
    return (f"{whole}.{part}" if part else str(whole),)


def _date(text: str) -> Values:
    try:
        shown = instants.read(text)
    except instants.BadTime as error:
        raise Unreadable("bad-date" if error.args[0] == "unreadable-time" else str(error.args[0])) from error
    if shown.instant is None:
        return (dt.date.fromordinal(shown.day).isoformat(),)
    try:
        return (dt.date.fromisoformat(text[:10]).isoformat(),)
    except ValueError as error:
        raise Unreadable("bad-date") from error


_SHAPES: Mapping[str, Callable[[str], Values]] = {"id": _id, "hours": _hours, "number": _number, "date": _date}
_STRICT: Mapping[str, Callable[[str], Values]] = {"zone": _zone, "jurisdiction": _jurisdiction}
"""Ids that are not free text."""
