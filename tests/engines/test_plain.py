"""The plain engine on small laws, sentence by sentence of sections 1 to 8 of the rule language."""

from __future__ import annotations

import pytest
from random_law import PERHAPS, with_years
from small import entries, law, needs, rule, signs, silent, standing

from forbear.engines.plain import Judge
from forbear.records.coverage import Coverage, Holding

ONE_A_DAY = {"limit": 1, "within": "1 day", "per": ["consumer"]}


# Section 1: the order, and facts learned late.


def test_at_one_second_contacts_come_before_facts():
    """Consent given in a talk and stored under the same second does not cover that talk."""
    found = law(rule(require={"while": "zz.agreed"}), standing("zz.agreed", {"kind": "consent"}))
    assert signs(found, "2026-03-02 09:00 consent\n2026-03-02 09:00 call conversation\n2026-03-02 09:01 call conversation") == "!.."


def test_at_one_second_contacts_are_ordered_by_their_ids():
    """Of two calls at one second the later id is the one too many."""
    found = law(rule(cap=ONE_A_DAY))
    assert signs(found, "2026-03-02 09:00 call busy\n2026-03-02 09:00 call busy") == ".!"


def test_a_fact_learned_late_takes_its_place_when_it_is_known_and_runs_from_when_it_happened():
    """A consent of the second, known on the fourth, does nothing before the fourth; its three days end with the fourth."""
    agreed = standing("zz.agreed", {"kind": "consent", "lasts": "3 days"})
    diary = """
        2026-03-03 09:00 call busy
        2026-03-02 09:00 consent known=2026-03-04T08:00
        2026-03-04 09:00 call busy
        2026-03-05 09:00 call busy
    """
    assert signs(law(rule(require={"while": "zz.agreed"}), agreed), diary) == "!..!"


def test_a_standing_covers_no_second_before_it_was_opened():
    """A dispute of the second, known on the tenth, came before the consent of the fifth, although that was known earlier."""
    found = law(rule(applies={"kind": "dispute"}, forbid={"while": "zz.agreed"}), standing("zz.agreed", {"kind": "consent"}))
    diary = "2026-03-05 09:00 consent\n2026-03-02 09:00 dispute known=2026-03-10T09:00\n2026-03-06 09:00 dispute known=2026-03-10T09:01"
    assert signs(found, diary) == "..!"


@pytest.mark.parametrize("within", ["7 days", "5 minutes", "1 month"])
def test_a_trailing_window_does_not_reach_into_the_future(within):
    """What happened after the judged fact is not in the days before it, although it was known earlier."""
    found = law(rule(applies={"kind": "assigned"}, cap={"limit": 1, "within": within, "per": ["debt"]}))
    diary = "2026-03-05 09:00 assigned\n2026-03-02 09:00 assigned known=2026-03-10T09:00\n2026-03-02 09:01 assigned known=2026-03-10T09:01"
    assert signs(found, diary) == "..!"


# Section 3: matches.


def test_for_all_agencies_meets_every_test_of_an_agency():
    """`*` passes a test for a value and a test against one, and is shared with every agency."""
    told = standing("zz.told", {"kind": "cease-request"}, per=["consumer", "agency"])
    found = law(rule(forbid={"while": "zz.told"}), told)
    assert signs(found, "2026-03-02 09:00 cease-request agency=*\n2026-03-02 10:00 call busy\n2026-03-02 10:00 call busy agency=Y") == ".!!"
    for wanted in ("X", {"not": ["X"]}):
        tested = law(rule(applies={"kind": "cease-request"}, forbid={"agency": wanted}))
        assert signs(tested, "2026-03-02 09:00 cease-request agency=*") == "!"


def test_perhaps_for_all_is_perhaps_shared():
    """A stop that is told to all or to X may bind Y."""
    told = standing("zz.told", {"kind": "cease-request"}, per=["agency"])
    found = law(rule(forbid={"while": "zz.told"}), told)
    assert signs(found, "2026-03-02 09:00 cease-request agency=*|X\n2026-03-02 10:00 call busy agency=Y") == ".?"


def test_a_wider_jurisdiction_covers_a_narrower_one():
    """`ZZ` sees `ZZ-A`, not `ZZA`."""
    found = law(rule(applies={"jurisdiction": "ZZ"}, forbid={"channel": "call"}))
    diary = "2026-03-02 09:00 call busy jurisdiction=ZZ-A\n2026-03-02 09:01 call busy jurisdiction=ZZA zone=UTC\n2026-03-02 09:02 call busy"
    assert signs(found, diary) == "!.!"


@pytest.mark.parametrize(("said", "sign"), [("1", "!"), ("2", "."), ("1|2", "?"), ("1|0", "!"), ("2|3", "."), ("?", "?")])
def test_candidates_agree_or_leave_it_open(said, sign):
    """A number that is one of several is settled where all of them say the same."""
    found = law(rule(forbid={"collectors_present": {"at_most": 1}}))
    assert signs(found, f"2026-03-02 09:00 visit collectors_present={said}") == sign


