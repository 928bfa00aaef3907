"""Small changes of a timeline, to where two versions of a rule might differ: always the same ones in the same order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, TypeVar

import msgspec

from forbear.records.coverage import Coverage
from forbear.records.entry import Entry, Values
from forbear.rulebook.book import Book
from forbear.rulebook.match import Test
from forbear.rulebook.rule import Rule, Standing
from forbear.terms import FIELDS

T = TypeVar("T")
_DAY_S = 86400
_MOST_COPIES = 120


class Side(NamedTuple):
    """A version of a rule, in the book that holds its standings and places."""

    book: Book
    rule: Rule


class Timeline(NamedTuple):
    """Entries in their order, numbered by it. `silent`: kinds of fact that no source holds."""

    entries: tuple[Entry, ...]
    silent: frozenset[str] = frozenset()

    @classmethod
    def of(cls, entries: Iterable[Entry], silent: Iterable[str] = ()) -> Timeline:
        """These entries, put in order."""
        found = sorted(entries, key=lambda entry: (entry.known_at, not entry.is_contact))
        return cls(tuple(msgspec.structs.replace(entry, entry_id=f"{n:04}") for n, entry in enumerate(found)), frozenset(silent))

    def but(self, changed: Mapping[int, Entry | None], *more: Entry) -> Timeline:
        """The same with other entries at some positions, or none there, and with more of them."""
        kept = (changed.get(k, entry) for k, entry in enumerate(self.entries))
        return Timeline.of(chain((entry for entry in kept if entry), more), self.silent)

    @property
    def coverage(self) -> Coverage:
        """What is silent is; all else is held, and records go on for ever: what is owed and did not come never came."""
        return Coverage(complete=True, silent=self.silent)


class Material(NamedTuple):
    """What two versions name, so that timelines can be changed to where they may differ."""

    values: dict[str, list[Values]]
    counts: list[int]
    pool: list[Entry]

    @classmethod
    def of(cls, sides: Sequence[Side], bases: Iterable[Timeline]) -> Material:
        """Of both sides, with the entries of timelines that are there already."""
        laws = [law for side in sides for law in side.book.behind([side.rule])]
        pool = {tuple(sorted(entry.fields.items())): entry for base in bases for entry in base.entries}
        return cls(
            _values(laws),
            sorted({n for law in laws for count in _counts(law) for n in (count - 1, count, count + 1) if n > 1}),
            [*pool.values()],
        )


def _values(laws: Iterable[Rule | Standing]) -> dict[str, list[Values]]:
    found: dict[str, dict[Values, None]] = {}
    for law in laws:
        for match in law.matches():
            for test in match.tests:
                if test.field != "while":
                    found.setdefault(test.field, {}).update(dict.fromkeys(_of_test(test)))
        per = law.per if isinstance(law, Standing) else law.cap.per if law.cap else law.owe.per if law.owe else ()
        for key in per:
            if FIELDS[key].shape == "id":
                found.setdefault(key, {}).update({(another(Test(key)),): None})
    return {field: list(values) for field, values in found.items()}


def _of_test(test: Test) -> Iterator[Values]:
    for bound, step in ((test.at_least, -1), (test.at_most, 1)):
        if bound is not None:
            yield from ((f"{bound:g}",), (f"{bound + step:g}",))
    if test.is_bound:
        return
    yield from ((value,) for value in test.values)
    yield (another(test),)
    if FIELDS[test.field].many:
        yield ()


def another(test: Test) -> str:
    """A value that a test for words does not name; of zones only some are any."""
    unnamed = "Etc/UTC" if test.field == "zone" else "another"
    return next((word for word in FIELDS[test.field].words if word not in test.values), unnamed)


def _counts(law: Rule | Standing) -> Iterator[int]:
    if isinstance(law, Standing):
        for opener in law.opens:
            yield from (opener.in_a_row, opener.days_in_a_row)
    elif law.cap:
        yield from (law.cap.limit, *(free.limit for free in law.cap.free))


def varied(base: Timeline, edges: Iterable[int], material: Material) -> Iterator[Timeline]:
    """A timeline with one thing changed: kinds of change by turns."""
    if not base.entries:
        return
    instants = sorted({at for edge in edges for at in (edge, edge - 1)}, key=lambda at: (abs(at - base.entries[-1].at), at))
    yield from by_turns(
        _moved(base, instants),
        _repeated(base, material.counts),
        _changed(base, material.values),
        _added(base, material.pool),
        _shifted(base, instants),
        _dropped(base),
    )


def by_turns(*each: Iterator[T]) -> Iterator[T]:
    """One of each in turn, until all have ended."""
    left = list(each)
    while left:
        for one in list(left):
            try:
                yield next(one)
            except StopIteration:
                left.remove(one)


def at(entry: Entry, instant: int) -> Entry:
    """The entry at another instant; what was learned late is learned as late."""
    return msgspec.structs.replace(entry, at=instant, known_at=instant + entry.known_at - entry.at)


def _moved(base: Timeline, instants: list[int]) -> Iterator[Timeline]:
    """One entry, the last first, at an instant at which an answer may change."""
    for k in reversed(range(len(base.entries))):
        yield from (base.but({k: at(base.entries[k], instant)}) for instant in instants)


def _shifted(base: Timeline, instants: list[int]) -> Iterator[Timeline]:
    """All of it, so that the last lies at such an instant."""
    for instant in instants:
        by = instant - base.entries[-1].at
        yield Timeline.of((at(entry, entry.at + by) for entry in base.entries), base.silent)


def _repeated(base: Timeline, counts: list[int]) -> Iterator[Timeline]:
    """One entry so many times as a count asks for, minutes or days apart."""
    for count in counts:
        for k in reversed(range(len(base.entries))):
            for apart in (60, _DAY_S) if count <= _MOST_COPIES else ():
                entry = base.entries[k]
                yield base.but({}, *(at(entry, entry.at - n * apart) for n in range(1, count)))


def _changed(base: Timeline, values: dict[str, list[Values]]) -> Iterator[Timeline]:
    """One field of one entry, as a test names it or otherwise."""
    for k in reversed(range(len(base.entries))):
        entry = base.entries[k]
        for field, options in values.items():
            held = entry.fields.get(field, ())
            more = [(*held, *value) for value in options if value and not set(value) & set(held)] if held and FIELDS[field].many else []
            for value in (*options, *more):
                if entry.fields.get(field) != value:
                    himself = field == "consumer" and entry.fields.get("person") == entry.fields.get("consumer")
                    yield base.but({k: entry.but(**{field: value}, **({"person": value} if himself else {}))})


def _added(base: Timeline, pool: list[Entry]) -> Iterator[Timeline]:
    """An entry of another timeline an hour or a day before the last, or an hour behind it."""
    last = base.entries[-1].at
    for entry in pool:
        yield from (base.but({}, at(entry, last + by)) for by in (-3600, -_DAY_S, 3600))


def _dropped(base: Timeline) -> Iterator[Timeline]:
    """Without one entry."""
    yield from (base.but({k: None}) for k in range(len(base.entries)))
