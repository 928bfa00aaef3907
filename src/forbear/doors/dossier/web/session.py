"""What one person has brought and said so far, in a folder that is deleted with it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, Final

from forbear.doors.dossier import case as cases
from forbear.doors.dossier import files, make, picture
from forbear.doors.dossier.derive import breaches
from forbear.doors.dossier.propose import Census, Proposed, proposed
from forbear.doors.dossier.web import checks, written
from forbear.doors.dossier.web.brought import Brought, SameName
from forbear.doors.dossier.web.checks import Wrong
from forbear.doors.dossier.web.lender import Log
from forbear.doors.dossier.web.told import told
from forbear.doors.dossier.web.written import Row
from forbear.doors.dossier.words import words
from forbear.records.errors import InputError
from forbear.records.exports import kind
from forbear.records.exports.export import read
from forbear.records.exports.item import Export, Item
from forbear.terms import Language

STEPS: Final = ("files", "numbers", "told", "result", "download")
_EMPTY: Final = {"number": 0, "hand": 1, "company": 1, "person": 1, "fact": 1, "stated": 1, "me": 1}
"""Table of the draft -> rows that stand there at first."""
_POINTS: Final = {"company": (("number", "company"), ("hand", "company"), ("fact", "to")), "person": (("fact", "person"),)}
"""Table -> which fields of others hold the place of one of its rows."""


class Session:
    """One person's way through the steps. `folder`: private, and empty; `given`: files named on the command line."""

    def __init__(self, folder: Path, given: Sequence[Path] = (), lang: Language | None = None) -> None:
        self.lang: Language = lang or "en"
        self.settled = lang is not None
        """Whether the language was chosen; else the browser's counts."""
        self.law = self.zone = ""
        self.given = tuple(given)
        self.brought, self.log = Brought(folder / "files"), Log(folder / "log")
        self.export: Export | None = None
        """The telephone's files, without their records but those that a census keeps: a pack is made of the files, read again."""
        self.census = Census()
        self.found = list[Proposed]()
        self.draft: dict[str, list[Row]] = {table: [Row() for _ in range(n)] for table, n in _EMPTY.items()}
        self.named = False
        """Whether the second step is complete."""
        self.made: make.Made | None = None
        self.picture = ""
        """The timeline of the pack, as SVG; empty where there is nothing to draw."""
        self.done = 0.0
        """How much of the files is read, from 0 to 1."""
        self._folder = folder

    @property
    def pack(self) -> Path:
        """The folder of the pack."""
        return self._folder / "pack"

    @property
    def reached(self) -> int:
        """The last step that can be opened, from 0."""
        read = self.export and self.log.ready
        return 4 if self.made else 2 if read and self.named else 1 if read else 0

    def take(self, name: str, source: BinaryIO) -> Wrong | None:
        """Keeps a file of a telephone, if it is one that can be read."""
        wrong = self._take("files", self.brought, name, source, kind.of)
        if not wrong:
            self.export = self.made = None
        return wrong

    def take_log(self, name: str, source: BinaryIO) -> Wrong | None:
        """Keeps a file of the lender's log, or a mapping that says what its columns mean."""
        wrong = self._take("log", self.log, name, source, lambda _: None)
        if not wrong:
            self.made = None
        return wrong

    def _take(self, field: str, to: Brought, name: str, source: BinaryIO, check: Callable[[Path], object]) -> Wrong | None:
        try:
            to.take(name, source, check)
        except InputError as error:
            return self._wrong(field, error)
        except SameName as error:
            return Wrong(field, words(self.lang, "web")("wrong.same-name", name=error))
        return None

    def unpack(self) -> list[Wrong]:
        """Takes calls and messages out of backups whose files were brought."""
        return [self._wrong("files", error) for error in self.brought.unpacked()]

    def drop(self, name: str) -> None:
        """Deletes a file of a telephone."""
        if self.brought.drop(name):
            self.export = self.made = None

    def drop_log(self, name: str) -> None:
        """Deletes a file of the lender's log."""
        if self.log.drop(name):
            self.made = None

    def begin(self, law: str, zone: str) -> None:
        """Whose law, and whose clock."""
        if (law, zone) != (self.law, self.zone):
            self.law, self.zone, self.export, self.made = law, zone, None, None

    def read(self) -> list[Wrong]:
        """Reads all files and looks for collectors' numbers; afterwards the second step is open."""
        if wrong := list(checks.start(self.law, self.zone, len(self.given) + len(self.brought), self.lang)):
            return wrong
        self.done = 0.0
        try:
            if self.export is None:
                self.census = Census()
                self.export = self._read(self.census.note)
                self._propose()
        except InputError as error:
            return [self._wrong("files", error)]
        try:
            self.log.read(self._progress)
        except InputError as error:
            return [self._wrong("log", error)]
        return []

    def say(self, lang: Language) -> None:
        """Goes on in another language; what was made is made again in it."""
        if lang == self.lang:
            return
        self.lang, self.settled = lang, True
        if self.export:
            self._propose()
        if self.made:
            self.make()

    def keep(self, tables: dict[str, list[Row]], which: Iterable[str]) -> None:
        """Keeps what a form says. Where that is something new, what was made of the old is no more."""
        before = dict(self.draft)
        for table in which:
            self.draft[table] = tables.get(table) or [Row() for _ in range(_EMPTY[table])]
        self._align()
        if self.draft != before:
            self.made, self.named = None, not any(checks.numbers(self.draft, self.lang))

    def remove(self, table: str, n: int) -> None:
        """Takes a row out; what pointed at it points at nothing, and what pointed behind it still means the same."""
        del self.draft[table][n]
        self.made = None
        for other, key in _POINTS.get(table, ()):
            for row in self.draft[other]:
                if (said := row[key]) and int(said) >= n:
                    row[key] = "" if int(said) == n else str(int(said) - 1)

    def name(self) -> list[Wrong]:
        """Ends the second step."""
        wrong = list(checks.numbers(self.draft, self.lang))
        self.named = not wrong
        self.made = None
        return wrong

    def make(self) -> list[Wrong]:
        """Makes the pack of the case as it stands, just as the command line does."""
        self.made = None
        if wrong := [*checks.numbers(self.draft, self.lang), *checks.told(self.draft, self.zone, self.lang)]:
            return wrong
        self.done = 0.0
        text, path = written.case(self.draft, self.law, self.zone, self.lang), self._folder / files.CASE
        path.write_text(text, encoding="utf-8")
        try:
            case = cases.load(path)
            lender = self.log.history.entries if self.log.history else None
            made = make.make(self._read(cases.wanted(case)), case, path, lender, redacted=not self.draft["me"][0]["unredacted"])
        except InputError as error:
            return [Wrong("step", told(error, self.lang))]
        files.write(self.pack, text, case, made.evidence, made.derived, made.pack, self.log.files)
        self.picture = picture.draw(made.evidence.entries, breaches(made.derived.findings), case)
        self.made = made
        return []

    def zipped(self) -> Path:
        """The whole pack as one file."""
        path = self._folder / "dossier.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            for each in sorted(self.pack.iterdir()):
                out.write(each, f"dossier/{each.name}")
        return path

    def _wrong(self, field: str, error: InputError) -> Wrong:
        text = words(self.lang, "web")("wrong.file", name=Path(error.path).name, what=told(error, self.lang))
        return Wrong(field, text)

    def _read(self, only: Callable[[Item], bool]) -> Export:
        region = self.law.partition("-")[0].upper()
        return read([*self.given, *self.brought.values()], zone=self.zone, region=region, only=only, progress=self._progress)

    def _progress(self, done: int, total: int) -> None:
        self.done = done / total if total else 1.0

    def _propose(self) -> None:
        """Proposes anew; what the person had said of a number stays."""
        assert self.export is not None
        self.found = proposed(self.census, self.export.items, self.zone, self.lang)
        self._align()

    def _align(self) -> None:
        """One row for each number that is proposed, in that order."""
        said = {row["number"]: row for row in self.draft["number"]}
        self.draft["number"] = [said.get(each.number, Row(number=each.number)) for each in self.found]
