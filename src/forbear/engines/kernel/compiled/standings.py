"""Matches and standings, compiled (`engines.conditions`): what opened, closed, and still holds."""

from __future__ import annotations

from forbear.engines.kernel.arrays import (
    O_DAYS,
    O_LASTS,
    O_MATCH,
    O_MINUTES,
    O_ROW,
    O_STARTS,
    S_CLOCK,
    S_FIRST,
    S_HIDDEN_CLOSE,
    S_HIDDEN_OPEN,
    S_NAMED_HOURS,
    S_OPENERS,
    S_ROWS,
    S_STOP,
)
from forbear.engines.kernel.compiled.dates import before, spans
from forbear.engines.kernel.compiled.jit import jit, part
from forbear.engines.kernel.compiled.keys import push, shares, slot_of
from forbear.engines.kernel.compiled.state import (
    C_ALL,
    C_LOOSE,
    K_LAST,
    N_BEFORE,
    N_BEFORE_ALL,
    N_CLOSES,
    N_DEBT,
    N_OPENS,
    N_POS,
    N_RAW,
    N_RAW_SURE,
    N_SURE_OPENS,
    NONE,
    X_OPENER,
    X_SLOW,
)
from forbear.engines.kernel.table import NO, UNKNOWN, YES


@part
def matches(law, table, days, state, rules, m, i, debt):
    """The truth of a match for an entry about one debt."""
    found = table.truth[table.shape[i], m]
    if found == NO or law.whiles.start[m] == law.whiles.start[m + 1]:
        return found
    return min(found, meanwhile(law, table, days, state, rules, m, i, debt))


@jit
def meanwhile(law, table, days, state, rules, m, i, debt):
    """The truth of the `while` tests of a match."""
    found = YES
    for w in range(law.whiles.start[m], law.whiles.start[m + 1]):
        test = law.whiles.items[w]
        held = NO
        for a in range(law.asked.start[test], law.asked.start[test + 1]):
            held = max(held, holds(law, table, days, state, rules, law.asked.items[a], i, debt))
            if held == YES:
                break
        found = min(found, 2 - held if law.negated[test] == 1 else held)
        if found == NO:
            break
    return found


@part
def any_of(law, table, days, state, rules, box, row, i, debt):
    """The truth of alternatives: list `row` of `box`."""
    found = NO
    for k in range(box.start[row], box.start[row + 1]):
        found = max(found, matches(law, table, days, state, rules, box.items[k], i, debt))
        if found == YES:
            break
    return found


@jit
def holds(law, table, days, state, rules, s, i, debt):
    """Does standing `s` hold for entry `i` (about `debt`), given what is on its chains?"""
    owner = rules + s
    found = NO
    if state.chain[owner, C_ALL] != NONE:
        slot = slot_of(law, table, state, owner, i, debt, False)
        exact = state.slot[slot, K_LAST] if slot >= 0 else NONE
        loose = state.chain[owner, C_LOOSE]
        if slot == -2:
            exact, loose = NONE, state.chain[owner, C_ALL]
            if law.standing[s, S_ROWS] == 1:
                state.x[X_SLOW] = 1
        elif loose != NONE and law.standing[s, S_ROWS] == 1:
            state.x[X_SLOW] = 1
        shut = law.standing[s, S_HIDDEN_CLOSE] == 1
        stop = table.at[i] - law.standing[s, S_STOP]
        while exact != NONE or loose != NONE:
            from_exact = loose == NONE or (exact != NONE and state.node[exact, N_POS] >= state.node[loose, N_POS])
            node = exact if from_exact else loose
            j = state.node[node, N_POS]
            if table.known[j] < stop:
                break
            if from_exact:
                key = YES
                exact = state.node[node, N_BEFORE]
            else:
                key = shares(law, table, owner, i, debt, j, state.node[node, N_DEBT])
                loose = state.node[node, N_BEFORE_ALL] if slot == -2 else state.node[node, N_BEFORE]
            if key == NO or j == i:
                # Not of this key; or the entry itself, which sees no standing that it touches.
                continue
            opens = state.node[node, N_OPENS]
            if opens != 0 and table.at[j] <= table.at[i]:
                if law.standing[s, S_NAMED_HOURS] == 1:
                    state.x[X_SLOW] = 1
                for o in range(law.standing[s, S_OPENERS]):
                    if opens >> o & 1:
                        truth = YES if state.node[node, N_SURE_OPENS] >> o & 1 else UNKNOWN
                        truth = min(truth, key, timed(law, table, days, state, s, law.standing[s, S_FIRST] + o, i, node))
                        if shut:
                            truth = min(truth, UNKNOWN)
                        if truth == YES:
                            state.x[X_OPENER] = j
                            return YES
                        found = max(found, truth)
            closes = min(state.node[node, N_CLOSES], key)
            if closes == YES:
                break
            shut |= closes == UNKNOWN
    return UNKNOWN if found == NO and law.standing[s, S_HIDDEN_OPEN] == 1 else found


