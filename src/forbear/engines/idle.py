"""Rules without what cannot matter to some entries: standings that none of them opens and that nothing unseen can have opened.

A telephone's owner knows whether a lawyer was named; where none was, no call needs to be judged by what such a naming would do. What is
left says of these entries what the whole says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from forbear.records.coverage import Coverage
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.match import Match, Matches
from forbear.rulebook.rule import Rule
from forbear.terms import KIND


def needed(book: Book, rules: Iterable[Rule], entries: Sequence[Entry], coverage: Coverage) -> dict[int, Rule]:
    """Place among `rules` -> what is left of the rule; rules that cannot find anything in `entries` are not among them.

    Judgements under what is left are those under the rule, but for the rule that they name.
    """
    present = {kind for entry in entries for kind in entry.fields.get("kind") or KIND}
    absent = {kind for kind in KIND if kind not in present and coverage.throughout(kind)}
    idle = {name for name, standing in book.standings.items() if all(_only(opener.match, absent) for opener in standing.opens)}
    return {n: left for n, rule in enumerate(rules) if (left := _left(rule, idle))}


def _left(rule: Rule, idle: set[str]) -> Rule | None:
    found = rule.forbid.any if rule.forbid else ()
    if _never(rule.applies, idle) or (found and all(_never(match, idle) for match in found)):
        return None
    unless = tuple(match for match in rule.unless.any if not _never(match, idle))
    return rule if len(unless) == len(rule.unless.any) else msgspec.structs.replace(rule, unless=Matches(unless))


def _never(match: Match, idle: set[str]) -> bool:
    """Whether the match asks for a standing that never holds."""
    return any(test.field == "while" and not test.negated and idle.issuperset(test.values) for test in match.tests)


def _only(match: Match, kinds: set[str]) -> bool:
    """Whether the match finds nothing but facts of these kinds."""
    return any(test.field == "kind" and not test.negated and kinds.issuperset(test.values) for test in match.tests)
