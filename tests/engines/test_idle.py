"""Rules without the standings that nothing opens say the same."""

from __future__ import annotations

import random_law
from hypothesis import given, note, settings
from hypothesis import strategies as st
from timelines import COVERAGES, LAWS, book, crowded

from forbear.engines.idle import needed
from forbear.engines.judgement import judge_timeline
from forbear.records.coverage import COMPLETE


def left_says(of, rules, line, coverage):
    """The judgements under what is left, each naming the rule that it came from."""
    left = needed(of, rules, line, coverage)
    whole = {id(rule): rules[n] for n, rule in left.items()}
    return [found._replace(rule=whole[id(found.rule)]) for found in judge_timeline(of, left.values(), line, coverage)]


@settings(max_examples=3 * settings().max_examples)
@given(random_law.laws(), random_law.timelines(), st.data())
def test_what_is_left_of_a_rule_says_what_the_rule_says(law, line, data):
    """Whatever the rule, its standings, the holes of the records and what the sources hold, all judgements are the same."""
    note(f"{law.rule}\n{law.standings}")
    told = data.draw(random_law.holed(line)) if data.draw(st.booleans()) else line
    coverage = data.draw(st.sampled_from(COVERAGES))
    assert list(judge_timeline(law.book, [law.judged], told, coverage)) == left_says(law.book, [law.judged], told, coverage)


@settings(max_examples=40)
@given(st.sampled_from(sorted(LAWS)), st.data())
def test_what_is_left_of_the_shipped_law_says_what_it_says(law, data):
    """So do all rules of a law at once."""
    line, coverage = data.draw(crowded(law)), data.draw(st.sampled_from(COVERAGES))
    assert list(judge_timeline(book(), LAWS[law], line, coverage)) == left_says(book(), LAWS[law], line, coverage)


def test_much_of_the_law_is_idle_where_nothing_was_told():
    """Of an empty complete history no standing that a fact opens is left to ask: it proves that rules are shortened at all."""
    rules = LAWS["us."]
    left = needed(book(), rules, [], COMPLETE)
    assert len(left) < len(rules)
    assert any(rule is not rules[n] for n, rule in left.items())
