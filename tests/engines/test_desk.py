"""The desk says of a question what plain says, and never changes what it was asked about."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
import random_law
import small
from hypothesis import given, note, settings
from hypothesis import strategies as st
from timelines import COVERAGES, LAWS, book, crowded

from forbear.engines import earliest
from forbear.engines.conditions import views
from forbear.engines.judgement import judgement_of
from forbear.engines.kernel.desk import Desk
from forbear.engines.plain import Judge
from forbear.records.coverage import COMPLETE
from forbear.records.entry import order
from forbear.records.packed import Packed

DAY = 86400


def plainly(law, rules, before, asked, coverage):
    """What plain says of a question: judgements, and the openers of the standings that exempt."""
    judge = Judge(law, before, coverage)
    told, permits = [], []
    for rule in rules:
        if rule.owe:
            continue
        value = judge.judge(rule, asked, len(before), gate=True).value
        found = judgement_of(law, rule, [*before, asked], len(before), Judge(law, [*before, asked], coverage))
        assert value is (False if found is None else None if found.verdict == "unclear" else True)
        told += [found] if found else []
        whiles = [match for match in (*rule.unless.any, *(rule.require.any if rule.require else ())) if list(match.standings())]
        lean = set()
        for view in views(asked):
            applies, within = judge.match(rule.applies, view, len(before)), judge.times.in_force(rule, view)
            if whiles and applies.value is not False and within.value is not False:
                lean |= judge.any_of(whiles, view, len(before)).lean
        permits += [(rule, position) for position in sorted(lean)]
    return told, permits


def latest(entries, asked):
    """The question, after everything else."""
    last = max((entry.known_at for entry in entries), default=asked.known_at)
    later = max(asked.known_at, last + 1)
    return earliest.unsettled(msgspec.structs.replace(asked, entry_id="asked", at=later if asked.is_contact else asked.at, known_at=later))


def same(law, rules, desk, line, asked, coverage):
    """Desk and plain say the same, and the line is as it was."""
    before, packed = line.entries(), line.pack()
    found = desk.ask(line, asked)
    assert plainly(law, rules, before, asked, coverage) == (found.judgements, found.permits)
    assert found.allowed == all(judgement.rule.warns for judgement in found.judgements)
    assert line.pack() == packed


@st.composite
def small_questions(draw):
    """A random law, what came before, and a question; all with holes."""
    law = draw(random_law.laws())
    *before, asked = draw(random_law.holed([*draw(random_law.timelines()), *draw(random_law.timelines(most=3))])) or [None]
    before = [msgspec.structs.replace(entry, entry_id=f"{n:03}") for n, entry in enumerate(before)]
    if asked is None:
        (asked,) = small.entries(law, "2026-03-24 09:00 call")
    line = random_law.silenced(sorted(before, key=order))
    coverage = draw(st.sampled_from((*COVERAGES, None)))
    if coverage is None:
        before, coverage = draw(line)
    return law.book, [law.judged], sorted(before, key=order), latest(before, asked), coverage


@st.composite
def shipped_questions(draw, law):
    """Rules of a shipped law, a crowded timeline, and a question."""
    *before, asked = draw(crowded(law))
    return book(), LAWS[law], before, latest(before, asked), draw(st.sampled_from(COVERAGES))


@settings(max_examples=3 * settings().max_examples)
@given(small_questions())
def test_the_desk_says_what_plain_says_of_random_laws(given_):
    """Judgements and permits, with holes, candidates, several debts, late facts and silent sources, known between dates or never."""
    law, rules, before, asked, coverage = given_
    note(f"{rules}")
    same(law, rules, Desk(law, rules, coverage), Packed.of(before), asked, coverage)


@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=60)
@given(data=st.data())
def test_the_desk_says_what_plain_says_of_shipped_law(law, data):
    """Under every rule of a law at once."""
    found, rules, before, asked, coverage = data.draw(shipped_questions(law))
    same(found, rules, Desk(found, rules, coverage), Packed.of(before), asked, coverage)


@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_line_that_grows_is_judged_as_one_built_at_once(law, data):
    """What is kept of a line does not go stale: after an entry was put at its end or between others, replaced, or dropped."""
    desks = _DESKS.setdefault(law, Desk(book(), LAWS[law], COMPLETE))
    *before, asked = data.draw(crowded(law))
    asked = latest(before, asked)
    line, held = Packed.of([]), {}
    for entry in data.draw(st.permutations(before)):
        line.put(entry)
        held[entry.entry_id] = entry
        if data.draw(st.integers(0, 4)) == 0:
            changed = data.draw(st.sampled_from(list(held.values()))).but(debt=data.draw(st.sampled_from((("7",), ("1", "8"), None))))
            line.put(changed)
            held[changed.entry_id] = changed
        if data.draw(st.integers(0, 6)) == 0:
            gone = data.draw(st.sampled_from(list(held)))
            line.drop(gone)
            del held[gone]
        if data.draw(st.booleans()):
            found = desks.ask(line, asked)
            at_once = Desk(book(), LAWS[law], COMPLETE).ask(Packed.of(held.values()), asked)
            assert found == at_once
    same(book(), LAWS[law], desks, line, asked, COMPLETE)


_DESKS: dict[str, Desk] = {}


@settings(max_examples=2 * settings().max_examples)
@given(small_questions())
def test_the_earliest_instant_is_that_of_plain(given_):
    """Of random laws, whatever the holes."""
    law, rules, before, asked, coverage = given_
    asked = msgspec.structs.replace(asked, at=asked.known_at)
    note(f"{rules}")
    expected = earliest.earliest(law, [rule for rule in rules if not rule.owe and not rule.warns], before, asked, coverage)
    assert Desk(law, rules, coverage).earliest(Packed.of(before), asked) == expected


@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=25)
@given(data=st.data())
def test_the_earliest_instant_is_that_of_plain_under_shipped_law(law, data):
    """Of some rules of a law together."""
    found, rules, before, asked, coverage = data.draw(shipped_questions(law))
    asked = msgspec.structs.replace(asked, at=asked.known_at)
    some = data.draw(st.lists(st.sampled_from(rules), min_size=1, max_size=6, unique_by=id))
    expected = earliest.earliest(found, [rule for rule in some if not rule.owe and not rule.warns], before, asked, coverage)
    assert Desk(found, some, coverage).earliest(Packed.of(before), asked) == expected


@settings(max_examples=settings().max_examples)
@given(small_questions(), st.data())
def test_windows_are_when_plain_is_clear(given_, data):
    """Whatever second of the next days is looked at, it lies in a window exactly if plain finds nothing there; windows are in order."""
    law, rules, before, asked, coverage = given_
    asked = msgspec.structs.replace(asked, at=asked.known_at)
    until = asked.at + data.draw(st.integers(1, 12 * DAY))
    windows = Desk(law, rules, coverage).windows(Packed.of(before), asked, until)
    note(f"{rules} {windows}")
    ends = [instant for window in windows for instant in window]
    assert ends == sorted(set(ends))
    assert all(asked.at <= instant <= until for instant in ends)
    judge = Judge(law, before, coverage)
    looked = {*ends, *(instant - 1 for instant in ends), asked.at, *data.draw(st.lists(st.integers(asked.at, until - 1), max_size=10))}
    for at in sorted(instant for instant in looked if asked.at <= instant < until):
        moved = msgspec.structs.replace(asked, at=at, known_at=at)
        clear = all(judge.judge(rule, moved, len(before), gate=True).value is False for rule in rules if not rule.owe and not rule.warns)
        assert clear == any(first <= at < last for first, last in windows)


def test_a_question_is_no_part_of_what_happened():
    """Asked twice, or at many instants, the second question does not count the first."""
    found = small.law(small.rule(cap={"limit": 1, "within": "1 day", "per": ["consumer"]}))
    (asked,) = small.entries(found, "2026-03-24 09:00 call")
    desk, line = Desk(found.book, [found.judged], COMPLETE), Packed.of([])
    assert [desk.ask(line, asked).allowed for _ in range(3)] == [True] * 3
    assert desk.windows(line, asked, asked.at + DAY) == [(asked.at, asked.at + DAY)]
    assert desk.windows(line, asked, asked.at) == []
    line.put(msgspec.structs.replace(asked, entry_id="it happened"))
    later = msgspec.structs.replace(asked, at=asked.at + 60, known_at=asked.known_at + 60)
    assert not desk.ask(line, later).allowed
    assert np.array_equal(line.times, [[asked.at, asked.known_at]])


def test_a_contact_about_more_debts_than_there_is_room_for_is_left_to_plain():
    """Whether it was asked about or came before."""
    found = small.law(small.rule(cap={"limit": 1, "within": "7 days", "per": ["debt"]}))
    (entry,) = small.entries(found, "2026-03-02 09:00 call")
    wide = entry.but(debt=tuple(map(str, range(5000))))
    desk = Desk(found.book, [found.judged], COMPLETE)
    one = msgspec.structs.replace(entry.but(debt=("7",)), entry_id="b", at=entry.at + 9, known_at=entry.at + 9)
    assert not desk.ask(Packed.of([wide]), one).allowed
    assert desk.earliest(Packed.of([wide]), one) == earliest.earliest(found.book, [found.judged], [wide], one)


@pytest.mark.parametrize("starts", [None, "1 business day after"])
def test_the_latest_day_on_which_business_days_can_end_is_waited_for(starts):
    """The 26th of March is left open and the 27th a holiday: what is over with the 30th or the 31st is surely over with the 31st."""
    place = random_law.with_years(lambda year: year | {"perhaps": [random_law.PERHAPS[1].replace(year=year["year"])]})
    opens = {"kind": "dispute", "lasts": "2 business days after"} | ({"starts": starts} if starts else {})
    standings = small.standing("zz.quiet", opens, calendar="ZZ")
    found = small.law(small.rule(forbid={"while": "zz.quiet"}), standings, place=place)
    told, asked = small.entries(found, "2026-03-25 09:00 dispute\n2026-03-30 09:00 call")
    expected = earliest.earliest(found.book, [found.judged], [told], earliest.unsettled(asked))
    assert expected is not None
    assert Desk(found.book, [found.judged], COMPLETE).earliest(Packed.of([told]), earliest.unsettled(asked)) == expected
