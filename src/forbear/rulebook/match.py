"""Matches, the only form of condition: a table of tests, all of which must hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from forbear.terms import FIELDS, KIND


class Misplaced(ValueError):
    """What is wrong at a place inside a table or an array of tables: `[1].channel`."""

    def __init__(self, path: str, what: str) -> None:
        self.path = path
        super().__init__(what)


class Test(NamedTuple):
    """One test of a match: `field = value`, `[values]`, `{ not = [..] }`, `{ at_least = n }`, `{ at_most = n }`.

    With bounds, `values` is empty and the field is compared as a number. `field` may be `while`: then `values` are standing ids.
    """

    field: str
    values: tuple[str, ...] = ()
    negated: bool = False
    at_least: float | None = None
    at_most: float | None = None

    def covers(self, value: str) -> bool:
        """Whether a value is one of those that are named; `US` covers `US-MA`."""
        return value in self.values or (self.field == "jurisdiction" and any(value.startswith(f"{wider}-") for wider in self.values))

    @property
    def is_bound(self) -> bool:
        """Whether it compares a number rather than words."""
        return self.at_least is not None or self.at_most is not None


def _strings(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        return tuple(value)
    raise ValueError(f"{value!r} is no test; write a word, a list of words, {{ not = [..] }}, {{ at_least = n }} or {{ at_most = n }}")


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is no number; write one, without quotes")
    return float(value)


def _test(field: str, value: object) -> Test:
    known = FIELDS.get(field)
    if known is None and field != "while":
        raise ValueError(f"no field {field!r}; the fields are while, {', '.join(FIELDS)}")
    if isinstance(value, dict) and value and set(value) <= {"at_least", "at_most"}:
        if known is None or known.shape != "number":
            raise ValueError(f"{field} is no number; name its values instead")
        low, high = value.get("at_least"), value.get("at_most")
        return Test(field, at_least=None if low is None else _number(low), at_most=None if high is None else _number(high))
    negated = isinstance(value, dict) and set(value) == {"not"}
    values = _strings(value["not"] if negated and isinstance(value, dict) else value)
    if known is not None and known.shape in ("number", "hours", "date"):
        raise ValueError(f"{field} cannot be tested for words; numbers take {{ at_least = n }} or {{ at_most = n }}")
    for word in values if known is not None and known.shape == "word" else ():
        if word not in known.words:  # type: ignore[union-attr]
            raise ValueError(f"{field} has no value {word!r}; it has {', '.join(known.words)}")  # type: ignore[union-attr]
    return Test(field, values, negated)


class Match:
    """Tests that must all hold; standings are asked last, since asking them costs most."""

    __slots__ = ("tests",)

    def __init__(self, tests: tuple[Test, ...]) -> None:
        self.tests = tests

    @classmethod
    def parse(cls, raw: object) -> Match:
        """From a TOML table. Raises `ValueError` with the reason."""
        if not isinstance(raw, dict):
            raise ValueError('a table of tests belongs here; write one such as { channel = "sms" }')
        tests = []
        for field, value in raw.items():
            try:
                tests.append(_test(field, value))
            except ValueError as error:
                raise Misplaced(field, str(error)) from error
        return cls(tuple(sorted(tests, key=lambda test: test.field == "while")))

    def looking(self) -> Match:
        """The same match where it looks over a timeline: one that names no kind looks only at contacts."""
        if any(test.field == "kind" for test in self.tests):
            return self
        return Match((Test("kind", ("contact",)), *self.tests))

    def standings(self) -> Iterator[str]:
        """Ids of the standings that it asks."""
        for test in self.tests:
            if test.field == "while":
                yield from test.values

    def kinds(self) -> Iterator[str]:
        """The kinds of fact that it finds, so that their silence can matter."""
        for test in self.tests:
            if test.field == "kind":
                yield from (kind for kind in KIND if (kind in test.values) != test.negated)


class Matches:
    """Alternatives: any of the matches holds. A single table stands for a list of one."""

    __slots__ = ("any",)

    def __init__(self, matches: tuple[Match, ...] = ()) -> None:
        self.any = matches

    @classmethod
    def parse(cls, raw: object) -> Matches:
        """From a TOML table or an array of tables. Raises `ValueError` with the reason."""
        if not isinstance(raw, list):
            return cls((Match.parse(raw),))
        found = []
        for n, one in enumerate(raw):
            try:
                found.append(Match.parse(one))
            except ValueError as error:
                inside = f".{error.path}" if isinstance(error, Misplaced) else ""
                raise Misplaced(f"[{n}]{inside}", str(error)) from error
        return cls(tuple(found))

    def looking(self) -> Matches:
        """The same alternatives where they look over a timeline."""
        return Matches(tuple(match.looking() for match in self.any))
