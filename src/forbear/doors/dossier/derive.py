"""What evidence shows by law: findings, leads, and by which version of which rule. Everything in a pack follows from this."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from forbear.doors.dossier.case import Case
from forbear.doors.dossier.evidence import ME, Evidence
from forbear.doors.dossier.redact import Redaction
from forbear.engines.idle import needed
from forbear.engines.kernel.host import Kernel
from forbear.findings.finding import Finding, findings_of
from forbear.leads.find import Against, Lead, find
from forbear.leads.reconcile import Log, compare
from forbear.leads.reconcile.compare import Compared
from forbear.records.entry import Entry
from forbear.rulebook import lock
from forbear.rulebook.book import Book
from forbear.rulebook.choice import Choice
from forbear.rulebook.load import load, places
from forbear.rulebook.match import Matches
from forbear.rulebook.rule import Rule
from forbear.terms import CONDUCT, Verdict


class Derived(NamedTuple):
    """All that follows from sources and case."""

    findings: tuple[Finding, ...]
    """In the order of time. Texts in them are redacted."""
    leads: tuple[Lead, ...]
    reconciled: Compared | None
    """The telephone beside the lender's log, where one was given."""
    book: Book
    law: dict[str, str]
    """Rule -> version and hash of its meaning, of every rule that was asked."""


def derive(known: Evidence, case: Case, redaction: Redaction, lender: Sequence[Entry] | None = None) -> Derived:
    """Judges the evidence."""
    law = Choice((case.law.partition("-")[0],))
    book = load(places(law.laws[0]))
    against = Against.of(book, law)
    shown = [msgspec.structs.replace(entry, text=redaction.text(entry.text)) for entry in known.entries]
    left = needed(book, against.rules, shown, known.coverage)
    whole = {id(rule): against.rules[n] for n, rule in left.items() if rule is not against.rules[n]}
    judged = next(iter(Kernel(book, [*left.values()], known.coverage).judge([shown])))
    named = [each._replace(rule=whole[id(each.rule)]) if id(each.rule) in whole else each for each in judged]
    return Derived(
        tuple(findings_of(lambda places: [shown[n] for n in places], named)),
        tuple(find(known.entries, against)),
        None if lender is None else compare(_mine(known), Log.of(lender)),
        book,
        {rule_id(rule): f"{rule.version} {lock.digest(book, rule)}" for rule in against.rules},
    )


def _mine(known: Evidence) -> Log:
    """The contacts with the person, without those with others."""
    return Log.of(entry for entry in known.entries if entry.fields.get("person") == (ME,))


def rule_id(rule: Rule) -> str:
    """A rule, told from the same rule at other times."""
    return f"{rule.id} {rule.from_}"


def conducts(finding: Finding) -> frozenset[str]:
    """What was done: of a rule about words those of its tags that the contact has, since a rule against threats may forbid insults too."""
    asked = {
        value for match in (finding.rule.forbid or Matches()).any for test in match.tests if test.field == "tags" for value in test.values
    }
    met = asked.intersection(finding.entry.fields.get("tags", ())) & CONDUCT.keys()
    return frozenset(met) or frozenset({finding.rule.conduct})


def proven(finding: Finding) -> bool:
    """Whether a finding rests on what is there.

    A message in which no phrase was met that would meet a duty may meet it in other words: that is for the reader to see, not to be told
    as a breach.
    """
    return finding.verdict is not Verdict.UNCLEAR and not _by_silence(finding.rule)


def breaches(findings: Sequence[Finding]) -> list[Finding]:
    """Those that are proven and break what binds."""
    return [each for each in findings if proven(each) and each.verdict is Verdict.BREACH]


def _by_silence(rule: Rule) -> bool:
    return rule.require is not None and any(test.field == "tags" for match in rule.require.any for test in match.tests)
