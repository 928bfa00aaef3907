"""Exports of a person's own telephone, read: several files become one list in the order of time.

Files are read as streams. What is kept is what `only` lets through, so that a backup of any size can be gone through in little memory;
of the other records it is known how many there are, whom they name, and when the last one was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from forbear.records import clock, phones
from forbear.records.errors import InputError
from forbear.records.exports import kind
from forbear.records.exports.item import Export, Item, Source
from forbear.records.exports.reading import Reading
from forbear.records.files import size, unchanged

Progress = Callable[[int, int], None]
"""(bytes read, bytes in all)."""

_OFTEN = 4096
"""Records between two words of progress."""


def read(
    paths: Sequence[Path], *, zone: str, region: str, only: Callable[[Item], bool] | None = None, progress: Progress | None = None
) -> Export:
    """All records of files and folders in the order of time, each once; of two that are the same, the one read first stays.

    The same is: the same second, other end, direction, channel, group, text and duration. `zone`: IANA name, for times that a file
    writes as its owner's clock showed them; `region`: where a number without country code belongs (`US`, `CN`); `only`: which records
    to keep, all if None. Raises `InputError` for what cannot be read at all; what can in part is told in `Export.sources`.
    """
    _check(zone, region)
    found = kind.find([*map(Path, paths)])
    kept: list[Item] = []
    seen: set[tuple[object, ...]] = set()
    named: set[tuple[str, str]] = set()
    until = 0
    sources: list[Source] = []
    total, before, repeated = size(found.files), 0, 0
    for path, (form, reader) in found.files.items():
        reading, held = Reading(path, zone, region), 0
        with unchanged(path) as length:
            for item in reader(reading):
                held += 1
                if progress and held % _OFTEN == 0:
                    progress(before + min(reading.done, length), total)
                if item.name:
                    named.add((item.other, item.name))
                if item.at > until:  # noqa: PLR1730 (a call for each of millions)
                    until = item.at
                if only and not only(item):
                    continue
                same = (item.at, item.other, item.incoming, item.channel, item.group, item.text, item.seconds)
                if same in seen:
                    repeated += 1
                else:
                    seen.add(same)
                    kept.append(Item(*item[:-2], reading.digest(), len(sources)))  # its last two are digest and source
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        before += length
        if progress:
            progress(before, total)
        unread, called = tuple(reading.unread), found.called.get(path, "")
        sources.append(Source(path, form, digest, length, reading.said, held + len(unread), unread, reading.broken, called))
    kept.sort(key=lambda item: item.at)
    return Export(tuple(kept), tuple(sources), repeated, frozenset(named), until or None, found.skipped)


def _check(zone: str, region: str) -> None:
    try:
        clock.check_zone(zone)
    except clock.UnknownZone as error:
        raise InputError("zone", f"{zone!r} is no IANA time zone", "write a name like Asia/Shanghai") from error
    if phones.region_of(region) != region:
        raise InputError("region", f"{region!r} is no region of telephone numbers", "write two capital letters, like US or CN")
