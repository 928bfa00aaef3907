"""What the sources hold together: only where a fact would have been brought had it happened does its absence prove anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from forbear.records import clock
from forbear.records.errors import InputError
from forbear.records.mapping import Held, Mapping, holdings
from forbear.terms import KIND


class Holding(NamedTuple):
    """What a source holds: it would have brought every fact of these kinds that happened within these seconds."""

    source: str
    kinds: frozenset[str]
    since: int | None = None
    until: int | None = None


class Coverage(NamedTuple):
    """What the sources hold together, and how far the records reach.

    `complete` takes every kind as held throughout, as a diary does.
    """

    holdings: tuple[Holding, ...] = ()
    records_until: int | None = None
    complete: bool = False
    silent: frozenset[str] = frozenset()
    """Kinds that nothing holds although `complete` is said."""

    def uncovered(self, kind: str, at: int) -> int | None:
        """The last second up to `at` in which a fact of `kind` may have happened without being here; None if there is none."""
        if kind == "contact":
            return None
        if self.complete:
            return at if kind in self.silent else None
        while True:
            reach = [
                h for h in self.holdings if kind in h.kinds and (h.since is None or h.since <= at) and (h.until is None or at <= h.until)
            ]
            if not reach:
                return at
            starts = [h.since for h in reach if h.since is not None]
            if len(starts) < len(reach):
                return None
            at = min(starts) - 1

    def throughout(self, kind: str) -> bool:
        """Whether there is no second in which a fact of `kind` may have happened without being here."""
        if self.complete:
            return kind not in self.silent
        return any(kind in h.kinds and h.since is None and h.until is None for h in self.holdings)

    def silent_kinds(self, kinds: Iterable[str]) -> list[str]:
        """Those of `kinds` that no source holds at all."""
        return sorted(k for k in kinds if (k in self.silent if self.complete else not any(k in h.kinds for h in self.holdings)))


COMPLETE = Coverage(complete=True)
"""Nothing was withheld: how diaries and witnesses are judged."""


def coverage_of(mappings: Sequence[Mapping], holds: Iterable[str] | Literal["all"], until: dt.date | int | None) -> Coverage:
    """What the sources hold, as mappings and the command line say it. Raises `InputError` for a kind that is none."""
    kinds = frozenset(KIND) if holds == "all" else frozenset(holds)
    unknown = sorted(kinds - set(KIND))
    if unknown:
        raise InputError("--holds", f"unknown kind of fact {', '.join(unknown)}", f"use all, or some of: {', '.join(KIND)}")
    said = [_holding(each, source, held) for each in mappings for source, held in holdings(each).items()]
    if kinds:
        said.append(Holding("", kinds))
    if isinstance(until, dt.date):
        until = min(clock.midnight(until.toordinal() + 1, zone) for zone in _zones(mappings)) - 1
    return Coverage(tuple(said), until, complete=holds == "all")


def _holding(mapping: Mapping, source: str, held: Held) -> Holding:
    """Dates become seconds in the zone of the mapping; where that is unknown, so that the source surely covers them."""
    zones = _zones([mapping])
    since = None if held.since is None else max(clock.midnight(held.since.toordinal(), zone) for zone in zones)
    until = None if held.until is None else min(clock.midnight(held.until.toordinal() + 1, zone) for zone in zones) - 1
    return Holding(source, held.all_kinds, since, until)


def _zones(mappings: Sequence[Mapping]) -> Sequence[str]:
    said = {str(zone) for each in mappings for zone in (each.time.zone or each.given.get("zone", ""),) if zone}
    return tuple(sorted(zone for each in said for zone in each.split("|"))) or clock.EVERYWHERE
