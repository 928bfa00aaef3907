"""Timelines become leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from forbear.leads import cost, numbers
from forbear.leads.cost import Above
from forbear.leads.numbers import Link
from forbear.leads.rates import book, weight
from forbear.leads.rows import Rows
from forbear.leads.seen import Seen
from forbear.leads.tactics import TACTICS, infiltration
from forbear.leads.tactics.infiltration import Accounts
from forbear.records.columns.texts import Ints, Mask
from forbear.records.entry import Entry
from forbear.records.timelines import timelines
from forbear.rulebook.book import Book, covers
from forbear.rulebook.choice import Choice
from forbear.rulebook.rate import BINDS, Ceiling
from forbear.rulebook.rule import Rule

MAY_TOUCH: Final = {
    "timed-dialling": ("frequency",),
    "address-book": ("third-party", "disclosure"),
    "manufactured-permits": ("third-party",),
    "alternating-tones": ("threat", "insult"),
    "bridge-loan": ("steering", "overcharge"),
    "riding-the-cap": ("frequency", "hours"),
    "group-infiltration": ("impersonation", "identification", "false-claim"),
    "number-after-block": ("number-rotation", "ignored-stop"),
    "number-rotation": ("number-rotation", "ignored-stop"),
    "cost-of-credit": ("overcharge",),
}
"""Tactic -> conduct whose clauses it may touch."""
COST: Final = "cost-of-credit"
GROUPS: Final = "group-infiltration"
LOOKED_FOR: Final = (*TACTICS, COST)
"""What one timeline shows by itself."""
ASKED: Final = frozenset(
    {
        *("consumer", "kind", "channel", "direction", "party", "person", "address", "number", "outcome", "duration_s", "zone"),
        *("agency", "collector", "creditor", "declared_by", "tags", "debt", "text", "amount", *BINDS),
    }
)
"""Fields that are looked at."""
_AHEAD: Final = 256
"""Timelines whose entries are made together."""


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

    def rank(self) -> tuple[float, str, str, str, int]:
        """Those first that say most, and at the end those without a likelihood ratio."""
        return (-(self.ratio or 0), self.tactic, self.agency, self.consumer, self.since)


class Against(NamedTuple):
    """What leads are laid beside."""

    rules: Sequence[Rule] = ()
    """Whose clauses are named."""
    caps: Sequence[Ceiling] = ()
    """What the cost of credit is compared with; without any it is not looked for."""

    @classmethod
    def of(cls, book: Book, law: Choice) -> Against:
        """The law that was asked for."""
        return cls(law.rules(book), law.ceilings(book))

    def clauses(self, tactic: str, entries: Iterable[Entry] = ()) -> tuple[str, ...]:
        """Rules that a tactic may touch, of the places of these entries; of all places where none is known."""
        places = {place.lower() for entry in entries for place in entry.fields.get("jurisdiction", ())}
        touched = (rule.id for rule in self.rules if rule.conduct in MAY_TOUCH[tactic])
        return tuple(each for each in touched if not places or any(covers(each.partition(".")[0], place) for place in places))


NOTHING: Final = Against()


def find(entries: Iterable[Entry], against: Against = NOTHING) -> list[Lead]:
    """The leads of a history, those first that say most."""
    lines = timelines(entries)
    whole = [entry for line in lines for entry in line.entries]
    found = [lead for line in lines for lead in of_timeline(line.consumers[0], line.entries, against)]
    accounts = infiltration.accounts(whole)  # whose they are, another timeline may tell
    found += [lead for line in lines for lead in of_groups(line.consumers[0], line.entries, accounts, against)]
    found += [of_link(link, against) for link in numbers.links(numbers.uses(whole))]
    return sorted(found, key=Lead.rank)


def of_timeline(who: str, entries: Sequence[Entry], against: Against) -> Iterator[Lead]:
    """The leads of one timeline."""
    for tactic in LOOKED_FOR:
        yield from _of(tactic, who, entries, against)


def _of(tactic: str, who: str, entries: Sequence[Entry], against: Against) -> Iterator[Lead]:
    if tactic == COST:
        yield from (_of_cost(each, against) for each in cost.above(entries, against.caps))
        return
    yield from _of_seen(tactic, who, TACTICS[tactic].seen(entries), entries, against)


def of_groups(who: str, entries: Sequence[Entry], known: Accounts, against: Against) -> Iterator[Lead]:
    """What one timeline shows in groups. `known`: whose accounts the whole history shows."""
    return _of_seen(GROUPS, who, infiltration.seen(entries, known), entries, against)


def _of_seen(tactic: str, who: str, some: Iterable[Seen], entries: Sequence[Entry], against: Against) -> Iterator[Lead]:
    for seen in some:
        means = weight(tactic, seen.score)
        if means is not None:
            ids = set(seen.entries)
            shown = [entry for entry in entries if entry.entry_id in ids]
            times, clauses = [entry.at for entry in shown], against.clauses(tactic, shown)
            yield Lead(tactic, seen.agency, who, min(times), max(times), {**seen.observed}, *means, seen.entries, clauses)


def of_rows(rows: Rows, against: Against) -> tuple[list[Lead], Ints]:
    """The same leads of very many timelines, and the positions of the entries that make them."""
    lines = rows.lines
    found, positions = list[Lead](), set[int]()
    for tactic in LOOKED_FOR:
        may, looks_at = _may(tactic, rows, against)
        for n, line in enumerate(np.flatnonzero(may).tolist()):
            first, last = lines.start[line : line + 2].tolist()
            places = first + np.flatnonzero(looks_at[first:last])
            entries = lines.entries(places)
            some = list(_of(tactic, lines.names[line], entries, against))
            shown = {each for lead in some for each in lead.entries}
            positions.update(place for place, entry in zip(places.tolist(), entries, strict=True) if entry.entry_id in shown)
            found += some
            if n % _AHEAD == 0:
                lines.forget()
    return found, np.array(sorted(positions), np.int64)


def _may(tactic: str, rows: Rows, against: Against) -> tuple[Mask, Mask]:
    """(timelines that may show a tactic, entries that are looked at)."""
    if tactic == COST:
        return cost.may(rows) if against.caps else np.zeros(rows.timelines, np.bool_), np.ones(len(rows.at), np.bool_)
    look = TACTICS[tactic]
    return look.may(rows, book().tactic[tactic].at_least), look.looks_at(rows)


def of_link(link: Link, against: Against) -> Lead:
    """A collectors' number that seems to follow another: what shows it are all contacts of both, of which the first and last are named."""
    observed: dict[str, int | str] = {
        "old": link.old,
        "new": link.new,
        "shared": link.shared,
        "of": link.of,
        "colleagues": link.colleagues,
    }
    clauses = against.clauses("number-rotation")
    return Lead("number-rotation", link.agency, "", link.ended, link.began, observed, None, 10**link.ratio, link.entries, clauses)


def _of_cost(found: Above, against: Against) -> Lead:
    """A debt that cost more than the caps that bind it. Nothing is measured: it is so if these are all payouts and payments."""
    of = found.cost
    observed: dict[str, int | str] = {
        "debt": of.debt,
        "lent": f"{of.lent:,.2f}",
        "deducted": f"{of.deducted:,.2f}",
        "paid": f"{of.paid:,.2f}",
        "extensions": f"{of.extensions:,.2f}",
        "rate": _per_cent(of.annual),
        "least": _per_cent(of.least),
        "caps": "; ".join(f"{each.cap.cite}: {each.on(of.day):g} %" for each in found.caps),
    }
    first, ids = of.entries[0], tuple(each.entry_id for each in of.entries)
    clauses = (*(each.cap.id for each in found.caps), *against.clauses(COST, of.entries))
    lender = first.one("creditor") or first.one("agency")
    return Lead(COST, lender, first.one("consumer"), first.at, of.entries[-1].at, observed, None, None, ids, clauses)


def _per_cent(share: float) -> str:
    return f"{100 * share:,.1f}" if share < 10_000 else "1,000,000+"