def test_of_several_tags_one_is_enough_and_not_means_none():
    """`tags` hold several values at once; no tags are known to be none, unknown tags are not."""
    diary = "\n".join(f"2026-03-02 09:0{n} call busy tags={tags}" for n, tags in enumerate(("threat+insult", "insult", "", "?")))
    assert signs(law(rule(forbid={"tags": "threat"})), diary) == "!..?"
    assert signs(law(rule(forbid={"tags": {"not": ["threat"]}})), diary) == ".!!?"


# Section 4: caps and quotas.


def test_what_the_rule_saw_when_it_happened_counts_also_before_it_took_force():
    """Earlier entries count by the exemptions of their own time, and though they precede `from`."""
    agreed = standing("zz.agreed", {"kind": "consent"}, {"kind": "consent-revoked"})
    found = law(rule(cap={**ONE_A_DAY, "within": "7 days"}, unless=[{"while": "zz.agreed"}]), agreed)
    diary = "2020-01-01 08:00 consent\n2020-01-01 09:00 call busy\n2020-01-01 10:00 consent-revoked\n2020-01-01 11:00 call busy"
    assert signs(found, diary) == "...."
    assert signs(found, "2019-12-31 09:00 call busy\n2019-12-31 10:00 call busy\n2020-01-01 11:00 call busy") == "..!"


def test_a_key_left_out_is_summed_over():
    """Per consumer, all agencies together; per agency, all consumers together."""
    diary = "2026-03-02 09:00 call busy\n2026-03-02 09:01 call busy agency=Y\n2026-03-02 09:02 call busy consumer=B"
    assert signs(law(rule(cap=ONE_A_DAY)), diary) == ".!."
    assert signs(law(rule(cap={**ONE_A_DAY, "per": ["agency"]})), diary) == "..!"


def test_only_a_value_that_is_new_in_the_window_can_breach_a_count_of_values():
    """A second channel is one too many; going back to the first is not; a channel nobody knows may be either."""
    found = law(rule(cap={**ONE_A_DAY, "count": "distinct channel"}))
    diary = "2026-03-02 09:00 call busy\n2026-03-02 09:01 sms failed\n2026-03-02 09:02 call busy\n2026-03-02 09:03 sms failed channel=?"
    assert signs(found, diary) == ".!.?"
    assert signs(found, "2026-03-02 09:00 call busy\n2026-03-02 09:01 sms failed channel=call|sms") == ".?"
    assert signs(found, "2026-03-02 09:00 call busy\n2026-03-02 09:01 sms failed channel=email|sms") == ".!"


def test_a_count_of_values_names_what_would_settle_it():
    """A value that nobody knows, of the judged entry or of an earlier one, is asked for by name."""
    found = law(rule(cap={**ONE_A_DAY, "count": "distinct channel"}))
    assert needs(found, "2026-03-02 09:00 call busy\n2026-03-02 09:01 sms failed channel=?") == {"channel"}
    assert needs(found, "2026-03-02 09:00 call busy channel=?\n2026-03-02 09:01 sms failed") == {"channel"}
    assert needs(found, "2026-03-02 09:00 call busy channel=call|email\n2026-03-02 09:01 sms failed channel=?") == {"channel"}


def test_when_tests_the_judged_entry_alone():
    """What was used before the condition held still counts."""
    cap = {**ONE_A_DAY, "when": {"outcome": "conversation"}}
    assert signs(law(rule(cap=cap)), "2026-03-02 09:00 call busy\n2026-03-02 09:01 call busy\n2026-03-02 09:02 call conversation") == "..!"


def test_a_quota_leaves_out_and_what_it_no_longer_leaves_out_stays_counted():
    """One busy call a day is left out; the second counts, is a breach if the cap is full, and fills it for the next day."""
    cap = {"limit": 1, "within": "7 days", "per": ["consumer"], "free": [{"outcome": "busy", "limit": 1, "within": "1 day"}]}
    diary = "2026-03-02 09:00 call busy\n2026-03-02 09:01 call busy\n2026-03-03 09:00 call busy\n2026-03-03 09:01 call conversation"
    assert signs(law(rule(cap=cap)), diary) == "...!"


def test_a_quota_that_may_be_used_up_names_what_would_settle_it():
    """The outcome of the earlier call decides whether the quota was used: that field is asked for."""
    cap = {"limit": 1, "within": "7 days", "per": ["consumer"], "free": [{"outcome": "busy", "limit": 1, "within": "1 day"}]}
    found = law(rule(cap=cap))
    timeline = entries(found, "2026-03-02 08:00 call conversation\n2026-03-02 09:00 call\n2026-03-02 09:01 call busy")
    answer = Judge(found.book, timeline).judge(found.judged, timeline[2], 2)
    assert (answer.value, answer.need) == (None, {"outcome"})


def test_what_used_a_quota_up_is_leaned_on():
    """The second busy call counts only since a first one was left out: both that and what fills the cap are its grounds."""
    cap = {"limit": 1, "within": "7 days", "per": ["consumer"], "free": [{"outcome": "busy", "limit": 1, "within": "1 day"}]}
    found = law(rule(cap=cap))
    timeline = entries(found, "2026-03-02 08:00 call conversation\n2026-03-02 09:00 call busy\n2026-03-02 09:01 call busy")
    answer = Judge(found.book, timeline).judge(found.judged, timeline[2], 2)
    assert (answer.value, answer.lean) == (True, {0, 1})


