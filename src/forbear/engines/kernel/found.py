"""What the loops found in some timelines, before anything is told of it, and how much of them was left to plain."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forbear.engines.kernel.arrays import Ints
from forbear.engines.kernel.held import HeldTable
from forbear.engines.kernel.table import Table
from forbear.records.columns.block import Block


class Share(NamedTuple):
    """How many timelines were judged, and how many of them plain judged: wholly, or under some rules, which the loops do not do."""

    timelines: int = 0
    whole: int = 0
    partly: int = 0

    def plus(self, other: Share) -> Share:
        """Both together."""
        return Share(*(a + b for a, b in zip(self, other, strict=True)))


class Found(NamedTuple):
    """What the loops found in some timelines."""

    block: Block
    row: Ints
    table: Table
    held: HeldTable
    dates: NDArray[np.int64]
    rows: NDArray[np.int64]
    """(position, rule, truth), sorted."""
    slow: NDArray[np.int8]
    """Timeline -> 1 if all of it is left to plain, 2 if only some rules of some entries are."""

    @property
    def share(self) -> Share:
        """How much of it is left to plain."""
        return Share(len(self.slow), int((self.slow == 1).sum()), int((self.slow == 2).sum()))
