"""What a timeline shows of a tactic, before anybody says how much that means."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from forbear.records.entry import Entry

NOBODY: Final = frozenset({"no-answer", "busy", "rejected", "not-in-service"})
"""Outcomes of a call that reached nobody."""


class Seen(NamedTuple):
    """Of one agency in one timeline."""

    agency: str
    score: float
    observed: dict[str, int]
    """What was counted, by names that the sentences of `findings.leads` use."""
    entries: tuple[str, ...]
    """Ids of the entries that make it, in order."""


def outbound(entry: Entry) -> bool:
    """Whether this is a contact that was made, not received, as far as the records tell."""
    return entry.is_contact and entry.fields.get("direction", ("outbound",)) == ("outbound",)


def of_each(entries: Sequence[Entry], look: Callable[[str, list[Entry]], Seen | None]) -> list[Seen]:
    """What `look` sees in the contacts that each agency made, where it sees anything. The unknown agency is one too."""
    by_agency = defaultdict[str, list[Entry]](list)
    for entry in filter(outbound, entries):
        by_agency[entry.one("agency")].append(entry)
    return [seen for agency, made in sorted(by_agency.items()) if (seen := look(agency, made)) is not None]


def reached(entries: Iterable[Entry]) -> set[str]:
    """Numbers and accounts at which, or from which, a consumer or a third person may have been reached: nobody asks whose else they are."""
    found = set[str]()
    for each in entries:
        found.update(each.fields.get("address", ()))
        if each.one("direction") == "inbound":
            found.update(each.fields.get("number", ()))
    return found


def surprise(hits: int, of: int, chance: float) -> float:
    """How surprising (log 10) so many hits are where each has this chance: an upper bound of the binomial tail (Chernoff)."""
    share = hits / of
    if share <= chance:
        return 0.0
    apart = share * math.log(share / chance) + ((1 - share) * math.log((1 - share) / (1 - chance)) if share < 1 else 0.0)
    return of * apart / math.log(10)


def without_figures(text: str) -> str:
    """What stays the same of a template from one person to the next."""
    return "".join("#" if char.isdigit() else char for char in text)


def lasted(entry: Entry) -> int | None:
    """Seconds that a contact lasted, if that is known."""
    said = entry.one("duration_s")
    return int(said) if said.isdecimal() else None


def elsewhere(entry: Entry) -> bool:
    """Whether a contact went to somebody who surely is not the consumer."""
    party = entry.fields.get("party", ())
    return bool(party) and "consumer" not in party


def unanswered(entry: Entry) -> bool:
    """Whether a call surely reached nobody."""
    return bool(entry.fields.get("outcome")) and set(entry.fields["outcome"]) <= NOBODY
