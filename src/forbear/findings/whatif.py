"""The content of `summary.json` of a comparison, and all numbers of its page: what two rulebooks say otherwise of one history."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from forbear.findings import agencies
from forbear.findings.agencies import Sums
from forbear.findings.changed import COLUMNS, WORDS, Changed, Moves
from forbear.findings.run import Refused, Run, Timing
from forbear.findings.summary import Read, Settings, file_name
from forbear.findings.tally import Tally
from forbear.records.history import FileCount
from forbear.rulebook.book import Book, named
from forbear.rulebook.choice import Choice
from forbear.rulebook.head import Title
from forbear.rulebook.lock import digest
from forbear.rulebook.rule import Rule
from forbear.rulebook.unlike import Judges, Unlike

EXAMPLES: Final = 3
"""How many changes of a rule are shown one by one; all are in changes.csv."""


class Version(msgspec.Struct, frozen=True):
    """A version of a rule, as its file has it. `file` ends its path; `hash` is that of its meaning."""

    clause: str
    force: str
    effect: str
    status: str
    version: int
    since: dt.date
    until: dt.date | None
    file: str
    hash: str


class RuleMoves(msgspec.Struct, frozen=True):
    """A rule that may say something else: its versions by both rulebooks, and the entries of which it does."""

    rule: str
    title: Title
    before: list[Version]
    after: list[Version]
    """Empty where it does not judge."""
    entries: Moves
    """Contacts, and facts such as a duty falls on."""

    @property
    def total(self) -> int:
        """Entries whose verdict is another."""
        return sum(self.entries.values())


class AgencyMoves(NamedTuple):
    """An agency's line: rates are contacts newly in breach per thousand contacts. An empty `agency` is the unknown one."""

    agency: str
    timelines: int
    contacts: int
    caught: int
    """Contacts newly in breach."""
    unclear: int
    """Contacts that are not, and newly unclear under a rule that would make it a breach."""
    rate: float
    rate_with_unclear: float
    low: float
    """As of `agencies.AgencyRow`: the lower end of the interval, were all those clear, and the upper end, were all a breach."""
    high: float
    freed: int
    """Contacts no longer in breach."""
    freed_rate: float
    freed_low: float
    freed_high: float

    @property
    def changes(self) -> bool:
        """Whether any of its contacts moves into or out of what may be a breach."""
        return bool(self.caught or self.unclear or self.freed)


class DraftFile(msgspec.Struct, frozen=True):
    """A file of the draft that changes the law: what it defines, the end of its path, and SHA-256 of what it holds."""

    names: str
    file: str
    sha256: str


class Totals(msgspec.Struct, frozen=True):
    """Contacts by the gravest verdict that any rule gives them."""

    caught: int
    """In breach by the second rulebook alone."""
    freed: int
    """In breach by the first alone."""
    newly_departure: int
    newly_unclear: int
    """Clear by the first."""
    moves: Moves

    @classmethod
    def of(cls, moves: Moves) -> Totals:
        """The totals of these."""
        to = {new: {old: moves.get(f"{old}>{new}", 0) for old in WORDS if old != new} for new in WORDS}
        breach, departure, unclear, clear = WORDS
        return cls(
            caught=sum(to[breach].values()),
            freed=sum(to[new][breach] for new in (departure, unclear, clear)),
            newly_departure=to[departure][unclear] + to[departure][clear],
            newly_unclear=to[unclear][clear],
            moves=ordered(moves),
        )


