"""What is known of a file while it is read, and what all formats do alike: numbers, names, instants, digests."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from forbear.records import clock, phones
from forbear.records.exports.reasons import Break

NOTHING: Final = frozenset({"", "null", "(null)", "(Unknown)", "Unknown", "-1", "-2", "-3", "未知", "未知号码"})
"""What telephones write in place of a number or a name that they do not know, or that was withheld."""

_MILLISECONDS = 100_000_000_000
"""From here on a number counts milliseconds: as seconds it would be the year 5138, as milliseconds it is 1973."""
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u00a0]")
"""Marks of direction that address books put round a number."""
_REMEMBERED = 1 << 16
Raw = bytes | Sequence[str] | Mapping[str, object]
"""A record as its file holds it: bytes of the element or row, cells of a row of a workbook, or columns by name."""


class Unread(ValueError):
    """A record cannot be read. The argument is a code of `reasons.REASONS`."""


class Reading:
    """One file that is being read."""

    def __init__(self, path: Path, zone: str, region: str) -> None:
        self.path, self.zone, self.region = path, zone, region
        self.said: int | None = None
        self.unread: list[tuple[str, str]] = []
        self.broken: Break | None = None
        self.done = 0
        """Bytes read so far."""
        self.raw: Raw = b""
        """The record that is handed on, as the file holds it: set before each, for only what is kept needs its digest."""
        self.window = b""
        self.element: tuple[str, dict[str, str], list[tuple[str, dict[str, str]]], int, int] | None = None
        """In place of `raw` an element of XML: its last two say where in `window` its bytes begin and end. To cut each out takes longer."""
        self.people = People(region)
        self._abroad: dict[str, People] = {}

    def people_of(self, region: str) -> People:
        """As `people`, for numbers that the file itself reads in another region."""
        return self._abroad.setdefault(region, People(region))

    @property
    def record(self) -> Raw:
        """The record that is handed on, as the file holds it."""
        return self.window[self.element[3] : self.element[4]] if self.element else self.raw

    def digest(self) -> str:
        """SHA-256, in hex, of `record`: of bytes as they are, of cells and columns as JSON; bytes in a column stand there in hex."""
        raw = self.record
        if not isinstance(raw, bytes):
            raw = json.dumps(raw, ensure_ascii=True, sort_keys=True, separators=(",", ":"), default=_in_json).encode()
        return hashlib.sha256(raw).hexdigest()

    def miss(self, place: str, why: str) -> None:
        """A record that could not be read; `why` is a code of `reasons.REASONS`."""
        self.unread.append((place, why))


class People(dict[tuple[str, str], tuple[str, str]]):
    """(number or account, name) as they stand in a file -> as an `Item` has them; remembers, for the same few come again and again."""

    def __init__(self, region: str) -> None:
        super().__init__()
        self._region = region

    def __missing__(self, told: tuple[str, str]) -> tuple[str, str]:
        if len(self) > _REMEMBERED:
            self.clear()
        other, name = address(told[0], self._region), _MARKS.sub("", told[1]).strip()
        if name in NOTHING or address(name, self._region) == other:
            name = ""
        self[told] = other, name
        return other, name


def address(text: str, region: str) -> str:
    """The other end as an `Item` has it: E.164 if it is a number, else what stands there, else empty."""
    plain = _MARKS.sub("", text).strip()
    return "" if plain in NOTHING else phones.e164(plain, region)


def instant(number: str) -> int:
    """The Unix second of a number of seconds or milliseconds. Raises `Unread`."""
    try:
        at = int(number)
    except ValueError as error:
        raise Unread("no-time") from error
    if at >= _MILLISECONDS:
        at //= 1000
    if 0 < at < clock.END:
        return at
    raise Unread("impossible-time" if at else "no-time")


def possible(at: int) -> int:
    """`at` itself, if a telephone can have been there then. Raises `Unread`."""
    if not 0 < at < clock.END:
        raise Unread("impossible-time")
    return at


@lru_cache(_REMEMBERED)
def whole(number: str) -> int:
    """A number of zero or more: remembered, for calls are of the same few lengths. Raises `Unread`."""
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        raise Unread("bad-number")
    return int(number)


def _in_json(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
