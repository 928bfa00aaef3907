"""A rulebook: rules, standings, places and rate caps together, and what they must agree on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec

from forbear.records.errors import UserError
from forbear.rulebook.head import Clause
from forbear.rulebook.place import Place, Published
from forbear.rulebook.rate import Ceiling, RateCap
from forbear.rulebook.rule import Rule, Standing

Law = Rule | Standing | Place | RateCap
Dated = TypeVar("Dated", Rule, RateCap)
ALWAYS: Final = dt.date.min
"""The first date in force of what has no dates, in the law of one day."""


class Fault(NamedTuple):
    """Something wrong in a law file: where, what, and what to do about it."""

    file: Path
    path: str
    what: str
    line: int = 1
    """From 1; 0 where the whole is meant."""

    def __str__(self) -> str:
        return f"{self.file}{f':{self.line}' if self.line else ''}: {f'{self.path}: ' if self.path else ''}{self.what}"


class RulebookError(UserError):
    """A rulebook that cannot be used, with all its faults."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class Book:
    """What law says, ready to be asked.

    `laws` maps each file to what it holds. Raises `RulebookError` where two files contradict each other or name what is not there.
    """

    day: dt.date | None = None
    """Whose law it is, without dates; None: that of every day, with its dates."""
    draft: frozenset[Path] = frozenset()
    """The files of a draft that changed it: all their rules judge."""

    def __init__(self, laws: Mapping[Path, Law]) -> None:
        self.laws = dict(laws)
        self._written = self.laws
        self.rules: list[Rule] = sorted((x for x in laws.values() if isinstance(x, Rule)), key=lambda r: (r.id, r.from_))
        self.rate_caps: list[RateCap] = sorted((x for x in laws.values() if isinstance(x, RateCap)), key=lambda c: (c.id, c.from_))
        self.standings: dict[str, Standing] = {x.id: x for x in laws.values() if isinstance(x, Standing)}
        self.places: dict[str, Place] = {file.parent.name: x for file, x in laws.items() if isinstance(x, Place)}
        if faults := list(self._faults()):
            raise RulebookError(faults)

    def replaced(self, file: Path, law: Law) -> Book:
        """The same book with another content of one file."""
        return Book({**self.laws, file: law})

    def of_day(self, day: dt.date) -> Book:
        """The law of one day, as if it had been so always: without what was not in force on it, and without dates."""
        book = Book({file: undated(law) for file, law in self.laws.items() if not isinstance(law, Rule | RateCap) or law.in_force(day)})
        book.day, book._written = day, self.laws
        return book

    def amended(self, draft: Mapping[Path, Law]) -> Book:
        """This law as a draft would change it, and as if the draft had always been in force.

        What has the id of something in the draft gives way to that, in all its versions; all else of the draft is added. What the draft
        leaves alone is the same object as before.

        Raises `RulebookError` as `Book` does, and where the draft has an id twice.
        """
        owner = {named(file, law): file for file, law in draft.items()}
        if twice := [file for file, law in draft.items() if owner[named(file, law)] != file]:
            raise RulebookError([Fault(file, "id", "stands twice in the draft; keep the version that is asked about") for file in twice])
        kept = {file: law for file, law in self.laws.items() if named(file, law) not in owner}
        book = Book({**kept, **{file: undated(law) for file, law in draft.items()}})
        book.day, book.draft, book._written = self.day, frozenset(draft), {**self._written, **draft}
        return book

    def written(self, rule: Rule) -> Rule:
        """The rule as its file has it: with its dates, in the law of one day, too."""
        found = self._written[self.file_of(rule)]
        assert isinstance(found, Rule)
        return found

    def select(self, laws: Iterable[str], own: Iterable[Path] = (), *, drafts: bool = False) -> list[Rule]:
        """The rules of these laws (`cn`, `us`; `us` covers `us-ma`) and all rules in the folders `own`; drafts only if asked for.

        A repealed rule still judges what happened while it was in force. In a book that a draft changed, all rules of the draft judge.

        Raises `RulebookError` for a law that no rule belongs to.
        """
        wanted = [law.lower() for law in laws]
        known = sorted({rule.id.partition(".")[0] for rule in self.rules})
        if unknown := [law for law in wanted if not any(covers(law, code) for code in known)]:
            when = f" was in force on {self.day}" if self.day else ""
            raise RulebookError([Fault(Path("--law"), "", f"no law {', '.join(unknown)}{when}; there is {', '.join(known)}", 0)])
        return self._chosen(self.rules, wanted, own, drafts)

    def select_rate_caps(self, laws: Iterable[str], own: Iterable[Path] = (), *, drafts: bool = False) -> list[RateCap]:
        """The rate caps of these laws and folders, as `select` takes the rules; a law may well have none."""
        return self._chosen(self.rate_caps, [law.lower() for law in laws], own, drafts)

    def _chosen(self, dated: list[Dated], wanted: list[str], own: Iterable[Path], drafts: bool) -> list[Dated]:
        folders = [folder.resolve() for folder in own]
        drafted = {id(self.laws[file]) for file in self.draft}
        judging = [law for law in dated if law.status != "draft" or drafts or id(law) in drafted]
        return [
            law
            for law in judging
            if any(covers(code, law.id.partition(".")[0]) for code in wanted)
            or any(self.file_of(law).resolve().is_relative_to(folder) for folder in folders)
            or id(law) in drafted
        ]

    def place(self, jurisdiction: str) -> Place | None:
        """The place of `US-MA`: its own, or that of the nearest jurisdiction around it."""
        while jurisdiction:
            if jurisdiction in self.places:
                return self.places[jurisdiction]
            jurisdiction = jurisdiction.rpartition("-")[0]
        return None

    def link(self, law: Rule | RateCap, clause: Clause) -> str:
        """Where its text stands: the clause's own address, or the one that its place has for citations that begin so; empty if unknown."""
        place = self.place(law.id.partition(".")[0].upper())
        known = place.sources if place else {}
        return clause.url or next((url for begin, url in known.items() if clause.cite.startswith(begin)), "")

    def followed(self, cap: RateCap) -> Published | None:
        """The published rate that a cap follows, of its place; None where it has a number of its own."""
        place = self.place(cap.id.partition(".")[0].upper())
        return next((rate for rate in place.rates if rate.id == cap.rate.of), None) if place else None

    def ceiling(self, cap: RateCap) -> Ceiling:
        """A cap in numbers, day by day; in the law of one day, with the number of that day."""
        told: list[tuple[dt.date, float | None]] = [(ALWAYS, cap.rate.annual)]
        if (follows := self.followed(cap)) and (times := cap.rate.times):
            told = [(day, None if annual is None else times * annual) for day, annual in follows.since()]
        begun = max(day for day, _ in told if day <= (self.day or cap.from_))
        if self.day:
            return Ceiling(cap, ((cap.from_, dict(told)[begun]),))
        within = [(max(day, cap.from_), annual) for day, annual in told if begun <= day and (cap.until is None or day <= cap.until)]
        return Ceiling(cap, tuple(within))

    def reach(self, law: Rule | Standing) -> list[str]:
        """Ids of all standings that `law` asks, directly or through others, sorted."""
        found: set[str] = set()
        todo = list(law.standings())
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += self.standings[name].standings()
        return sorted(found)

    def behind(self, rules: Iterable[Rule]) -> list[Rule | Standing]:
        """These rules and every standing that they reach, each once."""
        rules = list(rules)
        return [*rules, *(self.standings[name] for name in sorted({name for rule in rules for name in self.reach(rule)}))]

    def fields(self, rules: Iterable[Rule]) -> frozenset[str]:
        """The fields that these rules ask for, themselves or through standings."""
        found = set[str]()
        for law in self.behind(rules):
            found.update(test.field for match in law.matches() for test in match.tests if test.field != "while")
            if isinstance(law, Standing):
                found.update(law.per, ("until",))
            elif law.cap:
                found.update(law.cap.per, (law.cap.distinct,) if law.cap.distinct else ())
            elif law.owe:
                found.update(law.owe.per)
        return frozenset(found)

    def kinds(self, rules: Iterable[Rule]) -> set[str]:
        """The kinds of fact that these rules ask for, themselves or through standings."""
        return {kind for law in self.behind(rules) for match in law.matches() for kind in match.kinds()}

    def file_of(self, law: Law) -> Path:
        """The file that holds `law`."""
        return next(file for file, held in self.laws.items() if held is law)

    def _faults(self) -> Iterator[Fault]:
        for file, law in self.laws.items():
            if isinstance(law, RateCap) and law.rate.of and not self.followed(law):
                place = law.id.partition(".")[0].upper()
                yield Fault(file, "rate.of", f"no place.toml of {place} has a rate {law.rate.of!r}; add it there")
            if isinstance(law, Place | RateCap):
                continue
            for name in law.standings():
                if name not in self.standings:
                    yield Fault(file, "", f"no standing {name!r}; define it in a file of its own, or correct the id")
            for window in law.cap.windows() if isinstance(law, Rule) and law.cap else []:
                asked = self.standings.get(window.standing or "")
                if asked and not asked.closes.any and not any(opener.lasts for opener in asked.opens):
                    yield Fault(file, "cap.within", f'{window.text!r}: nothing ends that standing; write "ever"')
            if law.calendar and (self.place(law.calendar) is None or self.place(law.calendar).calendar is None):  # type: ignore[union-attr]
                yield Fault(file, "calendar", f"{law.calendar!r} has no place.toml with a [calendar]; add its gazetted years there")
            if isinstance(law, Standing) and self.standings[law.id] is not law:
                yield Fault(file, "id", f"standing {law.id!r} is defined twice; keep one, or give it an id of its own")
        yield from self._overlaps()
        yield from self._circles()

    def _overlaps(self) -> Iterator[Fault]:
        dated: list[Rule | RateCap] = sorted([*self.rules, *self.rate_caps], key=lambda law: (law.id, law.from_))
        for one, other in pairwise(dated):
            if one.id == other.id and (one.until is None or one.until >= other.from_):
                yield Fault(
                    self.file_of(other),
                    "from",
                    f"{other.id!r} is in force already since {one.from_}: give that file an until before {other.from_}",
                )

    def _circles(self) -> Iterator[Fault]:
        """A standing must not depend on itself: its truth would have no ground."""
        for name, standing in self.standings.items():
            todo, seen = list(standing.standings()), set[str]()
            while todo:
                asked = todo.pop()
                if asked == name:
                    way = ", ".join(sorted(seen)) or "its own tests"
                    yield Fault(
                        self.file_of(standing),
                        "",
                        f"standings in a circle: {name!r} asks itself through {way}; take one of the tests away",
                    )
                    break
                if asked in self.standings and asked not in seen:
                    seen.add(asked)
                    todo += self.standings[asked].standings()


def named(file: Path, law: Law) -> str:
    """What a draft must name to change it: its id, or of a place the jurisdiction."""
    return file.parent.name if isinstance(law, Place) else law.id


def undated(law: Law) -> Law:
    """The law as if it had always been in force, and still were."""
    if not isinstance(law, Rule | RateCap):
        return law
    return msgspec.structs.replace(law, from_=ALWAYS, until=None, status="stable" if law.status == "repealed" else law.status)


def covers(wider: str, code: str) -> bool:
    """Whether the law of one place binds in another: `us` in `us-ma`."""
    return code == wider or code.startswith(f"{wider}-")
