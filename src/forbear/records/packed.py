"""A timeline as a store keeps it: bytes that are read without making entries.

What differs from entry to entry (who, which debt, which number) is a *name*, what is mostly alike (channel, outcome, place ...) is together
one *facet*; a row is the small numbers of its names and of its facet. So an engine works out each facet once, whoever it is about.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from forbear.records.entry import Entry, Values, order
from forbear.records.values import SEVERAL
from forbear.terms import FIELDS

NAMED: Final = (
    *(name for name, field in FIELDS.items() if field.shape == "id" and name not in ("zone", "jurisdiction", "reason")),
    *("duration_s", "amount"),
)
"""Fields of which a timeline holds many values; all others are part of the facet."""
FACET: Final = 0
"""The first column of a row of codes; those of `NAMED` follow."""
_NAMED: Final = frozenset(NAMED)
_COLUMNS: Final = 1 + len(NAMED)
_SAID: Final = 3
"""Texts of each row that are kept as they are: entry_id, brought_id and text."""


class Unpackable(ValueError):
    """The bytes are no packed timeline, or were packed by a later version."""


class _Bytes(msgspec.Struct, array_like=True):
    form: int
    facets: list[bytes]
    names: list[str]
    times: bytes
    codes: bytes
    said: msgspec.Raw


_FORM: Final = 1
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Bytes).decode
_decode_said = msgspec.msgpack.Decoder(list[str]).decode
_decode_facet = msgspec.msgpack.Decoder(tuple[str, dict[str, Values]]).decode


def facet_of(entry: Entry) -> bytes:
    """What an entry says beside its times, its names and its texts: source and fields."""
    return _encode((entry.source, {name: values for name, values in entry.fields.items() if name not in _NAMED}))


@lru_cache(maxsize=1 << 13)
def facet(data: bytes) -> tuple[str, Mapping[str, Values]]:
    """Source and fields of a facet."""
    source, fields = _decode_facet(data)
    return source, fields


class Packed:
    """Entries in the order of `entry.order`. Values of a field that hold `SEVERAL` or are one empty text are not told apart.

    An engine may keep what it made of the rows in `beside`; the first `steady` rows are as they were when it last set `steady`.
    """

    def __init__(self, facets: list[bytes], names: list[str], times: NDArray[np.int64], codes: NDArray[np.int32]) -> None:
        self.facets, self.names = facets, names
        """Number of a facet -> facet; code of a name - 1 -> name. Both only grow."""
        self._times, self._codes, self._count = times, codes, len(times)
        self._said: list[str] | None = None
        self._raw: bytes | None = None
        self._number: dict[str, int] | None = None
        self._facet_number: dict[bytes, int] | None = None
        self._where: dict[str, int] | None = None
        self._loose = False
        """Whether there may be names or facets that no row has any more."""
        self.beside: object = None
        self.steady = 0

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Packed:
        """Entries, sorted."""
        found = cls([], [], np.empty((0, 2), np.int64), np.empty((0, _COLUMNS), np.int32))
        found._said = []
        rows = sorted(entries, key=order)
        found._room(len(rows))
        for entry in rows:
            found._insert(found._count, entry)
        return found

    @classmethod
    def unpack(cls, data: bytes) -> Packed:
        """What `pack` gave. Raises `Unpackable`."""
        try:
            read = _decode(data)
            if read.form != _FORM:
                raise Unpackable(f"packed in form {read.form}, and this version reads form {_FORM}: use the version that wrote it")
            times, codes = np.frombuffer(read.times, "<i8").reshape(-1, 2), np.frombuffer(read.codes, "<i4").reshape(-1, _COLUMNS)
            if len(times) != len(codes):
                raise Unpackable(f"no packed timeline: {len(times)} times and {len(codes)} rows")
            found = cls(read.facets, read.names, times, codes)
        except (msgspec.DecodeError, ValueError) as error:
            raise error if isinstance(error, Unpackable) else Unpackable(f"no packed timeline: {error}") from error
        found._raw = bytes(read.said)
        return found

    def pack(self) -> bytes:
        """All of it as bytes."""
        if self._loose:
            return Packed.of(self.entries()).pack()
        said = msgspec.Raw(self._raw if self._raw is not None else _encode(self._said))
        return _encode(_Bytes(_FORM, self.facets, self.names, self.times.tobytes(), self.codes.tobytes(), said))

    def __len__(self) -> int:
        return self._count

    @property
    def times(self) -> NDArray[np.int64]:
        """Row -> (at, known_at)."""
        return self._times[: self._count]

    @property
    def codes(self) -> NDArray[np.int32]:
        """Row -> number of its facet, then the code of its name in each field of `NAMED`: 0 if unknown."""
        return self._codes[: self._count]

    @property
    def last(self) -> int:
        """When the last entry was known; -1 if there is none."""
        return int(self._times[self._count - 1, 1]) if self._count else -1

    @property
    def numbers(self) -> Mapping[str, int]:
        """Name -> its code. Each of several values that are said together has a code of its own, too."""
        return self._numbers()

    def entry(self, i: int) -> Entry:
        """The entry at a position."""
        first, *codes = self._codes[i].tolist()
        at, known = self._times[i].tolist()
        source, said = facet(self.facets[first])
        fields = dict(said)
        for name, code in zip(NAMED, codes, strict=True):
            if code:
                text = self.names[code - 1]
                fields[name] = tuple(text.split(SEVERAL)) if text else ()
        entry_id, brought, text = self._texts()[i * _SAID : (i + 1) * _SAID]
        return Entry(entry_id=entry_id, at=at, known_at=known, fields=fields, source=source, brought_id=brought, text=text)

    def entries(self) -> list[Entry]:
        """All entries."""
        return [self.entry(i) for i in range(self._count)]

    def find(self, entry_id: str) -> int | None:
        """The position of an entry; None if it is not there."""
        if self._where is None:
            self._where = {each: i for i, each in enumerate(self._texts()[::_SAID])}
        return self._where.get(entry_id)

    def put(self, entry: Entry) -> None:
        """Inserts an entry at its place, or puts it in the place of the entry of the same id."""
        there = self.find(entry.entry_id)
        if there is not None:
            self._remove(there)
        self._insert(self._count if entry.known_at > self.last else self._place(entry), entry)

    def drop(self, entry_id: str) -> None:
        """Takes an entry out, if it is there."""
        there = self.find(entry_id)
        if there is not None:
            self._remove(there)

    def join(self, other: Packed) -> Packed:
        """Both merged; of an entry that is in both, this one's is kept."""
        mine = self.entries()
        ids = {entry.entry_id for entry in mine}
        return Packed.of([*mine, *(entry for entry in other.entries() if entry.entry_id not in ids)])

    def _place(self, entry: Entry) -> int:
        """Where an entry belongs among those that were known before, with or after it."""
        return bisect_left(range(self._count), order(entry), key=self._order)

    def _order(self, i: int) -> tuple[int, bool, str]:
        kind = facet(self.facets[self._codes[i, FACET]])[1]["kind"]
        return int(self._times[i, 1]), kind != ("contact",), self._texts()[i * _SAID]

    def _insert(self, i: int, entry: Entry) -> None:
        facets = self._facets()
        its = facet_of(entry)
        if its not in facets:
            facets[its] = len(self.facets)
            self.facets.append(its)
        fields = entry.fields
        row = [facets[its], *(self._code(SEVERAL.join(fields[name])) if name in fields else 0 for name in NAMED)]
        self._room(1)
        if i < self._count:
            self._times[i + 1 : self._count + 1] = self._times[i : self._count]
            self._codes[i + 1 : self._count + 1] = self._codes[i : self._count]
            self._where = None
        elif self._where is not None:
            self._where[entry.entry_id] = i
        self._times[i], self._codes[i] = (entry.at, entry.known_at), row
        self._texts()[i * _SAID : i * _SAID] = (entry.entry_id, entry.brought_id, entry.text)
        self._raw = None
        self._count += 1
        self.steady = min(self.steady, i)

    def _remove(self, i: int) -> None:
        self._room(0)
        self._times[i : self._count - 1] = self._times[i + 1 : self._count]
        self._codes[i : self._count - 1] = self._codes[i + 1 : self._count]
        del self._texts()[i * _SAID : (i + 1) * _SAID]
        self._raw = self._where = None
        self._count -= 1
        self._loose = True
        self.steady = min(self.steady, i)

    def _room(self, more: int) -> None:
        """Makes room for rows, and the arrays ones that can be written to."""
        if self._count + more <= len(self._times) and self._times.flags.writeable:
            return
        room = max(8, (self._count + more) * 5 // 4)
        times, codes = np.empty((room, 2), np.int64), np.empty((room, _COLUMNS), np.int32)
        times[: self._count], codes[: self._count] = self.times, self.codes
        self._times, self._codes = times, codes

    def _code(self, name: str) -> int:
        numbers = self._numbers()
        code = numbers.get(name)
        if code is None:
            self.names.append(name)
            code = numbers[name] = len(self.names)
            if SEVERAL in name:
                for part in name.split(SEVERAL):
                    self._code(part)
        return code

    def _texts(self) -> list[str]:
        if self._said is None:
            self._said = _decode_said(self._raw or b"\x90")
        return self._said

    def _numbers(self) -> dict[str, int]:
        if self._number is None:
            self._number = {name: code for code, name in enumerate(self.names, 1)}
        return self._number

    def _facets(self) -> dict[bytes, int]:
        if self._facet_number is None:
            self._facet_number = {its: n for n, its in enumerate(self.facets)}
        return self._facet_number
