"""Two logs compared by somebody who may see neither: contacts become marks that only agree where number and minute agree.

Both sides seal with one key that the comparer must not have; the comparer gets the marks and nothing else. Who has a key and the marks of
the other side could try all minutes and numbers, so neither side is given the other's marks. A mark is the first 8 bytes of HMAC-SHA-256
(RFC 2104).

The person's clock is not known beforehand, so his contacts are marked under every quarter of an hour that zones can lie apart.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

import msgspec

from forbear.leads.reconcile.sightings import Log

Side = Literal["person", "lender"]
MINUTE: Final = 60
ZONES: Final = range(-26 * 4, 26 * 4 + 1)
"""Quarters of an hour by which the person's clock may differ."""
_SLACK: Final = 2
"""Minutes on either side within which times agree."""
_LEAST: Final = 24
"""Bytes of a key."""


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One side's log, sealed: what may be handed to the comparer."""

    side: Side
    numbers: list[bytes]
    """A mark for the number of each contact, the same wherever the number stands; empty where it is unknown."""
    times: list[list[bytes]]
    """For each contact its marks: of the lender one for each minute within the slack, of the person one for each of `ZONES`."""


class Agreed(NamedTuple):
    """What the marks of two logs show; contacts are told by their position."""

    zone: int | None
    """Quarters of an hour by which the person's clock differs; None if nothing shows it, and then nothing else is told."""
    matched: tuple[tuple[int, int], ...]
    hidden: tuple[int, ...]
    """Contacts of the person from numbers that are the lender's, without a partner: leads."""
    by_chance: float
    """How likely a contact would find a partner if the logs had nothing to do with each other: what a match, or its absence, is worth."""


def seal(log: Log, side: Side, key: bytes) -> Sealed:
    """A log as marks. Raises `ValueError` if the key is too short to keep anything secret."""
    if len(key) < _LEAST:
        raise ValueError(f"a key has {_LEAST} bytes or more; this has {len(key)}")

    def mark(text: str) -> bytes:
        return hmac.digest(key, text.encode(), "sha256")[:8]

    numbers, times = list[bytes](), list[list[bytes]]()
    for each in log.sightings:
        numbers.append(mark(f"number {each.number}") if each.number else b"")
        minute = each.at // MINUTE
        minutes = [minute - 15 * zone for zone in ZONES] if side == "person" else range(minute - _SLACK, minute + _SLACK + 1)
        times.append([mark(f"contact {each.number} {one}") for one in minutes] if each.number else [])
    return Sealed(side, numbers, times)


def agree(person: Sealed, lender: Sealed) -> Agreed:
    """Which contacts are the same. The comparer needs no key."""
    where = dict[bytes, list[int]]()
    for n, marks in enumerate(lender.times):
        for mark in marks:
            where.setdefault(mark, []).append(n)
    hits = [Counter(bool(each and where.get(each[zone])) for each in person.times)[True] for zone in range(len(ZONES))]
    best = max(range(len(ZONES)), key=lambda zone: (hits[zone], -abs(ZONES[zone])))
    others = [hits[zone] for zone in range(len(ZONES)) if zone != best]
    known = max(1, sum(map(bool, person.times)))
    by_chance = (sum(others) + 1) / (len(others) * known)
    if hits[best] < 3 or hits[best] <= max(others):
        return Agreed(None, (), (), by_chance)
    matched = _pairs([where.get(each[best], []) if each else [] for each in person.times])
    theirs = set(filter(None, lender.numbers))
    met = {n for n, _ in matched}
    hidden = tuple(n for n, number in enumerate(person.numbers) if number in theirs and n not in met)
    return Agreed(ZONES[best], matched, hidden, by_chance)


def _pairs(partners: Iterable[list[int]]) -> tuple[tuple[int, int], ...]:
    """As many pairs as can be, each contact in one (Kuhn's algorithm)."""
    choices = list(partners)
    taken = dict[int, int]()

    def place(n: int, tried: set[int]) -> bool:
        for one in choices[n]:
            if one not in tried:
                tried.add(one)
                if one not in taken or place(taken[one], tried):
                    taken[one] = n
                    return True
        return False

    for n in range(len(choices)):
        place(n, set())
    return tuple(sorted((n, one) for one, n in taken.items()))
