"""The content of `summary.json`, and all numbers of the report: counts, law with versions and hashes, and what the run took for granted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Self

import msgspec

from forbear.findings.across import Across
from forbear.findings.agencies import AgencyRow, table
from forbear.findings.overseen import Overseen
from forbear.findings.run import Refused, Run, Timing
from forbear.findings.tally import Tally
from forbear.findings.worst import key_of
from forbear.records.history import FileCount
from forbear.records.readings import Given, Reading
from forbear.rulebook.book import Book, Law
from forbear.rulebook.choice import Choice
from forbear.rulebook.head import Title
from forbear.rulebook.lock import digest
from forbear.rulebook.rule import Rule
from forbear.terms import TACTIC, Verdict


class Read(msgspec.Struct, frozen=True):
    """Rows and entries: `read = judged + quarantined`, `judged = contacts + facts`."""

    read: int
    judged: int
    quarantined: int
    timelines: int
    contacts: int
    facts: int

    @classmethod
    def of(cls, run: Run, tally: Tally, **more: int) -> Self:
        """What a run read, and `more` that was counted."""
        return cls(run.read, run.judged, run.quarantined, tally.timelines, tally.contacts, run.judged - tally.contacts, **more)


class Counts(Read, frozen=True):
    """The same, and findings. Breach, departure and unclear count findings: one entry may break several rules."""

    contacts_in_breach: int
    breach: int
    departure: int
    unclear: int
    unclear_by_silence: int
    """Unclear findings that wait, among other things, for facts of a kind that no source holds."""


class Need(msgspec.Struct, frozen=True):
    """What would settle unclear findings: how many need it, and how many need nothing else."""

    need: str
    findings: int
    alone: int


class RuleLine(msgspec.Struct, frozen=True):
    """A rule that judged, with what it found. `file` ends its path; `hash` is that of its meaning."""

    rule: str
    title: Title
    clause: str
    conduct: str
    force: str
    effect: str
    verified: str
    status: str
    version: int
    since: dt.date
    until: dt.date | None
    file: str
    hash: str
    breach: int
    departure: int
    unclear: int
    needs: dict[str, int]
    """What would settle its unclear findings -> how many need it."""


class StandingLine(msgspec.Struct, frozen=True):
    """A standing that those rules ask."""

    standing: str
    file: str
    hash: str


class CalendarLine(msgspec.Struct, frozen=True):
    """A calendar that those rules ask, and the years that it holds."""

    place: str
    version: int
    years: list[int]


class Settings(msgspec.Struct, frozen=True):
    """What was asked for."""

    laws: tuple[str, ...]
    """Such as `cn`, `us`, or the name of a folder of one's own."""
    drafts: bool
    """Whether rules that are still drafts judged, too."""
    law_of: dt.date | None
    """The day whose law judged everything; None: every entry was judged by the law of its own day."""
    records_until: int | None
    engine: str

    @classmethod
    def of(cls, run: Run, law: Choice) -> Settings:
        """Those of a run, by this law."""
        return cls(law.names, law.drafts, law.day, run.records_until, run.engine)


