"""What a judgement carries besides its verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from small import entries, law, rule, silent, standing
from timelines import book, rules_where, timelines

from forbear.engines.judgement import judge_timeline
from forbear.records.coverage import COMPLETE, Coverage, Holding
from forbear.terms import Verdict


def last(found, diary, coverage=COMPLETE, **given):
    """The judgement of the last line of a diary."""
    timeline = entries(found, diary, **given)
    judged = list(judge_timeline(found.book, found.book.rules, timeline, coverage))
    assert judged, "nothing found"
    assert judged[-1].position == len(timeline) - 1
    return judged[-1]


def measured(found, diary, coverage=COMPLETE, **given):
    """Verdict, measured value, limit and what would settle it."""
    one = last(found, diary, coverage, **given)
    return one.verdict, one.measured, one.limit, one.settles


CAP = {"limit": 1, "within": "7 days", "per": ["debt"]}
CALL = "2026-03-02 09:00 call busy\n"


@pytest.mark.parametrize(
    ("parts", "diary", "said"),
    [
        ({"hours": {"daily": "[08:00,20:00)"}}, "2026-03-02 20:00 call", ("breach", "20:00:00", "08:00:00-19:59:59", ())),
        (
            {"hours": {"daily": "[08:00,20:00)"}},
            "2026-03-02 08:30 call zone=Europe/Lisbon|Atlantic/Azores",
            ("unclear", "08:30:00|07:30:00", "08:00:00-19:59:59", ("zone",)),
        ),
        (
            {"hours": {"mon-fri": "(08:00,09:00](10:00,11:00)"}},
            "2026-03-02 08:00 call",
            ("breach", "08:00:00", "08:00:01-09:00:00 10:00:01-10:59:59", ()),
        ),
        ({"hours": {"mon-fri": "[08:00,20:00)"}}, "2026-03-07 08:00 call", ("breach", "08:00:00", "none", ())),
        (
            {"hours": {"daily": "[08:00,20:00)", "holiday": []}, "calendar": "ZZ"},
            "2026-03-27 10:00 call",
            ("breach", "10:00:00", "none", ()),
        ),
        (
            {"hours": {"daily": "[08:00,20:00)", "holiday": []}, "calendar": "ZZ"},
            "2030-03-04 10:00 call",
            ("unclear", "10:00:00", "08:00:00-19:59:59|none", ("calendar ZZ",)),
        ),
        ({"cap": CAP}, f"{CALL}2026-03-02 10:00 call", ("breach", "2", "1", ())),
        ({"cap": CAP}, f"{CALL}2026-03-02 10:00 call debt=?", ("unclear", "1..2", "1", ("debt",))),
        ({"cap": {**CAP, "count": "distinct channel"}}, f"{CALL}2026-03-02 10:00 sms", ("breach", "2", "1", ())),
        ({"forbid": {"tags": ["threat", "insult"]}}, "2026-03-02 10:00 call tags=threat+legal-notice", ("breach", "tags=threat", "", ())),
        ({"forbid": {"tags": "threat"}}, "2026-03-02 10:00 call tags=?", ("unclear", "tags=?", "", ("tags",))),
        (
            {"require": {"collectors_present": {"at_least": 2}}},
            "2026-03-02 10:00 visit collectors_present=1",
            ("breach", "collectors_present=1", ">= 2", ()),
        ),
        (
            {"forbid": {"collectors_present": {"at_most": 1}}},
            "2026-03-02 10:00 visit collectors_present=1|2",
            ("unclear", "collectors_present=1|2", "<= 1", ("collectors_present",)),
        ),
    ],
)
def test_measured_value_limit_and_what_would_settle_it(parts, diary, said):
    """As text, and empty where the clause has no number."""
    assert measured(law(rule(**parts)), diary) == said


def test_a_duty_shows_its_time_and_what_is_missing():
    """Late, not yet due, and unanswerable."""
    found = law(rule(applies={"kind": "dispute"}, owe={"entry": {"kind": "verified"}, "within": "5 days after", "per": ["consumer"]}))
    diary = "2026-03-02 09:00 dispute"
    assert measured(found, diary) == ("breach", "", "5 days after", ())
    due = COMPLETE._replace(records_until=entries(found, diary)[0].at)
    assert measured(found, diary, due) == ("unclear", "", "5 days after", ("records until",))
    assert measured(found, diary, silent("verified")) == ("unclear", "", "5 days after", ("kind=verified",))


def test_what_no_source_holds_would_settle_it():
    """The kind of fact is named, and the standing that turns on it."""
    found = law(rule(require={"while": "zz.agreed"}), standing("zz.agreed", {"kind": "consent"}))
    assert measured(found, CALL, silent("consent")) == ("unclear", "while zz.agreed", "", ("kind=consent",))


def test_a_rule_that_only_warns_finds_departures():
    """The same breach of a rule that only warns is a departure."""
    for effect, verdict in (("advised-against", "departure"), ("protection-lost", "departure"), ("duty", "breach")):
        assert last(law(rule(forbid={"channel": "call"}, effect=effect)), CALL).verdict is Verdict(verdict)


def test_the_finding_names_the_debts_it_holds_for():
    """Of a call about two debts only the one whose count is full; if one is a breach the unclear ones are not named."""
    found = law(rule(cap=CAP))
    assert last(found, f"{CALL}2026-03-02 10:00 call debt=1+2").debts == ("1",)
    assert last(found, f"{CALL}2026-03-02 09:30 call debt=?\n2026-03-02 10:00 call debt=1+2").debts == ("1",)
    assert last(found, "2026-03-02 09:30 call debt=?\n2026-03-02 10:00 call debt=1+2").debts == ("1", "2")
    assert last(found, "2026-03-02 09:30 call debt=3+1\n2026-03-02 10:00 call debt=1+2+3").debts == ("1", "3")


def test_judgements_come_by_entry_and_then_by_rule_and_clear_ones_not_at_all():
    """Positions count in the timeline's order."""
    found = law(rule(cap=CAP))
    later = law(rule(forbid={"channel": "call"})).judged
    timeline = entries(found, f"2026-03-02 08:00 sms\n{CALL}2026-03-02 10:00 call busy")
    judged = list(judge_timeline(found.book, [found.judged, later], timeline, COMPLETE))
    assert [(one.position, one.rule is later) for one in judged] == [(1, False), (1, True), (2, False), (2, True)]
    assert [one.witness for one in judged] == [(0,), (), (1,), ()]


