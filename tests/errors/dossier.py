"""What `forbear dossier` says where no pack can be made, proposed or verified."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import msgspec
from errors.met import Met, command, plain, raised
from starlette.testclient import TestClient
from telephones import CEASED, COLLECTOR, FRIEND, US, export, item
from telephones import TOLD as STATED

from forbear.doors.dossier import case as cases
from forbear.doors.dossier import files, make
from forbear.doors.dossier.verify import opened, verify
from forbear.doors.dossier.web import app, checks, guard, session
from forbear.doors.dossier.web.checks import Wrong
from forbear.doors.dossier.web.written import Row
from forbear.terms import Language

SOURCES = ("doors/dossier/",)
CASE, MAKING, CHECKING = "Writing the case of a dossier", "Making a dossier", "Verifying a dossier"
PAGES = "Making a dossier on its page"
WRONG = (
    ("it is no TOML", 'law = "us"', "law = us"),
    ("a word that there is not", 'kind = "card"', 'kind = "cards"'),
    ("a key that there is not", "number =", "phone ="),
    ("a zone that there is not", "America/New_York", "New York"),
    ("a date in quotes", "at = 2026-03-18", 'at = "18 March"'),
    ("a collector who stands nowhere else", 'to = ["Hilltop Recovery"]', 'to = ["Hilltop"]'),
    ("a statement at a time that is none", "at = 2026-05-03", "at = 3"),
    ("a year with two digits", "at = 2026-03-18", "at = 0026-03-18"),
    ("a statement without words", "They told the front desk that I owe 5,000 dollars. It was Hilltop.", " "),
    ("hours that are none", 'form = "written"', 'hours = "evenings"'),
)
NIGHT = item("2026-03-13 21:40", COLLECTOR)
COMPANY = {"name": "Hilltop", "kind": "debt-buyer", "creditor": "First Example Bank", "creditor_kind": "bank", "debt_kind": "card"}
NUMBERS = (
    ("no number is chosen", "hand", {"number": ""}),
    ("a company without a name", "company", {"name": ""}),
    ("a debt without a lender", "company", {"creditor": ""}),
    ("a choice is left out", "company", {"kind": ""}),
)
STOP = {"kind": "cease-request", "date": "2026-03-08"}
TOLD = (
    ("nobody confirmed it", "me", {"confirmed": ""}),
    ("it is not said what was told", "fact", {"kind": ""}),
    ("it is not said when", "fact", {"date": ""}),
    ("a year with two digits", "fact", {"date": "0026-03-08"}),
    ("a time that is none", "fact", {"time": "25:00"}),
    ("a time that the clock never showed", "fact", {"time": "02:30"}),
    ("hours without an end", "fact", {"kind": "inconvenient-hours", "from": "22:00"}),
    ("told to a company that is gone", "fact", {"to": "7"}),
    ("by a person who is gone", "fact", {"person": "7"}),
    ("a statement without words", "stated", {"to": "my employer"}),
)
PERSON = '[[person]]\nname = "Ann"\nparty = "family"\nfiles = ["mother.xml"]\n'


def met(folder: Path) -> Iterator[Met]:
    """Every error of these sources."""
    path = folder / "case.toml"
    for when, was, now in WRONG:
        path.write_text((US + CEASED + STATED).replace(was, now, 1), encoding="utf-8")
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
    for (when, english), (_, chinese) in zip(_pages(folder / "en", "en"), _pages(folder / "zh", "zh"), strict=True):
        yield Met(PAGES, when, english.text, zh=chinese.text)


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


def _pages(folder: Path, lang: Language) -> Iterator[tuple[str, Wrong]]:
    """Everything that a step of the page asks to be mended."""
    folder.mkdir()
    here = session.Session(folder, lang=lang)
    photo, phone, other = (io.BytesIO(each) for each in (b"\xff\xd8\xff", b"<calls/>", b"<smses/>"))
    yield "a file that cannot be read", _only(here.take("photo.jpg", photo))
    assert here.take("calls.xml", phone) is None
    yield "another file of the same name", _only(here.take("calls.xml", other))
    page = TestClient(app.Pages(here, lambda: None).app()).post("/files", headers={"content-length": f"{guard.MOST + 1}"}).text
    yield "too much at once", Wrong("files", page.split('id="files-wrong">')[1].split("</p>")[0])
    for when, law, zone, given in (
        ("no file", "us", "Etc/UTC", 0),
        ("no law is chosen", "", "Etc/UTC", 1),
        ("a zone that there is not", "us", "Boston", 1),
    ):
        yield when, _only(*checks.start(law, zone, given, lang))
    for when, table, changed in NUMBERS:
        yield when, _only(*checks.numbers(_draft(table, changed), lang))
    spare = _draft("company", {})
    spare["company"].append(Row(name="Nobody's"))
    yield "a company without a number", _only(*checks.numbers(spare, lang))
    for when, table, changed in TOLD:
        yield when, _only(*checks.told(_draft(table, changed), "America/New_York", lang))
    here.begin("us", "America/New_York")
    here.draft = _draft("me", {})
    yield "no number that was chosen is in the records", _only(*here.make())
    here.brought["calls.xml"].write_bytes(b"<calls/")
    here.brought["sms.db"] = here.brought["calls.xml"].with_name("sms.db")
    here.brought["sms.db"].write_bytes(b"SQLite format 3\0 damaged")
    yield "a file turns out to be damaged when it is read", _only(*here.read())


def _draft(table: str, changed: dict[str, str]) -> dict[str, list[Row]]:
    """What a person wrote who left nothing out, but for this."""
    whole = {"number": {}, "hand": {"number": COLLECTOR}, "company": COMPANY, "person": {}, "fact": STOP, "stated": {}}
    whole["me"] = {"confirmed": "on"}
    return {each: [Row(row | changed if each == table else row)] for each, row in whole.items()}


def _only(*wrong: Wrong | None) -> Wrong:
    (one,) = wrong
    assert one
    return one
