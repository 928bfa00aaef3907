"""The second reading of the rule language says the same as the engine, wherever both can speak."""

from functools import cache

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from reading import Law
from timelines import HOLES, NOWHERE, book, pool, rules_where, timelines

from forbear.engines.plain import Judge, views
from forbear.findings.proof import entry_json
from forbear.rulebook.load import shipped

BACKWARD = rules_where(lambda rule: not rule.owe)
GUESSES = {
    "zone": ("Asia/Shanghai", "America/New_York"),
    "channel": ("sms", "call"),
    "outcome": ("conversation", "busy"),
    "agency": ("X", "Y"),
}


@cache
def law(rule_id):
    """The law folder that holds the rule, as the checker reads it."""
    return Law(NOWHERE if rule_id.startswith("xx.") else shipped())


def same_rule(rule):
    """The law folder and the rule in it."""
    folder = law(rule.id)
    return folder, next(r for r in folder.rules if r["id"] == rule.id and r["from"] == rule.from_)


@st.composite
def with_holes(draw):
    """A rule and a random timeline in which some fields are unknown and others one of several."""
    rule, entries = draw(timelines(rules=BACKWARD, most=12))
    holed = []
    for entry in entries:
        blank = draw(st.sets(st.sampled_from(HOLES), max_size=1))
        fields = dict.fromkeys(blank & set(entry.fields))
        name = draw(st.sampled_from([None, None, *GUESSES]))
        if name in entry.fields and name not in fields:
            fields[name] = tuple(dict.fromkeys((*entry.fields[name], *GUESSES[name])))
        holed.append(entry.but(**fields))
    return rule, holed


@given(with_holes())
def test_both_readings_find_the_same_breaches(drawn):
    """For every rule and every entry of random timelines with holes, the second reading says breach exactly where the engine does."""
    rule, entries = drawn
    folder, raw = same_rule(rule)
    judge = Judge(book(), entries)
    past = [entry_json(entry) for entry in entries]
    for i, entry in enumerate(entries):
        for view in views(entry):
            assert folder.breach(raw, entry_json(view), past[:i]) == (judge.judge_view(rule, view, i).value is True)


@given(with_holes())
def test_both_readings_see_the_same_entries(drawn):
    """What a rule surely sees and what it perhaps sees are the same in both readings, so that each of the three values is."""
    rule, entries = drawn
    folder, raw = same_rule(rule)
    judge = Judge(book(), entries)
    past = [entry_json(entry) for entry in entries]
    for i, entry in enumerate(entries):
        value = judge.seen(rule, entry, i).value
        said = tuple(folder.seen(raw, past[i], past[:i], doubt) for doubt in (False, True))
        assert said == {True: (True, True), None: (False, True), False: (False, False)}[value]


def test_a_value_that_may_not_be_new_is_no_sure_breach_of_a_cap_on_different_values():
    """Assigned to X, then to X or Y: whether that is a second agency is unknown, so it is unclear."""
    rule = next(rule for rule in book().rules if rule.id == "xx.test.one-mandate")
    first = next(line for line in pool(book().rules.index(rule)) if line.fields["kind"] == ("assigned",) and line.fields["debt"] == ("5",))
    second = msgspec.structs.replace(first.but(agency=("X", "Y")), entry_id="second", at=first.at + 60, known_at=first.at + 60)
    folder, raw = same_rule(rule)
    assert not folder.breach(raw, entry_json(second), [entry_json(first)])
    assert Judge(book(), [first, second]).judge(rule, second, 1).value is None
