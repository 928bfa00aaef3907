"""What the gate answers, on both stores."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import msgspec
import pytest
from gate_house import ABOUT, AUDITOR, LENDER, NOON, House, X, Y
from small import law, rule, standing

from forbear.doors.gate.api import Fact, Question, Refused
from forbear.doors.gate.job import Job, Settings
from forbear.doors.gate.ledger.export import export
from forbear.doors.gate.ledger.verify import verify
from forbear.doors.gate.store.store import Again, Broken
from forbear.terms import FIELDS

DAY = 86400


@pytest.fixture
def house(store_url, tmp_path):
    """A gate under the law of the United States to which every kind of fact comes."""
    house = House(store_url, tmp_path)
    yield house
    house.close()


def refused(call, *arguments, **named):
    """The problem with which a call is refused."""
    with pytest.raises(Refused) as caught:
        call(*arguments, **named)
    return caught.value.problem


def test_a_lawful_call_is_allowed_with_a_receipt(house):
    """An allow carries an id, the end of the lease and a signed receipt, and names no reason."""
    answer = house.ask()
    assert answer.decision == "allow"
    assert answer.receipt.decision == answer.id
    assert answer.cancel_until == "2026-09-21T16:15:00Z"
    assert not answer.reasons


def test_the_eighth_call_in_seven_days_is_denied_until_the_first_is_out_of_the_window(house):
    """Twelve CFR 1006.14(b)(2)(i)(A): seven calls about a debt in seven days, and the denial says when the next is lawful."""
    for hour in range(7):
        house.clock.at = NOON + hour * 3600
        house.outcome(house.ask().id)
    answer = house.ask()
    assert answer.decision == "deny"
    assert "us.reg-f.call-frequency" in [reason.rule for reason in answer.reasons]
    assert answer.earliest == "2026-09-28T12:00:01Z"
    assert answer.receipt is None


def test_a_denied_call_is_not_on_the_timeline(house):
    """What was denied did not happen, however often it is asked."""
    house.clock.at = NOON + 10 * 3600
    for _ in range(9):
        assert house.ask().decision == "deny"
    house.clock.at = NOON + DAY
    assert house.ask().decision == "allow"


def test_at_night_the_earliest_is_the_morning_of_the_consumers_place(house):
    """Asked at ten in the evening, the answer is eight in the morning there: twelve hours of UTC in September."""
    house.clock.at = NOON + 10 * 3600
    assert house.ask().earliest == "2026-09-22T12:00:01Z"


def test_an_agency_learns_neither_the_contacts_nor_the_counts_of_another(store_url, tmp_path):
    """A denial that stems from another agency's contacts names rule and time; witness and counts are the creditor's to see."""
    found = law(rule(cap={"limit": 3, "within": "7 days", "per": ["person"]}))
    house = House(store_url, tmp_path, found.book, [found.judged])
    for asker in (X, Y, Y):
        house.clock.at += 60
        house.ask(asker=asker, jurisdiction="ZZ")
    x, y, lender = (house.ask(asker=who, jurisdiction="ZZ") for who in (X, Y, LENDER))
    house.close()
    assert x.earliest == y.earliest == lender.earliest == "2026-09-28T04:00:00Z"
    assert [(len(r.witness), r.measured, r.limit) for a in (x, y, lender) for r in a.reasons] == [(1, "", ""), (2, "", ""), (3, "4", "3")]


def test_a_key_speaks_for_its_own_agency(house):
    """Only the creditor may ask in another's name."""
    assert refused(house.ask, agency="Y").status == 403
    assert house.ask(asker=LENDER, agency="Y").decision == "allow"


def test_a_key_without_the_role_is_refused(house):
    """An auditor decides nothing, and what is refused is not stored."""
    assert refused(house.ask, asker=AUDITOR).type == "urn:forbear:not-allowed"
    assert list(house.gate.store.records()) == []


@pytest.mark.parametrize("order", [("no-answer", "conversation", "no-answer"), ("conversation", "no-answer"), ("conversation",) * 3])
def test_outcomes_duplicated_late_and_out_of_order_give_one_result(house, order):
    """The outcome that binds most remains: a conversation opens the cooling-off of seven days, whatever else is reported."""
    decision = house.ask()
    for outcome in order:
        house.outcome(decision.id, outcome)
    house.clock.at += DAY
    assert "us.reg-f.cooling-off" in [reason.rule for reason in house.ask().reasons]


