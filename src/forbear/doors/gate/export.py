"""The ledger as the tables that `forbear audit` reads, and its denials as proofs that a stranger can check with `conformance/check.py`.

A contact that was allowed is in the table with the outcome that remains of all its reports; without a report its outcome is unknown. One
that was cancelled and never reported did not happen. Denied contacts, dry runs and plans are in no table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import msgspec

from forbear.doors.gate import ledger
from forbear.doors.gate.api import instant
from forbear.doors.gate.outcomes import settled
from forbear.findings.proof import entry_json
from forbear.records.entry import Entry
from forbear.records.values import NO_TAGS
from forbear.terms import FIELDS

_FIELDS: Final = tuple(name for name in FIELDS if name not in ("kind", "minutes_a_week"))
CONTACT_COLUMNS: Final = ("occurred_at", "contact_id", "source", *_FIELDS, "text")
FACT_COLUMNS: Final = ("occurred_at", "known_at", "fact_id", "source", "kind", *_FIELDS, "text")
SOURCE: Final = "gate"


def entries(records: Iterable[ledger.Record]) -> Iterator[Entry]:
    """What happened, from the ledger entries of whole chains, each in its order."""
    for _, chain in groupby(records, lambda record: record.chain):
        held: dict[str, Entry] = {}
        cancelled: dict[str, Entry] = {}
        for record in chain:
            if record.what in ("allow", "fact", "contact"):
                entry = entry_of(record.body["entry"])
                held[entry.entry_id] = entry
            elif record.what == "cancel":
                target = record.body["decision"]
                cancelled[target] = held.pop(target)
            elif record.what == "outcome":
                target = record.body["decision"]
                entry = held.pop(target, None) or cancelled.pop(target)
                held[target] = settled(entry, record.body["outcome"], record.body["duration_s"])
        yield from held.values()


def entry_of(plain: dict[str, Any]) -> Entry:
    """An entry as the ledger keeps it."""
    return msgspec.convert(plain, Entry)


def proofs(records: Iterable[ledger.Record]) -> Iterator[bytes]:
    """Lines of `proofs.jsonl`: every breach and departure of every contact that was denied."""
    for record in records:
        if record.what != "deny":
            continue
        judged, known = entry_of(record.body["entry"]), {each["entry_id"]: entry_of(each) for each in record.body["witness"]}
        for reason in record.body["reasons"]:
            if reason["verdict"] == "unclear" or not known.keys() >= set(reason.get("witness", ())):
                continue
            finding = {
                **{key: reason[key] for key in ("rule", "conduct", "force", "effect", "verified", "verdict")},
                "rule_version": str(reason["version"]),
                "entry_id": judged.entry_id,
                "consumer": judged.one("consumer"),
                "debt": "+".join(reason.get("debts", ())),
                "clause": "; ".join(clause["cite"] for clause in reason["clauses"]),
                "measured": reason.get("measured", ""),
                "limit": reason.get("limit", ""),
                "witness": " ".join(reason.get("witness", ())),
            }
            witness = [entry_json(known[entry_id]) for entry_id in reason.get("witness", ())]
            yield msgspec.json.encode({"finding": finding, "judged": entry_json(judged), "witness": witness}) + b"\n"


def write(folder: Path, records: Iterable[ledger.Record]) -> tuple[int, int]:
    """Writes `contacts.csv` and `facts.csv`; how many of each."""
    contacts = facts = 0
    with (
        (folder / "contacts.csv").open("w", encoding="utf-8", newline="") as one,
        (folder / "facts.csv").open("w", encoding="utf-8", newline="") as other,
    ):
        to_contacts, to_facts = csv.writer(one), csv.writer(other)
        to_contacts.writerow(CONTACT_COLUMNS)
        to_facts.writerow(FACT_COLUMNS)
        for entry in entries(records):
            cells = {name: _cell(entry, name) for name in _FIELDS} | {
                "occurred_at": instant(entry.at),
                "known_at": instant(entry.known_at),
                "contact_id": entry.entry_id,
                "fact_id": entry.entry_id,
                "source": SOURCE,
                "kind": entry.one("kind"),
                "text": entry.text,
            }
            if entry.is_contact:
                contacts += 1
                to_contacts.writerow([cells[name] for name in CONTACT_COLUMNS])
            else:
                facts += 1
                to_facts.writerow([cells[name] for name in FACT_COLUMNS])
    return contacts, facts


def _cell(entry: Entry, name: str) -> str:
    return NO_TAGS[0] if name == "tags" and entry.fields.get("tags") == () else entry.one(name)
