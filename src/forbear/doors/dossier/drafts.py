"""Drafts of complaints: what was recorded, in which words, under which clause. Facts and quotes alone; what they amount to others say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from forbear.doors.dossier import offices, pack
from forbear.doors.dossier.case import Case
from forbear.doors.dossier.words import words
from forbear.findings.finding import Finding
from forbear.terms import FORCE

_MOST: Final = 3
"""Contacts of a rule that a draft names; the pack has all."""


def draft(
    case: Case, office: offices.Office, findings: Sequence[Finding], groups: Sequence[pack.Group], told: Sequence[pack.Shown], period: str
) -> str:
    """A complaint to one office about what concerns it, and what is told beside; empty if no finding concerns it."""
    t = words(case.lang)
    own = {each.rule.id for each in findings if office.concerns(each.rule)}
    some = [group for group in groups if group.rule in own]
    if not some:
        return ""
    contacts = len({each.entry.entry_id for each in findings if each.rule.id in own})
    lines = [
        t("draft.to", office=office.name.say(case.lang)),
        t("draft.from", name=case.name or t("draft.no-name")),
        "",
        t("draft.what", period=period, n=contacts, collectors=t("list.comma").join(_collectors(case))),
        "",
    ]
    for number, group in enumerate(some, 1):
        lines.append(
            t(
                "draft.group",
                number=number,
                title=group.title,
                cite=group.cite,
                force=group.force,
                verified=group.verified,
                n=group.contacts,
            )
        )
        for incident in group.incidents[:_MOST]:
            shown = incident.contact
            said = t("draft.words", words=_line(shown.words)) if shown.words else ""
            lines.append(
                t("draft.contact", when=shown.when, what=shown.what, number=shown.number, who=incident.who, said=said, record=shown.record)
            )
        if (rest := len(group.incidents) + group.more - _MOST) > 0:
            lines.append(t("draft.more", n=rest))
    if told:
        lines += ["", t("draft.told"), *(_told(each, case) for each in told)]
    asked = [t(f"draft.ask-{office.id}")] if f"draft.ask-{office.id}" in t.texts else []
    return "\n".join([*lines, "", *asked, t("draft.end")])


def _told(each: pack.Shown, case: Case) -> str:
    t = words(case.lang)
    about = t("draft.about", when=each.when, what=each.what) if each.what else each.when
    return t("draft.statement", about=_line(about), words=_line(each.words))


def _line(text: str) -> str:
    """What somebody wrote, in one line: no line of his can pass for one of the draft."""
    return " ".join(text.split())


def _collectors(case: Case) -> list[str]:
    t = words(case.lang)
    return [t("draft.collector", name=each.name, creditor=debt.creditor) for debt in case.debt for each in debt.collector]


def strength(groups: Sequence[pack.Group], lang: str) -> list[tuple[str, int]]:
    """Force of the rules -> how many of them are broken, the strongest first."""
    names = [word.zh if lang == "zh" else word.en for word in FORCE.values()]
    counted = [(name, sum(group.force == name for group in groups)) for name in names]
    return [(name, n) for name, n in counted if n]
