"""The records' one door: paths and a mapping in, a history out. Rows read = entries + rows in quarantine, always."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from forbear.records import ids
from forbear.records.calllogs import Layout
from forbear.records.coverage import Coverage, coverage_of
from forbear.records.derived import Hear
from forbear.records.entries import Dated, Draft, Rows
from forbear.records.entry import Entry
from forbear.records.errors import InputError
from forbear.records.files import find, size, unchanged
from forbear.records.ids import Named
from forbear.records.mapping import PLAIN, Mapping
from forbear.records.plan import Table
from forbear.records.quarantine import Quarantined
from forbear.records.readings import Given, Reading, Tally
from forbear.records.tables import batches

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


class Intake(NamedTuple):
    """What is to be read, and how: small enough to be sent anywhere."""

    paths: Sequence[Path]
    facts: Sequence[Path] = ()
    """These hold facts whatever their columns; other files hold facts if a column says `kind`."""
    mappings: Sequence[Mapping] = (PLAIN,)
    """Of several the first that suits a file is taken."""
    holds: Iterable[str] | Literal["all"] = ()
    """The kinds of fact that the sources hold together, beside what mappings say."""
    records_until: dt.date | int | None = None
    """A Unix second, or a date that the records cover wholly."""
    asked: frozenset[str] | None = None
    """The fields that somebody will look at; cells of others are not read, and no entry keeps them. None: all."""
    hear: Hear | None = None
    """How texts of contacts become tags; None leaves them unread."""


class Sources:
    """The files of an intake while they are read, one after another, and what is to be told of them at the end."""

    def __init__(self, intake: Intake) -> None:
        """Looks for the files. Raises `InputError`."""
        self._intake = intake
        found, told = find(intake.paths), find(intake.facts)
        facts = {path.resolve() for path in told.files}
        self.tables: dict[Path, Table | None] = dict.fromkeys(path for path in found.files if path.resolve() not in facts)
        """File -> what it holds, as far as that was said."""
        self.tables |= dict.fromkeys(told.files, "facts")
        if not self.tables:
            raise InputError(".", "no file was named", "name one file or folder of contacts at least")
        self.coverage = coverage_of(intake.mappings, intake.holds, intake.records_until)
        self.bytes = size(self.tables)
        """What all files weigh on disk."""
        self.before = 0
        """Bytes of the files that were read to their end."""
        self._skipped = tuple(str(path) for path in (*found.skipped, *told.skipped) if path not in self.tables)
        self._unmet = dict.fromkeys(theirs for each in intake.mappings for theirs in each.columns)
        self._tally, self._counts, self._quarantine = Tally(), list[FileCount](), list[Quarantined]()

    @contextmanager
    def reading(self, path: Path) -> Iterator[Source]:
        """One file. Raises `InputError` if it changes meanwhile."""
        suited = next((each for each in self._intake.mappings if each.suits(path.name)), PLAIN)
        rows = Rows(str(path), suited, self.tables[path], self._tally, self._intake.asked, self._intake.hear)
        source = Source(path, rows)
        with unchanged(path) as weight:
            yield source
        self.before += weight
        self._quarantine += source.lost
        self._unmet = {theirs: None for theirs in self._unmet if theirs not in source.rows.met}
        self._counts.append(source.counted)

    def history(self, named: Named | None = None) -> History:
        """All that was read; of columns all but the entries and what is known of their ids."""
        named = named or Named([], {}, {}, frozenset())
        return History(
            entries=named.entries,
            quarantine=self._quarantine,
            coverage=self.coverage,
            givens=self._tally.givens,
            readings=self._tally.readings,
            dated=named.dated,
            duplicate_ids=named.duplicate_ids,
            repeated=named.repeated,
            files=tuple(self._counts),
            unmet=tuple(self._unmet),
            skipped=self._skipped,
        )


class Source:
    """One file while it is read."""

    def __init__(self, path: Path, rows: Rows) -> None:
        self.path, self.names, self.rows = path, rows.mapping.names, rows
        self.kept, self.lost = 0, list[Quarantined]()
        self._log: Layout | None = None

    def meet(self, log: Layout | None) -> Rows:
        """The reader of its rows: another one from the moment at which it is recognised as a call log."""
        if log and not self._log:
            self._log = log
            rows = self.rows
            self.rows = Rows(rows.file, rows.mapping.over(log.mapping), rows.table, rows.tally, rows.asked, rows.hear)
        return self.rows

    @property
    def counted(self) -> FileCount:
        """What it brought."""
        rows, log, lost = self.rows, self._log, len(self.lost)
        ignored = tuple(each for each in rows.ignored if log is None or each not in log.used)
        kept = self.kept
        return FileCount(rows.file, rows.table or "contacts", kept + lost, kept, lost, ignored, log.id if log else "", tuple(rows.unasked))


def read(
    paths: Sequence[Path],
    facts_paths: Sequence[Path] = (),
    mapping: Mapping | Sequence[Mapping] = PLAIN,
    holds: Iterable[str] | Literal["all"] = (),
    records_until: dt.date | int | None = None,
    progress: Progress | None = None,
    asked: frozenset[str] | None = None,
) -> History:
    """`take_in` of files and folders, under one mapping or several. Raises `InputError`."""
    mappings = [mapping] if isinstance(mapping, Mapping) else mapping
    return take_in(Intake(paths, facts_paths, mappings, holds, records_until, asked), progress)


def take_in(intake: Intake, progress: Progress | None = None) -> History:
    """Reads everything into one history, row by row. Raises `InputError`."""
    sources, drafts = Sources(intake), list[Draft]()
    for path in sources.tables:
        with sources.reading(path) as source:
            for batch in batches(path, source.names, source.rows.places):
                good, bad = source.meet(batch.log).read(batch)
                drafts += good
                source.kept, source.lost = source.kept + len(good), source.lost + bad
                if progress:
                    progress(sources.before + batch.done, sources.bytes)
    return sources.history(ids.name(drafts))


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