@jit
def timed(law, table, days, state, s, o, i, node):
    """Has the standing that opener `o` opened at `node` begun, and is it not over, for entry `i`?"""
    j = state.node[node, N_POS]
    clock = law.standing[s, S_CLOCK]
    low, high = days[i, 2 * clock], days[i, 2 * clock + 1]
    first, last = days[j, 2 * clock], days[j, 2 * clock + 1]
    found = YES
    starts = law.opener[o, O_STARTS]
    if starts >= 0:
        first, last = table.ends[starts, first - table.first_day], table.latest[starts, last - table.first_day]
        found = 2 - before(low, high, first, last)
    if law.opener[o, O_LASTS] >= 0:
        found = min(found, spans(table, law.opener[o, O_LASTS], low, high, first, last))
    elif law.opener[o, O_MINUTES] > 0 and table.at[i] >= table.at[j] + law.opener[o, O_MINUTES] * 60:
        found = NO
    until = table.until[j]
    if until > 0:
        found = min(found, before(low, high, table.over[until, 0], table.over[until, 1]))
    return found


@jit
def open_and_close(law, table, days, state, rules, s, i, debt, a, b):
    """Puts an entry on the chain of a standing that it opens or closes.

    Under a key that holds the debt it counts for `debt`; else it does so if it does about any of its debts, `table.debts` a to b.
    """
    first, count, owner = law.standing[s, S_FIRST], law.standing[s, S_OPENERS], rules + s
    opens, sure, closes = 0, 0, NO
    for x in range(a, b):
        side = debt if b - a == 1 else table.debts.items[x]
        for o in range(count):
            truth = matches(law, table, days, state, rules, law.opener[first + o, O_MATCH], i, side)
            opens |= (truth != NO) << o
            sure |= (truth == YES) << o
        closes = max(closes, any_of(law, table, days, state, rules, law.closers, s, i, side))
    if opens == 0 and closes == NO:
        return
    node = push(law, table, state, owner, i, debt, YES)
    state.node[node, N_CLOSES], state.node[node, N_RAW], state.node[node, N_RAW_SURE] = closes, opens, sure
    if law.standing[s, S_ROWS] == 1:
        for o in range(count):
            if opens >> o & 1 and (law.opener[first + o, O_ROW] > 1 or law.opener[first + o, O_DAYS] > 0):
                if state.chain[owner, C_LOOSE] != NONE:
                    state.x[X_SLOW] = 1
                truth = row_of(law, table, days, state, s, o, node)
                if truth == NO:
                    opens &= ~(1 << o)
                if truth != YES:
                    sure &= ~(1 << o)
    state.node[node, N_OPENS], state.node[node, N_SURE_OPENS] = opens, sure


@jit
def row_of(law, table, days, state, s, o, newest):
    """Do enough openers in a row end at this node: so many entries, or so many dates that follow one another?"""
    opener = law.standing[s, S_FIRST] + o
    by_days = law.opener[opener, O_DAYS]
    wanted = by_days if by_days > 0 else law.opener[opener, O_ROW]
    clock = law.standing[s, S_CLOCK]
    firm = True
    sure = perhaps = 0
    today = days[state.node[newest, N_POS], 2 * clock]
    if by_days > 0:
        for back in range(wanted):
            state.mark[back] = NO
        if days[state.node[newest, N_POS], 2 * clock + 1] != today:
            state.x[X_SLOW] = 1
    node, closed = newest, NO
    while node != NONE and closed != YES:
        # The first of a row may itself close what was before it; and where closers may be hidden, nothing before the newest is sure.
        firm = firm and closed == NO and (node == newest or law.standing[s, S_HIDDEN_CLOSE] == 0)
        closed = NO if node == newest else state.node[node, N_CLOSES]
        if state.node[node, N_RAW] >> o & 1:
            certain = firm and state.node[node, N_RAW_SURE] >> o & 1
            if by_days == 0:
                perhaps += 1
                sure += certain
                if sure >= wanted:
                    return YES
            else:
                j = state.node[node, N_POS]
                if days[j, 2 * clock + 1] != days[j, 2 * clock]:
                    state.x[X_SLOW] = 1
                back = today - days[j, 2 * clock]
                if back >= wanted + 3:
                    break
                if 0 <= back < wanted:
                    state.mark[back] = max(state.mark[back], YES if certain else UNKNOWN)
        node = state.node[node, N_BEFORE]
    if by_days == 0:
        return UNKNOWN if perhaps >= wanted else NO
    found = YES
    for back in range(wanted):
        found = min(found, state.mark[back])
    return found
