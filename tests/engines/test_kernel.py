"""The compiled kernel says what plain says: same verdicts, measured values, what would settle them, and witnesses."""

from __future__ import annotations

import numpy as np
import pytest
import random_law
import small
from hypothesis import given, note, settings
from hypothesis import strategies as st
from timelines import COVERAGES, LAWS, book, crowded

from forbear.engines.judgement import Verdicts, judge_timeline
from forbear.engines.kernel.compiled import run
from forbear.engines.kernel.compiled.dates import settle_days
from forbear.engines.kernel.host import Kernel
from forbear.engines.trial import diaries
from forbear.records.columns.block import of_entries
from forbear.records.coverage import COMPLETE
from forbear.records.entry import order
from forbear.terms import Verdict


@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=60)
@given(data=st.data())
def test_the_kernel_says_what_plain_says(law, data):
    """On crowded random timelines, under every rule of a law at once and whatever the sources hold, all judgements are the same."""
    lines = data.draw(st.lists(crowded(law), min_size=1, max_size=3))
    coverage = data.draw(st.sampled_from(COVERAGES))
    found = list(Kernel(book(), LAWS[law], coverage).judge(lines))
    assert [list(judge_timeline(book(), LAWS[law], line, coverage)) for line in lines] == found


def test_plain_is_left_little_of_the_shipped_law():
    """The diaries of the shipped law run wholly in the kernel, but for the few constructs that it hands to plain, and says so."""
    for law in ("us.", "cn."):
        rules = [rule for rule in LAWS[law] if rule.status == "stable"]
        kernel = Kernel(book(), rules, COMPLETE)
        lines = [[line.entry for line in diary.lines] for rule in rules for diary in diaries(book(), rule)]
        start = np.cumsum([0, *map(len, lines)])
        share = kernel.find(of_entries(entry for line in lines for entry in line), np.arange(start[-1]), start).share
        assert share.timelines == len(lines)
        assert share.whole < len(lines) / 50
        assert share.whole + share.partly < len(lines) / 5


def test_hours_that_somebody_named_leave_to_plain_only_the_rules_that_ask_for_them():
    """All other rules run in the kernel, whoever named hours; and the judgements are those of plain."""
    rules = [rule for rule in LAWS["us."] if rule.status == "stable"]
    (named,) = (rule for rule in rules if rule.id == "us.reg-f.inconvenient-hours")
    kernel = Kernel(book(), rules, COMPLETE)
    line = [each.entry for each in diaries(book(), named)[0].lines]
    found = kernel.find(of_entries(line), np.arange(len(line)), np.array([0, len(line)]))
    assert found.share == (1, 0, 1)
    assert {rules[r].id for _, r, truth in found.rows.tolist() if truth == run.LEFT} == {named.id}
    told = list(judge_timeline(book(), rules, line, COMPLETE))
    assert next(iter(kernel.judge([line]))) == told
    verdicts, same = kernel.verdicts(found, lambda places: [line[k] for k in places]), Verdicts.of(told, rules)
    assert all((one == other).all() for one, other in zip(verdicts, same, strict=True))


@settings(max_examples=3 * settings().max_examples)
@given(random_law.laws(), st.lists(random_law.timelines(), min_size=1, max_size=3), st.data())
def test_the_kernel_says_what_plain_says_of_random_laws(law, lines, data):
    """Whatever the rule and its standings, with holes, candidates, ties, late facts and silent sources, all judgements are the same."""
    note(f"{law.rule}\n{law.standings}")
    told = []
    for line in lines:
        told.append(data.draw(random_law.holed(line)) if data.draw(st.booleans()) else line)
    coverage = data.draw(st.sampled_from(COVERAGES))
    found = list(Kernel(law.book, [law.judged], coverage).judge(told))
    assert [list(judge_timeline(law.book, [law.judged], line, coverage)) for line in told] == found