def test_a_quota_that_a_silent_kind_may_have_used_up_names_that_kind():
    """Hardships that nobody would have told may have used it up before."""
    cap = {"limit": 1, "within": "7 days", "per": ["consumer"], "free": [{"form": "oral", "limit": 1, "within": "1 day"}]}
    found = law(rule(applies={"kind": "hardship"}, cap=cap))
    diary = "2026-03-02 09:00 hardship form=written\n2026-03-02 09:01 hardship form=oral"
    assert needs(found, diary, silent("hardship")) == {"kind=hardship"}


def test_a_fact_that_no_source_holds_may_have_used_a_quota_up():
    """Of two hardships a day one is left out; if hardships are silent the one that is here may be the second."""
    cap = {"limit": 1, "within": "7 days", "per": ["consumer"], "free": [{"form": "oral", "limit": 1, "within": "1 day"}]}
    found = law(rule(applies={"kind": "hardship"}, cap=cap))
    assert signs(found, "2026-03-02 09:00 hardship form=written\n2026-03-02 09:01 hardship form=oral") == ".."
    assert signs(found, "2026-03-02 09:00 hardship form=written\n2026-03-02 09:01 hardship form=oral", silent("hardship")) == "??"


def test_a_duty_is_open_until_the_records_reach_its_end():
    """Five minutes are five minutes: one second before it is not yet due, then it is a breach; an answer in time ends it."""
    found = law(rule(owe={"entry": {"kind": "verified"}, "within": "5 minutes", "per": ["consumer"]}, applies={"kind": "dispute"}))
    assert signs(found, "2026-03-02 09:00 dispute\n2026-03-02 09:04:59 call busy") == "?."
    assert signs(found, "2026-03-02 09:00 dispute\n2026-03-02 09:05 call busy") == "!."
    assert signs(found, "2026-03-02 09:00 dispute\n2026-03-02 09:05 verified") == "!."
    assert signs(found, "2026-03-02 09:00 dispute\n2026-03-02 09:04:59 verified") == ".."


def test_a_duty_whose_end_no_calendar_tells_is_unclear_for_good():
    """Business days of a year that was not gazetted: what comes by the earliest end is in time, nothing is surely late."""
    owe = {"entry": {"kind": "verified"}, "within": "2 business days after", "per": ["consumer"]}
    found = law(rule(owe=owe, applies={"kind": "dispute"}, calendar="ZZ"))
    assert signs(found, "2030-03-04 09:00 dispute\n2030-03-06 09:00 verified") == ".."
    assert signs(found, "2030-03-04 09:00 dispute\n2030-03-07 09:00 verified") == "?."
    assert signs(found, "2030-03-04 09:00 dispute\n2030-12-30 09:00 call busy") == "?."
    assert signs(found, "2026-03-04 09:00 dispute\n2026-12-30 09:00 call busy") == "!."


def test_a_duty_that_is_open_names_what_would_settle_it():
    """Longer records, a source for the answer, or a calendar: each where it is what is missing, and no other."""
    owe = {"entry": {"kind": "verified"}, "within": "2 business days after", "per": ["consumer"]}
    found = law(rule(owe=owe, applies={"kind": "dispute"}, calendar="ZZ"))
    assert needs(found, "2026-03-04 09:00 dispute") == {"records until"}
    assert needs(found, "2026-03-04 09:00 dispute", silent("verified")) == {"kind=verified"}
    assert needs(found, "2030-03-04 09:00 dispute\n2030-12-30 09:00 call busy") == {"calendar ZZ"}
    assert needs(found, "2030-03-04 09:00 dispute", silent("verified")) == {"calendar ZZ", "kind=verified"}


OPEN = with_years(lambda year: year | {"perhaps": [day.replace(year=year["year"]) for day in PERHAPS[:2]]})
"""The 23rd and the 26th of March are perhaps holidays, the 27th is one."""


def test_a_duty_that_meets_a_day_left_open_is_unclear_between_two_days_and_sure_after():
    """Two business days after the 25th, the 26th perhaps and the 27th surely a holiday: over with the 30th, or with the 31st."""
    owe = {"entry": {"kind": "verified"}, "within": "2 business days after", "per": ["consumer"]}
    found = law(rule(owe=owe, applies={"kind": "dispute"}, calendar="ZZ"), place=OPEN)
    for told, sign in (("03-30", "."), ("03-31", "?"), ("04-01", "!")):
        assert signs(found, f"2026-03-25 09:00 dispute\n2026-{told} 09:00 verified") == f"{sign}."
    assert needs(found, "2026-03-25 09:00 dispute\n2026-03-30 09:00 call busy") == {"records until"}
    assert needs(found, "2026-03-25 09:00 dispute\n2026-03-31 09:00 call busy") == {"calendar ZZ", "records until"}
    assert signs(found, "2026-03-25 09:00 dispute\n2026-04-01 09:00 call busy") == "!."


