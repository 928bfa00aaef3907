"""What need not be judged twice says the same twice."""

from __future__ import annotations

from hypothesis import given, reject
from hypothesis import strategies as st
from random_law import law, laws, timelines
from small import rule, standing

from forbear.engines.judgement import Judgement, judge_timeline
from forbear.records.coverage import Coverage
from forbear.rulebook.book import Book, RulebookError
from forbear.rulebook.unlike import Judges, Unlike

FAR = Coverage(records_until=1 << 40, complete=True)


@given(laws(), laws(), timelines(), st.data())
def test_what_is_taken_to_be_alike_says_the_same(first, second, entries, data):
    """A draft of any files of another law: of the rules that are not judged twice, both rulebooks say the same."""
    draft = {file: written for file, written in second.book.laws.items() if data.draw(st.booleans())}
    try:
        book = first.book.amended(draft)
    except RulebookError:
        reject()  # it asks a standing that is in neither
    before, after = Judges(first.book, first.book.rules), Judges(book, book.rules)
    unlike = Unlike.of(before, after)
    alike = [rule for rule in before.rules if rule not in unlike.before]
    assert [rule for rule in after.rules if rule not in unlike.after] == alike

    def said(which: Book) -> list[Judgement]:
        return list(judge_timeline(which, alike, entries, FAR))

    assert said(first.book) == said(book)


def test_a_rule_whose_standing_is_another_is_not_alike():
    """Also where it asks it through another standing; a book that was changed in nothing is alike in everything."""
    asked = standing("zz.deep", {"kind": "consent"}) | standing("zz.near", {"channel": "call", "while": "zz.deep"})
    first = law(rule(forbid={"while": "zz.near"}), asked).book
    file = next(file for file, held in first.laws.items() if held is first.standings["zz.deep"])
    deep = law(rule(forbid={"channel": "call"}), standing("zz.deep", {"kind": "dispute"})).book.standings["zz.deep"]
    for draft, judged_twice in (({file: deep}, 1), ({}, 0)):
        book = first.amended(draft)
        unlike = Unlike.of(Judges(first, first.rules), Judges(book, book.rules))
        assert [len(rules) for rules in unlike] == [judged_twice, judged_twice]
