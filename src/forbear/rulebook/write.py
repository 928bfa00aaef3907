"""A timeline written as a diary: the inverse of `diary.read`, in as few words as that leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from forbear.records.clock import instants, local, say
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.diary import UNSAID, zone_of
from forbear.terms import DIRECTION, FIELDS, OUTCOME, PARTY

_BARE = {"direction": DIRECTION, "party": PARTY, "outcome": OUTCOME}
"""Fields whose words stand for themselves."""

_MINUTE = len("2026-01-31 09:00")
"""How long a time is that shows no seconds."""


class Unwritable(ValueError):
    """No line of a diary reads as this entry: its zone is not known, or the clock was just put back."""


def write(entries: Iterable[Entry], given: Mapping[str, str], book: Book, marks: Sequence[str] = ()) -> str:
    """Lines that `read(..., given, book)` reads as these entries, which are in the order of a timeline; with a mark behind each, if given.

    Raises `Unwritable`.
    """
    base = {**UNSAID, **given}
    lines: list[tuple[int, str, str]] = []
    for entry, mark in zip_longest(entries, marks):
        wall, words = _line(entry, base, book)
        times, first, before = lines[-1] if lines else (0, "", "")
        following = f"{words}  {mark or ''}".rstrip()
        if following == before and not mark and len(first) == len(wall) == _MINUTE and _minutes(wall) == _minutes(first) + times:
            lines[-1] = (times + 1, first, before)
        else:
            lines.append((1, wall, following))
    return "".join(f"{f'{times} x ' if times > 1 else ''}{wall}  {words}\n" for times, wall, words in lines)


def _line(entry: Entry, base: Mapping[str, str], book: Book) -> tuple[str, str]:
    """Date and time, and the words behind."""
    usual = dict.fromkeys(FIELDS, "?") | dict(base)
    what = entry.fields["kind"][0]
    if what == "contact":
        what = usual["channel"] = entry.fields.get("channel", ("call",))[0]
    said = {
        name: value for name in FIELDS if name not in ("kind", "zone", "person") and (value := _value(entry, name)) != _known(usual[name])
    }
    if "hours" in entry.fields:
        # Reading computes it.
        said.pop("minutes_a_week", None)
    person = _value(entry, "person")
    if person != (base.get("person") or _himself(entry)):
        said["person"] = person
    zone = _value(entry, "zone")
    if zone != (base.get("zone") or zone_of(said, base, book)):
        said["zone"] = zone
    clock = zone_of({**base, **said}, base, book)
    words = "".join(f" {value if value in _BARE.get(name, ()) else f'{name}={value}'}" for name, value in said.items())
    known = "" if entry.known_at == entry.at else f" known={_wall(entry.known_at, clock).replace(' ', 'T')}"
    return _wall(entry.at, clock), f"{what}{words}{known}"


def _value(entry: Entry, name: str) -> str:
    return entry.one(name) if name in entry.fields else "?"


def _known(value: str) -> str:
    """Of an outcome not reported nothing is known."""
    return "?" if value == "pending" else value


def _himself(entry: Entry) -> str:
    """Whom a contact was placed to, where nobody says: the consumer, if the party is the consumer."""
    return _value(entry, "consumer") if entry.fields.get("party") == ("consumer",) else "?"


def _minutes(wall: str) -> int:
    at = dt.datetime.fromisoformat(wall)
    return at.toordinal() * 1440 + at.hour * 60 + at.minute


def _wall(instant: int, zone: str) -> str:
    if not zone or instants(*local(instant, zone), zone)[0] != instant:
        raise Unwritable(f"no diary says {instant} in the zone {zone!r}")
    return say(instant, zone).removesuffix(":00")
