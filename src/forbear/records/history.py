"""The records' one door: paths and a mapping in, a history out. Rows read = entries + rows in quarantine, always."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from forbear.records import clock, ids
from forbear.records.calllogs import Layout
from forbear.records.entries import Dated, Draft, Rows
from forbear.records.entry import Coverage, Entry, Holding
from forbear.records.errors import InputError
from forbear.records.files import find, size, steady
from forbear.records.mapping import PLAIN, Held, Mapping, holdings
from forbear.records.plan import Table
from forbear.records.quarantine import Quarantined
from forbear.records.readings import Given, Reading, Tally
from forbear.records.tables import batches
from forbear.terms import KIND

Progress = Callable[[int, int], None]
"""Called with bytes read so far and bytes in all."""


class FileCount(NamedTuple):
    """What one file brought."""

    file: str
    table: Table
    rows: int
    entries: int
    quarantined: int
    ignored: tuple[str, ...]
    """Columns that meant nothing to us."""
    log: str = ""
    """The call log that it was recognised as."""
    unasked: tuple[str, ...] = ()
    """Columns that were not read, since nobody asked for what they say."""


class History(msgspec.Struct, frozen=True, kw_only=True):
    """All that was read in one run."""

    entries: list[Entry]
    """In the order of timelines."""
    quarantine: list[Quarantined]
    coverage: Coverage
    givens: tuple[Given, ...]
    readings: tuple[Reading, ...]
    dated: dict[str, Dated]
    """Entry id of a fact that came with a date and no time -> whether it stands at the start or the end of that date."""
    duplicate_ids: dict[str, int]
    """Id that several rows brought -> how many; all are kept."""
    repeated: frozenset[str]
    """Entry ids of rows that say exactly what another row says; kept too."""
    files: tuple[FileCount, ...]
    unmet: tuple[str, ...]
    """Columns that a mapping names and no file has: a slip of the pen, or a file that was left out. To be told."""
    skipped: tuple[str, ...]
    """Files in the folders asked for that are no tables."""

    @property
    def rows(self) -> int:
        """Rows read: entries and quarantined rows together."""
        return sum(each.rows for each in self.files)


def read(
    paths: Sequence[Path],
    facts_paths: Sequence[Path] = (),
    mapping: Mapping | Sequence[Mapping] = PLAIN,
    holds: Iterable[str] | Literal["all"] = (),
    records_until: dt.date | int | None = None,
    progress: Progress | None = None,
    asked: frozenset[str] | None = None,
) -> History:
    """Reads files and folders into one history.

    `facts_paths` hold facts whatever their columns; other files hold facts if a column says `kind`. Of several mappings the first that
    suits a file is taken. `holds`: the kinds of fact that the sources hold together, beside what mappings say. `records_until`: a Unix
    second, or a date that the records cover wholly. `asked`: the fields that somebody will look at; cells of others are not read, and no
    entry keeps them. Raises `InputError`.
    """
    mappings = [mapping] if isinstance(mapping, Mapping) else list(mapping)
    found, told = find(paths), find(facts_paths)
    facts = {path.resolve() for path in told.files}
    tables: dict[Path, Table | None] = dict.fromkeys(path for path in found.files if path.resolve() not in facts)
    tables |= dict.fromkeys(told.files, "facts")
    if not tables:
        raise InputError(".", "no file was named", "name one file or folder of contacts at least")
    total, before = size(tables), 0
    tally, drafts, quarantine, counts = Tally(), list[Draft](), list[Quarantined](), list[FileCount]()
    unmet = dict.fromkeys(theirs for each in mappings for theirs in each.columns)
    for path, table in tables.items():
        suited = next((each for each in mappings if each.suits(path.name)), PLAIN)
        rows, kept, lost = Rows(str(path), suited, table, tally, asked), len(drafts), len(quarantine)
        log: Layout | None = None
        with steady(path) as weight:
            for batch in batches(path, suited.names, rows.places):
                if batch.log and not log:
                    log = batch.log
                    rows = Rows(str(path), suited.over(batch.log.mapping), table, tally, asked)
                good, bad = rows.read(batch)
                drafts += good
                quarantine += bad
                if progress:
                    progress(before + batch.done, total)
        before += weight
        unmet = {theirs: None for theirs in unmet if theirs not in rows.met}
        kept, lost = len(drafts) - kept, len(quarantine) - lost
        ignored = tuple(each for each in rows.ignored if log is None or each not in log.used)
        log_id, unasked = log.id if log else "", tuple(rows.unasked)
        counts.append(FileCount(str(path), rows.table or "contacts", kept + lost, kept, lost, ignored, log_id, unasked))
    named = ids.name(drafts)
    return History(
        entries=named.entries,
        quarantine=quarantine,
        coverage=coverage_of(mappings, holds, records_until),
        givens=tally.givens,
        readings=tally.readings,
        dated=named.dated,
        duplicate_ids=named.duplicate_ids,
        repeated=named.repeated,
        files=tuple(counts),
        unmet=tuple(unmet),
        skipped=tuple(str(path) for path in (*found.skipped, *told.skipped) if path not in tables),
    )


def merged(histories: Sequence[History], skipped: Iterable[Path]) -> History:
    """What was read of several files, each by itself, as one history without entries. `skipped`: files that were not even tried."""
    tally = Tally()
    for each in histories:
        for code, detail, rows in each.readings:
            tally.read(code, detail, rows)
        for field, value, rows in each.givens:
            tally.give(field, value, rows)
    first = histories[0]
    return msgspec.structs.replace(
        first,
        entries=[],
        quarantine=[row for each in histories for row in each.quarantine],
        givens=tally.givens,
        readings=tally.readings,
        files=tuple(file for each in histories for file in each.files),
        unmet=tuple(column for column in first.unmet if all(column in each.unmet for each in histories)),
        skipped=tuple(map(str, skipped)),
    )


def coverage_of(mappings: Sequence[Mapping], holds: Iterable[str] | Literal["all"], until: dt.date | int | None) -> Coverage:
    """What the sources hold, as mappings and the command line say it. Raises `InputError` for a kind that is none."""
    kinds = frozenset(KIND) if holds == "all" else frozenset(holds)
    unknown = sorted(kinds - set(KIND))
    if unknown:
        raise InputError("--holds", f"unknown kind of fact {', '.join(unknown)}", f"use all, or some of: {', '.join(KIND)}")
    said = [_holding(each, source, held) for each in mappings for source, held in holdings(each).items()]
    if kinds:
        said.append(Holding("", kinds))
    if isinstance(until, dt.date):
        until = min(clock.midnight(until.toordinal() + 1, zone) for zone in _zones(mappings)) - 1
    return Coverage(tuple(said), until, complete=holds == "all")


def _holding(mapping: Mapping, source: str, held: Held) -> Holding:
    """Dates become seconds in the zone of the mapping; where that is unknown, so that the source surely covers them."""
    zones = _zones([mapping])
    since = None if held.since is None else max(clock.midnight(held.since.toordinal(), zone) for zone in zones)
    until = None if held.until is None else min(clock.midnight(held.until.toordinal() + 1, zone) for zone in zones) - 1
    return Holding(source, held.all_kinds, since, until)


def _zones(mappings: Sequence[Mapping]) -> Sequence[str]:
    said = {str(zone) for each in mappings for zone in (each.time.zone or each.given.get("zone", ""),) if zone}
    return tuple(sorted(zone for each in said for zone in each.split("|"))) or clock.EVERYWHERE
