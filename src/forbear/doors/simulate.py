"""`forbear simulate`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typer

from forbear.findings import sheets
from forbear.leads import simulate
from forbear.records.entry import Entry
from forbear.records.values import NO_TAGS

_CONTACT: Final = (
    *("occurred_at", "consumer", "channel", "direction", "agency", "creditor", "collector", "number", "person", "party", "address"),
    *("outcome", "duration_s", "tags", "text", "contact_id"),
)
_FACT: Final = ("occurred_at", "consumer", "kind", "agency", "creditor", "number", "declared_by", "fact_id")


def run(out: Path, people: int, tactic: str, share: float, strength: float, seed: int) -> None:
    """Writes an invented portfolio and its truth."""
    if tactic and tactic not in simulate.TACTICS:
        raise typer.BadParameter(f"write one of {', '.join(simulate.TACTICS)}", param_hint="--tactic")
    if not 0 <= strength <= 1 or not 0 <= share <= 1:
        raise typer.BadParameter("write a number from 0 to 1", param_hint="--strength, --share")
    out.mkdir(parents=True, exist_ok=True)
    used = round(people * share) if tactic else 0
    some = [*simulate.lives(seed, people - used), *simulate.lives(seed + 1, used, tactic, strength)]
    entries = [entry for life in some for entry in life.entries]
    truth = ((_first(each, "consumer"), _first(each, "agency"), each.style, each.tactic, each.strength) for each in some)
    sheets.write(out / "contacts.csv", _CONTACT, (_cells(each, _CONTACT) for each in entries if each.is_contact), end="\n")
    sheets.write(out / "facts.csv", _FACT, (_cells(each, _FACT) for each in entries if not each.is_contact), end="\n")
    sheets.write(out / "truth.csv", ("consumer", "agency", "style", "tactic", "strength"), truth, end="\n")
    typer.echo(f"people {people}  with the tactic {used}  entries {len(entries)}  in {out}")


def _first(life: simulate.Life, field: str) -> str:
    return next((each.one(field) for each in life.entries if each.one(field)), "")


def _cells(entry: Entry, columns: Sequence[str]) -> list[str]:
    own = {"occurred_at": str(entry.at), "text": entry.text, "contact_id": entry.entry_id, "fact_id": entry.entry_id}
    if entry.fields.get("tags") == ():
        own["tags"] = NO_TAGS[0]
    return [own.get(each) or entry.one(each) for each in columns]