class WhatIf(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison amounts to. Everything but `timing` is the same for the same files, laws and settings."""

    forbear: str
    before: Settings
    after: Settings
    draft: list[DraftFile]
    counts: Read
    contacts: Totals
    rules: list[RuleMoves]
    """Those that may say something else, those first that do most often."""
    alike: int
    """Rule files that say the same by both, and were judged once."""
    agencies: list[AgencyMoves]
    """By name: no ranking."""
    months: dict[str, Totals]
    examples: list[dict[str, str]]
    files: tuple[FileCount, ...]
    skipped: tuple[str, ...]
    unmet: tuple[str, ...]
    quarantine: tuple[Refused, ...]
    duplicate_ids: int
    repeated: int
    silent: tuple[str, ...]
    timing: Timing


class Compared(NamedTuple):
    """What was compared."""

    before: Judges
    second: Choice
    after: Judges


def whatif(run: Run, compared: Compared, tally: Tally, changed: Changed, examples: list[dict[str, str]]) -> WhatIf:
    """The comparison that a run made. `run.law` is the first rulebook's; `examples`: rows of changes."""
    unlike = Unlike.of(compared.before, compared.after)
    return WhatIf(
        forbear=run.version,
        before=Settings.of(run, run.law),
        after=Settings.of(run, compared.second),
        draft=list(_draft(compared.after.book)),
        counts=Read.of(run, tally),
        contacts=Totals.of(changed.contacts),
        rules=_rules(compared, unlike, changed),
        alike=len(compared.before.rules) - len(unlike.before),
        agencies=[_agency(name, changed.caught[name], changed.freed[name]) for name in sorted(changed.caught, key=lambda n: (not n, n))],
        months={month: Totals.of(changed.months[month]) for month in sorted(changed.months, key=lambda m: (not m, m))},
        examples=examples,
        files=run.files,
        skipped=run.skipped,
        unmet=run.unmet,
        quarantine=run.quarantine,
        duplicate_ids=run.duplicate_ids,
        repeated=run.repeated,
        silent=run.silent,
        timing=run.timing,
    )


class Examples:
    """The first changes of each rule, kept while all are written."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self._seen: Counter[str] = Counter()

    def through(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """The tables as they come."""
        for table in tables:
            for rule in pc.unique(table["rule"]).to_pylist():
                if (room := EXAMPLES - self._seen[rule]) > 0:
                    some = table.filter(pc.equal(table["rule"], rule)).slice(0, room).select(COLUMNS).to_pylist()
                    self._seen[rule] += len(some)
                    self.rows += some
            yield table


def ordered(moves: Moves) -> Moves:
    """The same in the order of verdicts, whatever the parts that they came from."""
    pairs = (f"{old}>{new}" for old in WORDS for new in WORDS)
    return {pair: moves[pair] for pair in pairs if pair in moves}


def _rules(compared: Compared, unlike: Unlike, changed: Changed) -> list[RuleMoves]:
    """The rules that may say something else; the title is that of the last version, by the second rulebook if it is there."""
    ids = dict.fromkeys(rule.id for rule in (*unlike.after, *unlike.before))
    found = []
    for name in ids:
        before, after = ([rule for rule in some if rule.id == name] for some in unlike)
        versions = [_version(rule, compared.before.book) for rule in before], [_version(rule, compared.after.book) for rule in after]
        found.append(RuleMoves(name, (after or before)[-1].title, *versions, ordered(changed.rules.get(name, {}))))
    return sorted(found, key=lambda each: (-each.total, each.rule))


def _version(rule: Rule, book: Book) -> Version:
    dated = book.written(rule)
    return Version(
        clause=rule.cite,
        force=rule.force,
        effect=rule.effect,
        status=dated.status,
        version=rule.version,
        since=dated.from_,
        until=dated.until,
        file=file_name(book, rule),
        hash=digest(book, rule),
    )


def _agency(name: str, caught: Sums, freed: Sums) -> AgencyMoves:
    row, back = agencies.row(name, caught), agencies.row(name, freed)
    return AgencyMoves(
        agency=name,
        timelines=row.timelines,
        contacts=row.contacts,
        caught=row.breached,
        unclear=row.unclear,
        rate=row.rate,
        rate_with_unclear=row.rate_with_unclear,
        low=row.low,
        high=row.high,
        freed=back.breached,
        freed_rate=back.rate,
        freed_low=back.low,
        freed_high=back.high,
    )


def _draft(book: Book) -> Iterator[DraftFile]:
    for file in sorted(book.draft):
        yield DraftFile(named(file, book.laws[file]), file_name(book, book.laws[file]), hashlib.sha256(file.read_bytes()).hexdigest())
