"""What remains of all reports about one contact, whatever their number and order."""

from __future__ import annotations

from typing import Final

from forbear.records.entry import Entry
from forbear.terms import OUTCOME

_WEIGHT: Final = {word: len(OUTCOME) - n for n, word in enumerate(OUTCOME)}
"""Outcome -> how much it binds the collector: a conversation the most."""


def settled(entry: Entry, outcome: str, duration_s: str | None) -> Entry:
    """The contact with one more report: of all outcomes the one that binds the collector most stands, of all durations the longest."""
    said = (*entry.fields.get("outcome", ()), outcome)
    lasted = (*entry.fields.get("duration_s", ()), *(() if duration_s is None else (duration_s,)))
    return entry.but(outcome=(max(said, key=_WEIGHT.__getitem__),), duration_s=(max(lasted, key=float),) if lasted else None)
