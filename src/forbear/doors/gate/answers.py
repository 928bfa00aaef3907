"""What was judged, told to the one who asks: law to everyone, other agencies' contacts and counts to the creditor and the auditor alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from forbear.doors.gate.api import Clause, Law, Owed, Permit, Reason, instant
from forbear.doors.gate.job import Asker
from forbear.engines.judgement import Judgement
from forbear.engines.plain import Judge
from forbear.records.coverage import Coverage
from forbear.records.packed import Packed
from forbear.records.schema import ALL
from forbear.rulebook.book import Book
from forbear.rulebook.load import shipped
from forbear.rulebook.rule import Rule
from forbear.rulebook.say import limit


def reason(found: Judgement, line: Packed, asker: Asker | None) -> Reason:
    """One rule's no, or warning. `asker`: as far as it may know; None tells everything, for the ledger."""
    rule = found.rule
    told = asker is None or asker.sees_all
    entries = [line.entry(position) for position in found.witness]
    return Reason(
        rule=rule.id,
        **_named(rule),
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


def permits(found: Iterable[tuple[Rule, int]], line: Packed, asker: Asker) -> list[Permit]:
    """What an allow rests on. Of another agency's entries neither ids nor number are told."""
    told = [(rule, line.entry(position)) for rule, position in found]
    named = [
        Permit(
            rule=rule.id,
            entry=entry.entry_id if asker.sees_all or entry.fields.get("agency") in ((asker.agency,), (ALL,)) else "",
            kind=entry.one("kind"),
            declared_by=entry.one("declared_by"),
        )
        for rule, entry in told
    ]
    return list(dict.fromkeys(named))


def owed(book: Book, rules: Iterable[Rule], line: Packed, entry_id: str, coverage: Coverage) -> Iterator[Owed]:
    """What must follow an entry of a timeline, as far as nothing that followed already may have met it."""
    place = line.find(entry_id)
    if place is None:
        return
    entries = line.entries()
    judge = Judge(book, entries, coverage)
    for rule in rules:
        if rule.owe and judge.judge(rule, entries[place], place).value is not False:
            first, last = judge.times.due(entries[place], rule.owe.within, rule)
            yield Owed(
                rule=rule.id,
                **_named(rule),
                before=instant(first),
                sure=first == last,
            )


def public_law(book: Book) -> dict[str, Law]:
    """Id -> the newest version of every rule that comes with forbear; a house's own rules are nobody else's."""
    public, found = shipped().resolve(), dict[str, Law]()
    for rule in sorted(book.rules, key=lambda rule: rule.from_):
        if book.file_of(rule).resolve().is_relative_to(public):
            found[rule.id] = Law(
                id=rule.id,
                **_named(rule),
                **{name: getattr(rule, name) for name in ("conduct", "force", "effect", "verified", "status")},
                limit=limit(rule),
                since=str(rule.from_),
                until=str(rule.until or ""),
            )
    return found


def _named(rule: Rule) -> dict[str, Any]:
    """What every answer says of a rule."""
    clauses = [Clause(clause.cite, clause.url) for clause in rule.clauses]
    return {"version": rule.version, "title": rule.title.en, "title_zh": rule.title.zh, "clauses": clauses}
