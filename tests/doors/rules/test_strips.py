"""Examples as pictures."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import pairwise

import pytest
from timelines import book

from forbear.doors.rules.strips import KINDS, NARROW, WIDE, draw, kind
from forbear.engines.trial import diaries
from forbear.rulebook.rule import Rule

RULES = [rule for rule in book().rules if rule.example]


def find(name: str) -> Rule:
    """A rule by its id."""
    return next(rule for rule in RULES if rule.id == name)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_entry_is_drawn_inside_the_picture_and_none_over_another(width):
    """On all examples of all rules: as many marks as entries, where several a minute apart are one."""
    for rule in RULES:
        for diary in diaries(book(), rule):
            strip = draw(book(), rule, diary, "en", width)
            assert sum(mark.times for mark in strip.marks) == len(diary.lines)
            assert all(0 < mark.x < width and 0 < mark.y < strip.height for mark in strip.marks)
            for one, following in pairwise(sorted(strip.marks, key=lambda mark: (mark.y, mark.x))):
                assert one.y < following.y or following.x - one.x > (34 if one.times > 1 else 18), rule.id


def test_a_mark_stands_at_its_hour_and_looks_like_its_verdict():
    """Seven at nine, the eighth on another day at six in the evening, and the first of the next window."""
    rule = find("us.reg-f.call-frequency")
    strip = draw(book(), rule, diaries(book(), rule)[0], "en", WIDE)
    assert [(mark.kind, mark.times) for mark in strip.marks] == [("clear", 7), ("breach", 1), ("clear", 1)]
    hour = {said: x for x, said in strip.ticks}
    assert [mark.x for mark in strip.marks] == pytest.approx([hour["9:00"], hour["18:00"], hour["0:00"]])
    assert [day.label for day in strip.days] == ["2026-04-01 Wed", "2026-04-07 Tue", "2026-04-08 Wed"]
    assert strip.alt == "Example on 3 days: 8 × lawful and 1 × breach. The diary below says the same."


def test_a_mark_keeps_its_place_beside_one_of_another_clock():
    """A call elsewhere at seven past ten is earlier than one here at nine, and stands after it all the same."""
    rule = find("us.reg-f.seven-calls-a-day")
    strip = draw(book(), rule, diaries(book(), rule)[1], "en", WIDE)
    (repeated,) = [mark for mark in strip.marks if mark.times > 1]
    assert repeated.x == pytest.approx({said: x for x, said in strip.ticks}["9:00"])


def test_all_marks_look_different():
    """What only the gate or only the audit says, what is unclear, a departure, a fact: each is drawn by itself."""
    drawn = {kind(rule, line): line for rule in RULES for diary in diaries(book(), rule) for line in diary.lines}
    assert drawn.keys() == {*KINDS.values(), "departure", "fact"}


def test_hours_that_are_surely_not_allowed_are_shaded():
    """On a Sunday all day; on a weekday that may be a holiday outside the hours of weekdays alone."""
    rule = find("co.ley-2300.hours")
    diary = diaries(book(), rule)[0]
    strip = draw(book(), rule, diary, "zh", WIDE)
    whole = strip.ticks[-1][0] - strip.ticks[0][0]
    shaded = {day.label: [round(24 * width / whole, 1) for _, width in day.quiet] for day in strip.days}
    assert shaded == {"2026-03-06 周五": [7, 5], "2026-03-07 周六": [8, 9], "2026-03-08 周日": [24], "2026-03-09 周一": [7, 5]}
    assert not draw(book(), find("us.reg-f.call-frequency"), diaries(book(), find("us.reg-f.call-frequency"))[0], "en", WIDE).days[0].quiet


def test_a_breach_of_hours_stands_in_the_shade_and_what_is_lawful_in_the_light():
    """The last day of an example that is judged by its hours alone; a mark stands at its hour."""
    rule = find("cn.cfc-supervisory.hours")
    (diary,) = diaries(book(), rule)
    strip = draw(book(), rule, diary, "en", WIDE)
    (_, morning), (evening, _) = strip.days[-1].quiet
    early, first, last, late, _ = (mark for mark in strip.marks if mark.y > strip.days[-1].y)
    assert [early.kind, first.kind, last.kind, late.kind] == ["breach", "clear", "clear", "breach"]
    assert early.x - strip.ticks[0][0] - morning == pytest.approx(0, abs=0.1)
    assert early.x < first.x
    assert last.x < late.x
    assert evening < late.x


def test_the_marks_have_a_shape_each_on_the_page():
    """No kind falls to the last shape by accident."""
    page = (files("forbear.doors.rules") / "base.html.j2").read_text("utf-8")
    named = set(re.findall(r'"([a-z-]+)"', " ".join(re.findall(r"if kind (?:==|in) .*?%\}", page))))
    assert named == {*KINDS.values(), "departure", "fact"} - {"unclear-audit"}