def test_a_contact_without_a_report_keeps_counting_as_unknown(house):
    """After a call nobody reported a talk cannot be excluded, so the cooling-off denies, names the outcome, and a report frees it."""
    decision = house.ask()
    house.clock.at += DAY
    (reason,) = house.ask().reasons
    assert (reason.rule, reason.verdict, reason.settles) == ("us.reg-f.cooling-off", "unclear", ["outcome"])
    house.outcome(decision.id, "no-answer")
    assert house.ask().decision == "allow"


def test_a_cancelled_contact_gives_its_slot_back_while_the_lease_lasts(house):
    """Cancel is for what was never placed: within the lease, and not after an outcome was reported."""
    decision = house.ask()
    assert house.cancel(decision.id).status == "cancelled"
    assert house.cancel(decision.id).status == "cancelled"
    again = house.ask()
    assert again.decision == "allow"
    house.clock.at += 901
    assert refused(house.cancel, again.id).type == "urn:forbear:lease-ended"
    house.outcome(again.id)
    assert refused(house.cancel, again.id).type == "urn:forbear:already-reported"


def test_what_was_placed_after_all_is_back_on_the_timeline(house):
    """An outcome for a cancelled contact means that it took place: it counts again, in whichever order the two come."""
    decision = house.ask()
    house.cancel(decision.id)
    house.outcome(decision.id, "conversation")
    house.clock.at += DAY
    assert "us.reg-f.cooling-off" in [reason.rule for reason in house.ask().reasons]


def test_another_agencys_decision_is_as_unknown_as_one_that_never_was(house):
    """Neither outcome nor cancellation tells whether an id of another agency exists."""
    decision = house.ask()
    problems = [refused(house.outcome, target, asker=Y) for target in (decision.id, "0" * 16 + "-" + "0" * 16, "nothing")]
    problems += [refused(house.cancel, decision.id, asker=Y)]
    assert {(problem.type, problem.status, problem.detail) for problem in problems} == {("urn:forbear:unknown-decision", 404, "")}


def test_the_same_key_and_body_give_the_same_answer_and_take_one_slot(house):
    """An answer is given once, also within one transaction; the same key with another body is refused."""
    job = Job(X, "ask", Question(consumer="A", **ABOUT), "idem")
    first, second = house.do(job, job)
    house.clock.at += 60
    assert first == second == house.one(job)
    assert len(list(house.gate.store.records("A"))) == 1
    assert refused(house.ask, "B", idem="idem").type == "urn:forbear:idempotency-key-reused"
    assert house.ask("B", Y, idem="idem").decision == "allow"


def test_a_dry_run_reserves_nothing(house):
    """Asked dry a hundred times, the slot is still there; the ledger holds every question."""
    for _ in range(20):
        assert house.ask(dry=True).decision == "allow"
    assert house.ask().decision == "allow"
    assert len(list(house.gate.store.records("A"))) == 21


def test_the_plan_gives_the_windows_of_the_coming_days(house):
    """From now to nine in the evening, then eight to nine on each day of the consumer's place; nothing on the day after the last."""
    windows = house.plan(days=2).windows
    assert [(w.since, w.until) for w in windows] == [
        ("2026-09-21T16:00:00Z", "2026-09-22T01:00:00Z"),
        ("2026-09-22T12:00:01Z", "2026-09-23T01:00:00Z"),
        ("2026-09-23T12:00:01Z", "2026-09-23T16:00:00Z"),
    ]


def test_a_stop_request_denies_for_ever_and_a_fact_is_known_from_now_on(house):
    """After a written request to cease the gate denies, and no waiting helps."""
    assert house.ask().decision == "allow"
    house.fact("cease-request", form="written", declared_by="consumer", debt="1", agency="X")
    answer = house.ask()
    assert (answer.decision, answer.never, answer.earliest) == ("deny", True, None)


def test_an_allow_that_rests_on_a_consent_names_it_and_who_declared_it(house):
    """At ten in the evening nothing but the consumer's consent to the hour makes a call lawful; the answer says so."""
    noted = house.fact("consent", scope="hours", declared_by="agency", agency="X", person="A", debt="1", hours="mon-sun[20:00,24:00)")
    house.clock.at = NOON + 10 * 3600
    answer = house.ask()
    assert [(permit.entry, permit.kind, permit.declared_by) for permit in answer.permits if permit.entry == noted.id]
    assert answer.decision == "allow"


def test_a_message_is_judged_by_its_words(house):
    """A threat sent along is denied with its clause; the answer names the rule, never the words that led to it."""
    answer = house.ask(channel="sms", text="Pay today or we will have you arrested and put in jail.")
    assert answer.decision == "deny"
    assert "arrest" not in str(answer.reasons)


