"""The memory of a run: chains of the few earlier entries that matter, by key, used again for every timeline."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forbear.engines.kernel.arrays import O_DAYS, Arrays, Ints

# Columns of a node: one entry that a rule counted, or that touched a standing, under one key.
N_POS, N_DEBT, N_TRUTH, N_CLOSES, N_OPENS, N_SURE_OPENS, N_RAW, N_RAW_SURE, N_BEFORE, N_BEFORE_SURE, N_BEFORE_ALL, N_VALUE = range(12)
# Columns of a slot: one key of one owner.
K_OWNER, K_POS, K_DEBT, K_LAST, K_LAST_SURE = range(5)
# Columns of an owner's chains: its last node, its last node whose key is not known exactly, and the slot that was looked up last.
C_ALL, C_LOOSE, C_RECENT = range(3)
# What is kept for the timeline as a whole.
X_NODES, X_SLOTS, X_STAMP, X_SLOW, X_OPENER, X_LATE = range(6)
NONE = -1


class State(NamedTuple):
    """The memory of a run, used again for every timeline; a stamp tells which slots are of the present one."""

    x: Ints
    node: NDArray[np.int64]
    slot: NDArray[np.int64]
    hashed: NDArray[np.int64]
    chain: NDArray[np.int64]
    mark: Ints
    seen: Ints
    views: Ints
    wanted: Ints
    """Owner -> 1 if the questions of the timeline may ask what it counted, or whether it holds."""
    opener: Ints
    """Rule -> the entry that opened the standing by which its alternatives surely hold for a question; -1 if they do not, or otherwise."""


def memory(law: Arrays, nodes: int) -> State:
    """Memory for timelines that put up to `nodes` nodes on their chains."""
    owners = len(law.rule) + len(law.standing)
    size = 1 << max(12, (2 * nodes - 1).bit_length())
    longest = int(law.opener[:, O_DAYS].max(initial=0)) + 3
    return State(
        x=np.zeros(6, np.int64),
        node=np.full((nodes, 12), NONE, np.int64),
        slot=np.empty((nodes, 5), np.int64),
        hashed=np.zeros((size, 2), np.int64),
        chain=np.empty((owners, 3), np.int64),
        mark=np.zeros(longest, np.int64),
        seen=np.empty(4096, np.int64),
        views=np.empty(4096, np.int64),
        wanted=np.zeros(owners, np.int64),
        opener=np.full(len(law.rule), NONE, np.int64),
    )
