"""When a contact that is still to happen would be lawful: stretches of time, many instants of which are asked about in one pass.

What is not about hours of the day stays as it is from one edge of its own to the next; only between these are hours looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from forbear.engines.kernel.arrays import HOURS, R_APPLIES, R_VERB
from forbear.engines.kernel.compiled.run import LEFT
from forbear.engines.kernel.edges import Edges
from forbear.engines.kernel.form import Form, Question
from forbear.engines.kernel.law import Law
from forbear.engines.kernel.table import NO
from forbear.engines.plain import Judge
from forbear.records.entry import Entry
from forbear.rulebook.rule import Rule

_MOST: Final = 4096
"""Instants that are asked about together."""
_DAYS: Final = 512
"""Days of which the hours are asked about together."""

Ask = Callable[[Form, Question, list[int]], tuple[NDArray[np.int64], int]]
"""What the loops find of a question at some instants: (position, rule, truth), and what they leave to plain as in `run.run`."""


class LeftToPlain(Exception):
    """The loops do not know, and plain is to be asked."""


class Ahead:
    """Looks ahead under one law. `denies`: rule -> whether it counts."""

    def __init__(self, law: Law, denies: NDArray[np.bool_], ask: Ask) -> None:
        self._edges, self._denies, self._ask = Edges(law), denies, ask
        self._applies, self._by_hours = law.packed.rule[:, R_APPLIES], law.packed.rule[:, R_VERB] == HOURS

    def stretches(self, form: Form, question: Question, asked: Entry, until: int, patience: int) -> Iterator[tuple[int, int]]:
        """Stretches in which every rule that denies is clear, in order. What only hours forbid for `patience` seconds, they always do.

        Raises `LeftToPlain`.
        """
        # The dates of the rows are settled by the first question.
        self.denied(form, question, [asked.at])
        count, zones = form.rows, form.facets.where[question.zones]
        over = form.facets.over.array[np.unique(form.until[:count])]
        once = self._edges.once(form.at[:count], form.dates[:count], over, form.facets.days, zones, asked.at, until)
        once = [asked.at, *once, until]
        by_hours = bool(((form.facets.truth.array[question.shape][self._applies] != NO) & self._by_hours & self._denies).any())
        begin, size = 0, 16
        while begin < len(once) - 1:
            chunk = once[begin : min(begin + size, len(once) - 1)]
            lasting, _ = self.denied(form, question, chunk)
            for n in np.flatnonzero(~lasting).tolist():
                first, last = once[begin + n : begin + n + 2]
                if by_hours:
                    yield from self._of_days(form, question, first, last, min(last, first + patience))
                else:
                    yield first, last
            begin, size = begin + size, min(8 * size, _MOST)

    def _of_days(self, form: Form, question: Question, first: int, last: int, stop: int) -> Iterator[tuple[int, int]]:
        """The same between two instants between which nothing but the hours of the day makes a difference, looked for up to `stop`."""
        days, always, found = 2, self._by_hours & self._denies, False
        zones, at = form.facets.where[question.zones], first
        while at < stop:
            to = min(at + days * 86400, stop)
            instants = [at, *self._edges.daily(zones, at, to), to][: _MOST + 1]
            to = instants[-1]
            _, by_rule = self.denied(form, question, instants[:-1])
            for n in np.flatnonzero(~by_rule.any(axis=1)).tolist():
                found = True
                yield instants[n], instants[n + 1]
            always = always & by_rule.all(axis=0)
            at, days = to, min(8 * days, _DAYS)
        if stop < last and not found and not always.any():
            # No rule by itself, but all together: plain goes on for as long as one of them moves the instant.
            raise LeftToPlain

    def denied(self, form: Form, question: Question, instants: list[int]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Instant -> whether a rule denies that is not about hours; instant x rule -> whether one does that is. Raises `LeftToPlain`."""
        rows, slow = self._ask(form, question, instants)
        if slow == 1 or (rows[self._denies[rows[:, 1]], 2] == LEFT).any():
            raise LeftToPlain
        position, rule = rows[:, 0] - form.rows, rows[:, 1]
        lasting, by_rule = np.zeros(len(instants), np.bool_), np.zeros((len(instants), len(self._denies)), np.bool_)
        lasting[position[self._denies[rule] & ~self._by_hours[rule]]] = True
        hours = self._denies[rule] & self._by_hours[rule]
        by_rule[position[hours], rule[hours]] = True
        return lasting, by_rule


def walk(judge: Judge, rules: Sequence[Rule], asked: Entry, until: int) -> Iterator[tuple[int, int]]:
    """Stretches in which every rule is clear, by plain from edge to edge. `judge` judges what came before."""
    at, count = asked.at, len(judge.entries)
    while at < until:
        judge.times.edges.clear()
        judge.times.daily.clear()
        moved = msgspec.structs.replace(asked, at=at, known_at=at)
        said = [judge.judge(rule, moved, count, gate=True).value for rule in rules]
        later = min((edge for edge in (*judge.times.edges, *judge.times.daily) if edge > at), default=until)
        if all(value is False for value in said):
            yield at, min(later, until)
        at = later


def joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same seconds in stretches that do not meet."""
    found: list[tuple[int, int]] = []
    for first, last in stretches:
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
