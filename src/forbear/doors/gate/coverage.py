"""Calls that the carrier carried and the gate never allowed: somebody went round it.

A carried call is covered by a contact that the gate allowed to the same number, from the same number where both sides name one, placed no
earlier than it was allowed (but for the clocks) and no later than the reservation was meant for. One allow covers one call.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from forbear.doors.gate.api import instant
from forbear.records import mapping as mappings
from forbear.records.entry import Entry
from forbear.records.errors import InputError
from forbear.records.history import History, read
from forbear.records.mapping import Mapping
from forbear.terms import Language, Word

_COLUMNS: Final = ("occurred_at", "contact_id", "consumer", "agency", "number", "address", "outcome", "duration_s")
_COUNTS: Final = Word(
    "carried {carried}  allowed {allowed}  went round the gate {round}  allowed and not carried {unplaced}  undecided {undecided}  "
    "quarantined {quarantined}",
    "运营商承载 {carried}  已放行 {allowed}  绕过闸口 {round}  已放行而未见呼叫 {unplaced}  无法判断 {undecided}  隔离 {quarantined}",
)


class Tolerance(NamedTuple):
    """How far two clocks may differ, and how long after its allow a call may be placed. In seconds."""

    clocks_s: int = 30
    lease_s: int = 900


class Carried(NamedTuple):
    """What was carried, and what of it nobody had allowed."""

    carried: int
    """Outbound calls in the carrier's files."""
    uncovered: list[Entry]
    """Those that no allow covers, in the order of time."""
    unplaced: int
    """Allowed calls that the carrier did not carry: cancelled, placed on another line, or outside its records."""
    undecided: int
    """Calls of which the carrier's files do not say whether they were outbound, or whom they reached."""
    history: History
    """How the carrier's files were read."""


def coverage(ledger: Path, carrier: Sequence[Path], mapping: Sequence[Path] = (), tolerance: Tolerance = Tolerance()) -> Carried:  # noqa: B008
    """Holds the carrier's files against an exported ledger (the folder, or its `contacts.csv`). Raises `InputError`."""
    allowed = read([ledger / "contacts.csv" if ledger.is_dir() else ledger]).entries
    history = read(carrier, mapping=[_whoever(each) for each in [*map(mappings.load, mapping), mappings.PLAIN]])
    calls = [entry for entry in history.entries if entry.is_contact and entry.fields.get("channel") == ("call",)]
    outbound = [entry for entry in calls if entry.fields.get("direction") == ("outbound",) and len(entry.fields.get("address", ())) == 1]
    inbound = sum(entry.fields.get("direction") == ("inbound",) for entry in calls)
    uncovered, unplaced = _unmatched(outbound, allowed, tolerance)
    return Carried(len(outbound), uncovered, unplaced, len(calls) - len(outbound) - inbound, history)


def _whoever(mapping: Mapping) -> Mapping:
    """A carrier knows numbers, not consumers: a call that names none is a call all the same."""
    return msgspec.structs.replace(mapping, readings=msgspec.structs.replace(mapping.readings, consumer_is_address=True))


def _unmatched(carried: Iterable[Entry], allowed: Iterable[Entry], tolerance: Tolerance) -> tuple[list[Entry], int]:
    """Calls without an allow, and how many allows are left. The call that comes first takes the allow that ends first."""
    open_ = defaultdict[str, list[Entry]](list)
    for entry in allowed:
        if entry.fields.get("channel") == ("call",) and entry.fields.get("direction") == ("outbound",):
            open_[entry.one("address")].append(entry)
    uncovered = []
    for call in carried:
        waiting = open_[call.one("address")]
        for place, entry in enumerate(waiting):
            after = call.at - entry.at
            from_, its = call.fields.get("number"), entry.fields.get("number")
            if -tolerance.clocks_s <= after <= tolerance.lease_s + tolerance.clocks_s and (not from_ or not its or set(from_) & set(its)):
                del waiting[place]
                break
        else:
            uncovered.append(call)
    return uncovered, sum(map(len, open_.values()))


def say(found: Carried, lang: Language) -> str:
    """The counts, in a line."""
    return _COUNTS.say(lang).format(
        carried=found.carried,
        allowed=found.carried - len(found.uncovered),
        round=len(found.uncovered),
        unplaced=found.unplaced,
        undecided=found.undecided,
        quarantined=len(found.history.quarantine),
    )


def write(file: Path, found: Carried) -> None:
    """Writes the uncovered calls as CSV. Raises `InputError`."""
    try:
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(_COLUMNS)
            for entry in found.uncovered:
                known = {name: entry.one(name) for name in _COLUMNS[2:]}
                if entry.fields["consumer"] == entry.fields["address"]:
                    known["consumer"] = ""
                writer.writerow((instant(entry.at), entry.entry_id, *known.values()))
    except OSError as error:
        raise InputError(file, f"cannot be written ({error.strerror})", "check the path and its permissions") from error
