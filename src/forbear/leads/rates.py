"""How much a score means: how often lawful operators reach it, and how often those who use the tactic (`make leads`).

It is measured on invented portfolios. Real ones differ; a base rate is a yardstick, not a measurement of anybody's.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import msgspec

BUDGET: Final = 1 / 1000
"""Of lawful timelines, how many may bring a lead of one tactic at the default setting."""


class Rates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one tactic."""

    at_least: float
    """The default setting: a score from which there is a lead."""
    scores: list[float]
    lawful: list[float]
    """Of lawful timelines, the share that reaches each of `scores`."""
    used: list[float]
    """Of timelines in which the tactic is used, at any strength, the share that reaches each."""


class Weight(NamedTuple):
    """What a score means."""

    base_rate: float
    """Share of lawful timelines that look like this or worse."""
    ratio: float
    """How much likelier this or worse is where the tactic is used."""


class _Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lawful_timelines: int
    used_timelines: int
    tactic: dict[str, Rates]


@cache
def book() -> _Book:
    """What was measured, as shipped."""
    return msgspec.convert(tomllib.loads(files("forbear.leads").joinpath("rates.toml").read_text("utf-8")), _Book)


def weight(tactic: str, score: float) -> Weight | None:
    """What a score of a tactic means; None if it is below the default setting, and no lead."""
    rates = book().tactic[tactic]
    if score < rates.at_least:
        return None
    at = bisect_right(rates.scores, score) - 1
    return Weight(rates.lawful[at], rates.used[at] / rates.lawful[at])
