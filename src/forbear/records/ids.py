"""Entry ids: what a row brings where that is unique, else made from its content, so that neither files nor their order matter."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from forbear.records.entries import Dated, Draft
from forbear.records.entry import Entry, order


class Named(NamedTuple):
    """The entries of a run, in the order of timelines, and what was noticed in naming them."""

    entries: list[Entry]
    dated: dict[str, Dated]
    """Entry id -> where in its date a fact without time was put."""
    duplicate_ids: dict[str, int]
    """Id that several rows brought -> how many."""
    repeated: frozenset[str]
    """Entry ids of rows that say exactly what an earlier one says."""


def name(drafts: Sequence[Draft]) -> Named:
    """Gives every draft its id. Rows that share a brought id are all kept, each under an id made from its content."""
    brought = Counter(draft.entry.brought_id for draft in drafts if draft.entry.brought_id)
    taken = {each for each, rows in brought.items() if rows == 1}
    entries: list[Entry] = []
    dated: dict[str, Dated] = {}
    repeated: set[str] = set()
    ordinals: Counter[str] = Counter()
    for entry, date in drafts:
        entry_id = entry.brought_id
        if entry_id not in taken or brought[entry_id] != 1:
            content = fingerprint(entry)
            ordinals[content] += 1
            entry_id = content if ordinals[content] == 1 else f"{content}-{ordinals[content]}"
            if ordinals[content] > 1:
                repeated.add(entry_id)
            while entry_id in taken:
                entry_id += "x"
        entries.append(msgspec.structs.replace(entry, entry_id=entry_id))
        if date:
            dated[entry_id] = date
    entries.sort(key=order)
    return Named(entries, dated, {each: rows for each, rows in sorted(brought.items()) if rows > 1}, frozenset(repeated))


def fingerprint(entry: Entry) -> str:
    """24 hexadecimal digits from all that an entry says, its id aside."""
    said = [entry.at, entry.known_at, entry.source, entry.brought_id, entry.text, sorted(entry.fields.items())]
    return hashlib.blake2b(msgspec.json.encode(said), digest_size=12).hexdigest()
