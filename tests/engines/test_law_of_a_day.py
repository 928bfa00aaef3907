"""The law of one day, by the meaning and by the kernel: it is the law of every day, asked of that day's contacts."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, note
from hypothesis import strategies as st
from random_law import FIRST, laws, timelines

from forbear.engines.judgement import judge_timeline
from forbear.engines.kernel.host import Kernel
from forbear.engines.plain import Judge
from forbear.engines.times import Times
from forbear.records.coverage import Coverage
from forbear.rulebook.book import ALWAYS

FAR = Coverage(records_until=1 << 40, complete=True)
DAYS = tuple(dt.datetime.fromtimestamp(FIRST, dt.UTC).date() + dt.timedelta(n) for n in range(18))


@given(laws(), timelines())
def test_each_contact_by_the_law_of_its_own_day_is_the_default(law, entries):
    """What happened on a day is judged as the law of that day judges it; where that law is not there, it is clear."""
    note(f"{law.rule}\n{law.standings}")
    judge, times = Judge(law.book, entries, FAR), Times(law.book)
    for i, entry in enumerate(entries):
        (day,) = times.days(entry, law.judged.clock)
        book = law.book.of_day(dt.date.fromordinal(day))
        undated = [Judge(book, entries, FAR).judge(rule, entry, i).value for rule in book.rules]
        assert [judge.judge(law.judged, entry, i).value] == (undated or [False])


@given(laws(), st.lists(timelines(), min_size=1, max_size=2), st.sampled_from(DAYS))
def test_every_engine_judges_by_the_law_of_a_day_alike(law, lines, day):
    """The kernel says what plain says, of contacts before, on and after that day."""
    book = law.book.of_day(day)
    said = [list(judge_timeline(book, book.rules, line, FAR)) for line in lines]
    assert list(Kernel(book, book.rules, FAR).judge(lines)) == said


@given(laws(), st.sampled_from(DAYS))
def test_what_was_not_in_force_on_that_day_is_not_there(law, day):
    """A rule is there without dates, or not at all; what its file says of its dates is still known."""
    book = law.book.of_day(day)
    assert [rule.id for rule in book.rules] == [rule.id for rule in law.book.rules if rule.in_force(day)]
    assert all((rule.from_, rule.until) == (ALWAYS, None) for rule in book.rules)
    assert [book.written(rule) for rule in book.rules] == [rule for rule in law.book.rules if rule.in_force(day)]
