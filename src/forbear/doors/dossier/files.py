"""The folder of a pack: PDF, HTML, a table of all findings, the case, and a manifest by which anybody can check the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from forbear.doors.dossier import page, paper, picture
from forbear.doors.dossier.case import Case
from forbear.doors.dossier.derive import Derived, breaches, proven, rule_id
from forbear.doors.dossier.evidence import Evidence
from forbear.doors.dossier.pack import Pack, Source
from forbear.findings import sheets
from forbear.findings.finding import COLUMNS, Finding
from forbear.findings.words import Sentences
from forbear.records.errors import InputError

MANIFEST: Final = "manifest.json"
CASE: Final = "case.toml"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell."""


class Record(msgspec.Struct, frozen=True):
    """A record that the pack quotes or counts as witness."""

    id: str
    source: str
    place: str
    sha256: str


class Found(msgspec.Struct, frozen=True):
    """A finding that the pack tells, so that it can be told apart."""

    rule: str
    verdict: str
    record: str
    measured: str
    witness: list[str]


class Manifest(msgspec.Struct, frozen=True):
    """What a pack rests on."""

    program: str
    mark: str
    """SHA-256 of the pack's content."""
    redacted: bool
    files: dict[str, str]
    """Name in the folder -> SHA-256."""
    sources: list[Source]
    """The files that were read; their names are redacted as all else."""
    records: list[Record]
    law: dict[str, str]
    """Rule -> version and hash of its meaning."""
    findings: list[Found]
    lender: list[str]
    """SHA-256 of each file of the lender's log."""


def mark(pack: Pack) -> str:
    """The digest of all that a pack says."""
    return hashlib.sha256(msgspec.json.encode(pack)).hexdigest()


def sha256(path: Path) -> str:
    """Of a whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def told(findings: Sequence[Finding]) -> list[Found]:
    """Proven findings as a manifest has them."""
    return [
        Found(rule_id(each.rule), each.verdict.value, each.entry.entry_id, each.measured, [one.entry_id for one in each.witness])
        for each in findings
    ]


def records(pack: Pack, known: Evidence, findings: Sequence[Finding]) -> list[Record]:
    """Every record that these findings rest on, in the order of time."""
    ids = {one.entry_id for each in findings for one in (each.entry, *each.witness)}
    used = [(entry_id, item) for entry_id, item in known.items.items() if entry_id in ids]
    return [Record(entry_id, pack.sources[item.source].name, item.place, item.digest) for entry_id, item in used]


def write(folder: Path, case_text: str, case: Case, known: Evidence, found: Derived, pack: Pack, lender: Sequence[Path]) -> Manifest:
    """Writes the folder. Raises `InputError` if something else is in it."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
        raise InputError(
            folder, "is a folder with other files in it", "name a folder that is empty or not there, or one of an earlier pack"
        )
    folder.mkdir(parents=True, exist_ok=True)
    sure = [each for each in found.findings if proven(each)]
    drawn = picture.draw(known.entries, breaches(found.findings), case)
    digest = mark(pack)
    sentences = Sentences(case.lang, found.book)
    (folder / "dossier.html").write_text(page.render(pack, digest, drawn), encoding="utf-8")
    (folder / "dossier.pdf").write_bytes(paper.render(pack, digest, drawn))
    (folder / CASE).write_text(case_text, encoding="utf-8")
    rows = (_cells(each.row(sentences.say(each)).values()) for each in sure)
    sheets.write(folder / "findings.csv", COLUMNS, rows, sheets.SHEETS)
    names = ("dossier.pdf", "dossier.html", "findings.csv", CASE)
    manifest = Manifest(
        program=pack.program,
        mark=digest,
        redacted=pack.redacted,
        files={name: sha256(folder / name) for name in names},
        sources=pack.sources,
        records=records(pack, known, sure),
        law=found.law,
        findings=told(sure),
        lender=[sha256(path) for path in lender],
    )
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def _cells(texts: Iterable[str]) -> list[str]:
    """Cells that no spreadsheet computes."""
    return [f"'{text}" if text.startswith(_FORMULA) else text for text in texts]
