"""What a log tells of contacts between a person and those who call: when, from which number, for how long."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from forbear.leads.seen import lasted, outbound
from forbear.records.entry import Entry

_LOGGED: Final = frozenset({"call", "voicemail", "sms"})
"""Channels that a phone keeps a log of, and a lender too."""


class Sighting(NamedTuple):
    """One contact as one side noted it."""

    at: int
    """Unix second, by the clock of that side."""
    number: str
    """The caller's number as E.164; empty if it is not known."""
    seconds: int | None
    """How long they spoke; None if that is not known."""
    entry_id: str
    agency: str = ""


def _order(each: Sighting) -> tuple[int, str, int, str, str]:
    """By time. A message of the same second has no length, and comes first."""
    return each.at, each.number, -1 if each.seconds is None else each.seconds, each.entry_id, each.agency


class Log(NamedTuple):
    """The contacts of one person as one side noted them, in the order of time, each once."""

    sightings: tuple[Sighting, ...]
    since: int
    until: int
    """Unix seconds between which the log holds all there was."""

    @classmethod
    def of(cls, entries: Iterable[Entry], since: int | None = None, until: int | None = None) -> Log:
        """Outbound contacts by phone among entries; without bounds the log reaches from the first to the last of them.

        An export that was made twice brings contacts twice: what agrees in second, number and length is one contact.
        """
        seen = dict[tuple[int, str, int | None], Sighting]()
        for entry in entries:
            if outbound(entry) and entry.one("channel") in _LOGGED:
                each = Sighting(entry.at, entry.one("number"), lasted(entry), entry.entry_id, entry.one("agency"))
                seen.setdefault(each[:3], each)
        found = tuple(sorted(seen.values(), key=_order))
        first, last = (found[0].at, found[-1].at) if found else (0, 0)
        return cls(found, first if since is None else since, last if until is None else until)
