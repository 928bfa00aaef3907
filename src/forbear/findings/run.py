"""A run as the audit hands it over: what was read, what was taken for granted, and under which law. The report begins with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import msgspec

from forbear import __version__
from forbear.records.history import FileCount, History
from forbear.records.quarantine import counts
from forbear.records.readings import Given, Reading
from forbear.rulebook.book import Book
from forbear.rulebook.choice import Choice
from forbear.rulebook.rule import Rule


class Refused(msgspec.Struct, frozen=True):
    """Quarantined rows of one reason and column."""

    reason: str
    """A key of `records.quarantine.REASONS`."""
    column: str
    rows: int


class Timing(msgspec.Struct, frozen=True):
    """When and how long: the only part that differs between two runs over the same files."""

    started: dt.datetime
    took_s: float


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One audit. Every engine and every host hands over the same, but for `engine` and `timing`."""

    law: Choice
    rules: tuple[Rule, ...]
    """The rules that judged."""
    files: tuple[FileCount, ...]
    skipped: tuple[str, ...] = ()
    """Files in the folders asked for that are no tables."""
    unmet: tuple[str, ...] = ()
    """Columns that a mapping names and no file has."""
    quarantine: tuple[Refused, ...] = ()
    duplicate_ids: int = 0
    """Ids that several rows brought; all rows are kept."""
    repeated: int = 0
    """Rows that say exactly what another row says; kept too."""
    silent: tuple[str, ...] = ()
    """Kinds of fact that no source holds, of those that the rules ask for."""
    holds_unsaid: bool = False
    """Whether nothing at all was said of what the sources hold."""
    givens: tuple[Given, ...] = ()
    readings: tuple[Reading, ...] = ()
    records_until: int | None = None
    """The last Unix second that the records cover."""
    version: str
    """Of forbear."""
    engine: str
    left_to_plain: int = 0
    """Timelines that the kernel left to the plain engine, wholly or under some rules."""
    timing: Timing

    @classmethod
    def of(
        cls,
        history: History,
        book: Book,
        rules: Iterable[Rule],
        *,
        law: Choice,
        engine: str,
        timing: Timing,
    ) -> Run:
        """The run that judged `history` by these rules of `book`, but for what is counted on the way: ids, and what was left to plain."""
        rules, coverage = tuple(rules), history.coverage
        return cls(
            law=law,
            rules=rules,
            files=history.files,
            skipped=history.skipped,
            unmet=history.unmet,
            quarantine=tuple(Refused(reason, column, rows) for reason, column, rows in counts(history.quarantine)),
            silent=tuple(coverage.silent_kinds(book.kinds(rules))),
            holds_unsaid=not coverage.complete and not coverage.holdings,
            givens=history.givens,
            readings=history.readings,
            records_until=coverage.records_until,
            version=__version__,
            engine=engine,
            timing=timing,
        )

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(file.rows for file in self.files)

    @property
    def judged(self) -> int:
        """Rows judged."""
        return sum(file.entries for file in self.files)

    @property
    def quarantined(self) -> int:
        """Rows in quarantine. `read = judged + quarantined`, always."""
        return sum(file.quarantined for file in self.files)


SHOWN: Final = frozenset({"consumer", "kind", "channel", "direction", "party", "outcome", "debt", "agency", "zone", "jurisdiction"})
"""Fields that a report speaks of whatever the law asks for."""


def fields(book: Book, rules: Iterable[Rule]) -> frozenset[str]:
    """The fields that these rules ask for, and those that a report shows: nothing else need be read."""
    return SHOWN | book.fields(rules)
