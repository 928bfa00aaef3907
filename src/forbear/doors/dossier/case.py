"""`case.toml`: what the person confirms. The telephone tells of contacts; who collects, for which debt, what was told: the person knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec

from forbear.records import clock, hours, phones, toml
from forbear.records.errors import InputError
from forbear.records.exports.item import Item
from forbear.records.instants import edge
from forbear.records.schema import PERMITS
from forbear.terms import AGENCY_KIND, CHANNEL, CREDITOR_KIND, DEBT_KIND, FORM, KIND, PARTY, SCOPE, Language, Words

Law = Literal["cn", "us", "us-ma"]


class Collector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who contacts the person about a debt."""

    name: str
    kind: str
    """A word of `terms.AGENCY_KIND`."""
    numbers: list[str]
    """Numbers, short codes and accounts, as the telephone shows them."""


class Debt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One debt: who lent, and who collects it."""

    creditor: str
    creditor_kind: str
    kind: str
    collector: list[Collector]
    name: str = ""
    """Tells two debts of one creditor apart."""

    @property
    def id(self) -> str:
        """Its name, or its creditor's."""
        return self.name or self.creditor


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody else who was contacted about the debt."""

    name: str
    party: str
    """A word of `terms.PARTY`."""
    files: list[str] = []
    """Names of the files that come from this person's telephone."""


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was told to a collector, or that the person knows."""

    kind: str
    """A word of `terms.KIND`."""
    at: object
    """A date, or a local date and time; as TOML writes them, without quotes."""
    to: list[str] = []
    """Names of collectors; empty: all of this case."""
    person: str = ""
    channel: str = ""
    form: str = ""
    scope: str = ""
    hours: str = ""
    shown_by: str = ""
    """What shows it, in the person's words: a receipt, a copy."""

    def __post_init__(self) -> None:
        if not isinstance(self.at, dt.date):
            raise ValueError("at: a date without quotes belongs here, such as 2026-03-01 or 2026-03-01T09:30:00")


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was done and of which the person has no record. It is shown as told, and judged by no rule."""

    words: str
    """What was done or said, and by whom, in the person's words."""
    at: object = ""
    """A date, or a local date and time, without quotes; or text, as well as the person knows it."""
    channel: str = ""
    to: str = ""
    """Whom they contacted: a name of `person`, or in the person's words; the person if empty."""

    def __post_init__(self) -> None:
        if not isinstance(self.at, dt.date | str):
            raise ValueError('at: a date without quotes belongs here, such as 2026-05-03, or words such as "early in May"')
        if not self.words.strip():
            raise ValueError("words: say here what was done, and by whom")


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    confirmed: bool
    """Whether the person has read it and says that it is so."""
    law: Law
    zone: str
    debt: list[Debt]
    lang: Language = "en"
    region: str = ""
    """By which numbers without country code are read: CN, US; that of the law if empty."""
    name: str = ""
    """The person's, for the drafts; may stay empty."""
    number: str = ""
    """The person's own number, if the telephone has one only; else it is not known which one was called."""
    complete: list[str] = []
    """Kinds of fact of which this file names all there were."""
    person: list[Person] = []
    fact: list[Fact] = []
    told: list[Told] = []

    @property
    def dialling(self) -> str:
        """The region for numbers."""
        return self.region or self.law.partition("-")[0].upper()

    @property
    def numbers(self) -> frozenset[str]:
        """Those of all collectors, as the telephone's records spell them."""
        return frozenset(spelled(self, number) for debt in self.debt for each in debt.collector for number in each.numbers)

    def instant(self, fact: Fact) -> int:
        """When a fact was known, as a Unix second.

        A date without a time is read in the collector's favour: what restricts him counts from the end of that day, what permits him
        something from its start.
        """
        assert isinstance(fact.at, dt.date)
        if not isinstance(fact.at, dt.datetime):
            return edge(fact.at.toordinal(), (self.zone,), end=fact.kind not in PERMITS)
        return self.second(fact.at)

    def second(self, at: dt.datetime) -> int:
        """The Unix second of a time that has an offset, or is by the clock of the case."""
        return int(at.timestamp()) if at.tzinfo else clock.settle(at, self.zone)


def load(path: Path) -> Case:
    """Reads a case. Raises `InputError` with the line of what is wrong."""
    return parse(path.read_text(encoding="utf-8-sig"), path)


