"""A finding: one entry, one rule, one verdict, and all that a stranger needs to check it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from forbear.engines.judgement import Entries, Judgement
from forbear.records.entry import Entry
from forbear.rulebook.rule import Rule
from forbear.terms import Verdict

COLUMNS: Final = (
    "contact_id",
    "entry_id",
    "consumer",
    "debt",
    "rule",
    "rule_version",
    "clause",
    "conduct",
    "force",
    "effect",
    "verified",
    "verdict",
    "measured",
    "limit",
    "settles",
    "witness",
    "sentence",
)
"""The columns of findings.parquet and findings.csv, in their order."""


class Finding(NamedTuple):
    """A judgement with the entries that it speaks of. `witness`: earlier entries, in order."""

    entry: Entry
    rule: Rule
    verdict: Verdict
    debts: tuple[str, ...]
    measured: str
    limit: str
    settles: tuple[str, ...]
    witness: tuple[Entry, ...]

    def row(self, sentence: str) -> dict[str, str]:
        """The finding as a row of the files we write; several values are joined by `+`, witness ids by a space."""
        rule = self.rule
        return {
            "contact_id": self.entry.brought_id,
            "entry_id": self.entry.entry_id,
            "consumer": self.entry.one("consumer"),
            "debt": "+".join(self.debts),
            "rule": rule.id,
            "rule_version": str(rule.version),
            "clause": rule.cite,
            "conduct": rule.conduct,
            "force": rule.force,
            "effect": rule.effect,
            "verified": rule.verified,
            "verdict": self.verdict.value,
            "measured": self.measured,
            "limit": self.limit,
            "settles": "; ".join(self.settles),
            "witness": " ".join(entry.entry_id for entry in self.witness),
            "sentence": sentence,
        }


Told = tuple[int, Sequence[Judgement]]
"""The number of a timeline, and its judgements that are not clear; positions count through all timelines of a part."""


def findings_of(entries: Entries, judgements: Iterable[Judgement]) -> list[Finding]:
    """Judgements with the entries that they speak of. `entries` gives entries by position."""
    judgements = list(judgements)
    places = list(dict.fromkeys(i for j in judgements for i in (j.position, *j.witness)))
    entry = dict(zip(places, entries(places), strict=True))
    return [
        Finding(entry[j.position], j.rule, j.verdict, j.debts, j.measured, j.limit, j.settles, tuple(entry[k] for k in j.witness))
        for j in judgements
    ]
