"""A timeline made smaller and plainer for as long as it still shows what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from forbear.engines.apart.variations import Timeline, at
from forbear.records.clock import local
from forbear.records.entry import Values

Shows = Callable[[Timeline], Timeline | None]
"""The timeline, as it is kept, if it still shows what it must; else None."""


def simpler(timeline: Timeline, usual: Mapping[str, Values], shows: Shows) -> Timeline:
    """Without every entry, field and odd time that it does not need: no entry of what is left can be taken away.

    `usual`: the values that a diary need not say.
    """
    if timeline.silent:
        timeline = shows(timeline._replace(silent=frozenset())) or timeline
    return _shorter(_rounder(_usual(_shorter(timeline, shows), usual, shows), shows), shows)


def _shorter(timeline: Timeline, shows: Shows) -> Timeline:
    """Half of it taken away, a quarter, ... one entry, and again until no entry can be."""
    some = max(len(timeline.entries) // 2, 1)
    while True:
        start, before = 0, timeline
        while start < len(timeline.entries):
            less = timeline.but(dict.fromkeys(range(start, start + some)))
            kept = shows(less) if less.entries else None
            start += 0 if kept else some
            timeline = kept or timeline
        if some == 1 and timeline is before:
            return timeline
        some = max(some // 2, 1)


def _usual(timeline: Timeline, usual: Mapping[str, Values], shows: Shows) -> Timeline:
    """Fields as they usually are, or not said at all: of all entries at once, or of some."""
    for name in dict.fromkeys(name for entry in timeline.entries for name in entry.fields if name not in ("kind", "channel", "zone")):
        odd = [k for k, entry in enumerate(timeline.entries) if entry.fields.get(name) not in (usual.get(name), None)]
        for some in ([odd] if len(odd) > 1 else []) + [[k] for k in odd]:
            changed = {k: timeline.entries[k].but(**{name: usual.get(name)}) for k in some}
            timeline = shows(timeline.but(changed)) or timeline
    return timeline


def _rounder(timeline: Timeline, shows: Shows) -> Timeline:
    """A minute before another of its kind, as a diary repeats a line; else at a full hour, or half hour, or minute."""
    count = len(timeline.entries)
    for k in reversed(range(count)):
        entry = timeline.entries[k]
        following = timeline.entries[k + 1] if k + 1 < count else None
        repeated = [following.at - 60] if following and following.fields == entry.fields else []
        for instant in (*repeated, *_rounded(entry.at, entry.fields.get("zone", ("Etc/UTC",))[0])):
            if instant == entry.at:
                break
            if kept := shows(timeline.but({k: at(entry, instant)})):
                timeline = kept
                break
    return timeline


def _rounded(instant: int, zone: str) -> Iterator[int]:
    second = local(instant, zone).second
    for unit in (3600, 1800, 60):
        if second % unit == 0:
            return
        yield from (instant - second % unit, instant - second % unit + unit)
