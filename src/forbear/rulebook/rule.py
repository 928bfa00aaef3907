"""The types of the law files: a rule with its one verb, a standing, and what they are made of.

They are what `rules.md` calls the language; `load` reads them from TOML and says where a file departs from it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from forbear.records.clock import check_zone
from forbear.records.hours import Interval, days_of, intervals
from forbear.rulebook.match import Match, Matches
from forbear.rulebook.window import Span, Window
from forbear.terms import CONDUCT, EFFECT, FIELDS, FORCE, STATUS, VERIFIED, WARNS, Language, Words

T = TypeVar("T")


class DayHours:
    """The hours that are allowed. A day not named has no lawful hour; `holiday`, where it is named, goes first."""

    __slots__ = ("days",)

    def __init__(self, days: dict[str, tuple[Interval, ...]]) -> None:
        self.days = days

    @classmethod
    def parse(cls, raw: object) -> DayHours:
        """From `{ mon-fri = "[08:00,22:00)", holiday = [] }`: an empty list is a day without a lawful hour."""
        if not isinstance(raw, dict) or not raw:
            raise ValueError('name days and their hours: daily = "[08:00,22:00)"')
        days: dict[str, tuple[Interval, ...]] = {}
        for key, text in raw.items():
            if text != [] and not isinstance(text, str):
                raise ValueError(f'{key}: write hours like "[08:00,22:00)", or [] for none')
            for day in days_of(key):
                if day in days:
                    raise ValueError(f"{key}: {day} is named twice")
                days[day] = intervals(text) if text else ()
        return cls(days)


class Opener:
    """One way in which a standing opens: a match, how many in a row it takes, when it starts and how long it lasts."""

    __slots__ = ("days_in_a_row", "in_a_row", "lasts", "match", "starts")

    def __init__(self, match: Match, in_a_row: int, days_in_a_row: int, starts: Span | None, lasts: Span | None) -> None:
        self.match, self.in_a_row, self.days_in_a_row, self.starts, self.lasts = match, in_a_row, days_in_a_row, starts, lasts

    @classmethod
    def parse(cls, raw: object) -> Opener:
        """From a TOML table: the tests, and `in_a_row` or `days_in_a_row`, `starts`, `lasts` beside them."""
        if not isinstance(raw, dict):
            raise ValueError("a table of tests is expected here")
        own = {key: raw[key] for key in ("in_a_row", "days_in_a_row", "starts", "lasts") if key in raw}
        for key in ("in_a_row", "days_in_a_row"):
            if key in own and (not isinstance(own[key], int) or own[key] < 2):
                raise ValueError(f"{key} = {own[key]!r}: a whole number of at least 2")
        if "in_a_row" in own and "days_in_a_row" in own:
            raise ValueError("in_a_row or days_in_a_row, not both: write two openers")
        starts, lasts = (Span.parse(own[key]) if key in own else None for key in ("starts", "lasts"))
        if starts and (not starts.after or starts.unit not in ("day", "business day")):
            raise ValueError(f'starts = {own["starts"]!r}: write "1 day after" or "3 business days after"')
        match = Match.parse({key: value for key, value in raw.items() if key not in own}).looking()
        return cls(match, own.get("in_a_row", 1), own.get("days_in_a_row", 0), starts, lasts)


class Free:
    """A quota of exclusions: at most `limit` entries that match are left out of the count inside their own trailing window."""

    __slots__ = ("limit", "match", "within")

    def __init__(self, match: Match, limit: int, within: Window) -> None:
        self.match, self.limit, self.within = match, limit, within

    @classmethod
    def parse(cls, raw: object) -> Free:
        """From a TOML table: the tests, with `limit` and `within` beside them."""
        if not isinstance(raw, dict) or not isinstance(raw.get("limit"), int) or raw["limit"] < 1:
            raise ValueError("a quota takes tests, a limit of at least 1, and within")
        match = Match.parse({key: value for key, value in raw.items() if key not in ("limit", "within")})
        return cls(match, raw["limit"], Window.parse(raw.get("within")))


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it is written."""

    cite: str
    quote: str = ""
    url: str = ""


