"""What all formats of rows do alike: cells by the names of the header, local times, and the row that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from forbear.records import clock, instants
from forbear.records.exports.item import Item
from forbear.records.exports.reading import Reading, Unread, possible
from forbear.records.exports.rows import Row, rows

Cells = dict[str, str]
_DAMAGED = re.compile("[\\ud800-\\udfff]")
"""Bytes that are no text, as `rows` hands them on."""
Named = Callable[[list[str], list[str]], Cells]
"""Header and cells of a row -> its cells by name. Raises `Unread`."""


def named(header: list[str], cells: list[str]) -> Cells:
    """Cells by name; empty ones too many do no harm. Raises `Unread`."""
    if len(cells) > len(header) and any(cells[len(header) :]):
        raise Unread("row-too-long")
    if len(cells) < len(header):
        raise Unread("row-too-short")
    return dict(zip(header, cells, strict=False))


def told(reading: Reading, by_name: Named) -> Iterator[tuple[Row, Cells]]:
    """A first way through the file, that finds out who is who; it leaves the rows that cannot be read to the second."""
    found = rows(reading)
    header = [cell.strip() for cell in next(found).cells]
    for row in found:
        try:
            yield row, by_name(header, row.cells)
        except Unread:
            continue


def items(reading: Reading, by_name: Named, make: Callable[[Row, Cells], Item]) -> Iterator[Item]:
    """The items that `make` makes of rows; a row of which it cannot goes to `unread`."""
    found = rows(reading)
    header = [cell.strip() for cell in next(found).cells]
    for row in found:
        try:
            item = make(row, by_name(header, row.cells))
        except Unread as error:
            reading.miss(row.place, str(error))
            continue
        if any(_DAMAGED.search(each) for each in (item.text, item.other, item.name, item.group)):
            reading.miss(row.place, "damaged-text")
        else:
            reading.raw = row.raw
            yield item


def local(text: str, zone: str) -> int:
    """The instant of a time as a clock in `zone` shows it, or with an offset of its own. Raises `Unread`."""
    try:
        shown = instants.read(text.strip())
        if shown.instant is None and shown.second is None:
            raise Unread("date-only")
        return possible(instants.settle(shown, [zone]))
    except instants.BadTime as error:
        raise Unread("ambiguous-date" if str(error) == "ambiguous-date" else "no-time") from error
    except clock.NoSuchTime as error:
        raise Unread("impossible-time") from error