class HeatCell(msgspec.Struct, frozen=True):
    """Contacts of one weekday (0 = Monday) and hour, by the clock of the consumer's place."""

    weekday: int
    hour: int
    contacts: int
    breached: int


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What a run amounts to. Everything but `timing` is the same for the same files, law and settings."""

    forbear: str
    settings: Settings
    counts: Counts
    files: tuple[FileCount, ...]
    skipped: tuple[str, ...]
    unmet: tuple[str, ...]
    """Columns that a mapping names and no file has."""
    quarantine: tuple[Refused, ...]
    duplicate_ids: int
    repeated: int
    silent: tuple[str, ...]
    holds_unsaid: bool
    givens: tuple[Given, ...]
    readings: tuple[Reading, ...]
    rules: list[RuleLine]
    standings: list[StandingLine]
    calendars: list[CalendarLine]
    needs: list[Need]
    agencies: list[AgencyRow]
    hours: list[HeatCell]
    hour_unknown: int
    left_to_plain: int
    leads: dict[str, int] | None
    """Tactic -> leads; None where nobody looked for any."""
    oversight: Overseen | None
    timing: Timing


def summary(run: Run, tally: Tally, across: Across | None = None) -> Summary:
    """The summary of a run, of what was counted in it, and of what shows across contacts if somebody looked."""
    book = tally.book
    tactics = Counter(lead.tactic for lead in across.leads) if across else Counter[str]()
    rules = sorted(run.rules, key=key_of)
    return Summary(
        forbear=run.version,
        settings=Settings.of(run, run.law),
        counts=Counts.of(
            run,
            tally,
            contacts_in_breach=tally.contacts_by_verdict[Verdict.BREACH],
            breach=tally.total(Verdict.BREACH),
            departure=tally.total(Verdict.DEPARTURE),
            unclear=tally.total(Verdict.UNCLEAR),
            unclear_by_silence=tally.silenced,
        ),
        files=run.files,
        skipped=run.skipped,
        unmet=run.unmet,
        quarantine=run.quarantine,
        duplicate_ids=run.duplicate_ids,
        repeated=run.repeated,
        silent=run.silent,
        holds_unsaid=run.holds_unsaid,
        givens=run.givens,
        readings=run.readings,
        rules=[_rule(rule, book, tally) for rule in rules],
        standings=list(_standings(rules, book)),
        calendars=list(_calendars(rules, book)),
        needs=[Need(need, n, tally.alone[need]) for need, n in sorted(tally.needed.items(), key=lambda item: (-item[1], item[0]))],
        agencies=table(tally.agencies.items()),
        hours=[HeatCell(day, hour, n, tally.heat_breached[day, hour]) for (day, hour), n in sorted(tally.heat.items())],
        hour_unknown=tally.hour_unknown,
        left_to_plain=run.left_to_plain,
        leads={tactic: tactics[tactic] for tactic in TACTIC} if across else None,
        oversight=Overseen.of(across.watched) if across else None,
        timing=run.timing,
    )


def render(found: msgspec.Struct) -> bytes:
    """`summary.json` of a summary, or of a comparison: keys in a fixed order, so that two of them can be compared line by line."""
    raw = {name: _named(getattr(found, name)) for name in found.__struct_fields__}
    return msgspec.json.format(msgspec.json.encode(raw), indent=2) + b"\n"


def _named(value: object) -> object:
    """Named tuples as objects: msgspec would write them as bare arrays."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _named(one) for name, one in value._asdict().items()}
    return [_named(one) for one in value] if isinstance(value, list | tuple) else value


def _rule(rule: Rule, book: Book, tally: Tally) -> RuleLine:
    key = key_of(rule)
    needs = sorted(((need, n) for (ruled, need), n in tally.settles.items() if ruled == key), key=lambda item: (-item[1], item[0]))
    dated = book.written(rule)
    return RuleLine(
        rule=rule.id,
        title=rule.title,
        clause=rule.cite,
        conduct=rule.conduct,
        force=rule.force,
        effect=rule.effect,
        verified=rule.verified,
        status=rule.status,
        version=rule.version,
        since=dated.from_,
        until=dated.until,
        file=file_name(book, rule),
        hash=digest(book, rule),
        breach=tally.verdicts[key, Verdict.BREACH],
        departure=tally.verdicts[key, Verdict.DEPARTURE],
        unclear=tally.verdicts[key, Verdict.UNCLEAR],
        needs=dict(needs),
    )


def _standings(rules: list[Rule], book: Book) -> Iterator[StandingLine]:
    for name in sorted({name for rule in rules for name in book.reach(rule)}):
        standing = book.standings[name]
        yield StandingLine(name, file_name(book, standing), digest(book, standing))


def _calendars(rules: list[Rule], book: Book) -> Iterator[CalendarLine]:
    for name in sorted({law.calendar for law in book.behind(rules)} - {""}):
        place = book.place(name)
        if place and place.calendar:
            yield CalendarLine(name, place.calendar.version, [year.year for year in place.calendar.years])


def file_name(book: Book, law: Law) -> str:
    """The last two parts of its path: enough to find it, and nothing about the machine."""
    return "/".join(book.file_of(law).parts[-2:])
