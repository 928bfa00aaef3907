"""Timelines become leads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np

from forbear.leads import numbers
from forbear.leads.numbers import Link
from forbear.leads.rates import book, weight
from forbear.leads.rows import Rows
from forbear.leads.tactics import TACTICS
from forbear.records.columns.texts import Ints
from forbear.records.entry import Entry
from forbear.records.timelines import timelines
from forbear.rulebook.rule import Rule

MAY_TOUCH: Final = {
    "timed-dialling": ("frequency",),
    "address-book": ("third-party", "disclosure"),
    "manufactured-permits": ("third-party",),
    "alternating-tones": ("threat", "insult"),
    "bridge-loan": ("steering", "overcharge"),
    "riding-the-cap": ("frequency", "hours"),
    "number-rotation": ("number-rotation", "ignored-stop"),
}
"""Tactic -> conduct whose clauses it may touch."""
ASKED: Final = frozenset(
    {
        *("consumer", "kind", "channel", "direction", "party", "person", "address", "number", "outcome", "duration_s", "zone"),
        *("agency", "collector", "creditor", "declared_by", "tags", "debt", "text"),
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
    ratio: float
    """How much likelier this is if the tactic is used than if it is not."""
    entries: tuple[str, ...]
    clauses: tuple[str, ...]
    """Rules that it may touch."""

    def rank(self) -> tuple[float, str, str, str, int]:
        """Those first that say most."""
        return (-self.ratio, self.tactic, self.agency, self.consumer, self.since)


def find(entries: Iterable[Entry], rules: Sequence[Rule] = ()) -> list[Lead]:
    """The leads of a history, those first that say most. `rules`: whose clauses are named."""
    lines = timelines(entries)
    found = [lead for line in lines for lead in of_timeline(line.consumers[0], line.entries, rules)]
    links = numbers.links(numbers.uses(entry for line in lines for entry in line.entries))
    return sorted([*found, *(of_link(link, rules) for link in links)], key=Lead.rank)


def of_timeline(who: str, entries: Sequence[Entry], rules: Sequence[Rule], tactics: Iterable[str] = TACTICS) -> Iterator[Lead]:
    """The leads of one timeline."""
    places = {entry.entry_id: entry.at for entry in entries}
    for tactic in tactics:
        for seen in TACTICS[tactic].seen(entries):
            means = weight(tactic, seen.score)
            if means is not None:
                times = [places[each] for each in seen.entries]
                yield Lead(
                    tactic, seen.agency, who, min(times), max(times), {**seen.observed}, *means, seen.entries, _clauses(tactic, rules)
                )


def of_rows(rows: Rows, rules: Sequence[Rule]) -> tuple[list[Lead], Ints]:
    """The same leads of very many timelines, and the positions of the entries that make them."""
    lines = rows.lines
    may = {tactic: each.may(rows, book().tactic[tactic].at_least) for tactic, each in TACTICS.items()}
    found, positions = list[Lead](), list[int]()
    for n, line in enumerate(np.flatnonzero(np.logical_or.reduce(list(may.values()))).tolist()):
        first, last = int(lines.start[line]), int(lines.start[line + 1])
        entries = lines.entries(range(first, last))
        some = list(of_timeline(lines.names[line], entries, rules, [tactic for tactic, which in may.items() if which[line]]))
        shown = {each for lead in some for each in lead.entries}
        positions += [first + k for k, entry in enumerate(entries) if entry.entry_id in shown]
        found += some
        if n % _AHEAD == 0:
            lines.forget()
    return found, np.array(positions, np.int64)


def of_link(link: Link, rules: Sequence[Rule]) -> Lead:
    """A collectors' number that seems to follow another: what shows it are all contacts of both, of which the first and last are named."""
    observed: dict[str, int | str] = {
        "old": link.old,
        "new": link.new,
        "shared": link.shared,
        "of": link.of,
        "colleagues": link.colleagues,
    }
    clauses = _clauses("number-rotation", rules)
    return Lead("number-rotation", link.agency, "", link.ended, link.began, observed, None, 10**link.ratio, link.entries, clauses)


def _clauses(tactic: str, rules: Sequence[Rule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules if rule.conduct in MAY_TOUCH[tactic])
