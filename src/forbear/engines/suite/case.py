"""A case of the conformance suite, and an answer to one: what is written to `conformance/suite.json` and spoken by every program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from forbear.records.coverage import Coverage
from forbear.records.entry import Entry, Values
from forbear.records.schema import ALL

_OWN: Final = ("consumer", "debt")
"""Fields that keep cases apart in one history."""
Said = str | list[str]
"""One value as text; candidates, or the several values of `debt` and `tags`, as a list."""


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of a case."""

    id: str
    at: str
    """RFC 3339 in UTC."""
    fields: dict[str, Said | None] = {}
    """What differs from `Case.every`; null: unknown here."""
    known_at: str = ""
    """When it became known; where it is left out, when it happened."""


class Found(msgspec.Struct, frozen=True, omit_defaults=True, order=True):
    """A verdict of the audit that is not clear."""

    entry: str
    rule: str
    verdict: str
    """breach, departure, unclear."""
    witness: list[str] | None = None
    """Ids of earlier entries that prove it; of what is not proven, and of what is owed, there is none."""


class Decided(msgspec.Struct, frozen=True, omit_defaults=True, order=True):
    """What the gate says of an outbound contact, asked at its second when all before it has happened and its outcome is unknown."""

    entry: str
    decision: str
    """warn, deny; allow is left out."""
    rules: list[str]
    """That say so, sorted."""
    earliest: str = ""
    """Of a denial: the first second from then on at which every rule allows it if nothing else happens before; or "never"."""


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a program says of a case: all that is not clear, and all that is not allowed, sorted. None: it does not speak of that part."""

    id: str = ""
    """Of the case; empty where it stands in it."""
    audit: list[Found] | None = None
    gate: list[Decided] | None = None
    cannot: str = ""
    """Why it does not answer."""


class Case(msgspec.Struct, frozen=True, omit_defaults=True):
    """A timeline, and rules that it is judged by."""

    id: str
    kind: str
    """Where it comes from: diary, official, boundary, moved, random, stack."""
    says: str
    rules: list[str]
    """Ids; every version judges what happened while it was in force."""
    every: dict[str, Said]
    """What all entries say that do not say otherwise."""
    entries: list[Row]
    """In the order of a timeline."""
    silent: list[str] = []
    """Kinds of fact that no source holds, so that their absence proves nothing; all others are held completely."""
    until: str = ""
    """How far the records reach; where it is left out, to their last entry."""
    expect: Answer | None = None

    @property
    def tells_all(self) -> bool:
        """Whether something in it is told for all consumers, so that it must not meet other cases."""
        return any(entry.fields.get("consumer") == (ALL,) for entry in self.timeline)

    def numbered(self, number: int) -> list[Entry]:
        """Its entries, with consumers and debts that no other case has, so that many cases can stand in one history."""

        def own(values: Values) -> Values:
            return tuple(value if value == ALL else f"{number}-{value}" for value in values)

        return [entry.but(**{name: own(entry.fields[name]) for name in _OWN if name in entry.fields}) for entry in self.timeline]

    @property
    def timeline(self) -> list[Entry]:
        """Its entries."""
        return [_entry(row, self.every) for row in self.entries]

    @property
    def coverage(self) -> Coverage:
        """What its sources hold."""
        until = self.until or max((row.known_at or row.at for row in self.entries), default="")
        return Coverage(records_until=second(until) if until else None, complete=True, silent=frozenset(self.silent))

    @classmethod
    def ask(cls, name: str, kind: str, says: str, rules: Iterable[str], entries: Sequence[Entry], coverage: Coverage) -> Case:
        """A case of a timeline, without an answer."""
        usual = {field: _usual(field, entries) for field in dict.fromkeys(f for e in entries for f in e.fields)}
        every = {field: values for field, values in usual.items() if values is not None}
        last = max(entry.known_at for entry in entries)
        until = coverage.records_until
        return cls(
            id=name,
            kind=kind,
            says=says,
            rules=list(rules),
            every={field: _say(field, values) for field, values in sorted(every.items())},
            entries=[_row(entry, every) for entry in entries],
            silent=sorted(coverage.silent),
            until="" if until in (None, last) else instant(until),
        )


def instant(at: int) -> str:
    """A Unix second as RFC 3339 in UTC."""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def second(text: str) -> int:
    """The Unix second of an RFC 3339 instant. Raises `ValueError`."""
    return int(dt.datetime.fromisoformat(text).timestamp())


def _usual(field: str, entries: Sequence[Entry]) -> Values | None:
    """What more than half of the entries say of a field."""
    said = [entry.fields.get(field) for entry in entries]
    return next((values for values in said if values is not None and 2 * said.count(values) > len(said)), None)


def _say(field: str, values: Values) -> Said:
    return values[0] if len(values) == 1 and field != "tags" else list(values)


def _row(entry: Entry, every: dict[str, Values]) -> Row:
    said: dict[str, Said | None] = {name: _say(name, values) for name, values in sorted(entry.fields.items()) if every.get(name) != values}
    said |= {name: None for name in every if name not in entry.fields}
    return Row(entry.entry_id, instant(entry.at), said, "" if entry.known_at == entry.at else instant(entry.known_at))


def _entry(row: Row, every: dict[str, Said]) -> Entry:
    said = {name: value for name, value in {**every, **row.fields}.items() if value is not None}
    fields = {name: tuple(value) if isinstance(value, list) else (value,) for name, value in said.items()}
    return Entry(entry_id=row.id, at=second(row.at), known_at=second(row.known_at or row.at), fields=fields)
