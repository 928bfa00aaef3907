"""The ledger as the tables that `forbear audit` reads, and its denials as proofs that a stranger can check with `conformance/check.py`.

A contact that was allowed is in the table with the outcome that remains of all its reports; without a report its outcome is unknown. One
that was cancelled and never reported did not happen. Denied contacts, dry runs and plans are in no table.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from forbear.doors.gate.api import instant
from forbear.doors.gate.ledger import ledger
from forbear.doors.gate.outcomes import settled
from forbear.doors.gate.store.store import Store
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
                entry = held.pop(target) if target in held else cancelled.pop(target)
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


class Counts(NamedTuple):
    """What was written."""

    entries: int
    contacts: int
    facts: int
    proofs: int


def export(store: Store, folder: Path) -> Counts:
    """Writes the ledger itself, `contacts.csv`, `facts.csv` and `proofs.jsonl` into a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [body for _, body in store.checkpoints()]
    public = store.public_key()
    entries = ledger.write(folder, ((body, head) for _, _, _, body, head in store.records()), made, public)
    contacts, facts = tables(folder, _read(folder))
    count = 0
    with (folder / "proofs.jsonl").open("wb") as out:
        for line in proofs(_read(folder)):
            out.write(line)
            count += 1
    return Counts(entries, contacts, facts, count)


def _read(folder: Path) -> Iterator[ledger.Record]:
    """The ledger that was written: tables and ledger cannot differ."""
    for _, line in ledger.lines(folder / ledger.RECORDS):
        yield ledger.decode(ledger.split(line)[0])


def tables(folder: Path, records: Iterable[ledger.Record]) -> tuple[int, int]:
    """Writes `contacts.csv` and `facts.csv`; how many of each."""
    count = {True: 0, False: 0}
    with ExitStack() as stack:
        out = {}
        for is_contact, name, columns in ((True, "contacts.csv", CONTACT_COLUMNS), (False, "facts.csv", FACT_COLUMNS)):
            out[is_contact] = csv.writer(stack.enter_context((folder / name).open("w", encoding="utf-8", newline="")))
            out[is_contact].writerow(columns)
        for entry in entries(records):
            columns = CONTACT_COLUMNS if entry.is_contact else FACT_COLUMNS
            out[entry.is_contact].writerow([_cell(entry, name) for name in columns])
            count[entry.is_contact] += 1
    return count[True], count[False]


def _cell(entry: Entry, name: str) -> str:
    """A cell of the records page."""
    if name in ("occurred_at", "known_at"):
        return instant(entry.at if name == "occurred_at" else entry.known_at)
    if name in ("contact_id", "fact_id"):
        return entry.entry_id
    if name == "tags" and entry.fields.get("tags") == ():
        return NO_TAGS[0]
    return {"source": SOURCE, "text": entry.text}.get(name) or entry.one(name)
