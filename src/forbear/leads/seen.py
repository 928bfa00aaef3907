"""What a timeline shows of a tactic, before anybody says how much that means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from forbear.records.entry import Entry


class Seen(NamedTuple):
    """Of one agency in one timeline."""

    agency: str
    score: float
    observed: dict[str, int]
    """What was counted, by names that the sentences of `leads.say` use."""
    entries: tuple[str, ...]
    """Ids of the entries that make it, in order."""


def outbound(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Agency -> contacts that it made, in order. The unknown agency is one too."""
    by_agency = defaultdict[str, list[Entry]](list)
    for entry in entries:
        if entry.is_contact and entry.fields.get("direction", ("outbound",)) == ("outbound",):
            by_agency[entry.one("agency")].append(entry)
    return by_agency


def of_each(entries: Sequence[Entry], look: Callable[[str, list[Entry]], Seen | None]) -> list[Seen]:
    """What `look` sees of each agency, where it sees anything."""
    return [seen for agency, made in sorted(outbound(entries).items()) if (seen := look(agency, made)) is not None]


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
    return bool(entry.fields.get("outcome")) and set(entry.fields["outcome"]) <= {"no-answer", "busy", "rejected", "not-in-service"}
