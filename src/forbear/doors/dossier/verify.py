"""Whether a pack still stands: everything is derived anew from the sources and the case, and every difference is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from forbear import __version__
from forbear.doors.dossier import case as cases
from forbear.doors.dossier import files
from forbear.doors.dossier.case import Case
from forbear.doors.dossier.derive import proven
from forbear.doors.dossier.files import Found, Manifest
from forbear.doors.dossier.make import make
from forbear.doors.dossier.words import words
from forbear.findings.phrases import Phrases
from forbear.records.entry import Entry
from forbear.records.errors import InputError
from forbear.records.exports.item import Export, Item
from forbear.records.exports.reasons import place


class Verified(NamedTuple):
    """What was found."""

    faults: tuple[str, ...]
    """Each difference in words; none if the pack stands."""
    notes: tuple[str, ...]
    """What differs and takes nothing from it."""
    findings: int
    records: int


def opened(folder: Path) -> tuple[Manifest, Case]:
    """The manifest and the case of a pack. Raises `InputError`."""
    path = folder / files.MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(path, "is no manifest of a pack", "name the folder that `forbear dossier` wrote with --out") from error
    return manifest, cases.load(folder / files.CASE)


def wanted(manifest: Manifest, case: Case) -> Callable[[Item], bool]:
    """Which records of the telephone are to be kept: those that a new pack needs, and what stands where the old one had its own."""
    new, places = cases.wanted(case), {each.place for each in manifest.records}
    return lambda item: new(item) or item.place in places


def verify(folder: Path, export: Export, lender: Sequence[Path] = (), log: Sequence[Entry] | None = None) -> Verified:
    """Derives a pack anew. `export`: holds what is `wanted`, or more; `log`: what the files `lender` hold.

    Raises `InputError` where nothing can be derived at all.
    """
    manifest, case = opened(folder)
    t = words(case.lang)
    faults = [*_files(folder, manifest, t), *_sources(manifest, export, t)]
    if sorted(map(files.sha256, lender)) != sorted(manifest.lender):
        faults.append(t("verify.lender"))
    held = {item.digest for item in export.items}
    faults += [
        t("verify.record", id=each.id, name=each.source, place=place(each.place, case.lang))
        for each in manifest.records
        if each.sha256 not in held
    ]
    made = make(export, case, folder / files.CASE, log, redacted=manifest.redacted)
    law = made.derived.law
    for rule in sorted(manifest.law.keys() | law.keys()):
        old, new = manifest.law.get(rule, "-"), law.get(rule, "-")
        if old != new:
            faults.append(t("verify.law", rule=rule, old=old, new=new))
    faults += _findings(manifest.findings, files.told([each for each in made.derived.findings if proven(each)]), t)
    program = [t("verify.program", old=manifest.program, new=__version__)] if manifest.program != __version__ else []
    # Another program may say the same things in other words; then what was found counts, and the words are a note.
    if not faults and not program and files.mark(made.pack) != manifest.mark:
        faults.append(t("verify.mark"))
    return Verified(tuple(faults), tuple(program), len(manifest.findings), len(manifest.records))


def _files(folder: Path, manifest: Manifest, t: Phrases) -> Iterator[str]:
    for name, digest in manifest.files.items():
        path = folder / Path(name).name
        if not path.exists():
            yield t("verify.no-file", name=name)
        elif files.sha256(path) != digest:
            yield t("verify.file", name=name)


def _sources(manifest: Manifest, export: Export, t: Phrases) -> Iterator[str]:
    given = {source.sha256: source.name for source in export.sources}
    yield from (t("verify.source", name=each.name) for each in manifest.sources if each.sha256 not in given)
    known = {each.sha256 for each in manifest.sources}
    yield from (t("verify.extra", name=name) for digest, name in given.items() if digest not in known)


def _findings(before: Sequence[Found], now: Sequence[Found], t: Phrases) -> Iterator[str]:
    def key(each: Found) -> tuple[object, ...]:
        return each.rule, each.verdict, each.record, each.measured, tuple(each.witness)

    old, new = {key(each): each for each in before}, {key(each): each for each in now}
    yield from (t("verify.gone", rule=each.rule, id=each.record) for one, each in old.items() if one not in new)
    yield from (t("verify.new", rule=each.rule, id=each.record) for one, each in new.items() if one not in old)