@given(timelines(rules=rules_where(lambda rule: rule.id.startswith("xx."))))
def test_what_a_rule_says_does_not_depend_on_the_rules_beside_it(one):
    """Nor on the entries judged before: verdict, measured value and witness are those of the rule alone."""
    rule, entries = one
    beside = [book().rules[n] for n in rules_where(lambda rule: rule.id.startswith("xx."))]
    together = [found for found in judge_timeline(book(), beside, entries, COMPLETE) if found.rule is rule]
    assert together == list(judge_timeline(book(), [rule], entries, COMPLETE))


def test_what_no_row_of_openers_reaches_settles_nothing():
    """A source that holds a kind since yesterday is not asked about last week, where nothing of the row lies."""
    found = law(
        rule(applies={"outcome": "rejected"}, forbid={"while": "zz.lost"}),
        standing("zz.lost", {"outcome": "busy", "in_a_row": 2}, {"kind": "consent"}),
    )
    since = entries(found, "2026-03-02 00:00 call")[0].at
    held = Coverage((Holding("", frozenset({"consent"}), since=since),), records_until=1 << 40)
    diary = "2026-02-20 09:00 sms delivered\n2026-03-03 09:00 call outcome=?\n2026-03-03 09:01 call busy\n2026-03-03 09:02 call rejected"
    assert last(found, diary, held).settles == ("outcome",)
