"""Export and case become a pack: the one way by which it is made, and made again to be verified."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from forbear.doors.dossier.build import build
from forbear.doors.dossier.case import Case
from forbear.doors.dossier.derive import Derived, derive
from forbear.doors.dossier.evidence import Evidence, evidence
from forbear.doors.dossier.pack import Pack
from forbear.doors.dossier.redact import Redaction
from forbear.records.entry import Entry
from forbear.records.errors import InputError
from forbear.records.exports.item import Export

MOST: Final = 50_000
"""Contacts that one dossier tells of; the records around them may be as many as they like."""


class Made(NamedTuple):
    """A pack, and what it was made of."""

    evidence: Evidence
    derived: Derived
    pack: Pack


def make(export: Export, case: Case, path: Path, lender: Sequence[Entry] | None = None, *, redacted: bool = True) -> Made:
    """The pack. `export`: holds what `case.wanted` wants, or more; `path`: where the case stands, for errors.

    Raises `InputError` where the case is not confirmed or fits no record.
    """
    if not case.confirmed:
        raise InputError(path, "this case is not confirmed", "read it, correct it, and write confirmed = true")
    named = {source.name for source in export.sources}
    if strange := sorted({name for person in case.person for name in person.files} - named):
        raise InputError(path, f"no file is called {', '.join(strange)}", "write file names as they were given, without folders")
    known = evidence(export, case)
    if not known.items:
        raise InputError(
            path,
            "none of its numbers stands in the records",
            "see that the right files were given, and compare the numbers with `forbear dossier propose FILES`",
        )
    if len(known.items) > MOST:
        what = f"its numbers stand in {len(known.items):,} records, more than one person gets"
        raise InputError(path, what, "take out numbers that are no collector's; for records of many people there is `forbear audit`")
    redaction = Redaction(case, known.names, on=redacted)
    found = derive(known, case, redaction, lender)
    return Made(known, found, build(export, case, known, found, redaction, redacted=redacted))