def test_the_hours_of_a_day_left_open_are_those_of_both_kinds_of_day():
    """Lawful on a holiday and on a weekday is lawful; on neither, a breach; on one of them, unclear, and the calendar would settle it."""
    found = law(rule(hours={"daily": "[08:00,20:00)", "holiday": "[10:00,12:00)"}, calendar="ZZ"), place=OPEN)
    assert signs(found, "2026-03-26 07:00 call\n2026-03-26 09:00 call\n2026-03-26 11:00 call\n2026-03-27 09:00 call") == "!?.!"
    assert needs(found, "2026-03-26 09:00 call") == {"calendar ZZ"}


def test_an_answer_must_meet_the_standing_that_is_asked_of_it():
    """What follows is judged where it stands: a call counts as the answer only while the consumer agrees to calls."""
    owe = {"entry": {"channel": "call", "while": "zz.agreed"}, "within": "2 days after", "per": ["consumer"]}
    found = law(rule(owe=owe, applies={"kind": "dispute"}), standing("zz.agreed", {"kind": "consent"}))
    assert signs(found, "2026-03-02 09:00 dispute\n2026-03-02 10:00 consent\n2026-03-03 09:00 call busy\n2026-03-09 09:00 opt-in") == "...."
    assert signs(found, "2026-03-02 09:00 dispute\n2026-03-03 09:00 call busy\n2026-03-03 10:00 consent\n2026-03-09 09:00 opt-in") == "!..."


def test_a_duty_about_one_debt_is_met_by_an_answer_about_several():
    """The answer is seen as far as it is about the debt of the duty."""
    owe = {"entry": {"kind": "verified"}, "within": "2 days after", "per": ["consumer", "debt"]}
    found = law(rule(owe=owe, applies={"kind": "dispute"}))
    later = "\n2026-03-09 09:00 call busy"
    assert signs(found, f"2026-03-02 09:00 dispute debt=2\n2026-03-03 09:00 verified debt=1+2{later}") == "..."
    assert signs(found, f"2026-03-02 09:00 dispute debt=3\n2026-03-03 09:00 verified debt=1+2{later}") == "!.."


def test_a_source_that_falls_silent_leaves_a_duty_unclear_from_that_second_on():
    """An answer in the second of the dispute itself may be what was not held any more."""
    owe = {"entry": {"kind": "verified"}, "within": "5 minutes", "per": ["consumer"]}
    found = law(rule(owe=owe, applies={"kind": "dispute"}))
    at = entries(found, "2026-03-02 09:00 dispute")[0].at
    for since, sign in ((at + 1, "?"), (at, "!")):
        held = Coverage((Holding("crm", frozenset({"verified"}), since),), records_until=1 << 40)
        assert signs(found, "2026-03-02 09:00 dispute", held) == sign


# Section 6: standings.


def test_an_entry_never_sees_the_standing_that_it_opens_or_closes():
    """The one permitted reply is lawful, then the permit is gone; the opener itself is not yet covered."""
    permit = standing("zz.permit", {"direction": "inbound"}, {"direction": "outbound"})
    diary = "2026-03-02 09:00 call inbound busy\n2026-03-02 09:01 call busy\n2026-03-02 09:02 call busy"
    assert signs(law(rule(applies={"channel": "call"}, require={"while": "zz.permit"}), permit), diary) == "!.!"


def test_a_row_is_broken_only_by_a_closer_between_its_ends():
    """What closes between two of a row breaks it; what opens and closes at once may stand at either end."""
    row = standing("zz.lost", {"outcome": ["busy", "rejected"], "in_a_row": 2}, {"outcome": ["conversation", "rejected"]})
    found = law(rule(forbid={"while": "zz.lost"}), row)
    times = [f"2026-03-02 09:0{n} call" for n in range(4)]

    def said(*outcomes: str) -> str:
        return signs(found, "\n".join(f"{time} {outcome}" for time, outcome in zip(times, outcomes, strict=False)))

    assert said("busy", "busy", "no-answer") == "..!"
    assert said("busy", "conversation", "busy", "no-answer") == "...."
    assert said("rejected", "busy", "no-answer") == "..!"
    assert said("busy", "rejected", "no-answer", "no-answer") == "..!!"
    assert said("busy", "conversation", "rejected", "no-answer") == "...."


def test_what_may_have_closed_between_leaves_a_row_unclear():
    """Of three calls the one in the middle was busy as well, or a conversation that broke the row: its outcome would settle it."""
    row = standing("zz.lost", {"outcome": "busy", "in_a_row": 2}, {"outcome": "conversation"})
    found = law(rule(forbid={"while": "zz.lost"}), row)
    diary = "2026-03-02 09:00 call busy\n2026-03-02 09:01 call\n2026-03-02 09:02 call busy\n2026-03-02 09:03 call no-answer"
    assert signs(found, diary) == "..??"
    assert needs(found, diary) == {"outcome"}


def test_a_row_runs_over_what_neither_opens_nor_closes():
    """A call that nobody answered stands between the two that were busy."""
    row = standing("zz.lost", {"outcome": "busy", "in_a_row": 2}, {"outcome": "conversation"})
    found = law(rule(forbid={"while": "zz.lost"}), row)
    times = [f"2026-03-02 09:0{n} call" for n in range(4)]
    outcomes = ("busy", "no-answer", "busy", "no-answer")
    assert signs(found, "\n".join(f"{time} {outcome}" for time, outcome in zip(times, outcomes, strict=True))) == "...!"


