"""Dated boundary cases of 12 CFR 1006.14(b)(2)-(4), against the two rules that encode it, through the plain engine.

`regulation_f_cases.jsonl` holds them: each a list of events and, for each event, what the text of the regulation makes of it.
They are ours, not official examples, and were worked out from the text by counting dates, apart from the rules.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import NamedTuple

import pytest

from forbear.engines.earliest import unsettled
from forbear.engines.plain import Judge
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.diary import read
from forbear.rulebook.load import load, shipped
from forbear.rulebook.rule import Rule

EVENTS = {
    "call": "call no-answer",
    "nc": "call busy",
    "ex": "call no-answer attorney person=lawyer",
    "conv_out": "call conversation",
    "conv_in": "call inbound conversation",
    "in": "call inbound answered",
    "consent": "consent scope=more-calls",
    "revoke": "consent-revoked scope=more-calls",
}
"""An event of a case, as a diary says it."""


class Expected(NamedTuple):
    """What a case says of one event."""

    frequency: bool | None
    """Presumed a violation because more than seven calls were placed."""
    cooling: bool | None
    """Presumed a violation because a conversation was less than seven days ago."""
    counted: bool | None
    """A call that the seven hold at all."""


EXPECTED = {
    "ok": Expected(False, False, True),
    "presumed violation (A:8 in 7)": Expected(True, False, True),
    "presumed violation (B:cooldown)": Expected(False, True, True),
    "excluded": Expected(False, False, False),
    "excluded (consent)": Expected(False, False, False),
    "not counted": Expected(False, False, False),
    "not counted; starts cooldown": Expected(False, False, False),
    "-": Expected(False, False, False),
}


class Case(NamedTuple):
    """One line of the file."""

    name: str
    events: list[list[str | int]]
    expect: list[str]


def cases() -> list[Case]:
    """All cases of the file."""
    text = Path(__file__).with_name("regulation_f_cases.jsonl").read_text(encoding="utf-8")
    found = [json.loads(line) for line in text.splitlines()]
    return [Case(f"{case['id']}: {case['note']}", case["events"], case["expect"]) for case in found]


def entries(case: Case, book: Book) -> list[Entry]:
    """The events of a case as a timeline: ten minutes apart from nine in the morning, six an hour, so that all of a date stay on it."""
    lines = []
    for number, (date, event, *days) in enumerate(case.events):
        until = f" until={dt.date.fromisoformat(str(date)) + dt.timedelta(int(days[0]) - 1)}" if days else ""
        lines.append(f"{date} {9 + number // 6:02}:{number % 6}0 {EVENTS[str(event)]}{until}")
    return [line.entry for line in read("\n".join(lines), {"jurisdiction": "US"}, book)]


@pytest.fixture(scope="module")
def book() -> Book:
    """The shipped law of the United States."""
    return load([shipped() / "US"])


def rule(book: Book, name: str) -> Rule:
    """The one rule of this id."""
    (found,) = [rule for rule in book.rules if rule.id == name]
    return found


@pytest.fixture(scope="module")
def frequency(book: Book) -> Rule:
    """Seven calls in seven days."""
    return rule(book, "us.reg-f.call-frequency")


@pytest.fixture(scope="module")
def cooling(book: Book) -> Rule:
    """Seven days of silence after a conversation."""
    return rule(book, "us.reg-f.cooling-off")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_two_rules_say_what_the_case_says(case: Case, book: Book, frequency: Rule, cooling: Rule) -> None:
    """Every event of the case is a breach of exactly the rule that the text of the regulation makes it a breach of."""
    timeline = entries(case, book)
    judge = Judge(book, timeline)
    found = [
        Expected(judge.judge(frequency, entry, i).value, judge.judge(cooling, entry, i).value, judge.seen(frequency, entry, i).value)
        for i, entry in enumerate(timeline)
    ]
    assert found == [EXPECTED[said] for said in case.expect]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_gate_would_have_denied_every_breach(case: Case, book: Book, frequency: Rule, cooling: Rule) -> None:
    """A call that the audit finds in breach would not have been allowed, with its outcome still unknown and the same past."""
    timeline = entries(case, book)
    for i, (entry, said) in enumerate(zip(timeline, case.expect, strict=True)):
        past, asked = Judge(book, timeline[:i]), unsettled(entry)
        for law, breach in ((frequency, EXPECTED[said].frequency), (cooling, EXPECTED[said].cooling)):
            assert not breach or past.judge(law, asked, i, gate=True).value is not False


def test_the_file_holds_every_case() -> None:
    """Fourteen cases, each with one verdict for each event, and both rules broken somewhere among them."""
    found = cases()
    assert [case.name[:3] for case in found] == [f"d{n:02}" for n in range(1, 15)]
    assert all(len(case.events) == len(case.expect) for case in found)
    said = [EXPECTED[text] for case in found for text in case.expect]
    assert any(one.frequency for one in said)
    assert any(one.cooling for one in said)
