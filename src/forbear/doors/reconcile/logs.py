"""Both sides' exports become logs, one for each person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from forbear.leads.reconcile import Log
from forbear.records import history
from forbear.records.entry import Entry
from forbear.records.errors import InputError
from forbear.records.history import History, Progress
from forbear.records.mapping import PLAIN, Mapping


class Side(NamedTuple):
    """What one side brought."""

    people: dict[str, Log]
    """Consumer -> contacts."""
    read: History


def person(paths: Sequence[Path], who: str, mappings: Sequence[Mapping], progress: Progress | None = None) -> Side:
    """What people noted themselves. `who`: whose log it is where no row says so. Raises `InputError`."""
    if who:
        mappings = [msgspec.structs.replace(each, given={"consumer": who, **each.given}) for each in mappings or (PLAIN,)]
    found = history.read(paths, mapping=mappings or (PLAIN,), progress=progress)
    # Each phone is a log of its own: how far it reaches is told by its own first and last contact.
    return Side({one: Log.of(entries) for one, entries in _of_each(found.entries, paths).items()}, found)


def lender(paths: Sequence[Path], mappings: Sequence[Mapping], progress: Progress | None = None) -> Side:
    """What the lender noted. His log reaches from its first to its last contact with anybody. Raises `InputError`."""
    found = history.read(paths, mapping=mappings or (PLAIN,), progress=progress)
    times = [entry.at for entry in found.entries if entry.is_contact]
    since, until = (min(times), max(times)) if times else (0, 0)
    return Side({one: Log.of(entries, since, until) for one, entries in _of_each(found.entries, paths).items()}, found)


def _of_each(entries: Iterable[Entry], paths: Sequence[Path]) -> dict[str, list[Entry]]:
    people = dict[str, list[Entry]]()
    for entry in entries:
        if entry.is_contact:
            people.setdefault(entry.one("consumer"), []).append(entry)
    if not people:
        named = ", ".join(map(str, paths))
        raise InputError(named, "holds no contact that could be read", "see that it lists calls or messages; `forbear init` helps")
    return people