def test_a_row_is_one_of_its_own_debt():
    """A call about two debts belongs to the row of either; the row of one debt is none of the other."""
    row = standing("zz.lost", {"outcome": "busy", "in_a_row": 2}, {"outcome": "conversation"}, per=["debt"])
    found = law(rule(forbid={"while": "zz.lost"}), row)
    diary = "2026-03-02 09:00 call busy debt=1+2\n2026-03-02 09:01 call busy debt=2\n2026-03-02 09:02 call no-answer debt={}"
    assert [signs(found, diary.format(debt)) for debt in ("1", "2", "1+2")] == ["...", "..!", "..!"]


DAYS_IN_A_ROW = standing("zz.pressed", {"outcome": "busy", "days_in_a_row": 3}, {"outcome": "conversation"})


@pytest.mark.parametrize(
    ("days", "sign"),
    [
        (("02", "03", "04"), "!"),
        (("02", "03"), "."),
        (("02", "03", "05"), "."),
        (("02", "04", "05"), "."),
        (("02", "03", "03", "04"), "!"),
        (("02", "03", "04", "06"), "!"),
        (("02", "03", "05", "06", "07"), "!"),
    ],
)
def test_days_in_a_row_are_dates_that_follow_one_another(days, sign):
    """Several calls of one date are one day; a date left out begins the row anew; what a row opened stays open."""
    found = law(rule(forbid={"while": "zz.pressed"}), DAYS_IN_A_ROW)
    calls = [f"2026-03-{day} {9 + n:02}:00 call busy" for n, day in enumerate(days)]
    assert signs(found, "\n".join([*calls, "2026-03-09 09:00 call no-answer"]))[-1] == sign


def test_a_conversation_breaks_days_in_a_row():
    """What closes between two of the dates, also on one of them."""
    found = law(rule(forbid={"while": "zz.pressed"}), DAYS_IN_A_ROW)
    diary = "2026-03-02 09:00 call busy\n2026-03-03 09:00 call busy\n{}\n2026-03-04 09:00 call busy\n2026-03-04 10:00 call no-answer"
    assert signs(found, diary.format("2026-03-03 10:00 call conversation")) == "....."
    assert signs(found, diary.format("2026-03-03 10:00 call no-answer")) == "....!"


def test_days_in_a_row_lean_on_the_latest_call_of_each_date():
    """Nothing else is needed, and nothing less."""
    found = law(rule(forbid={"while": "zz.pressed"}), DAYS_IN_A_ROW)
    days = ("01 09", "02 09", "02 10", "03 09", "03 10", "04 09")
    timeline = entries(found, "\n".join([*(f"2026-03-{day}:00 call busy" for day in days), "2026-03-04 10:00 call no-answer"]))
    answer = Judge(found.book, timeline).judge(found.judged, timeline[6], 6)
    assert (answer.value, answer.lean) == (True, {2, 4, 5})


def test_days_in_a_row_are_unclear_where_a_date_is():
    """A call that may have been no busy one, or that was made on one of two dates: what would settle it is asked for, and no more."""
    found = law(rule(forbid={"while": "zz.pressed"}), DAYS_IN_A_ROW)
    last = "\n2026-03-04 12:00 call busy\n2026-03-04 13:00 call no-answer"
    unsaid = f"2026-03-02 09:00 call busy\n2026-03-03 09:00 call{last}"
    assert signs(found, unsaid) == "...?"
    assert needs(found, unsaid) == {"outcome"}
    # Half past midnight in Lisbon is the evening before on the Azores.
    night = "2026-03-{} 00:30 call busy zone=Europe/Lisbon|Atlantic/Azores"
    between = f"2026-03-02 09:00 call busy\n{night.format('04')}{last}"
    assert signs(found, between)[-1] == "?"
    assert needs(found, between) == {"zone"}
    assert signs(found, f"2026-03-01 09:00 call busy\n{night.format('04')}{last}")[-1] == "."
    assert signs(found, f"2026-03-02 09:00 call busy\n2026-03-03 09:00 call busy\n{night.format('04')}{last}")[-1] == "!"
    at_the_end = "2026-03-02 09:00 call busy\n2026-03-03 09:00 call busy\n{}\n2026-03-07 13:00 call no-answer"
    assert signs(found, at_the_end.format(night.format("05"))) == "...?"
    assert signs(found, at_the_end.format(night.format("06"))) == "...."


def test_a_closer_that_no_source_holds_may_break_a_row():
    """The revocations are covered from the second call on: one between the first and the second may be missing."""
    row = standing("zz.lost", {"outcome": "busy", "in_a_row": 2}, {"kind": "consent-revoked"})
    found = law(rule(forbid={"while": "zz.lost"}), row)
    diary = "2026-03-02 09:00 call busy\n2026-03-02 09:10 call busy\n2026-03-02 09:20 call no-answer"
    second = entries(found, diary)[1].at
    for since, sign in ((second - 600, "!"), (second - 599, "?"), (second, "?"), (second + 1, "?")):
        held = Coverage((Holding("crm", frozenset({"consent-revoked"}), since),), records_until=1 << 40)
        assert signs(found, diary, held) == f"..{sign}", since


