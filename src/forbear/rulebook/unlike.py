"""What two rulebooks do not have in common, so that only this need be judged by both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule


class Judges(NamedTuple):
    """A rulebook, and which of its rules judge."""

    book: Book
    rules: Sequence[Rule]


class Unlike(NamedTuple):
    """The rules that may say something else by the other rulebook, or are not in it: with all versions of their ids."""

    before: list[Rule]
    after: list[Rule]

    @classmethod
    def of(cls, before: Judges, after: Judges) -> Unlike:
        """`after` was made of `before` (`Choice.of`): what is the same is the same object, every standing that it asks included.

        A place has a say in all rules, by its zones and holidays: where places differ, every rule may say something else.
        """
        alike = _alike(before, after) if before.book.places == after.book.places else set()
        both = (*before.rules, *after.rules)
        changed = {rule.id for rule in both if id(rule) not in alike}
        return cls(*([rule for rule in judges.rules if rule.id in changed] for judges in (before, after)))


def _alike(before: Judges, after: Judges) -> set[int]:
    shared = {id(rule) for rule in before.rules} & {id(rule) for rule in after.rules}
    same = {name for name, standing in before.book.standings.items() if after.book.standings.get(name) is standing}
    return {id(rule) for rule in before.rules if id(rule) in shared and same.issuperset(before.book.reach(rule))}
