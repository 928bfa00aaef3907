"""Denials are proven to a stranger, from the law files and the ledger alone."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from gate_house import LENDER, NOON, House, happened, sent
from hypothesis import HealthCheck, given, settings
from timelines import NOWHERE, book, rules_where, timelines

from forbear.doors.gate.api import Question
from forbear.doors.gate.job import Job
from forbear.doors.gate.ledger.export import export

ROOT = Path(__file__).parents[3]
DENYING = [rule for rule in book().rules if not rule.warns and not rule.owe and rule.status == "stable"]
BACKWARD = rules_where(lambda rule: not rule.owe and not rule.warns and rule.status == "stable")
CHECK = ROOT / "conformance" / "check.py"


def checked(house, folder):
    """What the checker says of each denial that a gate exports."""
    counts = export(house.gate.store, folder / "ledger")
    house.close()
    law = folder / "law"
    law.mkdir()
    for name, place in (("shipped", ROOT / "src" / "forbear" / "rulebook" / "law"), ("nowhere", NOWHERE)):
        (law / name).symlink_to(place)
    said = []
    for place in law.iterdir():
        command = [sys.executable, CHECK, place.resolve(), folder / "ledger" / "proofs.jsonl"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        said.append(done.stdout.splitlines())
    # A rule is of one of the two folders, and there it must be proven.
    unproven = [both for both in zip(*said, strict=True) if not any(line.startswith("proves") for line in both)]
    return counts.proofs, unproven if counts.proofs else []


def test_denials_of_every_kind_are_proven(tmp_path):
    """Night, a stop, a threat in a message, a missing standing: each breach that denied is proven by its witness."""
    house = House(f"sqlite:///{tmp_path}/gate.db", tmp_path)
    house.fact("cease-request", form="written", declared_by="consumer", debt="1", agency="X")
    assert house.ask().decision == "deny"
    house.clock.at = NOON + 11 * 3600
    assert house.ask("C", debt=["3", "4"]).decision == "deny"
    assert house.ask("C", debt="3", channel="sms", text="Pay now or you will be arrested and put in jail.").decision == "deny"
    proofs, unproven = checked(house, tmp_path)
    assert proofs >= 4
    assert unproven == []


def test_denials_on_joined_timelines_and_by_what_is_told_for_everyone_are_proven(tmp_path):
    """Entries of timelines that were joined, and a fact told for all in the second of the question, stand before what is denied."""
    house = House(f"sqlite:///{tmp_path}/gate.db", tmp_path)
    house.fact("cease-request", "B", form="written", declared_by="consumer", debt="2", agency="X")
    house.ask("A")
    house.fact("assigned", "A", debt=["1", "2"], agency="X")
    assert house.ask("B", debt=["1", "2"]).decision == "deny"
    house.fact("cease-request", "*", form="written", declared_by="consumer", debt="*", agency="*", asker=LENDER)
    assert house.ask("Z", debt=["8", "9"]).decision == house.ask("A").decision == "deny"
    proofs, unproven = checked(house, tmp_path)
    assert proofs >= 3
    assert unproven == []


def test_an_unclear_denial_is_no_proof(tmp_path):
    """A denial for what is not known accuses nobody: it is in the ledger and not among the proofs."""
    house = House(f"sqlite:///{tmp_path}/gate.db", tmp_path)
    assert {reason.verdict for reason in house.ask(zone=None).reasons} == {"unclear"}
    assert checked(house, tmp_path) == (0, [])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=timelines(rules=BACKWARD, most=12))
def test_random_denials_are_proven(drawn):
    """Whatever was on the timeline, a breach that denied is proven from the ledger."""
    _, entries = drawn
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        house = House(f"sqlite:///{folder}/gate.db", folder, book(), DENYING)
        for entry in entries:
            house.clock.at = entry.known_at
            if entry.is_contact and entry.fields.get("direction") == ("outbound",):
                house.do(Job(LENDER, "ask", Question(**sent(entry))))
            house.one(happened(entry))
        _, unproven = checked(house, folder)
        assert unproven == []
