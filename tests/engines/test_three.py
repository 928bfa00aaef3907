"""Kleene's tables, and what an answer carries."""

from __future__ import annotations

from functools import partial
from itertools import product

import pytest

from forbear.engines.three import NO, YES, Answer, agreed, every, negate, some, unknown

VALUES = (True, False, None)


def answer(value: bool | None) -> Answer:
    """An answer of this value, with no grounds."""
    return unknown("x") if value is None else Answer(value)


def kleene(worst: bool, parts: tuple[bool | None, ...]) -> bool | None:
    """`worst` decides, else an unknown does."""
    return worst if worst in parts else None if None in parts else not worst


@pytest.mark.parametrize("parts", [parts for n in range(4) for parts in product(VALUES, repeat=n)])
def test_and_or_not_are_those_of_kleene(parts):
    """For up to three parts, in every order."""
    answers = list(map(answer, parts))
    assert every(answers).value is kleene(False, parts)
    assert some(answers).value is kleene(True, parts)
    assert negate(every(answers)).value is some(map(negate, answers)).value


@pytest.mark.parametrize(
    ("parts", "said"), [((), False), ((True,), True), ((False, False), False), ((True, False), None), ((True, True), True)]
)
def test_candidates_agree_or_are_unknown(parts, said):
    """What all say is known, whatever else is not."""
    assert agreed(parts, "zone").value is said
    assert agreed(parts, "zone").need == ({"zone"} if said is None else frozenset())


def test_a_yes_leans_on_all_of_and_and_on_one_of_or():
    """Grounds are those of the parts that make it true."""
    one, two = Answer(True, frozenset({1})), Answer(True, frozenset({2}))
    assert every((one, two)).lean == {1, 2}
    assert some((NO, one, two)).lean == {1}
    assert every((one, NO)) == NO
    assert negate(one) == NO
    assert negate(NO) == YES


def test_an_unknown_needs_only_what_leaves_it_open():
    """A part that is settled asks for nothing, and a whole that is settled asks for nothing."""
    assert every((YES, unknown("a"), unknown("b"))).need == {"a", "b"}
    assert every((unknown("a"), NO)).need == frozenset()
    assert some((unknown("a"), YES)).need == frozenset()
    assert negate(unknown("a")) == unknown("a")


@pytest.mark.parametrize(("join", "last"), [(every, NO), (some, YES)])
def test_what_is_settled_is_not_asked_further(join, last):
    """Later parts are never looked at: they may cost much."""

    def parts():
        yield last
        pytest.fail("asked further")

    assert partial(join, parts())().value is last.value
