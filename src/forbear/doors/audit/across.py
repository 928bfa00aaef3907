"""`forbear leads` and `forbear oversight`: what shows across contacts, of a history that is judged as an audit judges it."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import typer

from forbear.doors import screen
from forbear.doors.audit.audit import Audit, Request
from forbear.findings import leads as told
from forbear.findings.across import Across
from forbear.findings.drawn import render
from forbear.findings.overseen import Overseen
from forbear.records.errors import InputError
from forbear.rulebook.choice import Choice
from forbear.terms import TACTIC, Language


class Asked(NamedTuple):
    """What both commands are told."""

    paths: Sequence[Path]
    facts: Sequence[Path]
    mapping: Sequence[Path]
    law: Choice
    lang: Language


def leads(asked: Asked, out: Path | None) -> None:
    """Prints the leads of a history; with `out`, writes a table of them."""
    found, lang = _look(asked).leads, asked.lang
    for lead in found:
        for line in told.lines(lead, lang):
            typer.echo(line)
    counts = Counter(lead.tactic for lead in found)
    typer.echo("  ".join(f"{word.say(lang)} {counts[tactic]}" for tactic, word in TACTIC.items()))
    typer.echo(told.LEADS[lang])
    if out is not None:
        told.write(out, found, lang)
        typer.echo(str(out))


def oversight(asked: Asked, complaints: Path | None, out: Path) -> None:
    """Writes the page, and prints what to look at first."""
    counted = _complaints(complaints) if complaints else {}
    overseen = Overseen.of(_look(asked).watched, counted)
    out.write_text(render(overseen, asked.lang), encoding="utf-8")
    for line in overseen.warnings(asked.lang):
        typer.echo(line)
    typer.echo(str(out))


def _look(asked: Asked) -> Across:
    with TemporaryDirectory() as folder, screen.progress() as progress:
        request = Request(
            paths=asked.paths,
            out=Path(folder),
            law=asked.law,
            mapping=asked.mapping,
            facts=asked.facts,
            lang=asked.lang,
        )
        found, read = Audit(request, progress).look()
    for line in screen.unread(len(read.quarantine), sum(file.rows for file in read.files), asked.lang):
        typer.echo(line, err=True)
    return found


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