def test_a_fact_learned_late_still_finds_what_lay_minutes_before_it():
    """Windows and spans of a judged fact run back from when it happened, however long before it was known."""
    found = small.law(
        small.rule(applies={"kind": "dispute"}, forbid={"while": "zz.rang"}),
        small.standing("zz.rang", {"channel": "call", "lasts": "5 minutes"}),
    )
    line = small.entries(found, "2026-03-02 09:00 call no-answer\n2026-03-02 09:04 dispute known=2026-03-06T09:00")
    (told,) = Kernel(found.book, [found.judged], COMPLETE).judge([line])
    assert [(each.position, each.verdict) for each in told] == [(1, Verdict.BREACH)]


def test_a_fact_learned_late_still_finds_a_value_that_came_again_after_it_happened():
    """Eve is met on the 28th and again on the 30th; who learns on the 31st of a person met on the 28th still counts Eve of that day."""
    found = small.law(
        small.rule(applies={"kind": "dispute"}, cap={"limit": 1, "within": "2 days", "per": ["consumer"], "count": "distinct person"})
    )
    diary = """
        2026-03-28 01:00 dispute person=eve
        2026-03-30 13:00 dispute person=eve
        2026-03-28 09:00 dispute person=bob known=2026-03-31T09:00
    """
    line = small.entries(found, diary)
    plain = list(judge_timeline(found.book, [found.judged], line, COMPLETE))
    assert [judgement.verdict for judgement in plain] == [Verdict.BREACH]
    assert list(Kernel(found.book, [found.judged], COMPLETE).judge([line])) == [plain]


def test_of_candidates_that_are_the_same_each_may_be_another_person():
    """Two calls placed to "Ann or Bob" may have reached both: neither stands for the other in a count of persons."""
    found = small.law(small.rule(cap={"limit": 2, "count": "distinct person", "within": "7 days", "per": ["consumer"]}))
    diary = "2026-03-02 09:00 call person=ann|bob\n2026-03-02 09:01 call person=ann|bob\n2026-03-02 09:02 call person=ann"
    line = small.entries(found, diary)
    assert list(Kernel(found.book, [found.judged], COMPLETE).judge([line])) == [
        list(judge_timeline(found.book, [found.judged], line, COMPLETE))
    ]
    assert [each.measured for each in judge_timeline(found.book, [found.judged], line, COMPLETE)] == ["1..3"]


def test_one_compilation_serves_every_law_and_every_table():
    """Numbers of rules, of dimensions or of entries are no part of a type."""
    for rules in LAWS.values():
        line = [each.entry for diary in diaries(book(), rules[0]) for each in diary.lines]
        list(Kernel(book(), rules, COMPLETE).judge([line]))
    assert len(run.run.signatures) == len(settle_days.signatures) == 1


def test_findings_come_in_the_order_of_entries_and_of_rules(monkeypatch):
    """Rows are written in order, whether a rule looks back or not."""
    written = []
    compiled = run.run

    def kept(*given_):
        following, rows = compiled(*given_)
        written.append(given_[5][:rows, :2].tolist())
        return following, rows

    monkeypatch.setattr(run, "run", kept)
    for rules in LAWS.values():
        line = sorted((each.entry for rule in rules for diary in diaries(book(), rule) for each in diary.lines), key=order)
        Kernel(book(), rules, COMPLETE).find(of_entries(line), np.arange(len(line)), np.array([0, len(line)]))
    assert max(map(len, written)) > 10
    assert all(rows == sorted(rows) for rows in written)


def test_an_entry_about_more_debts_than_there_is_room_for_is_left_to_plain():
    """Nothing is written beyond what was set aside for the debts of one entry."""
    found = small.law(small.rule(cap={"limit": 1, "within": "7 days", "per": ["debt"]}))
    (entry,) = small.entries(found, "2026-03-02 09:00 call")
    line = [entry.but(debt=tuple(map(str, range(5000))))]
    assert Kernel(found.book, [found.judged], COMPLETE).find(of_entries(line), np.arange(1), np.array([0, 1])).share.whole == 1
