"""What was derived becomes a pack: page one first, then every contact, what is missing, and where to turn."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from forbear import __version__
from forbear.doors.dossier import drafts, offices, pack
from forbear.doors.dossier.case import Case, spelled
from forbear.doors.dossier.derive import Derived, conducts, proven, rule_id
from forbear.doors.dossier.evidence import Evidence, who
from forbear.doors.dossier.redact import Redaction, clean
from forbear.doors.dossier.shown import Telling
from forbear.doors.dossier.stated import stated
from forbear.doors.dossier.words import words
from forbear.findings import dates
from forbear.findings import leads as told
from forbear.findings.finding import Finding
from forbear.findings.phrases import Phrases
from forbear.findings.words import need
from forbear.leads.reconcile.compare import SURE
from forbear.records.clock import local
from forbear.records.entry import Entry
from forbear.records.exports.item import Export, Source
from forbear.records.exports.reasons import REASONS
from forbear.terms import AGENCY_KIND, CONDUCT, KIND, Verdict

_HIDDEN: Final = 20
"""Contacts that the lender's log lacks, listed one by one; the count has all."""


def build(export: Export, case: Case, known: Evidence, found: Derived, redaction: Redaction, *, redacted: bool = True) -> pack.Pack:
    """The pack."""
    t, until = words(case.lang), export.until or 0
    names = {who(n): redaction.person(person.name) for n, person in enumerate(case.person)}
    telling = Telling(case, found.book, until, names.__getitem__)
    sure = [each for each in found.findings if proven(each)]
    breaches = [each for each in sure if each.verdict is Verdict.BREACH]
    groups = telling.groups(breaches)
    contacts = [entry for entry in known.entries if entry.is_contact]
    period = t("page.period", first=_day(contacts[0].at, case), last=_day(until, case)) if contacts else ""
    departures = telling.groups(each for each in sure if each.verdict is Verdict.DEPARTURE)
    cited = {rule_id(each.rule) for each in sure}
    missing = _missing(export, case, found.findings, redaction)
    unrecorded = stated(case, redaction)
    return pack.Pack(
        lang=case.lang,
        title=t("page.title"),
        person=clean(case.name),
        period=period,
        headline=_headline(breaches, contacts, t),
        summary=list(_summary(case, contacts, breaches, groups, found, missing, t)),
        steps=list(_steps(case, breaches, t)),
        parties=list(_parties(case, contacts)),
        facts=[telling.entry(entry) for entry in known.entries if not entry.is_contact],
        told=unrecorded,
        breaches=groups,
        departures=departures,
        leads=[*(told.sentence(lead, case.lang) for lead in found.leads), *_reconciled(found, telling, redaction)],
        missing=missing,
        offices=[
            pack.Office(
                office.name.say(case.lang),
                office.purpose.say(case.lang),
                office.source.say(case.lang),
                drafts.draft(case, office, breaches, groups, unrecorded, period),
            )
            for office in offices.offices(case.law)
        ],
        sources=[
            pack.Source(
                redaction.text(each.name),
                each.format,
                each.sha256,
                each.size,
                each.held,
                fault(each, t),
            )
            for each in export.sources
        ],
        program=__version__,
        redacted=redacted,
        law={rule: version for rule, version in found.law.items() if rule in cited},
    )


def _day(at: int, case: Case) -> str:
    return dates.date(dt.date.fromordinal(local(at, case.zone).day), case.lang)


def _headline(breaches: Sequence[Finding], contacts: Sequence[Entry], t: Phrases) -> str:
    broken = len({each.entry.entry_id for each in breaches})
    made = sum(entry.fields["direction"] == ("outbound",) for entry in contacts)
    return t("page.headline", n=broken, of=made) if broken else t("page.nothing", of=made)


