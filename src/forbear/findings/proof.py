"""A finding as a proof that a stranger can check with `conformance/check.py`: its row, the judged entry, all witness entries."""

from __future__ import annotations

from typing import TypedDict

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


def proof(finding: Finding) -> Proof:
    """The finding with all that it rests on. Text of the contacts is left out: no rule reads it."""
    row = finding.row("")
    del row["sentence"]
    return {"finding": row, "judged": entry_json(finding.entry), "witness": [entry_json(entry) for entry in finding.witness]}


def line(finding: Finding) -> str | None:
    """The finding's line of `proofs.jsonl`; None for what is unclear, which is no proof of anything."""
    if finding.verdict is Verdict.UNCLEAR:
        return None
    return msgspec.json.encode(proof(finding)).decode() + "\n"


def entry_json(entry: Entry) -> EntryJson:
    """The entry without its text, source and row id."""
    fields = {name: list(values) for name, values in sorted(entry.fields.items())}
    return {"entry_id": entry.entry_id, "at": entry.at, "known_at": entry.known_at, "fields": fields}
