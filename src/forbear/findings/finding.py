"""A finding: one entry, one rule, one verdict, and all that a stranger needs to check it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from forbear.engines.judgement import Judgement
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


def findings_of(entries: Sequence[Entry], judgements: Iterator[Judgement]) -> Iterator[Finding]:
    """The judgements of one timeline as findings."""
    for j in judgements:
        witness = tuple(entries[k] for k in j.witness)
        yield Finding(entries[j.position], j.rule, j.verdict, j.debts, j.measured, j.limit, j.settles, witness)
