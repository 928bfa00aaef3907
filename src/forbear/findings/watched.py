"""What oversight counts of agencies and their collectors, taken in part by part, whatever the parts; `oversight` says what it shows.

Only contacts that were made count, not those received.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np

from forbear.engines.kernel.coded import coded, debts_of
from forbear.findings.agencies import Shares, Sums, numbered
from forbear.findings.oversight import DAY, Moments
from forbear.leads.adding import added
from forbear.leads.find import Lead
from forbear.leads.rows import Rows
from forbear.records.columns.lines import Lines
from forbear.records.columns.texts import Ints, Mask
from forbear.records.values import SEVERAL

_WEEK: Final = 7 * DAY
_KEPT: Final = 40
"""Debts that two agencies work, of which as many are named."""


class Shared(NamedTuple):
    """A debt about which two agencies contacted somebody within a week."""

    debt: str
    agencies: tuple[str, str]
    contacts: int

    def rank(self) -> tuple[int, str, tuple[str, str]]:
        """Those first of which most can be seen."""
        return (-self.contacts, self.debt, self.agencies)


class Watched(msgspec.Struct):
    """Counts that can be added up. A name is that of an agency, empty if it is unknown or one of several."""

    contacts: int = 0
    breaches: dict[str, Sums] = {}
    in_leads: dict[str, Sums] = {}
    """Contacts that are part of a lead, as `breached`."""
    collectors: dict[str, Sums] = {}
    """The same as `breaches` by agency and collector, of contacts of which the collector is known."""
    by_time: dict[str, Moments] = {}
    """Breaches by day since 1970."""
    by_age: dict[str, Moments] = {}
    """Breaches by days past due, of contacts of which those are known."""
    leads: dict[str, dict[str, int]] = {}
    """Agency -> tactic -> leads."""
    shared_debts: int = 0
    shared: list[Shared] = []
    """Those first of which most can be seen, some of them."""

    def __add__(self, other: Watched) -> Watched:
        return Watched(
            self.contacts + other.contacts,
            added((self.breaches, other.breaches)),
            added((self.in_leads, other.in_leads)),
            added((self.collectors, other.collectors)),
            added((self.by_time, other.by_time)),
            added((self.by_age, other.by_age)),
            {each: Counter(self.leads.get(each, {})) + Counter(other.leads.get(each, {})) for each in {**self.leads, **other.leads}},
            self.shared_debts + other.shared_debts,
            sorted(self.shared + other.shared, key=Shared.rank)[:_KEPT],
        )


def watched(rows: Rows, breached: Ints, in_leads: Ints, leads: Iterable[Lead]) -> Watched:
    """What is counted of whole timelines. `breached`, `in_leads`: positions of entries with a breach, and of those that make a lead."""
    marks = [np.zeros(len(rows.at), np.bool_) for _ in range(2)]
    for mark, positions in zip(marks, (breached, in_leads), strict=True):
        mark[positions] = True
    made = np.flatnonzero(rows.made)
    agency, names = _names(rows, ("agency",), made)
    collector, people = _names(rows, ("agency", "collector"), made)
    told = rows.known("collector")[made]
    line, hit, day = rows.line[made], marks[0][made], rows.at[made] // DAY
    debts = _debts(rows.lines)
    late = _past_due(rows, debts, made)
    aged = late >= 0
    overlaps = list(_shared(rows, debts, made, agency, names))
    of_agencies = Shares.of(line, agency, names)
    return Watched(
        len(made),
        _sums(of_agencies, hit),
        _sums(of_agencies, marks[1][made]),
        _sums(Shares.of(line[told], collector[told], people), hit[told]),
        _moments(of_agencies, day, hit),
        _moments(Shares.of(line[aged], agency[aged], names), late[aged], hit[aged]),
        by_agency(leads),
        len({each.debt for each in overlaps}),
        sorted(overlaps, key=Shared.rank)[:_KEPT],
    )


def by_agency(leads: Iterable[Lead]) -> dict[str, dict[str, int]]:
    """Agency -> tactic -> leads."""
    found: dict[str, dict[str, int]] = {}
    for (agency, tactic), count in Counter((lead.agency, lead.tactic) for lead in leads).items():
        found.setdefault(agency, {})[tactic] = count
    return found


def _names(rows: Rows, fields: Sequence[str], places: Ints) -> tuple[Ints, list[str]]:
    """Position of each entry's name, and the names; of several fields together those that are known, joined."""
    code, texts = rows.coded(fields[0])
    number, names = numbered(texts.texts().to_pylist())
    numbers: Ints = number[code[places]]
    for field in fields[1:]:
        code, texts = rows.coded(field)
        number, more = numbered(texts.texts().to_pylist())
        found, numbers = np.unique(numbers * len(more) + number[code[places]], return_inverse=True)
        names = [" · ".join(filter(None, (names[each // len(more)], more[each % len(more)]))) for each in found.tolist()]
    return numbers, names


def _sums(shares: Shares, hit: Mask) -> dict[str, Sums]:
    return shares.sums(hit, hit, np.zeros(len(hit), np.bool_))


def _moments(shares: Shares, day: Ints, hit: Mask) -> dict[str, Moments]:
    sums = np.stack(shares.counts(None, day, day * day, hit, day * hit), axis=1)
    found: dict[str, Moments] = {}
    order = np.argsort(shares.name, kind="stable")
    ends = np.searchsorted(shares.name[order], np.arange(len(shares.names) + 1))
    for n, text in enumerate(shares.names):
        some = sums[order[ends[n] : ends[n + 1]]].astype(object)  # whole numbers of any size
        if len(some):
            products = tuple(int(each) for each in (some.T @ some).reshape(-1))
            found[text] = Moments(len(some), tuple(int(each) for each in some.sum(axis=0)), products)
    return found


class _Debts(NamedTuple):
    """Which debts rows are about, one pair for each."""

    start: Ints
    """Row of the block -> where its debts begin."""
    items: Ints
    texts: list[str]
    """Debt -> its name."""

    def of(self, rows: Ints) -> tuple[Ints, Ints]:
        """(position in `rows`, debt)."""
        length = self.start[rows + 1] - self.start[rows]
        place = np.repeat(np.arange(len(rows)), length)
        within = np.arange(len(place)) - np.repeat(np.cumsum(length) - length, length)
        return place, self.items[self.start[rows][place] + within]


def _debts(lines: Lines) -> _Debts:
    column = lines.block.fields.get("debt")
    if column is None:
        return _Debts(np.zeros(len(lines.block) + 1, np.int64), np.empty(0, np.int64), [])
    found = coded(column)
    lists = debts_of(found, len(lines.block)).lists
    assert lists is not None
    names = dict.fromkeys(each for text in found.texts.to_pylist() for each in text.split(SEVERAL))
    return _Debts(lists.start, lists.items - 1, list(names))


def _past_due(rows: Rows, debts: _Debts, made: Ints) -> Ints:
    """For how many days the debts of these contacts were due, that of the longest if there are several; -1 if the records do not tell.

    A debt is due from the first entry that says so until it is repaid.
    """
    begins, ends = rows.says("kind", "due", "overdue"), rows.says("kind", "repaid")
    tells = begins | ends
    tells[made] = True
    place = np.flatnonzero(tells)
    of, debt = debts.of(rows.lines.row[place])
    at = place[of]
    order = np.lexsort((at, debt, rows.line[at]))
    at, debt = at[order], debt[order]
    new = np.append(True, (np.diff(rows.line[at]) != 0) | (np.diff(debt) != 0)) if len(at) else np.empty(0, np.bool_)
    # A spell lasts until a debt is repaid, or another debt begins; in it, the first due counts.
    spell = np.cumsum(new | np.append(False, ends[at][:-1])) if len(at) else np.empty(0, np.int64)
    due = np.flatnonzero(begins[at])
    spells, first = np.unique(spell[due], return_index=True)
    since = np.full(int(spell.max(initial=0)) + 1, -1, np.int64)
    since[spells] = due[first]
    contact = np.flatnonzero(~(begins | ends)[at])
    known = (since[spell[contact]] >= 0) & (since[spell[contact]] < contact)
    late = np.full(len(rows.at), -1, np.int64)
    np.maximum.at(late, at[contact[known]], (rows.at[at[contact[known]]] - rows.at[at[since[spell[contact[known]]]]]) // DAY)
    return late[made]


def _shared(rows: Rows, debts: _Debts, made: Ints, agency: Ints, names: Sequence[str]) -> Iterable[Shared]:
    """Debts of which two agencies contacted somebody within a week."""
    known = np.flatnonzero(np.array([bool(name) for name in names])[agency]) if len(made) else made
    of, debt = debts.of(rows.lines.row[made[known]])
    who, at = agency[known][of], rows.at[made[known]][of]
    order = np.lexsort((np.arange(len(at)), at, debt))
    who, at, debt = who[order], at[order], debt[order]
    near = (debt[1:] == debt[:-1]) & (who[1:] != who[:-1]) & (at[1:] - at[:-1] <= _WEEK)
    found = Counter[tuple[int, str, str]]()
    for one, before, after in zip(debt[1:][near].tolist(), who[:-1][near].tolist(), who[1:][near].tolist(), strict=True):
        found[one, min(names[before], names[after]), max(names[before], names[after])] += 1
    return (Shared(debts.texts[one], (a, b), count) for (one, a, b), count in found.items())
