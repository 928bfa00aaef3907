"""What `forbear dossier` says where no pack can be made, proposed or verified."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import msgspec
from errors.met import Met, command, plain, raised
from telephones import CEASED, COLLECTOR, FRIEND, US, export, item

from forbear.doors.dossier import case as cases
from forbear.doors.dossier import files, make
from forbear.doors.dossier.verify import opened, verify

SOURCES = ("doors/dossier/",)
CASE, MAKING, CHECKING = "Writing the case of a dossier", "Making a dossier", "Verifying a dossier"
WRONG = (
    ("it is no TOML", 'law = "us"', "law = us"),
    ("a word that there is not", 'kind = "card"', 'kind = "cards"'),
    ("a key that there is not", "number =", "phone ="),
    ("a zone that there is not", "America/New_York", "New York"),
    ("a date in quotes", "at = 2026-03-18", 'at = "18 March"'),
    ("a collector who stands nowhere else", 'to = ["Hilltop Recovery"]', 'to = ["Hilltop"]'),
    ("hours that are none", 'form = "written"', 'hours = "evenings"'),
)
NIGHT = item("2026-03-13 21:40", COLLECTOR)
PERSON = '[[person]]\nname = "Ann"\nparty = "family"\nfiles = ["mother.xml"]\n'


def met(folder: Path) -> Iterator[Met]:
    """Every error of these sources."""
    path = folder / "case.toml"
    for when, was, now in WRONG:
        path.write_text((US + CEASED).replace(was, now, 1), encoding="utf-8")
        yield Met(CASE, when, *raised(lambda: cases.load(path), folder))
    for when, text, found in (
        ("nobody confirmed the case", US.replace("confirmed = true", "confirmed = false"), export(NIGHT)),
        ("a person's file was not given", US + PERSON, export(NIGHT)),
        ("no number of the case is in the records", US, export(item(1, FRIEND))),
    ):
        yield Met(MAKING, when, *raised(lambda found=found, text=text: _make(text, found, path), folder))
    with patch.object(make, "MOST", 0):
        yield Met(MAKING, "the records are those of many people", *raised(lambda: _make(US, export(NIGHT), path), folder))
    full = folder / "full"
    full.mkdir()
    (full / "photo.jpg").touch()
    whole, case = _make(US, export(NIGHT), path), cases.parse(US, path)
    write = (full, US, case, whole.evidence, whole.derived, whole.pack, ())
    yield Met(MAKING, "the folder holds something else", *raised(lambda: files.write(*write), folder))
    (folder / "phone.xml").touch()
    path.touch()
    importer = ModuleType("forbear.records.exports.export")
    importer.read = lambda *_, **__: export(item(1, FRIEND))  # type: ignore[attr-defined]
    with patch.dict(sys.modules, {importer.__name__: importer}):
        for when, words in (
            ("no number looks like a collector's", ("--out", "proposed.toml")),
            ("a law that there is not", ("--out", "proposed.toml", "--law", "fr")),
            ("the case is there already", ("--out", "case.toml")),
        ):
            yield Met(MAKING, when, *command(folder, "dossier", "propose", "phone.xml", *words))
    yield Met(CHECKING, "the folder is no pack", *raised(lambda: opened(folder), folder))
    yield from _differences(folder)


def _differences(folder: Path) -> Iterator[Met]:
    """A pack that stands no more: the lender's log is another, a law has changed, and what is said would be said otherwise."""
    pack, found = folder / "pack", export(NIGHT)
    whole, case = _make(US, found, folder), cases.parse(US, folder)
    files.write(pack, US, case, whole.evidence, whole.derived, whole.pack, ())
    manifest, _ = opened(pack)
    rule = next(iter(manifest.law))
    for when, changed in (
        ("the lender's log is not given", {"lender": ["0" * 64]}),
        ("a law has changed since", {"law": {**manifest.law, rule: "0 0123456789abcdef"}}),
        ("the words of the manifest are not those of the pack", {"mark": ""}),
    ):
        (pack / files.MANIFEST).write_bytes(msgspec.json.encode(msgspec.structs.replace(manifest, **changed)))
        (fault,) = verify(pack, found).faults
        yield Met(CHECKING, when, plain(fault, folder), 1)


def _make(text: str, found: object, path: Path) -> make.Made:
    return make.make(found, cases.parse(text, path), path)  # type: ignore[arg-type]
