"""`forbear oversight`: a history judged and looked through for leads, and what that says of agencies and their collectors."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import typer

from forbear.doors import screen
from forbear.doors.oversight.page import Overseen, render
from forbear.engines.kernel.host import Kernel
from forbear.findings import oversight
from forbear.leads.find import find
from forbear.records.errors import InputError
from forbear.records.timelines import timelines
from forbear.rulebook.load import load, shipped
from forbear.terms import Language

_MONTH = 30
"""Days for which a slope is told."""


def run(  # noqa: PLR0913, PLR0917 (as the command has options)
    paths: Sequence[Path],
    facts: Sequence[Path],
    mapping: Sequence[Path],
    law: Sequence[str],
    rules: Sequence[Path],
    complaints: Path | None,
    out: Path,
    lang: Language,
) -> None:
    """Reads, judges, and writes the page."""
    book = load([shipped(), *rules])
    known = book.select(law, rules)
    read = screen.history(paths, facts, mapping, lang)
    lines = [line.entries for line in timelines(read.entries)]
    leads = find(read.entries, known, book.select_rate_caps(law, rules))
    judged = Kernel(book, known, read.coverage).judge(lines)
    made = oversight.made(lines, judged, frozenset(each for lead in leads for each in lead.entries))
    overseen = Overseen(
        contacts=len(made),
        agencies=oversight.rates(made, lambda each: each.agency, lambda each: each.breached),
        in_leads=oversight.rates(made, lambda each: each.agency, lambda each: each.leads),
        collectors=oversight.rates(
            (each for each in made if each.collector), lambda each: f"{each.agency} · {each.collector}", lambda each: each.breached
        ),
        by_time=oversight.trends(made, lambda each: each.agency, lambda each: each.at // oversight.DAY, _MONTH, lambda each: each.breached),
        by_age=oversight.trends(made, lambda each: each.agency, lambda each: each.past_due, _MONTH, lambda each: each.breached),
        shared=oversight.shared(made),
        leads=Counter((lead.agency, lead.tactic) for lead in leads),
        complaints=_complaints(complaints) if complaints else {},
    )
    out.write_text(render(overseen, lang), encoding="utf-8")
    for line in overseen.warnings(lang):
        typer.echo(line)
    typer.echo(str(out))


def _complaints(path: Path) -> dict[str, int]:
    """Company -> complaints, of the table that `forbear read --triage` writes."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if rows and not {"company", "month", "complaints"} <= set(rows[0]):
        raise InputError(path, "has no columns company, month and complaints", "give the companies.csv of forbear read --triage")
    of_month = {(row["company"], row["month"]): int(row["complaints"]) for row in rows}  # a row for each conduct says it again
    counts = Counter[str]()
    for (company, _), complaints in of_month.items():
        counts[company] += complaints
    return dict(counts)
