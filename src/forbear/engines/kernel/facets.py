"""What the gate has learned of facets, once for all timelines of a process: tables that grow, and words by which the loops find them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from forbear.engines.kernel import table
from forbear.engines.kernel.arrays import Lists, lists
from forbear.engines.kernel.coded import ALL, OPEN, SEVERAL, SINGLE, UNSAID
from forbear.engines.kernel.compiled.pointers import Behind
from forbear.engines.kernel.days import days_of
from forbear.engines.kernel.held import HeldTable
from forbear.engines.kernel.law import Law
from forbear.engines.times import Times
from forbear.records.columns.block import of_entries
from forbear.records.entry import Entry, Values
from forbear.records.packed import NAMED, facet
from forbear.records.values import SEVERAL as JOINED

_AHEAD_S: Final = 180 * 86400
"""How much further than asked for the day tables reach, so that they are seldom made anew."""


OWN: Final = (
    *("start", "asks", "kind_start", "first_code", "at", "known", "shape", "zones", "until", "debts_start", "code", "debts_items"),
)
"""Arrays that every timeline has for itself."""
KEYS: Final = ("kind_items", "values_start", "values_items")
"""Arrays of what codes stand for."""


class Pile:
    """An array that grows at its end."""

    def __init__(self, dtype: DTypeLike = np.int64, width: int | None = None) -> None:
        shape = (16,) if width is None else (16, width)
        self._array: NDArray[Any] = np.zeros(shape, dtype)
        self.address = int(self._array.ctypes.data)
        self.size = 0

    def add(self, new: Sequence[Any] | NDArray[Any]) -> None:
        """Puts rows at the end."""
        if self.size + len(new) > len(self._array):
            larger = np.zeros((2 * (self.size + len(new)), *self._array.shape[1:]), self._array.dtype)
            larger[: self.size] = self.array
            self._array, self.address = larger, int(larger.ctypes.data)
        if len(new):
            self._array[self.size : self.size + len(new)] = new
            self.size += len(new)

    @property
    def array(self) -> NDArray[Any]:
        """What was put so far."""
        return self._array[: self.size]


class PiledLists:
    """Lists of integers that grow in number: `law.Lists`, as it is being made."""

    def __init__(self) -> None:
        self.start, self.items = Pile(), Pile()
        self.start.add([0])

    def add(self, row: Sequence[int] | NDArray[np.int64]) -> None:
        """Puts a list at the end."""
        self.items.add(row)
        self.start.add([self.items.size])

    def cut(self, count: int) -> None:
        """Forgets all but the first lists."""
        self.start.size = count + 1
        self.items.size = int(self.start.array[-1])


class Keys:
    """What codes stand for as keys: see `coded.Dimension`. Code 0 is unknown."""

    def __init__(self, first: Keys | None = None) -> None:
        """`first`: those that come before, with codes of their own."""
        self.kind, self.values = Pile(), PiledLists()
        if first:
            self.kind.add(first.kind.array)
            self.values.start.add(first.values.start.array[1:])
            self.values.items.add(first.values.items.array)
        self.add(None, ())

    def add_plain(self, count: int) -> None:
        """Codes 1, 2, 3 ... of values that are nothing else."""
        items = self.values.items.size
        self.kind.add(np.full(count, SINGLE))
        self.values.start.add(np.arange(items + 1, items + count + 1))
        self.values.items.add(np.arange(1, count + 1))

    def cut(self, count: int) -> None:
        """Forgets all but the first codes."""
        self.kind.size = count
        self.values.cut(count)

    def add(self, text: str | None, values: Sequence[int]) -> None:
        """The next code: its text, and the codes of the values that it may be."""
        kind = UNSAID if not text else ALL if text == "*" else SINGLE
        if text and JOINED in text:
            kind = OPEN if "*" in text.split(JOINED) else SEVERAL
        self.kind.add([kind])
        self.values.add(values)


def special(texts: Collection[str]) -> bool:
    """Whether one of them is not simply a value: all, several, or nothing."""
    return "*" in texts or "" in texts or JOINED in "".join(texts)


class Words:
    """The words of a table behind its pointer, to be written one by one: see `held`."""

    def __init__(self, held: HeldTable) -> None:
        self.type: Behind = held._numba_type_
        self.place = dict(_places(self.type, "", 0))

    def write(self, words: NDArray[np.int64], arrays: Iterable[tuple[str, NDArray[Any]]]) -> None:
        """Writes where arrays are: `debts_start` for `table.debts.start`."""
        for name, array in arrays:
            place = self.place[name]
            words[place : place + 3] = int(array.ctypes.data), len(array), array.shape[1] if array.ndim == 2 else 1


def _places(behind: Behind, prefix: str, first: int) -> Iterable[tuple[str, int]]:
    for name, kind, place in behind.fields:
        if isinstance(kind, Behind):
            yield from _places(kind, f"{prefix}{name}_", first + place)
        else:
            yield prefix + name, first + place


class Facets:
    """What the loops read of facets, and of what rows say that law tests beside them."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.version = 0
        """Raised when a table has moved, grown or changed."""
        self.dimensions = [name for name in law.dimensions if name not in NAMED]
        self.tested = [name for name in law.tested if name in NAMED]
        """Names that law tests: a shape then depends on more than the facet."""
        self.shape, self.zones, self.until = Pile(), Pile(), Pile()
        """Facet -> number of its shape (where names do not matter), of its list of zones, of its `until`."""
        self.code = Pile(width=len(self.dimensions))
        self.keys = Keys()
        """Of the dimensions that are part of the facet."""
        self._plain, self._plain_names = Keys(self.keys), 0
        self.truth = Pile(np.int8, len(law.matches))
        self.over = Pile(width=2)
        self.over.add([(table.FAR, table.FAR)])
        self.where: list[tuple[str, ...]] = [(), *((clock,) for clock in law.clocks[1:])]
        self._simple, self._complex, self._events = PiledLists(), PiledLists(), PiledLists()
        self._times = Times(law.book)
        self._number: dict[bytes, int] = {}
        self._said: list[dict[str, str]] = []
        self._shape_of: dict[bytes, int] = {}
        self._shape_with: dict[tuple[int, tuple[str | None, ...]], int] = {}
        self._over_of: dict[Values, int] = {}
        self._word: dict[str, int] = {}
        self.days = days_of(law, 0, 0)
        self.empty = table.build(law, of_entries([]), np.arange(0), np.zeros(2, np.int64), self.days)
        self._held = HeldTable("table", self.empty, fixed=True)
        self.places = Words(self._held)
        self.slots = np.array([self.places.place[name] for name in OWN], np.int64)
        self.key_slots = np.array([self.places.place[name] for name in KEYS], np.int64)
        self.words = np.zeros(max(self.places.place.values()) + 3, np.int64)
        """The words of everything that is not of one timeline alone."""
        self._kept: list[NDArray[Any]] = []
        """Arrays of which only the words know."""
        self.words[self.places.place["start"] + 1] = 2
        self.words[self.places.place["code"] + 2] = len(law.dimensions)
        self._zoned: tuple[int, Lists, Lists] | None = None
        self._reach = (1, 0)
        self._written = -1

    def __len__(self) -> int:
        return len(self._number) + len(self._shape_with)

    def plain(self, names: int) -> Keys:
        """The keys of a timeline with so many names at most, each of which is a value and no more. Nobody changes them."""
        if names > self._plain_names or self._plain.kind.size != self.keys.kind.size + 1 + self._plain_names:
            self._plain_names = max(512, 2 * names)
            self._plain = Keys(self.keys)
            self._plain.add_plain(self._plain_names)
        return self._plain

    def number(self, data: bytes) -> int:
        """The number of a facet."""
        found = self._number.get(data)
        return self._learn(data) if found is None else found

    def shape_of(self, number: int, names: Mapping[str, str | None]) -> int:
        """The shape of a row: of its facet, and of the names that law tests."""
        if not self.tested:
            return int(self.shape.array[number])
        key = (number, tuple(names.get(name) for name in self.tested))
        if key not in self._shape_with:
            said = {name: text for name, text in zip(self.tested, key[1], strict=True) if text is not None}
            self._shape_with[key] = self._shape({**self._said[number], **said})
        return self._shape_with[key]

    def reach(self, earliest: int, latest: int) -> None:
        """Makes the day tables reach from one instant to another."""
        if self._reach[0] <= earliest and latest <= self._reach[1]:
            return
        low, high = (earliest, latest) if self._reach[0] > self._reach[1] else (min(earliest, self._reach[0]), max(latest, self._reach[1]))
        self._reach = (low - _AHEAD_S if earliest < self._reach[0] else low, high + _AHEAD_S if latest > self._reach[1] else high)
        self.days = days_of(self.law, *self._reach)
        self._zoned = None
        self.version += 1

    def write(self) -> None:
        """Brings the words up to date with the tables."""
        if self._written == self.version:
            return
        if self._zoned is None or self._zoned[0] != len(self.where):
            names = sorted({zone for each in self.where for zone in each})
            number = {zone: n for n, zone in enumerate(names)}
            candidates, moved = lists([number[zone] for zone in each] for each in self.where), lists(map(self.days.moved, names))
            self._zoned = len(self.where), candidates, moved
        _, candidates, moved = self._zoned
        piles = {"simple": self._simple, "complex": self._complex, "events": self._events}
        named: list[tuple[str, NDArray[Any]]] = [("truth", self.truth.array), ("over", self.over.array)]
        named += [("ends", self.days.ends), ("latest", self.days.latest), ("day_kind", self.days.kind)]
        for name, each in (("candidates", candidates), ("moved", moved)):
            named += [(f"{name}_start", each.start), (f"{name}_items", each.items)]
        for name, piled in piles.items():
            named += [(f"{name}_start", piled.start.array), (f"{name}_items", piled.items.array)]
        self._kept = [array for _, array in named]
        self.places.write(self.words, named)
        self.words[self.places.place["first_day"]] = self.days.first
        self._written = self.version

    def _learn(self, data: bytes) -> int:
        number = self._number[data] = len(self._number)
        _, fields = facet(data)
        said = {name: JOINED.join(values) for name, values in fields.items()}
        self._said.append(said)
        where = {name: fields[name] for name in ("zone", "jurisdiction") if name in fields}
        zones = self._times.zones(Entry(entry_id="", at=0, known_at=0, fields=where), "consumer") if where else self._nowhere()
        if zones not in self.where:
            self.where.append(zones)
        self.zones.add([self.where.index(zones)])
        self.until.add([self._over(fields.get("until", ()))])
        self.code.add([[self._key(said[name]) if name in said else 0 for name in self.dimensions]])
        self.shape.add([-1 if self.tested else self._shape(said)])
        self.version += 1
        return number

    def _nowhere(self) -> tuple[str, ...]:
        return self._times.zones(Entry(entry_id="", at=0, known_at=0, fields={}), "consumer")

    def _over(self, until: Values) -> int:
        if not until:
            return 0
        if until not in self._over_of:
            self._over_of[until] = self.over.size
            self.over.add([table.over_after(until)])
        return self._over_of[until]

    def _key(self, text: str) -> int:
        """The code of a text of a dimension; the values that it may be have codes of their own."""
        if text not in self._word:
            values = [self._key(part) for part in text.split(JOINED)] if JOINED in text else None
            code = self._word[text] = self.keys.kind.size
            self.keys.add(text, values if values is not None else [code] if text else [])
        return self._word[text]

    def _shape(self, said: Mapping[str, str]) -> int:
        truth = table.truth_of(self.law, said)
        key = truth.tobytes()
        if key not in self._shape_of:
            self._shape_of[key] = self.truth.size
            self.truth.add(truth)
            for piled, found in zip((self._simple, self._complex, self._events), table.lists_by_shape(self.law, truth), strict=True):
                piled.add(found.items)
            self.version += 1
        return self._shape_of[key]
