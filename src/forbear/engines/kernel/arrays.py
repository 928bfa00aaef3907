"""A rulebook as compiled code reads it: arrays of integers, and what stands in which column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
DEBT: Final = 0
"""The dimension of debts: an entry may have several, and is then seen once for each."""
EVER, MINUTES, SPAN, WEEK, MONTH, WHILE = range(6)
FORBID, REQUIRE, HOURS, CAP, OWE = range(5)


class Lists(NamedTuple):
    """Lists of integers one after another: list `i` is `items[start[i]:start[i + 1]]`."""

    start: Ints
    items: Ints


def lists(rows: Iterable[Iterable[int]]) -> Lists:
    """Packs lists one after another."""
    start, items = [0], list[int]()
    for row in rows:
        items += row
        start.append(len(items))
    return Lists(np.array(start, np.int64), np.array(items, np.int64))


class Arrays(NamedTuple):
    """What the loops read of the law. Rules, standings and matches go by number; -1 means none."""

    rule: Ints
    """Rows of `RULE` columns."""
    unless: Lists
    alternatives: Lists
    """The matches of forbid, require, or of what is owed."""
    per: Lists
    """Dimensions by owner: rules first, then standings."""
    standing: Ints
    """Rows of `STANDING` columns."""
    opener: Ints
    """Rows of `OPENER` columns, standing after standing."""
    closers: Lists
    whiles: Lists
    """Match -> its `while` tests."""
    asked: Lists
    """`while` test -> the standings it asks."""
    negated: Ints
    """`while` test -> 1 if it asks that none holds."""
    reach: Lists
    """Rule -> all standings that it asks, directly or through others."""
    hours: Lists
    """Hours number * 9 + kind of day -> (first, out) pairs; kind 7 is a holiday, 8 says whether holidays are named."""


RULE: Final = (
    "applies", "verb", "when", "limit", "distinct", "window", "n", "table", "stop", "clock", "hours", "calendar",
    "since", "until", "hidden", "by_debt", "key_debt", "slow",
)  # fmt: skip
(R_APPLIES, R_VERB, R_WHEN, R_LIMIT, R_DISTINCT, R_WINDOW, R_N, R_TABLE, R_STOP, R_CLOCK, R_HOURS, R_CALENDAR,
 R_SINCE, R_UNTIL, R_HIDDEN, R_BY_DEBT, R_KEY_DEBT, R_SLOW) = range(len(RULE))  # fmt: skip
STANDING: Final = ("openers", "first", "stop", "clock", "hidden_open", "hidden_close", "key_debt", "named_hours", "rows")
S_OPENERS, S_FIRST, S_STOP, S_CLOCK, S_HIDDEN_OPEN, S_HIDDEN_CLOSE, S_KEY_DEBT, S_NAMED_HOURS, S_ROWS = range(len(STANDING))
OPENER: Final = ("match", "in_a_row", "days_in_a_row", "starts", "lasts", "minutes")
O_MATCH, O_ROW, O_DAYS, O_STARTS, O_LASTS, O_MINUTES = range(len(OPENER))