def test_a_talk_about_two_debts_opens_and_closes_for_each():
    """The standing is per debt; one contact touches both, another closes one of them."""
    talked = standing("zz.talked", {"outcome": "conversation"}, {"outcome": "busy"}, per=["debt"])
    found = law(rule(forbid={"while": "zz.talked"}), talked)
    diary = """
        2026-03-02 09:00 call conversation debt=1+2
        2026-03-02 09:01 call busy debt=2
        2026-03-02 09:02 call no-answer debt=1
        2026-03-02 09:03 call no-answer debt=2
        2026-03-02 09:04 call no-answer debt=2+3
        2026-03-02 09:05 call no-answer debt=2+1
    """
    assert signs(found, diary) == ".!!..!"


def test_what_opens_for_one_debt_of_a_contact_does_not_open_for_the_other():
    """An opener that asks a standing per debt is asked for the debt of the judged entry."""
    asked = standing("zz.disputed", {"kind": "dispute"}, per=["debt"])
    warned = standing("zz.warned", {"outcome": "conversation", "while": "zz.disputed"}, per=["debt"])
    spared = standing("zz.spared", {"outcome": "conversation", "while": {"not": ["zz.disputed"]}}, per=["debt"])
    diary = "2026-03-02 09:00 dispute debt=2\n2026-03-02 09:01 call conversation debt=1+2\n2026-03-02 09:02 call busy debt={}"
    found = law(rule(forbid={"while": "zz.warned"}), asked | warned)
    assert [signs(found, diary.format(debt)) for debt in ("1", "2", "1+2", "?")] == ["...", "..!", "..!", "..?"]
    found = law(rule(forbid={"while": "zz.spared"}), asked | spared)
    assert [signs(found, diary.format(debt)) for debt in ("1", "2", "1+2", "?")] == ["..!", "...", "..!", "..?"]


def test_a_mandate_for_two_debts_that_is_recalled_for_one_still_counts_for_the_other():
    """`while` windows follow the debt of the judged entry, and the standing that the earlier entry itself opened."""
    mandate = standing("zz.mandate", {"kind": "assigned"}, {"kind": "recalled"}, per=["debt", "agency"])
    cap = {"limit": 1, "count": "distinct agency", "within": "while zz.mandate", "per": ["debt"]}
    found = law(rule(applies={"kind": "assigned"}, cap=cap), mandate)
    diary = "2026-03-02 09:00 assigned debt=1+2\n2026-03-03 09:00 recalled debt=2\n2026-03-04 09:00 assigned agency=Y debt={}"
    assert [signs(found, diary.format(debt)) for debt in ("1", "2", "1+2")] == ["..!", "...", "..!"]


def test_in_a_window_while_a_standing_holds_the_judged_entry_tells_the_place():
    """The mandate lasts one date; where the second assignment is made it is still that date, or no longer."""
    mandate = standing("zz.mandate", {"kind": "assigned", "lasts": "1 day"}, {"kind": "recalled"}, per=["debt", "agency"])
    cap = {"limit": 1, "within": "while zz.mandate", "per": ["debt"]}
    found = law(rule(applies={"kind": "assigned"}, cap=cap), mandate)
    later = "2026-03-03 {} assigned agency=Y zone={}"
    first = "2026-03-02 09:00 assigned zone=Asia/Tokyo\n"
    assert signs(found, first + later.format("12:00", "Asia/Tokyo")) == ".."
    assert signs(found, first + "2026-03-02 22:00 assigned agency=Y zone=America/New_York") == ".!"


def test_until_ends_a_standing_that_would_last_longer_and_prolongs_none():
    """The date itself is included, and the earlier of the two ends counts."""
    agreed = standing("zz.agreed", {"kind": "consent", "lasts": "3 days"})
    found = law(rule(require={"while": "zz.agreed"}), agreed)
    diary = "2026-03-02 09:00 consent until={}\n" + "\n".join(f"2026-03-0{n} 10:00 call busy" for n in (2, 3, 4, 5))
    assert signs(found, diary.format("2026-03-03")) == "...!!"
    assert signs(found, diary.format("2026-03-09")) == "....!"
    assert signs(found, diary.format("2026-03-02|2026-03-09")) == "..??!"


def test_hours_named_are_the_hours_of_the_day_where_the_consumer_is():
    """Named hours may be one of two, and several spans of one day hold together."""
    named = standing("zz.named", {"kind": "inconvenient-hours"}, per=["consumer", "hours"])
    found = law(rule(forbid={"while": "zz.named"}), named)
    diary = "2026-03-02 07:00 inconvenient-hours hours=daily[08:00,09:00)mon[20:00,21:00)\n"
    calls = "\n".join(f"2026-03-02 {time} call busy" for time in ("08:00", "09:00", "20:59:59", "21:00"))
    assert signs(found, diary + calls) == ".!.!."


def test_hours_of_which_two_readings_exist_are_unclear_where_they_differ():
    """Each text is a candidate of its own."""
    named = standing("zz.named", {"kind": "inconvenient-hours"}, per=["consumer", "hours"])
    found = law(rule(forbid={"while": "zz.named"}), named)
    timeline = entries(
        found, "2026-03-02 07:00 inconvenient-hours hours=daily[08:00,10:00)\n2026-03-02 08:00 call busy\n2026-03-02 09:00 call busy"
    )
    timeline[0] = timeline[0].but(hours=("daily[08:00,10:00)", "daily[09:00,11:00)"))
    judge = Judge(found.book, timeline)
    answers = [judge.judge(found.judged, entry, i) for i, entry in enumerate(timeline)]
    assert [answer.value for answer in answers] == [False, None, True]
    assert answers[1].need == {"hours"}


