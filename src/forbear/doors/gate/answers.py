"""What was judged, told to the one who asks: law to everyone, other agencies' contacts and counts to the creditor and the auditor alone."""

from __future__ import annotations

from forbear.doors.gate.api import Clause, Permit, Reason
from forbear.doors.gate.job import Asker
from forbear.engines.judgement import Judgement
from forbear.records.packed import Packed
from forbear.rulebook.rule import Rule


def reason(found: Judgement, line: Packed, asker: Asker | None) -> Reason:
    """One rule's no, or warning. `asker`: as far as it may know; None tells everything, for the ledger."""
    rule = found.rule
    told = asker is None or asker.sees_all
    entries = [line.entry(position) for position in found.witness]
    return Reason(
        rule=rule.id,
        version=rule.version,
        title=rule.title.en,
        title_zh=rule.title.zh,
        clauses=[Clause(clause.cite, clause.url or "") for clause in rule.clauses],
        conduct=rule.conduct,
        force=rule.force,
        effect=rule.effect,
        verified=rule.verified,
        verdict=found.verdict.value,
        debts=list(found.debts),
        settles=list(found.settles),
        witness=[entry.entry_id for entry in entries if told or (asker and entry.fields.get("agency") == (asker.agency,))],
        measured=found.measured if told else "",
        limit=found.limit if told else "",
    )


def permit(rule: Rule, position: int, line: Packed) -> Permit:
    """What an allow rests on."""
    entry = line.entry(position)
    kind = entry.one("kind")
    return Permit(rule=rule.id, entry=entry.entry_id, kind=kind, declared_by=entry.one("declared_by"))
