"""Three values with their grounds: yes, no or unknown, the earlier entries leaned on, and the fields that would settle it.

*and*, *or*, *not* keep unknown where it could matter (Kleene's strong logic), so a definite answer stays whatever the holes turn out to be.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Answer(NamedTuple):
    """`value`: True, False, or None for unknown.

    `lean`: positions of the earlier entries that a True rests on. `need`: fields that would settle an unknown.
    """

    value: bool | None
    lean: frozenset[int] = frozenset()
    need: frozenset[str] = frozenset()


YES, NO = Answer(True), Answer(False)


def unknown(*need: str) -> Answer:
    """Unknown, and what would settle it."""
    return Answer(None, need=frozenset(need))


def every(parts: Iterable[Answer]) -> Answer:
    """And. A single no is no, and asks no further."""
    value: bool | None = True
    lean: frozenset[int] = frozenset()
    need: frozenset[str] = frozenset()
    for part in parts:
        if part.value is False:
            return NO
        if part.value is None:
            value, need = None, need | part.need
        elif part.lean:
            lean |= part.lean
    return Answer(value, lean, need) if lean or value is None else YES


def some(parts: Iterable[Answer]) -> Answer:
    """Or. A single yes is yes, with its own grounds, and asks no further."""
    need: frozenset[str] = frozenset()
    value: bool | None = False
    for part in parts:
        if part.value is True:
            return part
        if part.value is None:
            value, need = None, need | part.need
    return NO if value is False else Answer(None, need=need)


def negate(answer: Answer) -> Answer:
    """Not. What is not there cannot be leaned on."""
    return YES if answer.value is False else NO if answer.value is True else answer


def agreed(values: Iterable[bool], *need: str) -> Answer:
    """What all candidates say; unknown where they differ."""
    said = set(values)
    return unknown(*need) if len(said) > 1 else YES if said == {True} else NO
