"""Timelines of invented consumers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from forbear.leads.simulate.lawful import HABITS, STYLES
from forbear.leads.simulate.made import DAY, Operator
from forbear.leads.simulate.tactic import TACTICS, WHOLE
from forbear.records.entry import Entry, order

__all__ = ["STYLES", "TACTICS", "Life", "lives"]


class Life(NamedTuple):
    """What was recorded of one consumer, and the truth."""

    entries: list[Entry]
    style: str
    tactic: str
    """Empty if the operator is lawful."""
    strength: float


def lives(seed: int, many: int, tactic: str = "", strength: float = 0.0) -> Iterator[Life]:
    """So many timelines; the same seed makes the same ones. With a tactic, each shows it, beside what is lawful."""
    for n in range(many):
        rng = random.Random(f"{seed} {n} {tactic} {strength}")  # noqa: S311 (to be repeated, not to be secret)
        style, days = rng.choice(list(STYLES)), rng.randint(20, 90)
        operator = Operator.drawn(rng, f"agency-{rng.randrange(12):02}")
        made = [] if tactic in WHOLE else list(STYLES[style](rng, operator, days))
        for habit in HABITS:
            made += habit(rng, operator, days)
        if tactic:
            made += TACTICS[tactic](rng, operator, days, strength)
        made = [each for each in made if each.second <= (days + 5) * DAY]
        entries = [each.entry(f"c-{seed}-{n}", m) for m, each in enumerate(sorted(made, key=lambda each: each.second))]
        yield Life(sorted(entries, key=order), style, tactic, strength)
