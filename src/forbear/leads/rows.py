"""Very many timelines as columns, so that tactics can pass over those that show nothing of them without making entries."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa

from forbear.records.columns.block import split
from forbear.records.columns.kinds import Column, Strings
from forbear.records.columns.lines import Lines, coded
from forbear.records.columns.local import DAY, shown
from forbear.records.columns.texts import Ints, Mask
from forbear.records.entry import Values

NOTHING: Final = Strings(pa.array([], pa.string()))


class Rows:
    """The entries of `Lines`, by position. What `seen` asks of an entry is asked here of all of them, once for each text in use."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.timelines = len(lines.names)
        self.line: Ints = np.repeat(np.arange(self.timelines), np.diff(lines.start))
        self.at: Ints = lines.block.at[lines.row]
        self._coded: dict[str, tuple[Ints, Column]] = {}

    def coded(self, field: str) -> tuple[Ints, Column]:
        """(entry -> number of its text from 1 on, 0 where it is unknown; the texts, each once)."""
        if field not in self._coded:
            column = self.lines.block.fields.get(field)
            code, distinct = (np.zeros(len(self.lines.block), np.int64), NOTHING) if column is None else coded(column)
            self._coded[field] = code[self.lines.row], distinct
        return self._coded[field]

    def code(self, field: str) -> Ints:
        """A number for each text of a field, 0 where it is unknown."""
        return self.coded(field)[0]

    def where(self, field: str, test: Callable[[Values | None], bool]) -> Mask:
        """Entries of which a field passes a test; None where it is unknown."""
        code, distinct = self.coded(field)
        found: Mask = np.array([test(None), *(test(split(text)) for text in distinct.texts().to_pylist())])[code]
        return found

    def says(self, field: str, *words: str) -> Mask:
        """Entries that say exactly one of these words."""
        return self.where(field, lambda values: values is not None and len(values) == 1 and values[0] in words)

    def holds(self, field: str, *words: str) -> Mask:
        """Entries that say at least one of these words."""
        return self.where(field, lambda values: values is not None and not set(words).isdisjoint(values))

    def known(self, field: str) -> Mask:
        """Entries that say a value."""
        return self.code(field) > 0

    @cached_property
    def texts(self) -> Mask:
        """Entries of which the words are known."""
        return self.lines.block.text.known()[self.lines.row]

    @cached_property
    def contact(self) -> Mask:
        """Contacts, not facts."""
        return self.says("kind", "contact")

    @cached_property
    def made(self) -> Mask:
        """As `seen.outbound`."""
        return self.contact & self.where("direction", lambda values: values is None or values == ("outbound",))

    @cached_property
    def elsewhere(self) -> Mask:
        """As `seen.elsewhere`."""
        return self.where("party", lambda values: bool(values) and "consumer" not in (values or ()))

    @cached_property
    def calls(self) -> Mask:
        """Calls that were made."""
        return self.made & self.says("channel", "call")

    @cached_property
    def whose(self) -> Ints:
        """A number for each agency of each timeline: timeline * `agencies` + agency."""
        return self.line * self.agencies + self.code("agency")

    @cached_property
    def agencies(self) -> int:
        """How many agencies there are, the unknown one among them."""
        return int(self.code("agency").max(initial=0)) + 1

    @cached_property
    def day(self) -> Ints:
        """The local day; by UTC where the zone is not known for sure."""
        (code, zones), day = self.coded("zone"), self.at // DAY
        for number, zone in enumerate(zones.texts().to_pylist(), 1):
            here = code == number
            if len(split(zone)) == 1:
                day[here] = shown(self.at[here], zone) // DAY
        return day

    def together(self, which: Mask) -> Ints:
        """The positions of these entries, those by one agency in one timeline together, in their order."""
        place = np.flatnonzero(which)
        return place[np.argsort(self.whose[place], kind="stable")]

    def count(self, which: Mask) -> Ints:
        """Timeline -> how many of its entries these are."""
        return np.bincount(self.line[which], minlength=self.timelines)

    def most(self, lines: Ints, values: Ints) -> Ints:
        """Timeline -> the greatest of its values; 0 if it has none."""
        found = np.zeros(self.timelines, np.int64)
        np.maximum.at(found, lines, values)
        return found

    def near(self, some: Ints, of: Ints, seconds: int) -> tuple[Ints, Ints]:
        """For each of `of`, between which two places of `some` lie those by the same agency in the same timeline that are no farther away.

        Both are positions; `some` is put in order.
        """
        since = int(self.at.min(initial=0))
        room = int(self.at.max(initial=0)) - since + 2 * seconds + 2
        keys = np.sort(self.whose[some] * room + self.at[some] - since + seconds)
        wanted = self.whose[of] * room + self.at[of] - since + seconds
        return np.searchsorted(keys, wanted - seconds), np.searchsorted(keys, wanted + seconds, side="right")
