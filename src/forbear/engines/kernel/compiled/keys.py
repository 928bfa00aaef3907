"""Keys, compiled: whether two entries share them, and the chain on which an entry of a key stands."""

from __future__ import annotations

import numpy as np

from forbear.engines.kernel.arrays import DEBT
from forbear.engines.kernel.coded import ALL, OPEN, SINGLE, UNSAID
from forbear.engines.kernel.compiled.jit import jit, part
from forbear.engines.kernel.compiled.state import (
    C_ALL,
    C_LOOSE,
    C_RECENT,
    K_DEBT,
    K_LAST,
    K_LAST_SURE,
    K_OWNER,
    K_POS,
    N_BEFORE,
    N_BEFORE_ALL,
    N_BEFORE_SURE,
    N_DEBT,
    N_POS,
    N_TRUTH,
    NONE,
    X_NODES,
    X_SLOTS,
    X_STAMP,
)
from forbear.engines.kernel.table import NO, UNKNOWN, YES


@part
def code_of(table, dimension, i, debt):
    """The code of a key; of debts, the one that is looked at."""
    return debt if dimension == DEBT else table.code[i, dimension]


@jit
def same(table, dimension, a, b):
    """Do two codes of a dimension stand for the same?"""
    kind = table.kind.start[dimension]
    ka, kb = table.kind.items[kind + a], table.kind.items[kind + b]
    if ka == ALL or kb == ALL:
        return YES
    if ka == UNSAID or kb == UNSAID or ka == OPEN or kb == OPEN:
        return UNKNOWN
    if ka == SINGLE and kb == SINGLE:
        return YES if a == b else NO
    row = table.first_code[dimension]
    for x in range(table.values.start[row + a], table.values.start[row + a + 1]):
        for y in range(table.values.start[row + b], table.values.start[row + b + 1]):
            if table.values.items[x] == table.values.items[y]:
                return UNKNOWN
    return NO


@jit
def shares(law, table, owner, i, debt, j, its_debt):
    """Do two entries share every key of the owner?"""
    found = YES
    for k in range(law.per.start[owner], law.per.start[owner + 1]):
        d = law.per.items[k]
        found = min(found, same(table, d, code_of(table, d, i, debt), code_of(table, d, j, its_debt)))
        if found == NO:
            break
    return found


@jit
def same_values(table, d, a, b):
    """Do two codes have a value in common?"""
    row = table.first_code[d]
    for x in range(table.values.start[row + a], table.values.start[row + a + 1]):
        for y in range(table.values.start[row + b], table.values.start[row + b + 1]):
            if table.values.items[x] == table.values.items[y]:
                return True
    return False


@part
def is_of(law, table, state, slot, owner, i, debt):
    """Is this slot of the owner that of the entry's key?"""
    for k in range(law.per.start[owner], law.per.start[owner + 1]):
        d = law.per.items[k]
        if code_of(table, d, i, debt) != code_of(table, d, state.slot[slot, K_POS], state.slot[slot, K_DEBT]):
            return False
    return True


@part
def slot_of(law, table, state, owner, i, debt, make):
    """The slot of the entry's key; -1 if there is none yet, -2 if the key is not known exactly."""
    # A timeline is mostly about one consumer and one debt, so the key is mostly that of the entry before.
    slot = state.chain[owner, C_RECENT]
    if slot != NONE and is_of(law, table, state, slot, owner, i, debt):
        return slot
    return slot_by_hash(law, table, state, owner, i, debt, make)


@jit
def slot_by_hash(law, table, state, owner, i, debt, make):
    """The same for a key that is another than that of the entry before."""
    h = np.uint64(owner + 1) * np.uint64(0x9E3779B97F4A7C15)
    for k in range(law.per.start[owner], law.per.start[owner + 1]):
        d = law.per.items[k]
        code = code_of(table, d, i, debt)
        if table.kind.items[table.kind.start[d] + code] != SINGLE:
            return -2
        h = (h ^ np.uint64(code)) * np.uint64(0xBF58476D1CE4E5B9)
        h ^= h >> np.uint64(29)
    size = len(state.hashed)
    at = np.int64(h & np.uint64(size - 1))
    stamp = state.x[X_STAMP]
    while state.hashed[at, 0] == stamp:
        slot = state.hashed[at, 1]
        if state.slot[slot, K_OWNER] == owner and is_of(law, table, state, slot, owner, i, debt):
            state.chain[owner, C_RECENT] = slot
            return slot
        at = (at + 1) & (size - 1)
    if not make:
        return -1
    slot = state.x[X_SLOTS]
    state.x[X_SLOTS] += 1
    state.hashed[at, 0], state.hashed[at, 1] = stamp, slot
    state.slot[slot, K_OWNER], state.slot[slot, K_POS], state.slot[slot, K_DEBT] = owner, i, debt
    state.slot[slot, K_LAST] = state.slot[slot, K_LAST_SURE] = NONE
    state.chain[owner, C_RECENT] = slot
    return slot


@jit
def push(law, table, state, owner, i, debt, truth):
    """Puts an entry on the chains of its owner and returns the node."""
    node = state.x[X_NODES]
    state.x[X_NODES] += 1
    state.node[node, N_POS], state.node[node, N_DEBT], state.node[node, N_TRUTH] = i, debt, truth
    state.node[node, N_BEFORE_ALL] = state.chain[owner, C_ALL]
    state.chain[owner, C_ALL] = node
    slot = slot_of(law, table, state, owner, i, debt, True)
    if slot == -2:
        state.node[node, N_BEFORE] = state.chain[owner, C_LOOSE]
        state.chain[owner, C_LOOSE] = node
        return node
    state.node[node, N_BEFORE] = state.slot[slot, K_LAST]
    state.node[node, N_BEFORE_SURE] = state.slot[slot, K_LAST_SURE]
    state.slot[slot, K_LAST] = node
    if truth == YES:
        state.slot[slot, K_LAST_SURE] = node
    return node