# Section 7: what no source holds.


@pytest.mark.parametrize("kind", ["consent", ["consent", "hardship"], {"not": ["contact", "hardship"]}])
def test_an_opener_that_no_source_holds_leaves_its_standing_open(kind):
    """However the kind is tested for."""
    found = law(rule(require={"while": "zz.agreed"}), standing("zz.agreed", {"kind": kind}))
    assert signs(found, "2026-03-02 09:00 call busy") == "!"
    assert signs(found, "2026-03-02 09:00 call busy", silent("consent")) == "?"
    assert signs(found, "2026-03-02 09:00 call busy", silent("dispute")) == ("?" if isinstance(kind, dict) else "!")


def test_a_closer_that_no_source_holds_leaves_an_open_standing_unsure():
    """What was opened may have been closed unseen; what nothing opened stays closed."""
    found = law(rule(forbid={"while": "zz.told"}), standing("zz.told", {"kind": "cease-request"}, {"kind": "consent"}))
    diary = "2026-03-02 09:00 call busy\n2026-03-02 10:00 cease-request\n2026-03-02 11:00 call busy"
    assert signs(found, diary) == "..!"
    assert signs(found, diary, silent("consent")) == "..?"


def test_an_opener_that_no_source_holds_starts_when_its_standing_would():
    """A consent that nobody told would start three days after its date: until its one day is surely over, it may hold."""
    later = standing("zz.agreed", {"kind": "consent", "starts": "3 days after", "lasts": "1 day"})
    found = law(rule(require={"while": "zz.agreed"}), later)
    since = entries(found, "2026-03-05 00:00 call busy")[0].at
    held = Coverage((Holding("crm", frozenset({"consent"}), since),), records_until=1 << 40)
    calls = "\n".join(f"2026-03-{n:02} 12:00 call busy" for n in (6, 7, 9))
    # Given on the fourth, unseen, it starts on the seventh and lasts that day (a day more where the place is not known).
    assert signs(found, calls, held) == "??!"


def test_what_a_source_began_to_hold_is_certain_again_once_the_span_is_over():
    """Consent lasts two days and is held from the second of March on: on the fourth no unseen one can hold, wherever it was given."""
    found = law(rule(require={"while": "zz.agreed"}), standing("zz.agreed", {"kind": "consent", "lasts": "2 days"}))
    since = entries(found, "2026-03-02 00:00 call busy")[0].at
    held = Coverage((Holding("crm", frozenset({"consent"}), since),), records_until=1 << 40)
    calls = "\n".join(f"2026-03-0{n} 09:00 call busy" for n in (1, 2, 3, 4))
    # On the third: given in the last second of the first in Lisbon, it was the second of March east of there.
    assert signs(found, calls, held) == "???!"


def test_a_silent_kind_that_is_counted_is_without_bound():
    """If assignments are silent, a first one that is here may be the tenth."""
    found = law(rule(applies={"kind": "assigned"}, cap={"limit": 3, "within": "ever", "per": ["debt"]}))
    assert signs(found, "2026-03-02 09:00 assigned") == "."
    assert signs(found, "2026-03-02 09:00 assigned", silent("assigned")) == "?"


def test_an_answer_that_no_source_holds_leaves_a_duty_unclear():
    """Nothing is owed for sure where the answer would not be here."""
    owe = {"entry": {"kind": "verified"}, "within": "2 days after", "per": ["consumer"]}
    found = law(rule(owe=owe, applies={"kind": "dispute"}))
    assert signs(found, "2026-03-02 09:00 dispute", silent("verified")) == "?"
    assert signs(found, "2026-03-02 09:00 dispute", silent("consent")) == "!"


# Section 8: several debts and several consumers.


def test_a_contact_about_several_debts_counts_once_for_each():
    """In a cap per debt once for each debt named, in any other cap once."""
    diary = "2026-03-02 09:00 call busy debt=1+2\n2026-03-02 09:01 call busy debt=2+3\n2026-03-02 09:02 call busy debt=3+4"
    assert signs(law(rule(cap={**ONE_A_DAY, "per": ["debt"]})), diary) == ".!!"
    assert signs(law(rule(cap={**ONE_A_DAY, "limit": 2})), diary) == "..!"


def test_a_contact_that_names_no_debt_raises_at_most_and_not_at_least():
    """It may be about any debt: it makes no breach, and leaves no later contact surely clear."""
    found = law(rule(cap={**ONE_A_DAY, "per": ["debt"]}))
    assert signs(found, "2026-03-02 09:00 call busy debt=?\n2026-03-02 09:01 call busy\n2026-03-02 09:02 call busy") == ".?!"


