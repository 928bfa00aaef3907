"""The gate's desk: one question about one timeline at a time, by the compiled pass over rows that are coded once.

The past only counts, opens and closes; what is asked is only judged. What the loops leave to plain is asked of plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from forbear.engines import earliest
from forbear.engines.conditions import views
from forbear.engines.judgement import Judgement, judgement_of
from forbear.engines.kernel import loops
from forbear.engines.kernel.edges import Edges
from forbear.engines.kernel.facets import Facets
from forbear.engines.kernel.form import Form, Question
from forbear.engines.kernel.held import hold_law, hold_state
from forbear.engines.kernel.law import CAP, HOURS, RULE, Law
from forbear.engines.kernel.table import NO, YES
from forbear.engines.kernel.tell import Found, Teller
from forbear.engines.plain import Judge
from forbear.records.columns import of_entries
from forbear.records.entry import Coverage, Entry
from forbear.records.packed import Packed
from forbear.rulebook.book import Book
from forbear.rulebook.match import Match, Matches
from forbear.rulebook.rule import Rule

_MOST: Final = 4096
"""Instants that are asked about together."""
_FACETS: Final = 1 << 16
"""Facets that are remembered before all are learned anew."""
_DAYS: Final = 512
"""Days of which the hours are asked about together."""
_APPLIES, _SLOW, _VERB, _STOP = (RULE.index(name) for name in ("applies", "slow", "verb", "stop"))


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
        self._edges = Edges(law)
        self._number = {id(rule): r for r, rule in enumerate(self.rules)}
        self._denies = np.array([not rule.warns for rule in self.rules] + [False] * len(leaning), np.bool_)
        self._by_hours = law.packed.rule[:, _VERB] == HOURS
        self._applies, self._slow = law.packed.rule[:, _APPLIES], law.packed.rule[:, _SLOW] == 1
        self._deniers = [rule for rule in self.rules if not rule.warns]
        self._nodes = 1 << 12
        self._memory = loops.state(law.packed, self._nodes)
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
            found = sorted([(r, truth) for r, truth in found if slow == 2] + [(r, loops.LEFT) for r in seen])
        count = len(self.rules)
        permits = [permit for r, truth in found if r >= count for permit in self._permits(form, line, asked, question, r, truth)]
        return Asked(self._tell(form, line, asked, [row for row in found if row[0] < count]), permits)

    def earliest(self, line: Packed, asked: Entry) -> int | None:
        """The first second from `asked.at` on at which every rule that denies is clear if nothing else happens before; None for never."""
        form, question = self._form(line, asked)
        if not self._left_to_plain(question):
            try:
                if not np.logical_or.reduce([said.any() for said in self._denied(form, question, [asked.at])]):
                    return asked.at
                for first, _ in self._stretches(form, question, asked, asked.at + earliest.HORIZON_S + 1, earliest.ROUND_S):
                    return first
            except _Plain:
                pass
            else:
                return None
        seen: dict[int, list[Entry]] = {}

        def visible(rule: Rule) -> list[Entry]:
            r = self._number[id(rule)]
            if r not in seen:
                seen[r] = [line.entry(k) for k in self._visible(form, r)]
            return seen[r]

        return earliest.earliest(self.book, self._deniers, visible, asked, self.coverage)

    def windows(self, line: Packed, asked: Entry, until: int) -> list[tuple[int, int]]:
        """The stretches [from, to) from `asked.at` to `until` in which every rule that denies is clear if nothing else happens."""
        form, question = self._form(line, asked)
        if not self._left_to_plain(question):
            try:
                return _joined(self._stretches(form, question, asked, until, until - asked.at))
            except _Plain:
                pass
        return _joined(self._walk(line, asked, until))

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
            following, rows = loops.ask(
                self._held, form.held, form.dates, self._state, 1 << 60, self._out, self._left, self._clocks, form.settled, last
            )
            form.settled = form.rows
            if following:
                return self._out[:rows], int(self._left[0])
            # An array was full: twice as much room, and again.
            self._nodes *= 2
            self._memory = loops.state(self.law.packed, self._nodes)
            self._state = hold_state(self._memory)
            self._out = np.empty((2 * len(self._out), 3), np.int64)

    def _truth(self, question: Question) -> NDArray[np.int8]:
        truth: NDArray[np.int8] = self.facets.truth.array[question.shape]
        return truth

    def _visible(self, form: Form, r: int, since: int = -(1 << 60)) -> list[int]:
        """The positions of what a rule can see of a timeline; of what it counts, only what was known from `since` on."""
        hits, touches = self._teller.sees(r, self.facets.truth.array)
        shape, known = form.shape[: form.rows], form.known[: form.rows]
        return np.flatnonzero((hits[shape] & (known >= since)) | touches[shape]).tolist()

    def _tell(self, form: Form, line: Packed, asked: Entry, rows: list[tuple[int, int]]) -> list[Judgement]:
        """Details of what is not clear; where a truth is `LEFT`, plain still says whether it is."""
        # What is told quickly: by the question alone, or by compiled code that counts.
        quick = [row for row in rows if self._teller.alone[row[0]] or row[1] == YES]
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
        counts = rule[_VERB] == CAP and not rule[_SLOW]
        positions = self._visible(form, r, min(asked.at, asked.known_at) - int(rule[_STOP]) if counts else -(1 << 60))
        entries = [*(line.entry(k) for k in positions), asked]
        found = judgement_of(self.book, self.rules[r], entries, len(positions), Judge(self.book, entries, self.coverage))
        return found and found._replace(position=form.rows, witness=tuple(positions[k] for k in found.witness))

    def _permits(self, form: Form, line: Packed, asked: Entry, question: Question, r: int, truth: int) -> list[tuple[Rule, int]]:
        if truth != loops.LEFT and not question.debts:
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

    def _stretches(self, form: Form, question: Question, asked: Entry, until: int, patience: int) -> Iterator[tuple[int, int]]:
        """Stretches in which every rule that denies is clear, in order. What only hours forbid for `patience` seconds, they always do."""
        # The dates of the rows are settled by the first question.
        self._denied(form, question, [asked.at])
        count, zones = form.rows, self.facets.where[question.zones]
        over = self.facets.over.array[np.unique(form.until[:count])]
        once = self._edges.once(form.at[:count], form.dates[:count], over, self.facets.days, zones, asked.at, until)
        once = [asked.at, *once, until]
        by_hours = bool(((self._truth(question)[self._applies] != NO) & self._by_hours & self._denies).any())
        begin, size = 0, 16
        while begin < len(once) - 1:
            chunk = once[begin : min(begin + size, len(once) - 1)]
            lasting, _ = self._denied(form, question, chunk)
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
        zones, at = self.facets.where[question.zones], first
        while at < stop:
            to = min(at + days * 86400, stop)
            instants = [at, *self._edges.daily(zones, at, to), to]
            _, by_rule = self._denied(form, question, instants[:-1])
            for n in np.flatnonzero(~by_rule.any(axis=1)).tolist():
                found = True
                yield instants[n], instants[n + 1]
            always = always & by_rule.all(axis=0)
            at, days = to, min(8 * days, _DAYS)
        if stop < last and not found and not always.any():
            # No rule by itself, but all together: plain goes on for as long as one of them moves the instant.
            raise _Plain

    def _denied(self, form: Form, question: Question, instants: list[int]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Instant -> whether a rule denies that is not about hours; instant x rule -> whether one does that is. Raises `_Plain`."""
        rows, slow = self._run(form, question, instants, instants)
        if slow == 1 or (rows[self._denies[rows[:, 1]], 2] == loops.LEFT).any():
            raise _Plain
        position, rule = rows[:, 0] - form.rows, rows[:, 1]
        lasting, by_rule = np.zeros(len(instants), np.bool_), np.zeros((len(instants), len(self._denies)), np.bool_)
        lasting[position[self._denies[rule] & ~self._by_hours[rule]]] = True
        hours = self._denies[rule] & self._by_hours[rule]
        by_rule[position[hours], rule[hours]] = True
        return lasting, by_rule

    def _walk(self, line: Packed, asked: Entry, until: int) -> Iterator[tuple[int, int]]:
        """Stretches in which every rule that denies is clear, by plain from edge to edge."""
        before, at = line.entries(), asked.at
        judge = Judge(self.book, before, self.coverage)
        while at < until:
            judge.times.edges.clear()
            judge.times.daily.clear()
            moved = msgspec.structs.replace(asked, at=at, known_at=at)
            said = [judge.judge(rule, moved, len(before), gate=True).value for rule in self._deniers]
            later = min((edge for edge in (*judge.times.edges, *judge.times.daily) if edge > at), default=until)
            if all(value is False for value in said):
                yield at, min(later, until)
            at = later


class _Plain(Exception):
    """The loops leave it to plain."""


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


def _joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same seconds in stretches that do not meet."""
    found: list[tuple[int, int]] = []
    for first, last in stretches:
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found
