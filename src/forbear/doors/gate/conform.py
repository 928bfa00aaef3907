"""The gate answers cases of the conformance suite: the real one, with store, ledger and all, asked at the time of each case."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from forbear.doors.gate.api import Answer as Told
from forbear.doors.gate.api import Cell, Fact, Happened, Question, Refused
from forbear.doors.gate.job import Asker, Job, Settings, What
from forbear.doors.gate.ledger.signing import Signer
from forbear.doors.gate.service import Gate
from forbear.doors.gate.store.opening import open_store
from forbear.doors.gate.store.store import Store
from forbear.engines.suite.answers import Answering, asked_about, of
from forbear.engines.suite.case import Answer, Case, Decided
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.terms import AFTER, FIELDS

_NOT_SENT: Final = {*AFTER, "kind", "minutes_a_week"}
"""What is told afterwards, or follows from what is sent."""
_WHO: Final = Asker("suite", "", "", frozenset({"creditor"}))
"""Speaks for no agency: what a case leaves out stays unknown."""


@contextmanager
def answering(book: Book) -> Iterator[Answering]:
    """Answers by gates over SQLite in a folder that is deleted: one for all cases of the same rules, one for each that tells everyone."""
    with tempfile.TemporaryDirectory() as name:
        folder, gates = Path(name), dict[object, _Asked]()
        signer = Signer.load_or_create(folder / "gate.key")

        def answer(case: Case) -> Answer:
            if why := _beyond(case):
                return Answer(case.id, cannot=why)
            key = case.id if case.tells_all else (tuple(case.rules), tuple(case.silent))
            if key not in gates:
                gates[key] = _Asked(book, case, open_store(f"sqlite:///{folder}/{len(gates)}.db"), signer)
            return gates[key].answer(case)

        try:
            yield answer
        finally:
            for each in gates.values():
                each.gate.store.close()


def _beyond(case: Case) -> str:
    """Why this case cannot be put to a gate; empty if it can."""
    for entry in case.timeline:
        if len(entry.fields["consumer"]) > 1:
            return "a gate keeps the timelines of consumers who are known"
        if entry.is_contact and "tags" not in entry.fields:
            return "a gate is always told what a contact says"
        if entry.is_contact and "direction" not in entry.fields:
            return "a gate is told who began a contact"
    return ""


class _Asked:
    """A gate that is asked case by case, its clock set to each."""

    def __init__(self, book: Book, case: Case, store: Store, signer: Signer) -> None:
        self._now, self._cases = 0, 0
        coverage = case.coverage._replace(records_until=None)
        self.gate = Gate(store, book, of(book, case.rules), coverage, signer, Settings(), lambda: self._now)

    def answer(self, case: Case) -> Answer:
        """What it says before each contact; then all is told to it as it was."""
        self._cases += 1
        found = list[Decided]()
        for entry in case.numbered(self._cases):
            self._now = entry.known_at
            for what, request in _jobs(entry):
                (told,) = self.gate.do([Job(_WHO, what, request)])
                if isinstance(told, Refused):
                    return Answer(case.id, cannot=str(told))
                if what == "dry-run":
                    found += _decided(entry, msgspec.json.decode(told, type=Told))
        return Answer(case.id, gate=sorted(found))


def _jobs(entry: Entry) -> Iterator[tuple[What, Question | Happened | Fact]]:
    """The question about a contact, if it is one that is asked; then what happened."""
    sent = {name: values for name, values in entry.fields.items() if values and name not in _NOT_SENT}
    said: dict[str, Cell] = {name: list(values) if FIELDS[name].many else "|".join(values) for name, values in sent.items()}
    if asked_about(entry):
        yield "dry-run", msgspec.convert(said, Question)
    if entry.is_contact:
        after = {name: entry.one(name) for name in AFTER if name in entry.fields}
        yield "contact", msgspec.convert(said | after | {"occurred_at": entry.at}, Happened)
    else:
        yield "fact", msgspec.convert(said | {"kind": entry.one("kind"), "occurred_at": entry.at}, Fact)


def _decided(entry: Entry, told: Told) -> Iterator[Decided]:
    if told.decision == "deny":
        yield Decided(entry.entry_id, "deny", sorted({each.rule for each in told.reasons}), "never" if told.never else str(told.earliest))
    elif told.warnings:
        yield Decided(entry.entry_id, "warn", sorted({each.rule for each in told.warnings}))
