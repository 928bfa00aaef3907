"""Findings as people read them: who, when, in which words, by which clause, and what shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Final

from forbear.doors.dossier import pack
from forbear.doors.dossier.case import Case
from forbear.doors.dossier.offices import last_day, offices
from forbear.doors.dossier.words import words
from forbear.findings import dates
from forbear.findings.finding import Finding
from forbear.findings.phrases import phrases
from forbear.findings.words import sentence, what
from forbear.records.clock import local
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule
from forbear.terms import AGENCY_KIND, FORCE, FORM, OUTCOME, VERIFIED, Verdict

MOST: Final = 100
"""Contacts of one rule that are listed in full; the table has all."""
_WITNESS: Final = 8
_LONGEST: Final = 400
"""Characters of a message that are quoted; the record itself holds all."""


class Telling:
    """Says entries and findings of one case."""

    def __init__(self, case: Case, book: Book, until: int, label: Callable[[str], str]) -> None:
        """`until`: the second of the last record. `label`: what another person is called, by the id that entries have."""
        self.case, self.book, self.until, self.label = case, book, until, label
        self.words = words(case.lang)

    def entry(self, entry: Entry) -> pack.Shown:
        """An entry, shown. Its text is redacted already."""
        if not entry.is_contact:
            return self._fact(entry)
        said = [what(entry, self.case.lang)]
        whom = entry.one("person")
        if whom.startswith("person-"):
            said.append(self.words("shown.whom", whom=self.label(whom)))
        said += [OUTCOME[each].say(self.case.lang) for each in entry.fields.get("outcome", ())]
        if (seconds := entry.one("duration_s")) not in ("", "0"):
            said.append(self.words("shown.seconds", seconds=seconds))
        text = entry.text if len(entry.text) <= _LONGEST else entry.text[:_LONGEST] + self.words("shown.cut", n=len(entry.text) - _LONGEST)
        return pack.Shown(self.when(entry.at), self.words("list.comma").join(said), entry.one("number"), text, entry.entry_id)

    def _fact(self, entry: Entry) -> pack.Shown:
        """What was told, and to whom; a date without a time stays one."""
        at = self.case.fact[int(entry.entry_id.split("-")[1]) - 1].at
        when = dates.date(at, self.case.lang) if isinstance(at, dt.date) and not isinstance(at, dt.datetime) else self.when(entry.at)
        said = self.words("shown.told", what=what(entry, self.case.lang), name=entry.one("agency"))
        more = [FORM[each].say(self.case.lang) for each in entry.fields.get("form", ())]
        if (whom := entry.one("person")).startswith("person-"):
            more.append(self.words("shown.by-whom", whom=self.label(whom)))
        return pack.Shown(
            when,
            self.words("list.comma").join([said, *more]),
            "",
            self.words("shown.by", what=entry.text) if entry.text else "",
            entry.entry_id,
        )

    def when(self, at: int) -> str:
        """By the clock of the case."""
        return dates.instant(at, self.case.zone, self.case.lang)

    def groups(self, findings: Iterable[Finding]) -> list[pack.Group]:
        """By rule, the strongest force first, then the rules that most contacts break."""
        by_rule = [(rule, list(some)) for rule, some in _by_rule(findings)]
        by_rule.sort(key=lambda pair: (list(FORCE).index(pair[0].force), -len(pair[1]), pair[0].id, pair[0].from_))
        return [self._group(rule, some) for rule, some in by_rule]

    def _group(self, rule: Rule, some: Sequence[Finding]) -> pack.Group:
        lang, first, contacts = self.case.lang, rule.clauses[0], len({each.entry.entry_id for each in some})
        first_at, last_at = (self.when(each.entry.at) for each in (some[0], some[-1]))
        return pack.Group(
            rule=rule.id,
            version=rule.version,
            title=rule.title.say(lang),
            cite=phrases(lang)("list.clause").join(clause.cite for clause in rule.clauses),
            quote=first.quote,
            url=first.url,
            force=FORCE[rule.force].say(lang),
            effect=phrases(lang)(f"effect.{rule.effect}"),
            verified=VERIFIED[rule.verified].say(lang),
            contacts=contacts,
            seen=self.words("page.between" if first_at != last_at else "page.once", n=contacts, first=first_at, last=last_at),
            incidents=[self.incident(each, first=each is some[0]) for each in some[:MOST]],
            more=max(0, len(some) - MOST),
        )

    def incident(self, finding: Finding, *, first: bool) -> pack.Incident:
        """One contact that breaks a rule. Time and words speak for themselves after the `first`; a count needs its sentence every time."""
        entry, kept = finding.entry, finding.witness[-_WITNESS:]
        years = next((office.years for office in offices(self.case.law) if office.years and office.concerns(finding.rule)), 0)
        day = last_day(entry.at, self.case.zone, years) if years and finding.verdict is Verdict.BREACH else None
        kinds = self.words("list.or").join(AGENCY_KIND[each].say(self.case.lang) for each in entry.fields.get("agency_kind", ()))
        return pack.Incident(
            contact=self.entry(entry),
            who=self.words("shown.who", name=entry.one("agency").replace("|", self.words("list.or")), kind=kinds),
            sentence=sentence(finding, self.case.lang, self.book) if first or finding.rule.cap or finding.rule.owe else "",
            witness=[self.entry(each) for each in kept],
            more=len(finding.witness) - len(kept),
            last_day=dates.date(day, self.case.lang) if day else "",
            passed=bool(day and day.toordinal() < local(self.until, self.case.zone).day),
        )


def _by_rule(findings: Iterable[Finding]) -> Iterable[tuple[Rule, Iterable[Finding]]]:
    def key(each: Finding) -> tuple[str, str]:
        return each.rule.id, str(each.rule.from_)

    for _, some in groupby(sorted(findings, key=key), key):
        listed = list(some)
        yield listed[0].rule, listed
