"""A packed timeline as the loops read it: coded once, and brought up to date with what was put on it since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forbear.engines.kernel.arrays import DEBT, Ints
from forbear.engines.kernel.facets import Facets, Keys, special
from forbear.engines.kernel.table import SEVERAL_DEBTS, Table
from forbear.records.entry import Entry
from forbear.records.packed import NAMED, Packed, facet_of
from forbear.records.values import SEVERAL as JOINED

_PLACE = {name: 1 + n for n, name in enumerate(NAMED)}


class Question(NamedTuple):
    """A contact that is asked about, coded but for its instant."""

    shape: int
    zones: int
    until: int
    code: list[int]
    debts: list[int]
    """Codes of its debts if it names several."""


class _Held:
    """Words that Numba takes for a table: see `held`."""

    def __init__(self, facets: Facets) -> None:
        self._numba_type_ = facets.places.type
        self.words = facets.words.copy()
        self.address = _address(self.words)


class Form:
    """The rows of one timeline, and room behind them for questions.

    Codes of names are those of the timeline, after those of the words of facets: `base` says how many these are.
    """

    code: NDArray[np.int32]
    dates: Ints
    debt_start: Ints
    _numbers: Ints
    _bounds: Ints
    """Where the timeline begins, where it ends, and where its questions begin."""
    _address: int

    def __init__(self, facets: Facets, line: Packed) -> None:
        self.facets, self.base = facets, facets.keys.kind.size
        self.rows = 0
        """How many rows are coded."""
        self.settled = 0
        """Of how many the dates are."""
        self.earliest, self.latest = 1 << 60, -(1 << 60)
        """The first second at which a row happened, and the last at which one was known."""
        dimensions = facets.law.dimensions
        self._named = [(d, name, _PLACE[name]) for d, name in enumerate(dimensions) if name in _PLACE]
        self._others = [d for d, name in enumerate(dimensions) if name not in _PLACE]
        self._names = 0
        self._own: Keys | None = None
        """What the names stand for, where not each is a value and no more."""
        self._keys: Keys | None = None
        self._facet: list[int] = []
        self._several: set[int] = set()
        self.debt_items = np.zeros(8, np.int64)
        self.held = _Held(facets)
        self._version = -1
        self._arrays(len(line) + 8)
        self.bring(line)

    def bring(self, line: Packed) -> None:
        """Codes the rows that are new or have changed since it was last called."""
        first, last = min(self.rows, line.steady), len(line)
        if first == last == self.rows:
            return
        self._learn_names(line)
        self._facet += [self.facets.number(data) for data in line.facets[len(self._facet) :]]
        if last > len(self.at) - 2:
            self._arrays(2 * last + 8)
        codes = line.codes[first:last]
        its = np.array(self._facet, np.int64)[codes[:, 0]]
        self.at[first:last], self.known[first:last] = line.times[first:last].T
        self.shape[first:last] = self._shapes(line, first, its) if self.facets.tested else self.facets.shape.array[its]
        self.zones[first:last], self.until[first:last] = self.facets.zones.array[its], self.facets.until.array[its]
        for d, _, place in self._named:
            self.code[first:last, d] = codes[:, place]
        if self._others:
            self.code[first:last, self._others] = self.facets.code.array[its]
        self._set_debts(line, first, last)
        self.rows = line.steady = last
        self.settled = min(self.settled, first)
        self.earliest = int(self.at[:last].min(initial=1 << 60))
        self.latest = int(self.known[:last].max(initial=-(1 << 60)))

    def question(self, line: Packed, asked: Entry) -> Question:
        """Codes what is asked about."""
        fields, fresh = asked.fields, dict[str, int]()
        number = self.facets.number(facet_of(asked))

        numbers, first = line.numbers, self._names + 1

        def code_of(text: str) -> int:
            code = numbers.get(text) or fresh.get(text)
            if code is None:
                code = fresh[text] = first + len(fresh)
                if JOINED in text:
                    for part in text.split(JOINED):
                        code_of(part)
            return code

        code, debts = [0] * self.code.shape[1], list[int]()
        for d, name, _ in self._named:
            values = fields.get(name)
            if values:
                if len(values) == 1:
                    code[d] = numbers.get(values[0]) or code_of(values[0])
                elif d == DEBT:
                    code[d], debts = SEVERAL_DEBTS, [code_of(value) for value in values]
                else:
                    code[d] = code_of(JOINED.join(values))
        for d, its in zip(self._others, self.facets.code.array[number].tolist(), strict=True):
            code[d] = its
        self._learn_fresh(line, fresh)
        said = {name: JOINED.join(fields[name]) for name in self.facets.tested if name in fields}
        shape = self.facets.shape_of(number, said)
        return Question(shape, int(self.facets.zones.array[number]), int(self.facets.until.array[number]), code, debts)

    def put(self, question: Question, at: Sequence[int], known: Sequence[int]) -> None:
        """Writes the question behind the rows, once for each instant, and the words that have changed."""
        first, last = self.rows, self.rows + len(at)
        if last > len(self.at) - 2:
            self._arrays(2 * last)
        self.at[first:last], self.known[first:last] = at, known
        self.shape[first:last], self.zones[first:last], self.until[first:last] = question.shape, question.zones, question.until
        self.code[first:last] = question.code
        count, items = len(question.debts), int(self.debt_start[first])
        self.debt_start[first + 1 : last + 1] = items + count if len(at) == 1 else items + count * np.arange(1, last - first + 1)
        if count:
            self._write_items(items, question.debts * len(at))
        self._bounds[1], self._bounds[2] = last, first
        self._write()

    def shrink(self) -> None:
        """Gives back the room of many questions."""
        if len(self.at) > 2 * self.rows + 64:
            self._arrays(self.rows + 8)

    def table(self, last: int) -> Table:
        """The first rows as `tell` reads them."""
        return self.facets.empty._replace(
            start=np.array([0, last]),
            at=self.at[:last],
            known=self.known[:last],
            shape=self.shape[:last],
            code=self.code[:last],
            truth=self.facets.truth.array,
        )

    def _learn_names(self, line: Packed) -> None:
        new = line.names[self._names :]
        if special(new):
            self._several.update(code for code, text in enumerate(new, self._names + 1) if JOINED in text)
            self._describe(self._names)
        if self._own:
            self._describe(self._names)
            for code, text in enumerate(new, self._names + 1):
                self._own.add(text, [line.numbers[part] for part in text.split(JOINED)] if JOINED in text else [code])
        self._names = len(line.names)

    def _learn_fresh(self, line: Packed, fresh: dict[str, int]) -> None:
        """Names that only the question has; the next question has others."""
        if special(fresh):
            self._describe(self._names)
        if self._own:
            self._own.cut(self.base + 1 + self._names)
            for text, code in fresh.items():
                parts = text.split(JOINED) if JOINED in text else []
                self._own.add(text, [line.numbers.get(part) or fresh[part] for part in parts] or [code])
        self._keys = self._own or self.facets.plain(self._names + len(fresh))

    def _describe(self, names: int) -> None:
        """Keys of its own that hold so many names of the line and no more. They are told in the order of their codes."""
        if self._own is None:
            # All so far were values and no more.
            self._own = Keys(self.facets.keys)
            self._own.add_plain(names)
        self._own.cut(self.base + 1 + names)

    def _shapes(self, line: Packed, first: int, its: Ints) -> list[int]:
        columns = {name: line.codes[first:, _PLACE[name]].tolist() for name in self.facets.tested}
        found = []
        for n, number in enumerate(its.tolist()):
            said = {name: line.names[codes[n] - 1] if codes[n] else None for name, codes in columns.items()}
            found.append(self.facets.shape_of(number, said))
        return found

    def _set_debts(self, line: Packed, first: int, last: int) -> None:
        items = int(self.debt_start[first])
        self.debt_start[first + 1 : last + 1] = items
        if not self._several:
            return
        for i in range(first, last):
            code = int(self.code[i, DEBT])
            if code in self._several:
                debts = [line.numbers[part] for part in line.names[code - 1].split(JOINED)]
                self.code[i, DEBT] = SEVERAL_DEBTS
                self._write_items(items, debts)
                items += len(debts)
            self.debt_start[i + 1] = items

    def _write_items(self, first: int, items: list[int]) -> None:
        if first + len(items) > len(self.debt_items):
            larger = np.zeros(2 * (first + len(items)), np.int64)
            larger[:first] = self.debt_items[:first]
            self.debt_items = larger
            self._version = -1
        self.debt_items[first : first + len(items)] = items

    def _arrays(self, room: int) -> None:
        """Arrays with room for so many rows; what is coded is kept."""
        facets, rows, dimensions = self.facets, self.rows, self.facets.law.dimensions
        dates, code = np.zeros((room, 2 * len(facets.law.clocks)), np.int64), np.zeros((room, len(dimensions)), np.int32)
        # All that is 64 bits wide in one piece, since to ask NumPy for an address takes longer than to add.
        begin = 3 + len(dimensions)
        piece = np.zeros(begin + 6 * room + 1, np.int64)
        numbers, start = piece[begin : begin + 5 * room].reshape(5, room), piece[begin + 5 * room :]
        piece[3:begin] = [self.base if name in _PLACE else 0 for name in dimensions]
        if rows:
            numbers[:, :rows], dates[:rows], code[:rows] = self._numbers[:, :rows], self.dates[:rows], self.code[:rows]
            start[: rows + 1] = self.debt_start[: rows + 1]
        self._numbers, self.dates, self.code, self.debt_start, self._bounds = numbers, dates, code, start, piece[:3]
        self.at, self.known, self.shape, self.zones, self.until = numbers
        self._address, self._version = _address(piece), -1

    def _write(self) -> None:
        """Brings the words up to date: those of the process, and those of this timeline."""
        facets, words, keys = self.facets, self.held.words, self._keys
        if self._version != facets.version:
            facets.write()
            words[:] = facets.words
            first, begin, room = self._address, self._address + 8 * (3 + self.code.shape[1]), 8 * len(self.at)
            firsts = [first, first + 16, first + 24, first + 24, *(begin + n * room for n in range(6))]
            words[facets.slots] = [*firsts, _address(self.code), _address(self.debt_items)]
            self._version = facets.version
        assert keys
        words[facets.key_slots] = keys.kind.address, keys.values.start.address, keys.values.items.address


def _address(array: NDArray[Any]) -> int:
    return int(array.__array_interface__["data"][0])