def _summary(
    case: Case,
    contacts: Sequence[Entry],
    breaches: Sequence[Finding],
    groups: Sequence[pack.Group],
    found: Derived,
    missing: Sequence[pack.Missing],
    t: Phrases,
) -> Iterable[str]:
    by_conduct = defaultdict[str, set[str]](set)
    for each in breaches:
        for conduct in conducts(each):
            by_conduct[conduct].add(each.entry.entry_id)
    for conduct, ids in sorted(by_conduct.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        key = f"conduct.{conduct}"
        yield t(key, n=len(ids)) if key in t.texts else t("conduct.other", n=len(ids), conduct=CONDUCT[conduct].say(case.lang))
    if strong := drafts.strength(groups, case.lang):
        yield t("page.strength", rules=t("list.comma").join(t("page.force", force=name, n=n) for name, n in strong))
    if found.leads or (found.reconciled and found.reconciled.hidden):
        yield t("page.leads", n=len(found.leads) + (1 if found.reconciled and found.reconciled.hidden else 0))
    if missing:
        yield t("page.open", what=missing[0].what)
    made = sum(entry.fields["direction"] == ("outbound",) for entry in contacts)
    yield t("page.counted", n=made, of=len(contacts) - made)


def _steps(case: Case, breaches: Sequence[Finding], t: Phrases) -> Iterable[str]:
    if any("threat" in conducts(each) for each in breaches):
        yield t("step.danger")
    yield t("step.keep")
    yield t(f"step.{case.law.partition('-')[0]}")
    limits = [
        offices.last_day(each.entry.at, case.zone, office.years)
        for office in offices.offices(case.law)
        if office.years
        for each in breaches
        if office.concerns(each.rule)
    ]
    if limits:
        yield t("step.limit", first=dates.date(min(limits), case.lang), last=dates.date(max(limits), case.lang))
    yield t("step.debt")


def _parties(case: Case, contacts: Sequence[Entry]) -> Iterable[pack.Party]:
    for debt in case.debt:
        for each in debt.collector:
            mine = [entry for entry in contacts if each.name in entry.fields["agency"] and debt.creditor in entry.fields["creditor"]]
            ends = (_day(mine[0].at, case), _day(mine[-1].at, case)) if mine else ("", "")
            numbers = words(case.lang)("list.comma").join(clean(spelled(case, number)) for number in each.numbers)
            yield pack.Party(clean(each.name), AGENCY_KIND[each.kind].say(case.lang), clean(debt.creditor), numbers, len(mine), *ends)


def _reconciled(found: Derived, telling: Telling, redaction: Redaction) -> Iterable[str]:
    """What the lender's log lacks: counted, and the first of it one by one."""
    if found.reconciled is None:
        return
    both, t = found.reconciled, telling.words
    if both.offsets:
        sure = sorted((each.sighting.at, each.sighting.number) for each in both.hidden if each.probability >= SURE)
        yield t("lead.reconciled", matched=len(both.matched), hidden=len(sure), rest=len(both.hidden) - len(sure))
        yield from (t("lead.hidden", when=telling.when(at), number=redaction.text(number)) for at, number in sure[:_HIDDEN])
    yield from (t(f"lead.{doubt}") for doubt in both.doubts)


def _missing(export: Export, case: Case, findings: Sequence[Finding], redaction: Redaction) -> list[pack.Missing]:
    """What would settle what is unclear, that first which a person can get, and which settles most; and records that could not be read."""
    t, waits = words(case.lang), defaultdict[str, set[str]](set)
    for each in findings:
        if each.verdict is Verdict.UNCLEAR:
            for one in each.settles:
                waits[one].add(each.entry.entry_id)
        elif not proven(each):
            waits["words"].add(each.entry.entry_id)
    ordered = sorted(waits.items(), key=lambda pair: (f"how.{pair[0]}" not in t.texts, -len(pair[1]), pair[0]))
    found = [pack.Missing(_what(one, case, t), _how(one, t), len(ids)) for one, ids in ordered if one]
    lost = Counter(source.name for source in export.sources if source.unread or source.broken)
    return found + [pack.Missing(t("missing.source", name=redaction.text(name)), t("how.source"), 0) for name in lost]


def _what(one: str, case: Case, t: Phrases) -> str:
    if one.startswith("kind=") and f"missing.{one}" not in t.texts:
        return t("missing.fact", kind=KIND[one.removeprefix("kind=")].say(case.lang))
    return t.texts.get(f"missing.{one}") or need(one, case.lang)


def _how(one: str, t: Phrases) -> str:
    return t.texts.get(f"how.{one}") or t("how.fact" if one.startswith("kind=") else "how.other")


def fault(source: Source, t: Phrases) -> str:
    """What of a file could not be read, in a sentence for each; empty where all could."""
    faults = [t("source.broken", where=clean(source.broken.say(t.lang)))] if source.broken else []
    why = dict.fromkeys(REASONS[reason].say(t.lang) for _, reason in source.unread)
    faults += [t("source.unread", n=len(source.unread), why=t("list.semicolon").join(why))] if why else []
    faults += [t("source.fewer", n=source.said)] if source.said is not None and source.said != source.held else []
    return t("list.sentence").join(faults)
