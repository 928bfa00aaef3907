"""What an engine says of one entry under one rule, and the plain engine's way through a timeline. Every engine says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forbear.engines.conditions import views
from forbear.engines.plain import Judge
from forbear.engines.times import Times
from forbear.engines.witness import witness
from forbear.records.clock import local, wall
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry
from forbear.records.hours import Interval
from forbear.rulebook.book import Book
from forbear.rulebook.match import Matches, Test
from forbear.rulebook.rule import Rule
from forbear.terms import Verdict

Entries = Callable[[Sequence[int]], list[Entry]]
"""Positions -> entries."""


class Judgement(NamedTuple):
    """A verdict that is not clear. Positions count in the timeline's order.

    `debts`: which of the entry's debts it holds for. `measured` and `limit`: as text, empty where the clause has no number.
    `settles`: what would settle an unclear verdict: field names, `kind=...` for facts that no source holds, `calendar ...`,
    `records until`.
    """

    position: int
    rule: Rule
    verdict: Verdict
    debts: tuple[str, ...]
    measured: str
    limit: str
    settles: tuple[str, ...]
    witness: tuple[int, ...]


GRAVITY: Final = (Verdict.BREACH, Verdict.DEPARTURE, Verdict.UNCLEAR)
"""Verdicts that are not clear, the gravest first."""
BREACH, DEPARTURE, UNCLEAR = range(3)
"""Their places there."""


class Verdicts(NamedTuple):
    """Very many judgements at once, verdicts alone: position, number of the rule, place of the verdict in `GRAVITY`."""

    position: NDArray[np.int64]
    rule: NDArray[np.int64]
    verdict: NDArray[np.int8]

    @classmethod
    def of(cls, judgements: Sequence[Judgement], rules: Sequence[Rule]) -> Verdicts:
        """The verdicts of judgements under these rules."""
        number, count = {id(rule): n for n, rule in enumerate(rules)}, len(judgements)
        return cls(
            np.fromiter((found.position for found in judgements), np.int64, count),
            np.fromiter((number[id(found.rule)] for found in judgements), np.int64, count),
            np.fromiter((GRAVITY.index(found.verdict) for found in judgements), np.int8, count),
        )

    def where(self, chosen: NDArray[np.bool_]) -> Verdicts:
        """Some of them."""
        return Verdicts(self.position[chosen], self.rule[chosen], self.verdict[chosen])


def judge_timeline(book: Book, rules: Iterable[Rule], entries: Sequence[Entry], coverage: Coverage) -> Iterator[Judgement]:
    """All judgements of a timeline that are not clear, by entry and then by rule."""
    rules = list(rules)
    judge = Judge(book, entries, coverage)
    for i in range(len(entries)):
        for rule in rules:
            if (found := judgement_of(book, rule, entries, i, judge)) is not None:
                yield found


def judgement_of(book: Book, rule: Rule, entries: Sequence[Entry], i: int, judge: Judge) -> Judgement | None:
    """What `rule` says of the entry at position `i`; None if it is clear. `judge` judges these entries."""
    answers = [(view, judge.judge_view(rule, view, i)) for view in views(entries[i])]
    value = True if any(a.value for _, a in answers) else None if any(a.value is None for _, a in answers) else False
    if value is False:
        return None
    guilty = [(view, answer) for view, answer in answers if answer.value is value]
    first = guilty[0][0]
    debts = tuple(debt for view, _ in guilty for debt in view.fields.get("debt", ()))
    verdict = Verdict.UNCLEAR if value is None else Verdict.DEPARTURE if rule.warns else Verdict.BREACH
    measured, limit = _measure(judge, rule, first, i)
    return Judgement(
        position=i,
        rule=rule,
        verdict=verdict,
        debts=debts,
        measured=measured,
        limit=limit,
        settles=tuple(sorted({need for _, answer in guilty for need in answer.need})) if value is None else (),
        witness=tuple(witness(book, rule, entries, first, i, judge.coverage)) if value else (),
    )


def hours_of(times: Times, rule: Rule, entry: Entry) -> tuple[str, str]:
    """The time of an entry and the lawful hours of its day, as text: what a rule of hours measures, and its limit."""
    assert rule.hours
    seen = [local(entry.at, zone) for zone in times.zones(entry, rule.clock)]
    lawful = dict.fromkeys(spans for day, _ in seen for spans in times.lawful(day, rule.hours.days, rule.calendar))
    return "|".join(dict.fromkeys(wall(second) for _, second in seen)), "|".join(map(_hours, lawful))


def _measure(judge: Judge, rule: Rule, entry: Entry, i: int) -> tuple[str, str]:
    """The measured value and the limit, as text."""
    if rule.hours:
        return hours_of(judge.times, rule, entry)
    if rule.cap:
        found = judge.count(rule, entry, i)
        low = 1 + len(found.hits)
        return (f"{low}..{low + found.perhaps}" if found.perhaps else str(low)), str(rule.cap.limit)
    if rule.owe:
        return "", str(rule.owe.within)
    tests = [test for match in (rule.forbid or rule.require or Matches()).any for test in match.tests]
    said = dict.fromkeys(_say_field(test, entry) for test in tests)
    bounds = dict.fromkeys(
        f">= {test.at_least:g}" if test.at_least is not None else f"<= {test.at_most:g}" for test in tests if test.is_bound
    )
    return " ".join(said), " ".join(bounds)


def _say_field(test: Test, entry: Entry) -> str:
    if test.field == "while":
        return f"{'not ' if test.negated else ''}while {'|'.join(test.values)}"
    values = entry.fields.get(test.field, ("?",))
    # Of several tags only those that the rule is about; the others are no part of this finding.
    shown = [v for v in values if v in test.values] if test.field == "tags" and test.values and not test.negated else []
    return f"{test.field}={'+'.join(shown) or entry.one(test.field) or '?'}"


def _hours(spans: tuple[Interval, ...]) -> str:
    return " ".join(f"{wall(first)}-{wall(out - 1)}" for first, out in spans) or "none"
