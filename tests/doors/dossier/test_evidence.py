"""Records of a telephone become contacts as the law sees them: from the collector's side, and unknown where the telephone is silent."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from telephones import CEASED, COLLECTOR, FRIEND, OTHER, US, export, item, read

from forbear.doors.dossier import case as cases
from forbear.doors.dossier.evidence import evidence

TWO_DEBTS = (
    US
    + """[[debt]]
creditor = "Second Example Bank"
creditor_kind = "bank"
kind = "auto"
[[debt.collector]]
name = "Riverside"
kind = "debt-buyer"
numbers = ["202-555-0122"]
"""
)
MOTHER = (
    US
    + """[[person]]
name = "Ann Roe"
party = "family"
files = ["mother.xml"]
"""
)


def of(text, found):
    """The evidence of an export by a case."""
    return evidence(found, cases.parse(text, Path("case.toml")))


def test_what_came_in_went_out_from_the_collector():
    """And what the person sent is inbound; who is no collector's is no contact."""
    known = of(
        US, export(item("2026-03-09 09:00", COLLECTOR), item("2026-03-09 10:00", COLLECTOR, incoming=False), item(1, FRIEND, name="Sam"))
    )
    assert [entry.one("direction") for entry in known.entries] == ["outbound", "inbound"]
    assert known.names == {"Sam"}
    assert known.entries[0].one("agency") == "Hilltop Recovery"


def test_a_number_of_two_debts_leaves_the_debt_unknown():
    """Creditor and agency are one of two; nothing is chosen."""
    shared, own = of(TWO_DEBTS, export(item("2026-03-09 09:00", OTHER), item("2026-03-09 10:00", COLLECTOR))).entries
    assert "debt" not in shared.fields
    assert shared.fields["agency"] == ("Hilltop Recovery", "Riverside")
    assert own.fields["debt"] == ("First Example Bank",)


def test_a_file_of_somebody_elses_telephone_is_that_persons():
    """A call on the mother's telephone was placed to a third person, whose name no entry holds."""
    (entry,) = of(MOTHER, export(item("2026-03-09 09:00", COLLECTOR), names=("mother.xml",))).entries
    assert (entry.one("party"), entry.one("person")) == ("family", "person-1")
    assert "address" not in entry.fields


def test_what_was_said_in_a_call_is_unknown_unless_nobody_answered():
    """A message is read; an unanswered call held no words; of an answered one nothing is known."""
    calls = [item("2026-03-09 09:00", COLLECTOR, outcome="conversation"), item("2026-03-09 10:00", COLLECTOR)]
    answered, missed, written = of(US, export(*calls, item("2026-03-09 11:00", COLLECTOR, "You are a deadbeat and a thief."))).entries
    assert "tags" not in answered.fields
    assert missed.fields["tags"] == ()
    assert "insult" in written.fields["tags"]


def test_the_telephone_proves_no_absence_of_what_it_does_not_hold():
    """Consents are unknown until the person says that all are named; a cease request that is not named was not made."""
    silent = of(US.replace('complete = ["consent"]', ""), export(item("2026-03-09 09:00", COLLECTOR)))
    assert silent.coverage.silent_kinds(["consent", "cease-request", "validation-notice"]) == ["consent", "validation-notice"]
    said = of(US, export(item("2026-03-09 09:00", COLLECTOR)))
    assert said.coverage.silent_kinds(["consent"]) == []


def test_a_fact_told_to_all_stands_for_each_collector():
    """One entry each, at the same instant."""
    facts = [
        each
        for each in of(TWO_DEBTS + CEASED.replace('to = ["Hilltop Recovery"]\n', ""), export(item(1, OTHER))).entries
        if not each.is_contact
    ]
    assert {each.one("agency") for each in facts} == {"Hilltop Recovery", "Riverside"}
    assert len({each.at for each in facts}) == 1


def test_ids_are_the_beginnings_of_digests():
    """So that a record can be found in its source; two records alike in all stay two."""
    one = item("2026-03-09 09:00", COLLECTOR)
    known = of(US, export(one, one))
    assert sorted(known.items) == [one.digest[:16], f"{one.digest[:16]}-2"]


@given(st.lists(st.builds(item, st.integers(1, 9), st.sampled_from((COLLECTOR, FRIEND, "")), name=st.sampled_from(("", "Ann", "Samuel")))))
def test_other_peoples_records_need_not_be_kept(items):
    """What is judged is the same without them: their names and the last instant are told apart."""
    case, sources = cases.parse(US, Path("case.toml")), export(*items).sources
    assert evidence(read(items, sources, cases.wanted(case)), case) == evidence(read(items, sources), case)
