"""What two rulebooks say otherwise of the same contacts, taken in part by part, whatever the parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forbear.engines.judgement import BREACH, GRAVITY, Verdicts
from forbear.findings import hours, marks
from forbear.findings.agencies import Sums
from forbear.leads.adding import added
from forbear.records.columns.lines import Lines
from forbear.records.columns.texts import Ints, Mask
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule
from forbear.rulebook.unlike import Unlike
from forbear.terms import Verdict

COLUMNS: Final = ("contact_id", "entry_id", "consumer", "rule", "agency", "month", "before", "after")
"""The columns of changes.parquet and changes.csv, in their order."""
WORDS: Final = tuple(verdict.value for verdict in (*GRAVITY, Verdict.CLEAR))
_KINDS: Final = len(WORDS)

Moves = dict[str, int]
"""`clear>breach` -> how many; also `clear>clear`, where all are counted."""


class Changed(msgspec.Struct):
    """Counts that can be added up. A contact's verdict is the gravest that any rule gives it."""

    contacts: Moves = {}
    rules: dict[str, Moves] = {}
    """Id of a rule -> entries, contacts and facts, whose verdict under it is another; under all its versions the gravest."""
    months: dict[str, Moves] = {}
    """Contacts by the month that the clock of their place showed, `2026-04`; empty where its zones do not agree."""
    caught: dict[str, Sums] = {}
    """By agency. As `breached`, contacts newly in breach; as `exposed`, also those newly unclear under a rule that would make it one."""
    freed: dict[str, Sums] = {}
    """The same the other way: contacts no longer in breach, and those no longer even unclear."""

    def __add__(self, other: Changed) -> Changed:
        return Changed(
            _plus(self.contacts, other.contacts),
            _each(self.rules, other.rules),
            _each(self.months, other.months),
            added((self.caught, other.caught)),
            added((self.freed, other.freed)),
        )


class Said(NamedTuple):
    """What a rulebook says of a part: all its verdicts that are not clear, and the rules that they count."""

    verdicts: Verdicts
    rules: Sequence[Rule]

    def of(self, ids: Mapping[str, int]) -> tuple[Verdicts, Ints, Said]:
        """What the rules of these ids say, the numbers of their ids, and what all others say."""
        number = np.array([ids.get(rule.id, -1) for rule in self.rules], np.int64)[self.verdicts.rule]
        mine = number >= 0
        return self.verdicts.where(mine), number[mine], Said(self.verdicts.where(~mine), self.rules)

    def plus(self, other: Said) -> Said:
        """Both together, in no order."""
        mine, its = self.verdicts, other.verdicts
        both = Verdicts(
            np.concatenate([mine.position, its.position]),
            np.concatenate([mine.rule, its.rule + len(self.rules)]),
            np.concatenate([mine.verdict, its.verdict]),
        )
        return Said(both, [*self.rules, *other.rules])


def changed(lines: Lines, book: Book, before: Said, after: Verdicts, unlike: Unlike) -> tuple[list[pa.Table], Changed]:
    """What is said otherwise of whole timelines: rows in their order, and counts.

    `before`: all that the first rulebook says. `after`: what the second says by the rules `unlike.after`; what it says by others, the
    first has said already.
    """
    ids = sorted({rule.id for rule in (*unlike.before, *unlike.after)})
    number = {name: n for n, name in enumerate(ids)}
    second = Said(after, unlike.after)
    old, old_ids, rest = before.of(number)
    new, new_ids, _ = second.of(number)
    position, rule, was, now = _differing((old, old_ids), (new, new_ids), len(ids))
    month, months = _months(lines, book)
    counted = _counted(lines, before, rest.plus(second), month, months)
    counted.rules = _moves(rule, ids, was, now)
    if not len(position):
        return [], counted
    rows = {
        **marks.named(lines, position),
        "rule": pa.array(ids, pa.string()).take(pa.array(rule)),
        "agency": _agency(lines, position),
        "month": pa.array(months, pa.string()).take(pa.array(month[position])),
        "before": pa.array(WORDS, pa.string()).take(pa.array(was)),
        "after": pa.array(WORDS, pa.string()).take(pa.array(now)),
    }
    return [pa.table(rows)], counted


