"""The gate's desk: one question about one timeline at a time, by the compiled pass over rows that are coded once.

The past only counts, opens and closes; what is asked is only judged. What the loops leave to plain is asked of plain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from forbear.engines import earliest
from forbear.engines.conditions import views
from forbear.engines.judgement import Judgement, judgement_of
from forbear.engines.kernel.ahead import Ahead, LeftToPlain, joined, walk
from forbear.engines.kernel.arrays import CAP, R_APPLIES, R_SLOW, R_STOP, R_VERB
from forbear.engines.kernel.compiled import run
from forbear.engines.kernel.compiled.run import LEFT
from forbear.engines.kernel.compiled.state import memory
from forbear.engines.kernel.facets import Facets
from forbear.engines.kernel.form import Form, Question
from forbear.engines.kernel.found import Found
from forbear.engines.kernel.held import hold_law, hold_state
from forbear.engines.kernel.law import Law
from forbear.engines.kernel.table import NO, YES
from forbear.engines.kernel.tell import Teller
from forbear.engines.plain import Judge
from forbear.records.columns.block import of_entries
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry
from forbear.records.packed import Packed
from forbear.rulebook.book import Book
from forbear.rulebook.match import Match, Matches
from forbear.rulebook.rule import Rule

_FACETS: Final = 1 << 16
"""Facets that are remembered before all are learned anew."""


class Asked(NamedTuple):
    """What law says of a contact that has not happened."""

    judgements: list[Judgement]
    """All that is not clear, in the order of rules; the position is the length of the timeline, the witness positions in it."""
    permits: list[tuple[Rule, int]]
    """Exemptions that hold, and satisfied demands that something be permitted: the rule, and an entry that opened what it leans on."""

    @property
    def allowed(self) -> bool:
        """Whether no rule that denies says breach or unclear."""
        return all(judgement.rule.warns for judgement in self.judgements)


class Desk:
    """A rulebook at the gate. Not for several threads at once."""

    def __init__(self, book: Book, rules: Sequence[Rule], coverage: Coverage) -> None:
        """Rules that owe something are left out: the gate does not look forward."""
        self.book, self.rules, self.coverage = book, [rule for rule in rules if not rule.owe], coverage
        leaning = [(r, whiles) for r, rule in enumerate(self.rules) if (whiles := _whiles(rule))]
        self._leaning = [r for r, _ in leaning]
        self._by_one = [_by_one_entry(book, whiles) for _, whiles in leaning]
        """Whether what such a standing leans on is the entry that opened it and nothing else."""
        self.law = law = Law(book, [*self.rules, *(_permit(self.rules[r], whiles) for r, whiles in leaning)], coverage)
        self._held = hold_law(law.packed)
        self._teller = Teller(law, self._held)
        self.facets = Facets(law)
        self._number = {id(rule): r for r, rule in enumerate(self.rules)}
        self._denies = np.array([not rule.warns for rule in self.rules] + [False] * len(leaning), np.bool_)
        self._ahead = Ahead(law, self._denies, lambda form, question, instants: self._run(form, question, instants, instants))
        self._applies, self._slow = law.packed.rule[:, R_APPLIES], law.packed.rule[:, R_SLOW] == 1
        self._deniers = [rule for rule in self.rules if not rule.warns]
        self._nodes = 1 << 12
        self._memory = memory(law.packed, self._nodes)
        self._state = hold_state(self._memory)
        self._out = np.empty((1 << 12, 3), np.int64)
        self._left = np.zeros(1, np.int8)
        self._clocks = len(law.clocks)
        self._nobody = of_entries([])

    def ask(self, line: Packed, asked: Entry) -> Asked:
        """What law says of `asked`, which comes after everything in the line."""
        form, question = self._form(line, asked)
        if self.law.dated:
            self._put(form, question, [asked.at], [asked.known_at])
            rows, slow = self._out[:0], 1
        else:
            rows, slow = self._run(form, question, [asked.at], [asked.known_at])
            if not len(rows) and not slow:
                return Asked([], [])
        found = [(r, truth) for _, r, truth in rows.tolist()]
        if slow:
            seen = np.flatnonzero((self._truth(question)[self._applies] != NO) & (self._slow | (slow == 1))).tolist()
            found = sorted([(r, truth) for r, truth in found if slow == 2] + [(r, LEFT) for r in seen])
        count = len(self.rules)
        permits = [permit for r, truth in found if r >= count for permit in self._permits(form, line, asked, question, r, truth)]
        return Asked(self._tell(form, line, asked, [row for row in found if row[0] < count]), permits)

    def earliest(self, line: Packed, asked: Entry) -> int | None:
        """The first second from `asked.at` on at which every rule that denies is clear if nothing else happens before; None for never."""
        form, question = self._form(line, asked)
        if not self._left_to_plain(question):
            try:
                if not any(said.any() for said in self._ahead.denied(form, question, [asked.at])):
                    return asked.at
                for first, _ in self._ahead.stretches(form, question, asked, asked.at + earliest.HORIZON_S + 1, earliest.ROUND_S):
                    return first
            except LeftToPlain:
                pass
            else:
                return None
            finally:
                form.shrink()
        seen: dict[int, list[Entry]] = {}

        def visible(rule: Rule) -> list[Entry]:
            r = self._number[id(rule)]
            if r not in seen:
                seen[r] = [line.entry(k) for k in self._visible(form, r)]
            return seen[r]

        return earliest.earliest(self.book, self._deniers, visible, asked, self.coverage)

    def windows(self, line: Packed, asked: Entry, until: int) -> list[tuple[int, int]]:
        """The stretches [from, to) from `asked.at` to `until` in which every rule that denies is clear if nothing else happens."""
        if until <= asked.at:
            return []
        form, question = self._form(line, asked)
        if not self._left_to_plain(question):
            try:
                return joined(self._ahead.stretches(form, question, asked, until, until - asked.at))
            except LeftToPlain:
                pass
            finally:
                form.shrink()
        return joined(walk(Judge(self.book, line.entries(), self.coverage), self._deniers, asked, until))

    def _form(self, line: Packed, asked: Entry) -> tuple[Form, Question]:
        if len(self.facets) > _FACETS:
            self.facets = Facets(self.law)
        form = line.beside
        if not isinstance(form, Form) or form.facets is not self.facets:
            form = line.beside = Form(self.facets, line)
        else:
            form.bring(line)
        question = form.question(line, asked)
        if form.base != self.facets.keys.kind.size:
            # A facet brought words that the codes of this timeline know nothing of.
            form = line.beside = Form(self.facets, line)
            question = form.question(line, asked)
        return form, question

    def _put(self, form: Form, question: Question, at: Sequence[int], known: Sequence[int]) -> None:
        self.facets.reach(min(form.earliest, at[0]), max(form.latest, known[-1]))
        form.put(question, at, known)

    def _run(self, form: Form, question: Question, at: Sequence[int], known: Sequence[int]) -> tuple[NDArray[np.int64], int]:
        """(position, rule, truth) of what the loops found, and whether they left all (1) or the slow rules (2) to plain."""
        self._put(form, question, at, known)
        last = form.rows + len(at)
        while True:
            self._left[0] = 0
            following, rows = run.ask(
                self._held, form.held, form.dates, self._state, 1 << 60, self._out, self._left, self._clocks, form.settled, last
            )
            form.settled = form.rows
            if following:
                return self._out[:rows], int(self._left[0])
            # An array was full: twice as much room, and again.
            self._nodes *= 2
            self._memory = memory(self.law.packed, self._nodes)
            self._state = hold_state(self._memory)
            self._out = np.empty((2 * len(self._out), 3), np.int64)

    def _truth(self, question: Question) -> NDArray[np.int8]:
        truth: NDArray[np.int8] = self.facets.truth.array[question.shape]
        return truth

    def _visible(self, form: Form, r: int, since: int = -(1 << 60)) -> list[int]:
        """The positions of what a rule can see of a timeline; of what it counts, only what was known from `since` on."""
        hits, touches = self._teller.sight.sees(r, self.facets.truth.array)
        shape, known = form.shape[: form.rows], form.known[: form.rows]
        return np.flatnonzero((hits[shape] & (known >= since)) | touches[shape]).tolist()

    def _tell(self, form: Form, line: Packed, asked: Entry, rows: list[tuple[int, int]]) -> list[Judgement]:
        """Details of what is not clear; where a truth is `LEFT`, plain still says whether it is."""
        # What is told quickly: by the question alone, or by compiled code that counts.
        quick = [row for row in rows if self._teller.sight.alone[row[0]] or row[1] == YES]
        told = self._tell_quickly(form, line, asked, quick)
        told += [found for row in rows if row not in quick and (found := self._tell_plainly(form, line, asked, row[0]))]
        return sorted(told, key=lambda judgement: self._number[id(judgement.rule)])

    def _tell_quickly(self, form: Form, line: Packed, asked: Entry, rows: list[tuple[int, int]]) -> list[Judgement]:
        if not rows:
            return []
        count = form.rows
        given = np.array([(count, r, truth) for r, truth in rows], np.int64)
        packed, dates = form.table(count + 1), form.dates[: count + 1]
        found = Found(self._nobody, packed.start, packed, form.held, dates, given, np.zeros(1, np.int8))  # type: ignore[arg-type]
        told = self._teller.tell(found, lambda positions: [asked if k == count else line.entry(k) for k in positions])
        return [judgement for _, judgements in told for judgement in judgements]

    def _tell_plainly(self, form: Form, line: Packed, asked: Entry, r: int) -> Judgement | None:
        rule = self.law.packed.rule[r]
        counts = rule[R_VERB] == CAP and not rule[R_SLOW]
        positions = self._visible(form, r, min(asked.at, asked.known_at) - int(rule[R_STOP]) if counts else -(1 << 60))
        entries = [*(line.entry(k) for k in positions), asked]
        found = judgement_of(self.book, self.rules[r], entries, len(positions), Judge(self.book, entries, self.coverage))
        return found and found._replace(position=form.rows, witness=tuple(positions[k] for k in found.witness))

    def _permits(self, form: Form, line: Packed, asked: Entry, question: Question, r: int, truth: int) -> list[tuple[Rule, int]]:
        if truth != LEFT and not question.debts:
            opener = int(self._memory.opener[r])
            if opener < 0:
                return []
            if self._by_one[r - len(self.rules)]:
                return [(self.rules[self._leaning[r - len(self.rules)]], opener)]
        rule, permit = self.rules[self._leaning[r - len(self.rules)]], self.law.rules[r]
        assert permit.forbid
        positions = self._visible(form, r)
        judge = Judge(self.book, [line.entry(k) for k in positions], self.coverage)
        lean, count = set[int](), len(positions)
        for view in views(asked):
            if judge.match(permit.applies, view, count).value is not False and judge.times.in_force(permit, view).value is not False:
                lean |= judge.any_of(permit.forbid.any, view, count).lean
        return [(rule, positions[k]) for k in sorted(lean)]

    def _left_to_plain(self, question: Question) -> bool:
        return self.law.dated or bool(((self._truth(question)[self._applies] != NO) & self._slow & self._denies).any())


def _whiles(rule: Rule) -> list[Match]:
    """The matches by which a standing exempts from a rule, or meets its demand."""
    return [match for match in (*rule.unless.any, *(rule.require or Matches()).any) if any(True for _ in match.standings())]


def _by_one_entry(book: Book, whiles: list[Match]) -> bool:
    """Whether each of the matches asks for one standing, or one of some, that a single entry opens by itself."""
    tests = [test for match in whiles for test in match.tests if test.field == "while"]
    openers = [opener for test in tests for name in test.values for opener in book.standings[name].opens]
    return (
        len(tests) == len(whiles)
        and not any(test.negated for test in tests)
        and not any(opener.in_a_row > 1 or opener.days_in_a_row or any(opener.match.standings()) for opener in openers)
    )


def _permit(rule: Rule, whiles: list[Match]) -> Rule:
    """A rule that finds what such standings permit."""
    return msgspec.structs.replace(rule, unless=Matches(), forbid=Matches(tuple(whiles)), hours=None, require=None, cap=None)
