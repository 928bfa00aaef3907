"""Who gets rougher: breaches and leads per thousand contacts, of agencies and of their collectors, with what chance could make of them.

Few contacts say little, so a rate is drawn towards that of all, the more the fewer there are (shrinkage); its interval is as wide as people
differ. A trend is the slope of breaches over time, or over days past due, with its own interval. Nothing here is a ranking.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

from forbear.engines.judgement import Judgement
from forbear.findings.agencies import Z95, Sums, design_effect, per_thousand, wilson
from forbear.leads.seen import outbound
from forbear.records.entry import Entry
from forbear.terms import Verdict

K = TypeVar("K", bound=Hashable)
DAY: Final = 86_400
_WARN: Final = 3.0
"""Standard errors from which a slope is worth a warning: 1 in 700 by chance, and many slopes are looked at."""
_FEWEST: Final = 30
"""Contacts, and people, that a trend is told of at least."""


class Made(NamedTuple):
    """One outbound contact, as far as oversight looks at it."""

    line: int
    """The timeline it belongs to: contacts with one person go together."""
    agency: str
    collector: str
    debts: tuple[str, ...]
    at: int
    past_due: int | None
    """Days for which the debt was overdue; None if the records do not tell."""
    breached: bool
    leads: bool
    """Whether it is part of a lead."""


class Rate(NamedTuple):
    """Contacts with a breach, or in a lead, per thousand."""

    name: str
    people: int
    contacts: int
    hits: int
    raw: float
    shrunk: float
    """Drawn towards the rate of all."""
    low: float
    high: float
    """95 % interval of the shrunk rate."""


class Trend(NamedTuple):
    """How a rate changes."""

    name: str
    contacts: int
    slope: float
    """Breaches more per thousand contacts, for each `unit` days."""
    low: float
    high: float
    unit: int
    warns: bool
    """Whether it rises so surely that somebody should look."""


class Shared(NamedTuple):
    """A debt about which two agencies contacted somebody within a week."""

    debt: str
    agencies: tuple[str, str]
    contacts: int


def made(lines: Iterable[Sequence[Entry]], judged: Iterable[Sequence[Judgement]], in_leads: frozenset[str]) -> list[Made]:
    """The outbound contacts of timelines, each with what was found of it. `in_leads`: ids of entries that make a lead."""
    found = list[Made]()
    for number, (line, judgements) in enumerate(zip(lines, judged, strict=True)):
        breached = {each.position for each in judgements if each.verdict is Verdict.BREACH}
        due = dict[str, int]()
        for position, entry in enumerate(line):
            debts = entry.fields.get("debt", ())
            kind = entry.one("kind")
            if kind in ("due", "overdue"):
                for debt in debts:
                    due.setdefault(debt, entry.at)
            elif kind == "repaid":
                for debt in debts:
                    due.pop(debt, None)
            elif outbound(entry):
                late = [(entry.at - due[debt]) // DAY for debt in debts if debt in due]
                where = entry.one("agency"), entry.one("collector"), debts
                found.append(Made(number, *where, entry.at, max(late, default=None), position in breached, entry.entry_id in in_leads))
    return found


def rates(contacts: Iterable[Made], name: Callable[[Made], str], hit: Callable[[Made], bool]) -> list[Rate]:
    """A rate for each name, by name: never by rate."""
    sums = {one: _sums(some, hit) for one, some in sorted(_by(contacts, name).items())}
    whole = Sums()
    for each in sums.values():
        whole = whole.plus(each)
    if not whole.contacts:
        return []
    usual, strength = whole.breached / whole.contacts, _strength(list(sums.values()))
    return [_rate(one, each, usual, strength) for one, each in sums.items()]


def _sums(contacts: Iterable[Made], hit: Callable[[Made], bool]) -> Sums:
    whole = Sums()
    for some in _by(contacts, lambda each: each.line).values():
        hits = sum(map(hit, some))
        whole = whole.plus(Sums.of_timeline(len(some), hits, hits, 0))
    return whole


def _strength(all_sums: Sequence[Sums]) -> float:
    """How many contacts' worth the rate of all weighs, beside one's own: many if agencies hardly differ, few if they do.

    By moments: what the rates differ beyond chance. J. N. K. Rao and I. Molina, Small Area Estimation, 2nd ed., Wiley 2015, chapter 9.
    """
    contacts, hits = sum(each.contacts for each in all_sums), sum(each.breached for each in all_sums)
    p = hits / contacts
    if len(all_sums) < 2 or not 0 < p < 1:
        return 0.0
    own = [each.contacts / _wider(each) for each in all_sums]
    spread = sum(n * (each.breached / each.contacts - p) ** 2 for n, each in zip(own, all_sums, strict=True))
    chance = (len(own) - 1) * p * (1 - p)
    between = (spread - chance) / max(sum(own) - sum(n * n for n in own) / sum(own), 1e-9)
    most = sum(own) / len(own)  # how much they differ is known but roughly; more would make intervals that promise too much
    return min(p * (1 - p) / between - 1, most) if between > 0 else most


def _wider(each: Sums) -> float:
    return design_effect(each.timelines, each.contacts, each.breached, each.nn, each.nx, each.xx)


def _rate(name: str, each: Sums, usual: float, strength: float) -> Rate:
    n = each.contacts / _wider(each)
    x = each.breached / each.contacts * n
    shrunk = (x + strength * usual) / (n + strength)
    low, high = wilson(shrunk * n, n)  # as wide as one's own contacts make it: what is borrowed moves the rate, and proves nothing
    told = map(per_thousand, (each.breached / each.contacts, shrunk, low, high))
    return Rate(name, each.timelines, each.contacts, each.breached, *told)


def trends(
    contacts: Iterable[Made], name: Callable[[Made], str], when: Callable[[Made], int | None], unit: int, hit: Callable[[Made], bool]
) -> list[Trend]:
    """How the rate of each name changes with `when`, in days; those without enough contacts or people are left out.

    A least-squares slope. Its variance is that of sums over people, since contacts with one person are alike: K.-Y. Liang and S. L. Zeger,
    "Longitudinal data analysis using generalized linear models", Biometrika 73 (1986) 13-22.
    """
    found = []
    for one, some in sorted(_by(contacts, name).items()):
        points = [(each.line, at, hit(each)) for each in some if (at := when(each)) is not None]
        people = len({line for line, _, _ in points})
        if len(points) < _FEWEST or people < _FEWEST:
            continue
        middle = sum(at for _, at, _ in points) / len(points)
        rate = sum(y for _, _, y in points) / len(points)
        square = sum((at - middle) ** 2 for _, at, _ in points)
        if not square:
            continue
        slope = sum((at - middle) * (y - rate) for _, at, y in points) / square
        of_people = defaultdict[int, float](float)
        for line, at, y in points:
            of_people[line] += (at - middle) * (y - rate - slope * (at - middle))
        error = math.sqrt(people / (people - 1) * sum(each**2 for each in of_people.values())) / square
        low, high = (per_thousand(unit * (slope + side * Z95 * error)) for side in (-1, 1))
        found.append(Trend(one, len(points), per_thousand(unit * slope), low, high, unit, slope > _WARN * error > 0))
    return found


def shared(contacts: Iterable[Made]) -> list[Shared]:
    """Debts of which two agencies contacted somebody within a week, by debt."""
    found = []
    of_debts = defaultdict[str, list[Made]](list)
    for each in contacts:
        for debt in each.debts:
            of_debts[debt].append(each)
    for debt, some in sorted(of_debts.items()):
        some.sort(key=lambda each: each.at)
        near = defaultdict[tuple[str, str], int](int)
        for before, after in pairwise(some):
            if before.agency and after.agency and before.agency != after.agency and after.at - before.at <= 7 * DAY:
                near[min(before.agency, after.agency), max(before.agency, after.agency)] += 1
        found += [Shared(debt, both, count) for both, count in sorted(near.items())]
    return found


def _by(contacts: Iterable[Made], key: Callable[[Made], K]) -> Mapping[K, list[Made]]:
    groups = defaultdict[K, list[Made]](list)
    for each in contacts:
        groups[key(each)].append(each)
    return groups