def parse(text: str, path: Path) -> Case:
    """The case that a file holds. Raises `InputError`."""
    try:
        case = msgspec.convert(toml.parse(text), Case)
    except toml.NotToml as error:
        raise InputError(path, str(error), "correct this line; texts stand in quotes, dates and times without", error.line) from error
    except msgspec.ValidationError as error:
        what, where = toml.misfit(error)
        line = toml.line_of(where, toml.lines(text))
        raise InputError(path, f"{where}: {what}", "see docs/dossier.md for what stands where", line) from error
    outline = toml.lines(text)
    for where, what, do in _faults(case):
        raise InputError(path, f"{where}: {what}", do, toml.line_of(where, outline))
    return case


Fault = tuple[str, str, str]
"""(where, what is wrong, what to do)."""
_NO_DAY: Final = ("no record can be of this day", "correct the year; a date looks like 2026-03-01")
_GAP: Final = ("the clock never showed this time", "clocks were put forward; write the time after that")


def _faults(case: Case) -> Iterator[Fault]:
    try:
        clock.check_zone(case.zone)
    except clock.UnknownZone:
        yield "zone", f"{case.zone!r} is no time zone", "write an IANA name such as Asia/Shanghai or America/New_York"
        return
    for kind in case.complete:
        yield from _word("complete", kind, KIND)
    if not case.debt:
        yield "debt", "there is no debt", "add [[debt]] with its creditor and [[debt.collector]] with his numbers"
    for n, debt in enumerate(case.debt):
        yield from _word(f"debt[{n}].creditor_kind", debt.creditor_kind, CREDITOR_KIND)
        yield from _word(f"debt[{n}].kind", debt.kind, DEBT_KIND)
        for collector in debt.collector:
            yield from _word(f"debt[{n}].collector", collector.kind, AGENCY_KIND)
    if len({debt.id for debt in case.debt}) < len(case.debt):
        yield "debt", "two debts have the same name", "give each a name of its own"
    for n, person in enumerate(case.person):
        yield from _word(f"person[{n}].party", person.party, PARTY)
    for n, fact in enumerate(case.fact):
        yield from _fact(f"fact[{n}]", fact, case)
    for n, told in enumerate(case.told):
        yield from _told(f"told[{n}]", told, case)


def _fact(where: str, fact: Fact, case: Case) -> Iterator[Fault]:
    collectors = {each.name for debt in case.debt for each in debt.collector}
    yield from _word(f"{where}.kind", fact.kind, KIND)
    for name, words in (("channel", CHANNEL), ("form", FORM), ("scope", SCOPE)):
        if said := getattr(fact, name):
            yield from _word(f"{where}.{name}", said, words)
    for to in set(fact.to) - collectors:
        yield f"{where}.to", f"no collector is called {to!r}", "write a name as it stands above"
    if fact.person and fact.person not in {person.name for person in case.person}:
        yield f"{where}.person", f"no [[person]] is called {fact.person!r}", "write a name as it stands above"
    yield from _at(where, fact.at, case)
    try:
        if fact.hours:
            hours.named(fact.hours)
    except hours.BadHours as error:
        yield f"{where}.hours", str(error), "correct it, or take the line out"


def _told(where: str, told: Told, case: Case) -> Iterator[Fault]:
    if told.channel:
        yield from _word(f"{where}.channel", told.channel, CHANNEL)
    yield from _at(where, told.at, case)


def _at(where: str, at: object, case: Case) -> Iterator[Fault]:
    if isinstance(at, dt.date) and at.toordinal() not in clock.DAYS:
        yield f"{where}.at", *_NO_DAY
        return
    try:
        if isinstance(at, dt.datetime):
            case.second(at)
    except clock.NoSuchTime:
        yield f"{where}.at", *_GAP


def _word(where: str, said: str, words: Words) -> Iterator[Fault]:
    if said not in words:
        yield where, f"there is no {said!r}", f"write one of {', '.join(words)}"


def spelled(case: Case, number: str) -> str:
    """A number as the telephone's records spell it."""
    return phones.e164(number.strip(), case.dialling)


def wanted(case: Case) -> Callable[[Item], bool]:
    """Which records of a telephone are to be kept for a case: its collectors'."""
    numbers = case.numbers
    return lambda item: item.other in numbers
