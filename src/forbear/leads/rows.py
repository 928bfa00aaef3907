"""Very many timelines as columns, so that tactics can pass over those that show nothing of them without making entries."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from forbear.records.columns.block import split
from forbear.records.columns.lines import Lines, coded
from forbear.records.columns.local import DAY, shown
from forbear.records.columns.texts import Ints, Mask
from forbear.records.entry import Values


class Rows:
    """The entries of `Lines`, by position. What `seen` asks of an entry is asked here of all of them, once for each text in use."""

    def __init__(self, lines: Lines) -> None:
        self._block, self._row = lines.block, lines.row
        self.timelines = len(lines.names)
        self.line: Ints = np.repeat(np.arange(self.timelines), np.diff(lines.start))
        self.at: Ints = lines.block.at[lines.row]

    def code(self, field: str) -> Ints:
        """A number for each text of a field, 0 where it is unknown."""
        column = self._block.fields.get(field)
        return np.zeros(len(self.at), np.int64) if column is None else coded(column)[0][self._row]

    def where(self, field: str, test: Callable[[Values | None], bool]) -> Mask:
        """Entries of which a field passes a test; None where it is unknown."""
        column = self._block.fields.get(field)
        if column is None:
            return np.full(len(self.at), test(None))
        code, distinct = coded(column)
        passes = np.array([test(None), *(test(split(text)) for text in distinct.texts().to_pylist())])
        found: Mask = passes[code][self._row]
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
        return self._block.text.known()[self._row]

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
        code, day = self.code("zone"), self.at // DAY
        column = self._block.fields.get("zone")
        for number, zone in enumerate(coded(column)[1].texts().to_pylist() if column is not None else (), 1):
            here = code == number
            if len(split(zone)) == 1:
                day[here] = shown(self.at[here], zone) // DAY
        return day

    def count(self, which: Mask) -> Ints:
        """Timeline -> how many of its entries these are."""
        return np.bincount(self.line[which], minlength=self.timelines)

    def most(self, lines: Ints, values: Ints) -> Ints:
        """Timeline -> the greatest of its values; 0 if it has none."""
        found = np.zeros(self.timelines, np.int64)
        np.maximum.at(found, lines, values)
        return found
