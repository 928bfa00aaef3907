"""A rulebook with the tables that its files hold: what a law means as text, to be hashed, kept and compared."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from forbear.rulebook.book import Book
from forbear.rulebook.load import Raw
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule, Standing

Dated = Rule | RateCap
"""What is in force between dates, and is locked."""
_ASIDE = ("title", "given", "example", "version", "excused")
"""Keys that bear on no verdict and may change freely."""


class Key(NamedTuple):
    """A key of a law that changed: `cap.limit`, or `us.reg-f.talked: opens[0].lasts` of a standing; None where it is not."""

    path: str
    old: str | None
    new: str | None


class Edition:
    """`tables` holds those of laws (by `id()`) that lie in no file; all others are read from theirs."""

    def __init__(self, book: Book, tables: Mapping[int, Raw] | None = None) -> None:
        self.book = book
        self._tables = dict(tables or {})

    def dated(self) -> list[Dated]:
        """All rules, then all rate caps."""
        return [*self.book.rules, *self.book.rate_caps]

    def table(self, law: Dated | Standing) -> Raw:
        """All that is written of `law`."""
        if id(law) not in self._tables:
            self._tables[id(law)] = tomllib.loads(self.book.file_of(law).read_text(encoding="utf-8"))
        return self._tables[id(law)]

    def meaning(self, law: Dated | Standing) -> Raw:
        """What bears on verdicts, or on what a finding says of its ground."""
        return {key: value for key, value in self.table(law).items() if key not in _ASIDE}

    def digest(self, law: Dated | Standing) -> str:
        """Sixteen hexadecimal digits that change when the meaning of `law`, or of a standing that it reaches, does."""
        asked = () if isinstance(law, RateCap) else law.standings()
        below = [self.digest(self.book.standings[name]) for name in sorted(set(asked))]
        text = json.dumps([self.meaning(law), below], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def paths(self, law: Dated) -> dict[str, str]:
        """Path -> value of all that `law` means, with the standings it reaches, and the calendars and published rates that are asked."""
        found = dict(_flat(self.meaning(law), ""))
        if not isinstance(law, Rule):
            follows = self.book.followed(law)
            return found | {f"{law.rate.of}: {each.day}": f"{each.annual:g}" for each in (follows.announced if follows else ())}
        reached = [self.book.standings[name] for name in self.book.reach(law)]
        for standing in reached:
            found |= {f"{standing.id}: {path}": value for path, value in _flat(self.meaning(standing), "")}
        for name in dict.fromkeys([law.calendar, *(standing.calendar for standing in reached)]):
            place = self.book.place(name)
            for year in place.calendar.years if place and place.calendar else ():
                days = {key: value for key, value in msgspec.to_builtins(year).items() if key not in ("year", "source")}
                found |= dict(_flat(days, f"calendar {name}: {year.year}"))
        return found


def keys(one: Edition, old: Dated, other: Edition, new: Dated) -> list[Key]:
    """What changed of the meaning between two versions."""
    before, after = one.paths(old), other.paths(new)
    return [Key(path, before.get(path), after.get(path)) for path in {**before, **after} if before.get(path) != after.get(path)]


def aside(one: Edition, old: Dated, other: Edition, new: Dated) -> list[str]:
    """Keys that changed and bear on no verdict: `title`, `example` ..."""
    before, after = one.table(old), other.table(new)
    return [key for key in _ASIDE if before.get(key) != after.get(key)]


def _flat(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and any(isinstance(inner, Mapping) for inner in value):
        for n, inner in enumerate(value):
            yield from _flat(inner, f"{path}[{n}]")
    else:
        yield path, ", ".join(map(str, value)) if isinstance(value, list) else str(value)
