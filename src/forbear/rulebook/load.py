"""Law files from disk. Every fault of every file is told at once, each with its file, line, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import as_file, files
from pathlib import Path

import msgspec

from forbear.records import toml
from forbear.records.toml import line_of, lines
from forbear.rulebook.book import Book, Fault, Law, RulebookError, covers, named
from forbear.rulebook.match import Misplaced
from forbear.rulebook.place import Place
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule, Standing, read

Raw = Mapping[str, object]
"""A law file as TOML gives it."""


def shipped() -> Path:
    """The folder of the law that comes with forbear."""
    with as_file(files("forbear.rulebook") / "law") as folder:
        return folder


def places(law: str) -> list[Path]:
    """The folders of the shipped law of one place and of the places in it: `us` is US and US-MA.

    Where one of them asks a standing that another place defines, they do not load without it, and `load` says so.
    """
    return sorted(folder for folder in shipped().iterdir() if folder.is_dir() and covers(law, folder.name.lower()))


def find(folders: Iterable[Path]) -> list[Path]:
    """The law files in these folders, sorted. Raises `RulebookError` for a folder without any."""
    found: list[Path] = []
    for folder in folders:
        inside = [folder] if folder.is_file() else sorted(folder.rglob("*.toml"))
        if not inside:
            raise RulebookError([Fault(folder, "", "there are no rule files (*.toml) here; name a folder that holds some", 0)])
        found += inside
    return found


def kind_of(raw: Raw) -> type[Law]:
    """What a file holds: a standing has openers, or keys or closers, a place has zones, a rate cap has a rate, all else is a rule."""
    for key, kind in (("opens", Standing), ("closes", Standing), ("per", Standing), ("zones", Place), ("rate", RateCap)):
        if key in raw:
            return kind
    return Rule


def parse(text: str, file: Path) -> Raw:
    """TOML to a table. Raises `RulebookError` with the line."""
    try:
        return toml.parse(text)
    except toml.NotToml as error:
        raise RulebookError([Fault(file, "", f"not TOML ({error}); correct it", error.line)]) from error


def build(raw: Raw, file: Path) -> Law:
    """A rule, standing, place or rate cap from its table. Raises `RulebookError` with the path inside the file."""
    try:
        return read(raw, kind_of(raw))
    except msgspec.ValidationError as error:
        what, path = toml.misfit(error)
        if isinstance(inside := error.__cause__, Misplaced):
            path += inside.path if inside.path.startswith("[") else f".{inside.path}"
        if what.startswith("no key"):
            what += " in the rule language; correct or remove it"
        elif key := re.match(r"([a-z][a-z_-]*): ", what):
            path, what = f"{path}.{key[1]}" if path else key[1], what[key.end() :]
        elif what.endswith("is missing"):
            what += "; add it"
        elif " belongs here, not " in what:
            what += "; correct it"
        raise RulebookError([Fault(file, path, what)]) from error


def load(folders: Iterable[Path] | None = None, beside: Book | None = None) -> Book:
    """The rulebook in these folders (the shipped law if None), with the standings and places of `beside` that they do not have.

    Raises `RulebookError` with every fault and its line.
    """

    def make(laws: dict[Path, Law]) -> Book:
        return Book({**_missing(laws, beside), **laws} if beside else laws)

    return _read(find([shipped()] if folders is None else folders), make)


def amended(book: Book, folders: Iterable[Path], judging: Iterable[Rule]) -> Book:
    """`book` as the draft in these folders would change it: see `Book.amended`. Raises `RulebookError`, as `load` does.

    A file that is a copy of one in `book` changes nothing, so that a whole folder may be copied and one file of it edited; unless it is a
    rule, and none of those `judging`.
    """
    idle = {id(rule) for rule in book.rules} - {id(rule) for rule in judging}
    known = {(named(file, law), file.read_bytes()) for file, law in book.laws.items() if id(law) not in idle}

    def make(draft: dict[Path, Law]) -> Book:
        return book.amended({file: law for file, law in draft.items() if (named(file, law), file.read_bytes()) not in known})

    return _read(find(folders), make)


def _read(files: Iterable[Path], make: Callable[[dict[Path, Law]], Book]) -> Book:
    laws: dict[Path, Law] = {}
    texts: dict[Path, str] = {}
    faults: list[Fault] = []
    for file in files:
        try:
            texts[file] = file.read_text(encoding="utf-8")
            laws[file] = build(parse(texts[file], file), file)
        except RulebookError as error:
            faults += error.faults
        except UnicodeDecodeError:
            faults.append(Fault(file, "", "not UTF-8; save it as UTF-8"))
    if not faults:
        try:
            return make(laws)
        except RulebookError as error:
            faults = error.faults
    raise RulebookError([f._replace(line=line_of(f.path, lines(texts[f.file])) if f.file in texts else 1) if f.path else f for f in faults])


def _missing(laws: Mapping[Path, Law], beside: Book) -> dict[Path, Law]:
    """Standings and places of `beside` that these laws do not have."""
    standings = {law.id for law in laws.values() if isinstance(law, Standing)}
    places = {file.parent.name for file, law in laws.items() if isinstance(law, Place)}
    return {
        file: law
        for file, law in beside.laws.items()
        if (isinstance(law, Standing) and law.id not in standings) or (isinstance(law, Place) and file.parent.name not in places)
    }
