"""A finding as a proof that a stranger can check with `conformance/check.py`: its row, the judged entry, all witness entries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TypedDict

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


def lines(findings: Iterable[Finding]) -> Iterator[str]:
    """`proofs.jsonl`, line by line: what is unclear is no proof of anything and is left out."""
    for finding in findings:
        if finding.verdict in (Verdict.BREACH, Verdict.DEPARTURE):
            yield json.dumps(proof(finding), ensure_ascii=False, separators=(",", ":")) + "\n"


def entry_json(entry: Entry) -> EntryJson:
    """The entry without its text, source and row id."""
    fields = {name: list(values) for name, values in entry.fields.items()}
    return {"entry_id": entry.entry_id, "at": entry.at, "known_at": entry.known_at, "fields": fields}