class Title(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The name of the pattern that the rule catches, in both languages; reads well after "allow"."""

    en: str
    zh: str

    def say(self, lang: Language) -> str:
        """The title in `lang`."""
        return self.zh if lang == "zh" else self.en


class Excused(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of the file that no example can notice, as `forbear check` prints it, and why that cannot matter."""

    mutant: str
    reason: str


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A diary with its verdicts. `silent`: kinds of fact that no source of this diary holds."""

    name: str
    diary: str
    given: dict[str, str] = {}
    silent: list[str] = []


class Cap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """With the judged entry, more than `limit` entries (or distinct values of a field) lie in the window."""

    limit: int
    within: Window
    per: list[str]
    count: str = "entries"
    when: Match = Match(())
    free: list[Free] = []

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError("limit: at least 1; a limit of 0 is a [forbid]")
        _check_keys(self.per)
        if self.distinct is not None and (self.distinct not in FIELDS or FIELDS[self.distinct].many):
            raise ValueError(f'count = {self.count!r}: "entries" or "distinct <field that holds one value>"')

    @property
    def distinct(self) -> str | None:
        """The field whose different values are counted; None counts entries."""
        return None if self.count == "entries" else self.count.removeprefix("distinct ")


class Owe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something must follow within a time."""

    entry: Matches
    within: Span
    per: list[str]

    def __post_init__(self) -> None:
        _check_keys(self.per)


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule file. Exactly one of the five verbs is set."""

    id: str
    title: Title
    conduct: str
    force: str
    effect: str
    verified: str
    status: str
    version: int
    row: str
    from_: dt.date = msgspec.field(name="from")
    until: dt.date | None = None
    clock: str = "consumer"
    calendar: str = ""
    clause: Clause | list[Clause]
    applies: Match
    unless: Matches = Matches()
    hours: DayHours | None = None
    forbid: Matches | None = None
    require: Matches | None = None
    cap: Cap | None = None
    owe: Owe | None = None
    given: dict[str, str] = {}
    example: list[Example] = []
    excused: list[Excused] = []

    def __post_init__(self) -> None:
        for key, words in _WORDS.items():
            if getattr(self, key) not in words:
                raise ValueError(f"{key} = {getattr(self, key)!r}: one of {', '.join(words)}")
        verbs = [verb for verb in VERBS if getattr(self, verb) is not None]
        if len(verbs) != 1:
            raise ValueError(f"exactly one verb of {', '.join(VERBS)}; found {' and '.join(verbs) or 'none'}")
        if self.until and self.until < self.from_:
            raise ValueError("until lies before from")
        if self.version < 1:
            raise ValueError("version: at least 1")
        if self.verified == "memory" and self.status == "stable":
            raise ValueError('what is known from memory only stays status = "draft"')
        if self.clock != "consumer":
            check_zone(self.clock)

    @property
    def verb(self) -> str:
        """hours, forbid, require, cap or owe."""
        return next(verb for verb in VERBS if getattr(self, verb) is not None)

    @property
    def clauses(self) -> list[Clause]:
        """Its clauses, one or more."""
        return self.clause if isinstance(self.clause, list) else [self.clause]

    @property
    def cite(self) -> str:
        """All clauses in one line."""
        return "; ".join(clause.cite for clause in self.clauses)

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
        for within in [self.cap.within, *(free.within for free in self.cap.free)] if self.cap else []:
            if within.standing:
                yield within.standing


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
        _check_keys(self.per)
        if not self.opens:
            raise ValueError("a standing that nothing opens")
        if self.clock != "consumer":
            check_zone(self.clock)

    def matches(self) -> Iterator[Match]:
        """Every match of the standing."""
        yield from (opener.match for opener in self.opens)
        yield from self.closes.any

    def standings(self) -> Iterator[str]:
        """Ids of the standings that its openers and closers ask."""
        for match in self.matches():
            yield from match.standings()


VERBS = ("hours", "forbid", "require", "cap", "owe")
_WORDS: dict[str, Words] = {"conduct": CONDUCT, "force": FORCE, "effect": EFFECT, "verified": VERIFIED, "status": STATUS}


def _check_keys(per: list[str]) -> None:
    for key in per:
        if key not in FIELDS:
            raise ValueError(f"per: no field {key!r}")
    if not per:
        raise ValueError("per: name at least one key, or everything is summed")


def read(raw: object, kind: type[T]) -> T:
    """A `Rule`, `Standing` or `Place` from a parsed TOML file. Raises `msgspec.ValidationError`, whose text ends with the path."""
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
