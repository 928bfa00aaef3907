"""An invented history under the law of `book`, judged by the plain engine: rich, blameless or empty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from forbear.engines.judgement import Judgement, Verdicts, judge_timeline
from forbear.findings.across import Across
from forbear.findings.finding import Finding, findings_of
from forbear.findings.run import Refused, Run, Timing
from forbear.findings.tally import Tally
from forbear.leads.find import Against, Lead
from forbear.records.columns.whole import Whole
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry
from forbear.records.history import FileCount
from forbear.records.readings import Given, Reading
from forbear.records.timelines import Timeline, timelines
from forbear.rulebook.book import Book
from forbear.rulebook.choice import Choice
from forbear.rulebook.diary import read
from forbear.rulebook.load import load

SILENT = frozenset({"consent"})

HARD = """
2026-04-06 08:30  assigned
2026-04-06 08:31  assigned agency=Y
3 x 2026-04-06 09:00  call no-answer
2026-04-06 22:30  call no-answer debt=1+2
2026-04-07 10:00  call conversation tags=threat+states-debt
2026-04-07 10:05  call conversation employer person=boss tags=disclosure
2026-04-07 10:10  call pending
2026-04-08 12:00  visit conversation collectors_present=1
2026-04-08 13:00  sms delivered
2026-04-08 13:10  email delivered
2026-04-09 09:00  cease-request
2026-04-10 09:00  email delivered
2026-04-12 10:00  visit conversation
2026-04-20 09:00  call no-answer agency=?
"""
"""One consumer who was given every verdict by every verb."""

MILD = """
2026-04-06 08:30  assigned
2026-04-07 09:00  validation-notice
2026-04-07 14:00  call conversation
2026-04-08 {hour}:15  call no-answer
2026-04-09 11:00  sms delivered tags={tag}
2026-04-13 16:40  call conversation
2026-04-16 18:05  call no-answer
2026-04-18 10:20  call conversation inbound
"""
"""A consumer with a call at some hour and a message with some tag."""


@cache
def book() -> Book:
    """The law of an invented place."""
    return load([Path(__file__).parent / "book"])


def entries(diary: str, **given: str) -> list[Entry]:
    """A diary as entries whose ids no other consumer has."""
    said = {"jurisdiction": "XX", **given}
    found = [line.entry for line in read(diary, said, book())]
    return [Entry(entry_id=f"{given.get('consumer', 'A')}-{e.entry_id}", at=e.at, known_at=e.known_at, fields=e.fields) for e in found]


def coverage(until: int | None) -> Coverage:
    """Everything is held but consent."""
    return Coverage(records_until=until, complete=True, silent=SILENT)


def whole(lines: Sequence[Sequence[Entry]]) -> Whole:
    """Timelines as a part of a run."""
    return Whole([Timeline((min(v for entry in line for v in entry.fields["consumer"]),), tuple(line)) for line in lines])


def told(timeline: Sequence[Entry]) -> list[Judgement]:
    """All judgements of a timeline."""
    until = max((entry.known_at for entry in timeline), default=None)
    return list(judge_timeline(book(), book().rules, timeline, coverage(until)))


def judged(timeline: Sequence[Entry]) -> list[Finding]:
    """All findings of a timeline."""
    return findings_of(whole([timeline]).entries, told(timeline))


def rich() -> list[list[Entry]]:
    """Sixty-two consumers of five agencies, one of them unnamed."""
    found = entries(HARD, consumer="zhou")
    found += entries(
        HARD.replace("2026-04", "2026-03").replace("debt=1+2", "debt=9+10").replace("agency=Y", "agency=Z"),
        consumer="ming",
        debt="9",
        agency="Z",
    )
    for n in range(60):
        agency = ("X", "X", "Y", "西岸", "?")[n % 5]
        diary = MILD.format(hour=f"{(8 + 5 * n) % 17 + 6:02}", tag=("threat" if n % 7 == 0 else "legal-notice"))
        found += entries(diary, consumer=f"c{n:02}", debt=f"d{n}", agency=agency)
    return [list(line.entries) for line in timelines(found)]


def mild() -> list[list[Entry]]:
    """One consumer to whom nothing unlawful happened."""
    return [entries(MILD.format(hour="15", tag="legal-notice"), consumer="c01", scope="all")]


def tallied(lines: Sequence[Sequence[Entry]]) -> Tally:
    """What one tally counts of these timelines."""
    return tally_of([(line, told(line)) for line in lines])


def tally_of(lines: Sequence[tuple[Sequence[Entry], Sequence[Judgement]]]) -> Tally:
    """What a tally counts of timelines and what was found in them."""
    tally = Tally(book())
    verdicts, placed = _verdicts(lines)
    tally.part(whole([line for line, _ in lines]), book().rules, verdicts, placed)
    return tally


def across(lines: Sequence[Sequence[Entry]]) -> Across:
    """What shows across their contacts, with a lead that is made up."""
    verdicts, _ = _verdicts([(line, told(line)) for line in lines])
    found = Across.of(whole(lines), verdicts, Against(book().rules))
    observed = {"people": 7, "hour": 4, "same_words": 3, "told": 2, "after_refusal": 1}
    lead = Lead("address-book", "<b>西岸</b>", "c01", 1_775_000_000, 1_775_090_000, observed, 0.001, 900.0, ("e1", "e2"), ("xx.rule",))
    return msgspec.structs.replace(found, leads=[lead])


def _verdicts(
    lines: Sequence[tuple[Sequence[Entry], Sequence[Judgement]]],
) -> tuple[Verdicts, list[tuple[int, list[Judgement]]]]:
    first, placed = 0, []
    for n, (line, judgements) in enumerate(lines):
        moved = [j._replace(position=first + j.position, witness=tuple(first + k for k in j.witness)) for j in judgements]
        placed += [(n, moved)] if moved else []
        first += len(line)
    return Verdicts.of([found for _, judgements in placed for found in judgements], book().rules), placed


def run(lines: Sequence[Sequence[Entry]], *, silent: bool = True) -> Run:
    """A run that read these timelines from two files, with something to say under every heading if there is anything at all."""
    contacts = sum(entry.is_contact for line in lines for entry in line)
    facts = sum(map(len, lines)) - contacts
    some = bool(lines)
    files = (
        FileCount("history/contacts.csv", "contacts", contacts + 12, contacts, 12, ("坐席备注",), unasked=("时长",)),
        FileCount("history/facts.csv", "facts", facts, facts, 0, ()),
    )
    return Run(
        law=Choice(("xx",)),
        rules=tuple(book().rules),
        files=files if some else (),
        skipped=("history/notes.docx",) if some else (),
        quarantine=(Refused("unreadable-time", "呼叫时间", 9), Refused("unknown-word", "呼叫结果", 3)) if some else (),
        duplicate_ids=1234 if some else 0,
        repeated=2 if some else 0,
        silent=tuple(sorted(SILENT & book().kinds(book().rules))) if silent else (),
        givens=(
            Given("jurisdiction", "XX", 1100),
            Given("agency_kind", "third-party-agency|debt-buyer", 7),
            Given("zone", "Asia/Shanghai", 3),
        )
        if some
        else (),
        readings=(Reading("word", "有效通话 -> conversation", 321), Reading("conversation-from", "30", 45)) if some else (),
        records_until=1_777_564_799 if some else None,
        version="0.1.0",
        engine="plain",
        timing=Timing(dt.datetime(2026, 5, 1, 9, 30, tzinfo=dt.UTC), 3.2),
    )