def test_a_new_shared_debt_joins_two_timelines(house):
    """Two consumers who turn out to share a debt are one timeline: what was done to either counts where the debt is counted."""
    for _ in range(4):
        house.outcome(house.ask("A").id)
        house.outcome(house.ask("B", debt="2").id)
        house.clock.at += 60
    house.fact("assigned", "B", debt=["1", "2"], agency="X")
    for consumer in ("A", "B"):
        house.outcome(house.ask(consumer, debt="1").id) if consumer == "A" else None
    rows = house.gate.store
    with rows.transaction() as transaction:
        held = transaction.hold(["consumer A", "consumer B", "debt 1", "debt 2"], [], [], everyone=False)
    assert len(set(held.lines.values())) == 1


def test_what_is_told_for_everyone_is_on_every_timeline(house):
    """A fact about all consumers is judged with each of them."""
    house.fact("cease-request", "*", form="written", declared_by="consumer", debt="*", agency="*", asker=LENDER)
    house.clock.at += 5
    assert house.ask("A").decision == house.ask("B", debt="2").decision == "deny"


def test_two_clocks_too_far_apart_are_refused_with_both_times(house):
    """An asker whose clock is more than the bound away learns both times, and nothing is stored."""
    problem = refused(house.ask, asked_at=NOON - 31)
    assert (problem.type, problem.status) == ("urn:forbear:clock-skew", 409)
    assert "2026-09-21T16:00:00Z" in problem.detail
    assert "2026-09-21T15:59:29Z" in problem.detail
    assert house.ask(asked_at="2026-09-21T12:00:29-04:00").decision == "allow"


def test_a_server_whose_clock_falls_back_gives_no_earlier_times(house):
    """A clock set back a little is held where the timeline is; set back by more than the bound, nothing is decided."""
    house.outcome(house.ask().id)
    house.clock.at -= 10
    assert house.ask().at == "2026-09-21T16:00:00Z"
    house.clock.at -= 60
    assert refused(house.ask).type == "urn:forbear:clock-skew"


def test_what_is_missing_is_unknown_and_where_it_matters_denies(house):
    """Without a zone the hours are judged in every zone of the jurisdiction: noon in New York is night in Hawaii, four o'clock is day."""
    (reason,) = house.ask("B", zone=None, debt="2").reasons
    assert (reason.verdict, reason.settles) == ("unclear", ["zone"])
    house.clock.at += 6 * 3600
    assert house.ask("B", zone=None, debt="2").decision == "allow"


@pytest.mark.parametrize(
    ("field", "value"),
    [("channel", "telepathy"), ("zone", "Mars/Olympus"), ("jurisdiction", "Nowhere"), ("debt", "1|2"), ("collectors_present", "many")],
)
def test_a_word_that_is_none_is_refused_and_not_shown(house, field, value):
    """The problem names the column and what to do, never the value; nothing is stored."""
    problem = refused(house.ask, **{field: value})
    assert (problem.status, problem.field) == (422, field)
    assert value not in str(problem)
    assert list(house.gate.store.records()) == []


def test_a_restart_forgets_nothing(store_url, tmp_path):
    """A gate opened anew on the same store and key denies what the one before it would have denied, and knows its decisions."""
    house = House(store_url, tmp_path)
    decision = house.ask()
    house.close()
    again = House(store_url, tmp_path, settings=Settings())
    again.clock.at += DAY
    assert again.ask().decision == "deny"
    again.outcome(decision.id)
    assert again.ask().decision == "allow"
    again.close()


def test_two_gates_that_make_checkpoints_at_once_make_one_row_of_them(store_url, tmp_path):
    """Each checkpoint follows the one before it, whoever made that: the ledger of both verifies."""
    houses = [House(store_url, tmp_path) for _ in range(2)]
    for turn in range(5):
        for number, house in enumerate(houses):
            house.ask(f"c{turn}{number}", debt=f"{turn}{number}")
        threads = [threading.Thread(target=house.gate.checkpoint) for house in houses]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    export(houses[0].gate.store, tmp_path / "ledger")
    for house in houses:
        house.close()
    found = verify(tmp_path / "ledger")
    assert (found.faults, found.checkpoints, found.entries, found.uncovered) == ([], 10, 10, 0)