def _differing(old: tuple[Verdicts, Ints], new: tuple[Verdicts, Ints], ids: int) -> tuple[Ints, Ints, NDArray[np.int8], NDArray[np.int8]]:
    """Position, number of the id, and the gravest verdicts before and after, wherever they differ; by position and then by id."""
    keys = [verdicts.position * ids + number for verdicts, number in (old, new)]
    every = np.unique(np.concatenate(keys))
    found = []
    for key, (verdicts, _) in zip(keys, (old, new), strict=True):
        found.append(marks.gravest(len(every), verdicts._replace(position=np.searchsorted(every, key))))
    differ = found[0] != found[1]
    position, number = np.divmod(every[differ], max(ids, 1))
    return position, number, found[0][differ], found[1][differ]


def _counted(lines: Lines, before: Said, after: Said, month: Ints, months: Sequence[str]) -> Changed:
    """Counts of contacts, by the gravest of all verdicts."""
    contact = marks.contacts(lines)
    count = len(contact)
    was, now = (marks.gravest(count, said.verdicts) for said in (before, after))
    open_before, open_after = (marks.exposed(count, *said) for said in (before, after))
    shares = marks.by_agency(lines, contact)

    def newly(old: NDArray[np.int8], new: NDArray[np.int8], was_open: Mask, is_open: Mask) -> dict[str, Sums]:
        caught = (new == BREACH) & (old != BREACH)
        return shares.sums(caught[contact], (caught | (is_open & ~was_open))[contact], np.zeros(int(contact.sum()), np.bool_))

    by_month = _moves(month[contact], months, was[contact], now[contact])
    return Changed(
        contacts=_total(by_month),
        months=by_month,
        caught=newly(was, now, open_before, open_after),
        freed=newly(now, was, open_after, open_before),
    )


def _months(lines: Lines, book: Book) -> tuple[Ints, list[str]]:
    """(position -> number of its month, all months as texts)."""
    block = lines.block
    found = hours.months(block.at, marks.column(lines, "zone"), marks.column(lines, "jurisdiction"), book)
    first = int(found.min(initial=0))
    texts = ["" if month < 0 else f"{1970 + month // 12}-{month % 12 + 1:02}" for month in range(first, int(found.max(initial=0)) + 1)]
    return found[lines.row] - first, texts


def _agency(lines: Lines, position: Ints) -> pa.StringArray:
    agency = lines.block.fields.get("agency")
    return pa.array([""] * len(position), pa.string()) if agency is None else agency.take(lines.row[position]).texts().fill_null("")


def _moves(number: Ints, names: Sequence[str], was: NDArray[np.int8], now: NDArray[np.int8]) -> dict[str, Moves]:
    """Name -> how many went from which verdict to which; what has none is left out."""
    found = dict[str, Moves]()
    pairs = (number * _KINDS + was) * _KINDS + now
    for pair, times in enumerate(np.bincount(pairs, minlength=0).tolist()):
        if times:
            name, old, new = pair // _KINDS**2, pair // _KINDS % _KINDS, pair % _KINDS
            found.setdefault(names[name], {})[f"{WORDS[old]}>{WORDS[new]}"] = times
    return found


def _total(some: Mapping[str, Moves]) -> Moves:
    return dict(sum((Counter(moves) for moves in some.values()), Counter[str]()))


def _plus(one: Moves, other: Moves) -> Moves:
    return dict(Counter(one) + Counter(other))


def _each(some: Mapping[str, Moves], others: Mapping[str, Moves]) -> dict[str, Moves]:
    return {name: _plus(some.get(name, {}), others.get(name, {})) for name in {**some, **others}}
