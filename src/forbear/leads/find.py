"""Timelines become leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from forbear.leads import cost, numbers
from forbear.leads.rates import weight
from forbear.leads.tactics import TACTICS
from forbear.records.entry import Entry
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule

MAY_TOUCH: Final = {
    "timed-dialling": ("frequency",),
    "address-book": ("third-party", "disclosure"),
    "manufactured-permits": ("third-party",),
    "alternating-tones": ("threat", "insult"),
    "bridge-loan": ("steering", "overcharge"),
    "riding-the-cap": ("frequency", "hours"),
    "number-rotation": ("number-rotation", "ignored-stop"),
    "cost-of-credit": ("overcharge",),
}
"""Tactic -> conduct whose clauses it may touch."""


class Lead(NamedTuple):
    """A pattern worth a look: never a breach."""

    tactic: str
    """A word of `terms.TACTIC`."""
    agency: str
    consumer: str
    """Whose timeline shows it; empty if it shows across many."""
    since: int
    until: int
    """Unix seconds of the first and the last entry that make it."""
    observed: dict[str, int | str]
    """What was counted, by the names that the sentence of the tactic uses."""
    base_rate: float | None
    """Share of lawful timelines that look like this or worse; None where that is not how it is counted."""
    ratio: float | None
    """How much likelier this is if the tactic is used than if it is not; None where it is computed from what was paid."""
    entries: tuple[str, ...]
    clauses: tuple[str, ...]
    """Rate caps that it is above, and rules that it may touch."""


def find(entries: Iterable[Entry], rules: Sequence[Rule] = (), caps: Sequence[RateCap] = ()) -> list[Lead]:
    """The leads of a history, those first that say most, and at the end those without a likelihood ratio.

    `rules`: whose clauses are named. `caps`: what the cost of credit is compared with; without any it is not looked for.
    """
    known = list(entries)
    timelines = defaultdict[str, list[Entry]](list)
    for entry in known:
        timelines[entry.one("consumer")].append(entry)
    found = [lead for who, mine in timelines.items() for lead in _of_timeline(who, mine, rules)]
    found += [*_numbers(known, rules), *_costs(known, rules, caps)]
    return sorted(found, key=lambda lead: (-(lead.ratio or 0), lead.tactic, lead.agency, lead.consumer, lead.since))


def _of_timeline(who: str, entries: list[Entry], rules: Sequence[Rule]) -> Iterable[Lead]:
    places = {entry.entry_id: entry.at for entry in entries}
    for tactic, look in TACTICS.items():
        for seen in look(entries):
            means = weight(tactic, seen.score)
            if means is not None:
                times = [places[each] for each in seen.entries]
                yield Lead(
                    tactic, seen.agency, who, min(times), max(times), {**seen.observed}, *means, seen.entries, _clauses(tactic, rules)
                )


def _numbers(entries: Sequence[Entry], rules: Sequence[Rule]) -> Iterable[Lead]:
    """Numbers of collectors that seem to follow one another."""
    made = defaultdict[str, list[Entry]](list)
    for entry in entries:
        if entry.is_contact and entry.one("direction") == "outbound":
            made[entry.one("number")].append(entry)
    for link in numbers.links(numbers.uses(entries)):
        ids = tuple(each.entry_id for number in (link.old, link.new) for each in made[number])
        observed: dict[str, int | str] = {
            "old": link.old,
            "new": link.new,
            "shared": link.shared,
            "of": link.of,
            "colleagues": link.colleagues,
        }
        agency = made[link.new][0].one("agency")
        yield Lead(
            "number-rotation", agency, "", link.ended, link.began, observed, None, 10**link.ratio, ids, _clauses("number-rotation", rules)
        )


def _costs(entries: Sequence[Entry], rules: Sequence[Rule], caps: Sequence[RateCap]) -> Iterable[Lead]:
    """Debts that cost more than the caps that bind them. Nothing is measured here: it is so if these are all payouts and payments."""
    for found, broken in cost.above(entries, caps):
        observed: dict[str, int | str] = {
            "debt": found.debt,
            "lent": f"{found.lent:,.2f}",
            "deducted": f"{found.deducted:,.2f}",
            "paid": f"{found.paid:,.2f}",
            "extensions": f"{found.extensions:,.2f}",
            "rate": _per_cent(found.annual),
            "least": _per_cent(found.least),
            "caps": "; ".join(f"{cap.cite}: {cap.rate.annual:g} %" for cap in broken),
        }
        first = found.entries[0]
        ids = tuple(each.entry_id for each in found.entries)
        clauses = (*(cap.id for cap in broken), *_clauses("cost-of-credit", rules))
        lender = first.one("creditor") or first.one("agency")
        yield Lead("cost-of-credit", lender, first.one("consumer"), first.at, found.entries[-1].at, observed, None, None, ids, clauses)


def _per_cent(share: float) -> str:
    return f"{100 * share:,.1f}" if share < 10_000 else "1,000,000+"


def _clauses(tactic: str, rules: Sequence[Rule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules if rule.conduct in MAY_TOUCH[tactic])