def test_what_is_owed_and_by_when_is_told_with_the_fact(store_url, tmp_path):
    """A duty that a fact sets running comes back with it; when it has been met, the report that would set it running again says nothing."""
    found = law(rule(applies={"kind": "dispute"}, owe={"entry": {"kind": "verified"}, "within": "3 days after", "per": ["consumer"]}))
    house = House(store_url, tmp_path, found.book, [found.judged])
    (owed,) = house.fact("dispute", jurisdiction="ZZ", debt="1").owed
    assert (owed.rule, owed.before, owed.sure) == ("zz.test.rule", "2026-09-25T04:00:00Z", True)
    house.clock.at += 60
    assert house.fact("verified", jurisdiction="ZZ", debt="1").owed == []
    house.close()


def test_what_others_do_is_told_and_not_asked(house):
    """A question about an inbound contact is refused: it would be a way to call without being judged."""
    for direction in ("inbound", "inbound|outbound", "?"):
        assert refused(house.ask, direction=direction).type == "urn:forbear:not-outbound"
    assert house.happened(direction="inbound", occurred_at=NOON - 60, outcome="conversation").status == "noted"


def test_an_agency_restricts_for_all_and_permits_for_itself(house):
    """A stop may be told for all agencies by any of them; a consent, and what is told for all consumers, may not."""
    house.fact("cease-request", asker=Y, form="written", agency="*", debt="1", declared_by="consumer")
    assert house.ask(asker=X).never
    assert refused(house.fact, "consent", asker=Y, agency="*", scope="hours").field == "agency"
    assert refused(house.fact, "cease-request", "*", asker=Y, agency="Y").field == "consumer"


def test_the_words_of_a_message_are_the_ledgers_alone(house):
    """A timeline that is read at every question does not grow with what was written."""
    house.ask(channel="sms", text="Bank of Nowhere: please call us. Reply STOP to opt out. " * 100, direction="outbound")
    with house.gate.store.transaction() as transaction:
        (row,) = transaction.hold(["consumer A"], [], [], everyone=False).rows.values()
    (record,) = house.gate.store.records("A")
    assert len(row.body) < 2000 < len(record[3])


def test_every_column_can_be_said():
    """A fact may carry any field but what only an outcome tells; a contact any but those of facts."""
    left_out = {"kind", "minutes_a_week", "outcome", "duration_s"}
    of_facts = {"form", "scope", "declared_by", "hours", "until", "amount"}
    said = {kind: {field.name for field in msgspec.structs.fields(kind)} for kind in (Question, Fact)}
    assert set(FIELDS) - said[Fact] == left_out - {"kind"}
    assert set(FIELDS) - said[Question] == left_out | of_facts


@pytest.mark.parametrize(("times", "decided"), [(1, True), (4, True), (5, False)])
def test_what_the_store_undid_for_others_is_done_again(house, monkeypatch, times, decided):
    """A deadlock that the store resolves against us costs nothing but time, and leaves no trace; one without end stops the gate."""
    whole, left = house.gate.store.transaction, [times]

    @contextmanager
    def undone():
        with whole() as transaction:
            yield transaction
            if left[0]:
                left[0] -= 1
                raise Again("deadlock")

    monkeypatch.setattr(house.gate.store, "transaction", undone)
    if decided:
        assert house.ask().decision == "allow"
        assert len(list(house.gate.store.records("A"))) == 1
    else:
        with pytest.raises(Broken):
            house.ask()
        assert house.gate.failed


def test_a_permit_that_rests_on_another_agencys_contacts_tells_nothing_of_them(store_url, tmp_path):
    """A person who could not be reached permits to ask a third one: to the agency that tried with ids, to another without, and once."""
    lost = standing("zz.lost", {"channel": "call", "outcome": "no-answer", "in_a_row": 2}, per=["creditor"])
    found = law(rule(require={"while": "zz.lost"}, applies={"party": "friend"}), lost)
    house = House(store_url, tmp_path, found.book, [found.judged])
    tried = [house.ask(asker=Y, jurisdiction="ZZ") for _ in range(2)]
    for answer in tried:
        house.outcome(answer.id, "no-answer", asker=Y)
    x, y, lender = (house.ask(asker=who, jurisdiction="ZZ", party="friend", person="F", dry=True) for who in (X, Y, LENDER))
    house.close()
    assert x.decision == y.decision == lender.decision == "allow"
    assert [(permit.entry, permit.kind) for permit in x.permits] == [("", "contact")]
    assert {permit.entry for permit in y.permits} == {permit.entry for permit in lender.permits} <= {answer.id for answer in tried}
    assert "" not in {permit.entry for permit in y.permits}
