"""What the person tells without a record: shown in a place of its own, in his words; no rule judges it, and no count has it."""

from __future__ import annotations

import datetime as dt

from forbear.doors.dossier.case import Case, Told
from forbear.doors.dossier.pack import Shown
from forbear.doors.dossier.redact import Redaction
from forbear.doors.dossier.words import words
from forbear.findings import dates
from forbear.terms import CHANNEL


def stated(case: Case, redaction: Redaction) -> list[Shown]:
    """What is told, in the order of the case. Other people are marked as everywhere."""
    return [_shown(n, told, case, redaction) for n, told in enumerate(case.told, 1)]


def _shown(n: int, told: Told, case: Case, redaction: Redaction) -> Shown:
    t, said = words(case.lang), list[str]()
    if told.channel:
        said.append(CHANNEL[told.channel].say(case.lang))
    if told.to:
        known = told.to in {person.name for person in case.person}
        said.append(t("shown.whom", whom=redaction.person(told.to) if known else redaction.text(told.to)))
    when = redaction.text(told.at) if isinstance(told.at, str) else _when(told.at, case)
    return Shown(when or t("shown.undated"), t("list.comma").join(said), "", redaction.text(told.words), f"told-{n}")


def _when(at: object, case: Case) -> str:
    assert isinstance(at, dt.date)
    if not isinstance(at, dt.datetime):
        return dates.date(at, case.lang)
    return dates.instant(case.second(at), case.zone, case.lang)
