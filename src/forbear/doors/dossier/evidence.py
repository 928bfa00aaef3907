"""An export and a case become entries: contacts with collectors' numbers, and what the person told.

A telephone is silent about most: it holds no consent, no mandate, no letter. Whatever nobody holds stays unknown, and what turns on it is
told as missing, never as a breach.
"""

from __future__ import annotations

from collections import Counter
from typing import Final, NamedTuple

from forbear.doors.dossier.case import Case, Collector, Debt, spelled
from forbear.records import derived, values
from forbear.records.coverage import Coverage, Holding
from forbear.records.derived import Fields
from forbear.records.entry import Entry, order
from forbear.records.exports.item import Export, Item
from forbear.records.schema import ALL
from forbear.signals import heard

ME: Final = "me"
"""The consumer of every entry: a dossier is one person's."""
TOLD: Final = frozenset(
    {"cease-request", "opt-out", "dispute", "attorney-named", "inconvenient-hours", "place-forbidden", "consent-revoked", "hardship"}
)
"""Kinds that only the person can have declared, and that restrict the collector: what the case does not name did not happen."""
_FIELDS: Final = ("channel", "form", "scope", "hours")


class Evidence(NamedTuple):
    """What is judged, and where each contact stands in the sources."""

    entries: tuple[Entry, ...]
    items: dict[str, Item]
    """Entry id -> the telephone's record."""
    coverage: Coverage
    names: frozenset[str]
    """What the telephone calls people who do not collect."""


Of = tuple[Debt, Collector]


def evidence(export: Export, case: Case) -> Evidence:
    """Everything that can be judged. Contacts are told from the collector's side: what came in at the telephone went out from him."""
    by_number = dict[str, list[Of]]()
    for debt in case.debt:
        for collector in debt.collector:
            for number in dict.fromkeys(spelled(case, each) for each in collector.numbers):
                by_number.setdefault(number, []).append((debt, collector))
    collects = {number: _of(of) for number, of in by_number.items()}
    owners = {name: n for n, person in enumerate(case.person) for name in person.files}
    items, entries, seen = dict[str, Item](), list[Entry](), Counter[str]()
    for item in export.items:
        of = collects.get(item.other)
        if of is None:
            continue
        short = item.digest[:16]
        seen[short] += 1
        entry_id = short if seen[short] == 1 else f"{short}-{seen[short]}"
        owner = owners.get(export.sources[item.source].name)
        whom = (ME, "consumer") if owner is None else (who(owner), case.person[owner].party)
        entries.append(Entry(entry_id=entry_id, at=item.at, known_at=item.at, fields=_contact(item, of, whom, case), text=item.text))
        items[entry_id] = item
    entries += _facts(case)
    names = frozenset(name for other, name in export.named if other not in collects)
    held = Holding("case.toml", TOLD | frozenset(case.complete))
    return Evidence(tuple(sorted(entries, key=order)), items, Coverage((held,), export.until), names)


def _contact(item: Item, of: Fields, whom: tuple[str, str], case: Case) -> Fields:
    """The fields of a contact; `of`: those that its number tells."""
    fields: Fields = {
        "kind": ("contact",),
        "consumer": (ME,),
        "person": (whom[0],),
        "party": (whom[1],),
        "channel": (item.channel,),
        "direction": ("outbound" if item.incoming else "inbound",),
        "number": (item.other,),
        **of,
        **_place(case),
    }
    if item.outcome:
        fields["outcome"] = (item.outcome,)
    if item.seconds is not None:
        fields["duration_s"] = (str(item.seconds),)
    if whom[0] == ME and case.number:
        fields["address"] = (spelled(case, case.number),)
        fields["place"] = ("mobile",)
    derived.hear(fields, item.text, heard)
    if fields.get("tags") == values.NO_TAGS[:1]:
        fields["tags"] = ()
    derived.settle_tags(fields)
    return fields


def who(n: int) -> str:
    """The id of the person at this place of the case; a name would show in sentences."""
    return f"person-{n + 1}"


def _of(of: list[Of]) -> Fields:
    """Who collects, and for whom; several debts or collectors of one number are candidates, so the debt is then unknown."""
    fields: Fields = {
        "creditor": tuple(dict.fromkeys(debt.creditor for debt, _ in of)),
        "creditor_kind": tuple(dict.fromkeys(debt.creditor_kind for debt, _ in of)),
        "debt_kind": tuple(dict.fromkeys(debt.kind for debt, _ in of)),
        "agency": tuple(dict.fromkeys(collector.name for _, collector in of)),
        "agency_kind": tuple(dict.fromkeys(collector.kind for _, collector in of)),
    }
    debts = {debt.id for debt, _ in of}
    return fields | ({"debt": tuple(debts)} if len(debts) == 1 else {})


def _place(case: Case) -> Fields:
    return {"jurisdiction": (case.law.upper(),), "zone": (case.zone,)}


def _facts(case: Case) -> list[Entry]:
    """One entry for each collector to whom a fact was told; for all of them where none is named."""
    found = list[Entry]()
    for n, fact in enumerate(case.fact):
        told: list[list[Of]] = [[(debt, each)] for debt in case.debt for each in debt.collector if not fact.to or each.name in fact.to]
        at = case.instant(fact)
        for m, of in enumerate(told):
            fields: Fields = {"kind": (fact.kind,), "consumer": (ME,), "declared_by": ("consumer",), **_of(of), **_place(case)}
            fields |= {name: (getattr(fact, name),) for name in _FIELDS if getattr(fact, name)}
            named = [who(n) for n, person in enumerate(case.person) if person.name == fact.person]
            fields["person"] = tuple(named) or (ALL if fact.kind == "stop-by-third-party" else ME,)
            derived.count_minutes(fields)
            found.append(Entry(entry_id=f"fact-{n + 1}-{m + 1}", at=at, known_at=at, fields=fields, text=fact.shown_by))
    return found