def test_two_consumers_of_one_debt_are_summed_where_the_key_is_the_debt_alone():
    """`per = ["debt"]` sums over them, `["consumer", "debt"]` does not."""
    diary = "2026-03-02 09:00 call busy\n2026-03-02 09:01 call busy consumer=B"
    assert signs(law(rule(cap={**ONE_A_DAY, "per": ["debt"]})), diary) == ".!"
    assert signs(law(rule(cap={**ONE_A_DAY, "per": ["consumer", "debt"]})), diary) == ".."


def test_an_exemption_for_one_debt_does_not_lift_the_other():
    """A contact about two debts is judged once for each, and is a breach if any is."""
    agreed = standing("zz.agreed", {"kind": "consent"}, per=["debt"])
    found = law(rule(forbid={"channel": "call"}, unless=[{"while": "zz.agreed"}]), agreed)
    diary = "2026-03-02 09:00 consent debt=2\n2026-03-02 09:01 call busy debt={}"
    assert [signs(found, diary.format(debt)) for debt in ("1", "2", "1+2")] == [".!", "..", ".!"]


def test_a_call_exempt_for_one_debt_uses_the_quota_of_the_other():
    """Quotas, too, look at the debt that is judged."""
    agreed = standing("zz.agreed", {"kind": "consent"}, per=["debt"])
    cap = {"limit": 1, "within": "7 days", "per": ["debt"], "free": [{"outcome": "busy", "limit": 1, "within": "1 day"}]}
    found = law(rule(cap=cap, unless=[{"while": "zz.agreed"}]), agreed)
    diary = """
        2026-03-02 08:00 consent debt=2
        2026-03-02 09:00 call busy debt=1+2
        2026-03-02 09:01 call busy
        2026-03-02 09:02 call conversation
    """
    assert signs(found, diary) == "...!"


# What mutation testing found unguarded.


def test_each_debt_of_an_earlier_contact_counts_for_itself_alone():
    """Under a key that holds the debt, a call about two debts counts once for each, and the rule's own test looks at each debt alone."""
    found = law(rule(cap={"limit": 1, "within": "1 day", "per": ["debt"]}))
    diary = """
        2026-03-02 09:00 call busy debt=A+B
        2026-03-02 10:00 call busy debt=B
        2026-03-02 11:00 call busy debt=C
        2026-03-02 12:00 call busy debt=A
    """
    assert signs(found, diary) == ".!.!"


def test_a_value_that_comes_again_is_leaned_on_where_it_came_last():
    """The proof of one value too many holds one entry for each other value, the latest."""
    found = law(rule(cap={**ONE_A_DAY, "limit": 2, "count": "distinct channel"}))
    diary = "2026-03-02 09:00 call busy\n2026-03-02 09:01 sms failed\n2026-03-02 09:02 call busy\n2026-03-02 09:03 email failed"
    timeline = entries(found, diary)
    answer = Judge(found.book, timeline).judge(found.judged, timeline[3], 3)
    assert (answer.value, answer.lean) == (True, {1, 2})


def test_all_that_may_count_is_added_up_and_asked_for():
    """Two earlier calls that may count, each for its own reason, may fill a cap of two; what would settle either is asked for."""
    found = law(rule(applies={"direction": "outbound", "outcome": "busy"}, cap={**ONE_A_DAY, "limit": 2}))
    diary = "2026-03-02 09:00 call busy direction=?\n2026-03-02 09:01 call\n2026-03-02 09:02 call busy"
    assert signs(found, diary)[-1] == "?"
    assert needs(found, diary) == {"direction", "outcome"}


@pytest.mark.parametrize(("low", "sign"), [(30, "!"), (31, ".")])
def test_a_bound_holds_its_own_number(low, sign):
    """At least thirty seconds holds for thirty."""
    found = law(rule(forbid={"duration_s": {"at_least": low}}))
    assert signs(found, "2026-03-02 09:00 call conversation duration_s=30") == sign


def test_what_is_judged_and_told_for_all_is_shared_with_each():
    """A stop told for all agencies comes after one told to X under the key of the agency, and before one told to Y."""
    found = law(rule(applies={"kind": "cease-request"}, cap={"limit": 1, "within": "1 day", "per": ["agency"]}))
    assert signs(found, "2026-03-02 09:00 cease-request agency=X\n2026-03-02 10:00 cease-request agency=*") == ".!"
    assert signs(found, "2026-03-02 09:00 cease-request agency=*\n2026-03-02 10:00 cease-request agency=Y") == ".!"


def test_what_is_sure_and_what_may_be_are_added_up():
    """One call that counts and one that may leave a third under a cap of two open."""
    found = law(rule(cap={**ONE_A_DAY, "limit": 2}))
    assert signs(found, "2026-03-02 09:00 call busy\n2026-03-02 09:01 call busy direction=?\n2026-03-02 09:02 call busy")[-1] == "?"


def test_a_row_of_calls_needs_no_date():
    """Two calls in a row are so whatever the local date was."""
    lost = standing("zz.lost", {"outcome": "busy", "in_a_row": 2})
    found = law(rule(applies={"outcome": "rejected"}, forbid={"while": "zz.lost"}), lost)
    diary = "2026-03-02 23:59 call busy zone=?\n2026-03-03 00:01 call busy zone=?\n2026-03-03 00:02 call rejected zone=?"
    assert signs(found, diary) == "..!"
