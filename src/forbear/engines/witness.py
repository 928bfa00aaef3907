"""The witness of a breach: earlier entries that, alone with the judged one, give it, and none of which can be left out (section 10)."""

from __future__ import annotations

from collections.abc import Sequence

from forbear.engines.plain import Judge
from forbear.records.coverage import COMPLETE, Coverage
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule


def witness(book: Book, rule: Rule, entries: Sequence[Entry], entry: Entry, i: int, coverage: Coverage = COMPLETE) -> list[int]:
    """Positions of the witness of `entry`, a breach of `rule` at position `i`, in order.

    Chosen from what the judgement leaned on, the latest first, with what closed the exemptions that its own entries would open.
    What the rule owes and never came cannot be shown, so a breach of [owe] has no witness.
    """
    if rule.owe or i == 0:
        return []
    # A judge of its own: what another rule or entry had to look at must not choose the witness of this one.
    judge = Judge(book, entries[:i], coverage)
    leaned = set(judge.judge(rule, entry, i).lean)
    while more := {closer for j in leaned for closer in judge.shut.get(j, ())} - leaned:
        leaned |= more

    def breaks(few: Sequence[int]) -> bool:
        return Judge(book, [entries[k] for k in few]).judge(rule, entry, len(few)).value is True

    few = sorted(leaned)
    if not breaks(few):
        # A closer that the judgement never had to look at shut an exemption: start from everything before.
        few = list(range(i))
    while True:
        smaller = few
        # What did not count in truth goes first, then the earliest.
        for k in sorted(few, key=lambda k: (k in leaned, k)):
            if breaks(less := [x for x in smaller if x != k]):
                smaller = less
        if smaller == few:
            return few
        few = smaller
