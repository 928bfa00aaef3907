"""Both theorems of section 9 of `docs/rules.md` through the whole gate: asked, stored, exported, read again, audited."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from gate_house import FULL, LENDER, House, HttpHouse, happened, sent
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from timelines import book, rules_where, timelines

from forbear.doors.gate.api import Outcome, Question, Refused
from forbear.doors.gate.job import Job
from forbear.doors.gate.ledger import export
from forbear.engines.judgement import judge_timeline
from forbear.records import history
from forbear.records.timelines import timelines as lines_of
from forbear.terms import Verdict

DENYING = [rule for rule in book().rules if not rule.warns and not rule.owe and rule.status == "stable"]
BACKWARD = rules_where(lambda rule: not rule.owe and not rule.warns and rule.status == "stable")
OUTCOMES = ("conversation", "no-answer", "voicemail-left", "busy")
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def audited(house, folder):
    """Breaches of rules that deny in what the gate exports, by contact id."""
    export.export(house.gate.store, folder / "ledger")
    read = history.read([folder / "ledger" / "contacts.csv"], [folder / "ledger" / "facts.csv"])
    assert not read.quarantine
    found = [
        (line.entries[judgement.position].entry_id, judgement.rule.id)
        for line in lines_of(read.entries)
        for judgement in judge_timeline(book(), DENYING, line.entries, FULL)
        if judgement.verdict is Verdict.BREACH
    ]
    return found, read.entries


@pytest.fixture(scope="module", params=[House, HttpHouse], ids=["in process", "over HTTP"])
def house_of(request):
    """Makes gates under all denying law, on SQLite: asked in their process, and over HTTP."""
    with tempfile.TemporaryDirectory() as folder:
        number = iter(range(1 << 30))

        def make():
            place = Path(folder) / str(next(number))
            place.mkdir()
            return request.param(f"sqlite:///{place}/gate.db", place, book(), DENYING), place

        yield make


@FEW
@given(drawn=timelines(rules=BACKWARD, most=12), data=st.data())
def test_what_the_gate_allowed_replays_clear(house_of, drawn, data):
    """Theorem 2: whatever was asked, reported, left out or came late, the export of the gate shows no breach of a denying rule."""
    _, entries = drawn
    house, folder = house_of()
    waiting: list[str] = []
    allowed = set()
    for entry in entries:
        house.clock.at = max(entry.known_at, house.clock.at if entry is not entries[0] else 0)
        if not entry.is_contact or entry.fields.get("direction") == ("inbound",):
            house.one(happened(entry))
            continue
        answer = house.one(Job(LENDER, "ask", Question(**sent(entry))))
        if answer.decision == "allow":
            allowed.add(answer.id)
            waiting.append(answer.id)
        while waiting and data.draw(st.booleans()):
            decision = waiting.pop(data.draw(st.integers(0, len(waiting) - 1)))
            house.one(Job(LENDER, "outcome", Outcome(outcome=data.draw(st.sampled_from(OUTCOMES))), "", decision))
    breaches, exported = audited(house, folder)
    house.close()
    assert allowed <= {entry.entry_id for entry in exported}
    assert [breach for breach in breaches if breach[0] in allowed] == []


@FEW
@given(drawn=timelines(rules=BACKWARD, most=10))
def test_what_the_audit_finds_the_gate_would_have_denied(house_of, drawn):
    """Theorem 1: every breach of a denying rule at an outbound contact is denied when asked at that second, given what was before it."""
    rule, entries = drawn
    found = [j for j in judge_timeline(book(), [rule], entries, FULL) if j.verdict is Verdict.BREACH]
    guilty = [entries[j.position] for j in found if entries[j.position].is_contact]
    guilty = [entry for entry in guilty if entry.fields.get("direction") == ("outbound",)]
    assume(guilty)
    house, _ = house_of()
    try:
        for entry in entries:
            house.clock.at = entry.known_at
            if entry in guilty:
                answer = house.one(Job(LENDER, "dry-run", Question(**sent(entry))))
                # A fact of the same second moves the question on by one: then it is another question.
                assert answer.decision == "deny" or answer.at != happened_at(entry)
            house.one(happened(entry))
    except Refused as refused:
        assume(refused.problem.type != "urn:forbear:unreadable")
        raise
    finally:
        house.close()


def happened_at(entry):
    """When the entry happened, as answers say it."""
    from forbear.doors.gate.api import instant

    return instant(entry.at)
