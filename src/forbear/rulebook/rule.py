"""The types of the law files: a rule with its one verb, a standing, and what they are made of.

They are what `rules.md` calls the language; `load` reads them from TOML and says where a file departs from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from forbear.records.clock import UnknownZone, check_zone
from forbear.rulebook.head import Head, Title, check_words
from forbear.rulebook.match import Match, Matches
from forbear.rulebook.verbs import Cap, DayHours, Example, Opener, Owe, check_given, check_keys
from forbear.rulebook.window import Span
from forbear.terms import CONDUCT, EFFECT, WARNS

T = TypeVar("T")


class Excused(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of the file that no example can notice, as `forbear check` prints it, and why that cannot matter."""

    mutant: str
    reason: str


class Rule(Head, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule file. Exactly one of the five verbs is set."""

    conduct: str
    effect: str
    clock: str = "consumer"
    calendar: str = ""
    applies: Match
    unless: Matches = Matches()
    hours: DayHours | None = None
    forbid: Matches | None = None
    require: Matches | None = None
    cap: Cap | None = None
    owe: Owe | None = None
    given: dict[str, str] = msgspec.field(default_factory=dict)
    example: list[Example] = msgspec.field(default_factory=list)
    excused: list[Excused] = msgspec.field(default_factory=list)

    def __post_init__(self) -> None:
        check_words(self, {"conduct": CONDUCT, "effect": EFFECT})
        verbs = [verb for verb in VERBS if getattr(self, verb) is not None]
        if len(verbs) != 1:
            found = f"{' and '.join(verbs)}; make it several rules" if verbs else "none; add one"
            raise ValueError(f"a rule has exactly one verb of {', '.join(VERBS)}, and this one has {found}")
        super().__post_init__()
        if self.hours and "holiday" in self.hours.days and not self.calendar:
            raise ValueError('hours: holidays need a calendar; write calendar = "XX"')
        check_given(self.given)
        _check_clock(self.clock)
        _check_business(self.calendar, self.spans())

    @property
    def verb(self) -> str:
        """hours, forbid, require, cap or owe."""
        return next(verb for verb in VERBS if getattr(self, verb) is not None)

    @property
    def warns(self) -> bool:
        """Whether the gate only warns, and what is found is a departure."""
        return self.effect in WARNS

    def matches(self) -> Iterator[Match]:
        """Every match of the rule."""
        yield self.applies
        for box in (self.unless, self.forbid, self.require, self.owe.entry if self.owe else None):
            yield from box.any if box else ()
        if self.cap:
            yield self.cap.when
            yield from (free.match for free in self.cap.free)

    def standings(self) -> Iterator[str]:
        """Ids of the standings that it asks directly."""
        for match in self.matches():
            yield from match.standings()
        for within in self.cap.windows() if self.cap else []:
            if within.standing is not None:
                yield within.standing

    def spans(self) -> Iterator[Span]:
        """Every span of its verb."""
        yield from (window.span for window in self.cap.windows() if window.span) if self.cap else ()
        yield from (self.owe.within,) if self.owe else ()


class Standing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A state of the law, opened and closed by entries."""

    id: str
    title: Title
    per: list[str]
    opens: list[Opener]
    closes: Matches = Matches()
    clock: str = "consumer"
    calendar: str = ""
    excused: list[Excused] = []

    def __post_init__(self) -> None:
        check_keys(self.per)
        if not self.opens:
            raise ValueError("opens: nothing opens this standing; add [[opens]]")
        _check_clock(self.clock)
        _check_business(self.calendar, (span for opener in self.opens for span in (opener.starts, opener.lasts) if span))

    def matches(self) -> Iterator[Match]:
        """Every match of the standing."""
        yield from (opener.match for opener in self.opens)
        yield from self.closes.any

    def standings(self) -> Iterator[str]:
        """Ids of the standings that its openers and closers ask."""
        for match in self.matches():
            yield from match.standings()


VERBS = ("hours", "forbid", "require", "cap", "owe")


def _check_clock(clock: str) -> None:
    if clock != "consumer":
        try:
            check_zone(clock)
        except UnknownZone:
            raise ValueError(f'clock: {clock!r} is no time zone; write "consumer", or an IANA name like Asia/Shanghai') from None


def _check_business(calendar: str, spans: Iterable[Span]) -> None:
    if not calendar and any(span.unit == "business day" for span in spans):
        raise ValueError('business days need a calendar; write calendar = "XX"')


def read(raw: object, kind: type[T]) -> T:
    """What a parsed TOML file holds, as a struct of that kind. Raises `msgspec.ValidationError`, whose text ends with the path."""
    value = msgspec.convert(raw, kind, dec_hook=_parse)
    if isinstance(value, Rule):
        # Where a match looks over a timeline, one that names no kind looks only at contacts.
        owe = value.owe and msgspec.structs.replace(value.owe, entry=value.owe.entry.looking())
        return msgspec.structs.replace(value, applies=value.applies.looking(), owe=owe)
    if isinstance(value, Standing):
        return msgspec.structs.replace(value, closes=value.closes.looking())
    return value


def _parse(kind: type, raw: object) -> object:
    return kind.parse(raw)  # type: ignore[attr-defined]
