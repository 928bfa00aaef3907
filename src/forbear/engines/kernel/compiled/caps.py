"""Caps, compiled (`plain.Judge.count`): is an entry one too many?"""

from __future__ import annotations

from forbear.engines.kernel.arrays import R_CLOCK, R_DISTINCT, R_HIDDEN, R_LIMIT, R_STOP
from forbear.engines.kernel.coded import ALL, SINGLE, UNSAID
from forbear.engines.kernel.compiled.dates import within
from forbear.engines.kernel.compiled.jit import jit
from forbear.engines.kernel.compiled.keys import push, same_values, shares, slot_of
from forbear.engines.kernel.compiled.state import (
    C_ALL,
    C_LOOSE,
    K_LAST,
    N_BEFORE,
    N_BEFORE_ALL,
    N_BEFORE_SURE,
    N_DEBT,
    N_POS,
    N_TRUTH,
    N_VALUE,
    NONE,
    X_LATE,
    X_SLOW,
)
from forbear.engines.kernel.table import NO, UNKNOWN, YES


@jit
def over(law, table, days, state, rule, i, debt):
    """Is entry `i` one too many under the cap of `rule`?"""
    if law.rule[rule, R_DISTINCT] >= 0:
        return over_distinct(law, table, days, state, rule, i, debt)
    limit, stop = law.rule[rule, R_LIMIT], table.at[i] - law.rule[rule, R_STOP]
    slot = slot_of(law, table, state, rule, i, debt, True)
    low = high = 0
    node = state.slot[slot, K_LAST] if slot >= 0 else NONE
    while node != NONE and low < limit and table.known[state.node[node, N_POS]] >= stop:
        truth = within(law, table, days, rule, i, state.node[node, N_POS])
        high += truth != NO
        low += min(truth, state.node[node, N_TRUTH]) == YES
        # Once enough are possible, only those that are sure are looked at.
        node = state.node[node, N_BEFORE if high < limit else N_BEFORE_SURE]
    if low >= limit:
        return YES
    node = state.chain[rule, C_ALL] if slot == -2 else state.chain[rule, C_LOOSE]
    last = -1
    while node != NONE and low < limit and table.known[state.node[node, N_POS]] >= stop:
        j = state.node[node, N_POS]
        key = shares(law, table, rule, i, debt, j, state.node[node, N_DEBT])
        truth = min(key, within(law, table, days, rule, i, j))
        if truth != NO and j != last:
            high += 1
            low += min(truth, state.node[node, N_TRUTH]) == YES
            last = j
        elif truth != NO:
            # The same entry under another of its debts: it counts once, and which of the two counts is left to plain.
            state.x[X_SLOW] = 1
        node = state.node[node, N_BEFORE_ALL] if slot == -2 else state.node[node, N_BEFORE]
    if low >= limit:
        return YES
    return UNKNOWN if high >= limit or law.rule[rule, R_HIDDEN] == 1 else NO


@jit
def over_distinct(law, table, days, state, rule, i, debt):
    """The same where different values are counted, and only a value that is new in the window can breach."""
    limit, stop, d = law.rule[rule, R_LIMIT], table.at[i] - law.rule[rule, R_STOP], law.rule[rule, R_DISTINCT]
    slot = slot_of(law, table, state, rule, i, debt, True)
    exact = state.slot[slot, K_LAST] if slot >= 0 else NONE
    loose = state.chain[rule, C_ALL] if slot == -2 else state.chain[rule, C_LOOSE]
    mine = table.code[i, d]
    kinds = table.kind.start[d]
    fresh = YES if table.kind.items[kinds + mine] != UNSAID else UNKNOWN
    simple = table.kind.items[kinds + mine] == SINGLE
    low = perhaps = 0
    while exact != NONE or loose != NONE:
        from_exact = exact != NONE
        node = exact if from_exact else loose
        j = state.node[node, N_POS]
        before_it = state.node[node, N_BEFORE_ALL] if slot == -2 else state.node[node, N_BEFORE]
        if from_exact:
            exact = before_it
        else:
            loose = before_it
        if table.known[j] < stop:
            if from_exact:
                exact = NONE
            else:
                loose = NONE
            continue
        key = YES if from_exact else shares(law, table, rule, i, debt, j, state.node[node, N_DEBT])
        truth = min(key, within(law, table, days, rule, i, j), state.node[node, N_TRUTH])
        if truth == NO:
            continue
        its = state.node[node, N_VALUE]
        said = table.kind.items[kinds + its]
        if truth == YES and (said == SINGLE or said == ALL):
            if its == mine:
                return NO
            if not (said == SINGLE and simple) and same_values(table, d, its, mine):
                fresh = min(fresh, UNKNOWN)
            new = True
            for seen in range(low):
                if state.seen[seen] == its:
                    new = False
                    break
            if new:
                if low == len(state.seen):
                    state.x[X_SLOW] = 1
                    return NO
                state.seen[low] = its
                low += 1
            continue
        perhaps += 1
        if said == UNSAID or fresh != YES or same_values(table, d, its, mine):
            fresh = UNKNOWN
    if law.rule[rule, R_HIDDEN] == 1:
        fresh, perhaps = min(fresh, UNKNOWN), perhaps + limit + 1
    return min(fresh, YES if low >= limit else UNKNOWN if low + perhaps >= limit else NO)


@jit
def count_it(law, table, days, state, rule, i, debt, truth):
    """Puts an entry on the chain of a cap. Of one value that is counted once, an older entry is unlinked: the newer serves as well.

    Not so where something is learned late: what it is judged by may lie before the newer.
    """
    node = push(law, table, state, rule, i, debt, truth)
    d = law.rule[rule, R_DISTINCT]
    if d < 0:
        return
    value = table.code[i, d]
    state.node[node, N_VALUE] = value
    said = table.kind.items[table.kind.start[d] + value]
    clock = law.rule[rule, R_CLOCK]
    exact = days[i, 2 * clock] == days[i, 2 * clock + 1] and state.x[X_LATE] == 0
    if truth != YES or not (said == SINGLE or said == ALL) or not exact or slot_of(law, table, state, rule, i, debt, False) < 0:
        return
    previous, older = node, state.node[node, N_BEFORE]
    while older != NONE:
        j = state.node[older, N_POS]
        if state.node[older, N_VALUE] == value and state.node[older, N_TRUTH] == YES and days[j, 2 * clock + 1] <= days[i, 2 * clock]:
            state.node[previous, N_BEFORE] = state.node[older, N_BEFORE]
            return
        previous, older = older, state.node[older, N_BEFORE]
