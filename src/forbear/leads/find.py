"""Timelines become leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

from forbear.leads import numbers
from forbear.leads.rates import weight
from forbear.leads.tactics import TACTICS, Look, infiltration
from forbear.records.entry import Entry
from forbear.rulebook.rule import Rule

MAY_TOUCH: Final = {
    "timed-dialling": ("frequency",),
    "address-book": ("third-party", "disclosure"),
    "manufactured-permits": ("third-party",),
    "alternating-tones": ("threat", "insult"),
    "bridge-loan": ("steering", "overcharge"),
    "riding-the-cap": ("frequency", "hours"),
    "group-infiltration": ("impersonation", "identification", "false-claim"),
    "number-rotation": ("number-rotation", "ignored-stop"),
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
    ratio: float
    """How much likelier this is if the tactic is used than if it is not."""
    entries: tuple[str, ...]
    clauses: tuple[str, ...]
    """Rules that it may touch."""


def find(entries: Iterable[Entry], rules: Sequence[Rule] = ()) -> list[Lead]:
    """The leads of a history, those first that say most. `rules`: whose clauses are named."""
    known = list(entries)
    timelines = defaultdict[str, list[Entry]](list)
    for entry in known:
        timelines[entry.one("consumer")].append(entry)
    # An account may be known from what was done or told elsewhere.
    looks: dict[str, Look] = {**TACTICS, "group-infiltration": partial(infiltration.seen, known=infiltration.staff(known))}
    found = [lead for who, mine in timelines.items() for lead in _of_timeline(who, mine, looks, rules)]
    return sorted([*found, *_numbers(known, rules)], key=lambda lead: (-lead.ratio, lead.tactic, lead.agency, lead.consumer, lead.since))


def _of_timeline(who: str, entries: list[Entry], looks: Mapping[str, Look], rules: Sequence[Rule]) -> Iterable[Lead]:
    places = {entry.entry_id: entry.at for entry in entries}
    for tactic, look in looks.items():
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


def _clauses(tactic: str, rules: Sequence[Rule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules if rule.conduct in MAY_TOUCH[tactic])
