from __future__ import annotations

import re

from forbear.findings.charts import Mark, period, timeline
from forbear.findings.story import MOST_ROWS, tell
from forbear.findings.worst import MOST_STEPS, PIXELS, Worst
from tests.findings import history


def worst(diary: str) -> Worst:
    """One consumer with this diary, as a timeline that is kept."""
    (found,) = history.tallied([history.entries(diary, consumer="A")]).worst
    return found


def test_every_rule_is_shown_once_before_any_is_shown_twice():
    """A timeline with forty night calls and one threat shows the threat too."""
    told = worst("40 x 2026-04-06 23:00 sms delivered\n2026-04-08 09:00 call conversation tags=threat")
    shown = told.findings
    assert len(shown) == MOST_STEPS
    assert {f.rule.id for f in shown} == {"xx.test.night", "xx.test.threat"}
    assert [f.entry.at for f in shown] == sorted(f.entry.at for f in shown)


def test_what_is_not_shown_is_counted():
    """Breaches and witness entries beyond what fits are counted, and none is lost: shown and not shown make the whole."""
    told = tell(worst("9 x 2026-04-06 23:00 sms delivered"), 0, history.book(), "en")
    assert len(told.steps) + told.more == told.breaches == 9
    finding = next(f for f in history.judged(history.entries(history.HARD, consumer="A")) if f.rule.id == "xx.test.month")
    many = finding._replace(witness=finding.witness * 5)
    step = tell(worst(history.HARD)._replace(findings=(many,)), 0, history.book(), "en").steps[0]
    assert (len(step.rows), step.more) == (MOST_ROWS + 1, 20 - MOST_ROWS)


def test_a_single_instant_can_be_drawn():
    """A breach without witness is a picture of half a day around it."""
    assert period([Mark("1", 1_000_000_000, "guilty")]) == (1_000_000_000 - 21_600_000, 1_000_000_000 + 21_600_000)
    told = tell(worst("2026-04-06 23:00 sms delivered"), 0, history.book(), "zh")
    assert told.wide.startswith("<svg")
    assert "全部联系" in told.wide


def test_no_date_stands_twice_under_a_picture():
    """Ticks are whole days or full hours, so each label is written once, however long the timeline."""
    for days in (1, 3, 10, 40, 400, 4000):
        marks = [Mark("all", 0, "other"), Mark("1", 0, "witness"), Mark("1", days * 86_400_000, "guilty")]
        svg = timeline(marks, ["all", "1"], "x", "en", 760, "t")
        labels = re.findall(r">(\d+ [A-Z][a-z]+(?: \d\d:\d\d)?|\d\d:\d\d)<", svg)
        assert labels
        assert len(labels) == len(set(labels)) or days > 365


def test_pictures_name_no_font_of_this_machine():
    """Texts are drawn in the reader's sans-serif, and ids of one picture never meet those of another."""
    told = tell(worst("2026-04-06 23:00 sms delivered"), 0, history.book(), "en")
    assert set(re.findall(r'font-family="([^"]*)"', told.wide + told.narrow)) == {"sans-serif"}
    wide, narrow = (set(re.findall(r'id="([^"]*)"', svg)) for svg in (told.wide, told.narrow))
    assert not wide & narrow


def test_what_is_kept_does_not_grow_with_contacts():
    """Of thousands of contacts so many are kept as a picture can show, and all are counted."""
    found = worst("2026-04-06 23:00 sms delivered\n4000 x 2026-04-07 09:00 sms delivered\n2026-04-11 23:00 sms delivered")
    assert found.contacts == 4002
    assert PIXELS // 2 < len(found.others) <= PIXELS + 1
