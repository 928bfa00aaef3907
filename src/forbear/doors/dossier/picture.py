"""The timeline picture: every contact by its day and its hour, those that break a rule marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from forbear.doors.dossier.case import Case
from forbear.doors.dossier.words import words
from forbear.findings import charts
from forbear.findings.finding import Finding
from forbear.records.clock import EPOCH_DAY, local
from forbear.records.entry import Entry


def draw(entries: Sequence[Entry], breaches: Iterable[Finding], case: Case) -> str:
    """SVG that holds nothing of what was said or of whom it was; empty where there is no contact."""
    guilty = {each.entry.entry_id for each in breaches}
    marks = dict[tuple[int, int, str], charts.Moment]()
    for entry in entries:
        if entry.is_contact and entry.fields["direction"] != ("outbound",):
            continue
        kind = "fact" if not entry.is_contact else "guilty" if entry.entry_id in guilty else "other"
        day, second = local(entry.at, case.zone)
        # What would stand on the same spot is drawn once.
        marks[day, second // 900, kind] = charts.Moment((day - EPOCH_DAY) * 86_400_000, second / 3600, kind)
    if not any(mark.kind != "fact" for mark in marks.values()):
        return ""
    return charts.moments(list(marks.values()), words(case.lang)("page.picture"), case.lang)
