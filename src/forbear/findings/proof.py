"""A finding as a proof that a stranger can check with `conformance/check.py`: its row, the judged entry, all witness entries."""

from __future__ import annotations

import datetime as dt
from typing import NotRequired, TypedDict

import msgspec

from forbear.findings.finding import Finding
from forbear.records.entry import Entry
from forbear.terms import Verdict


class EntryJson(TypedDict):
    """An entry as the checker reads it: times in Unix seconds; a field that is not there is unknown."""

    entry_id: str
    at: int
    known_at: int
    fields: dict[str, list[str]]


class Proof(TypedDict):
    """What one line of `proofs.jsonl` holds."""

    finding: dict[str, str]
    judged: EntryJson
    witness: list[EntryJson]
    law_of: NotRequired[str]
    """The day whose law judged, where it was not that of the entry's own day."""


def proof(finding: Finding, day: dt.date | None = None) -> Proof:
    """The finding with all that it rests on, by the law of `day` if there is one. Text of the contacts is left out: no rule reads it."""
    row = finding.row("")
    del row["sentence"]
    made: Proof = {"finding": row, "judged": entry_json(finding.entry), "witness": [entry_json(entry) for entry in finding.witness]}
    if day:
        made["law_of"] = day.isoformat()
    return made


def line(finding: Finding, day: dt.date | None = None) -> str | None:
    """The finding's line of `proofs.jsonl`; None for what is unclear, which is no proof of anything."""
    if finding.verdict is Verdict.UNCLEAR:
        return None
    return msgspec.json.encode(proof(finding, day)).decode() + "\n"


def entry_json(entry: Entry) -> EntryJson:
    """The entry without its text, source and row id."""
    fields = {name: list(values) for name, values in sorted(entry.fields.items())}
    return {"entry_id": entry.entry_id, "at": entry.at, "known_at": entry.known_at, "fields": fields}
