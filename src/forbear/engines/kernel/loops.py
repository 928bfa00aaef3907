"""The compiled pass over timelines. It reads `Arrays` law and a `Table` of entries; it knows no rule and is compiled once for all of them.

It is `plain` with memory: where plain looks back over all earlier entries, this follows chains of the few that a rule counted, or that
opened or closed a standing, under the same key. Truth is 0 no, 1 unknown, 2 yes. What it does not do it marks in `slow`.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from forbear.engines.kernel.coded import ALL, OPEN, SINGLE, UNSAID
from forbear.engines.kernel.days import DAY
from forbear.engines.kernel.law import (
    CAP,
    DEBT,
    EVER,
    FORBID,
    HOURS,
    MINUTES,
    OPENER,
    OWE,
    REQUIRE,
    RULE,
    SPAN,
    STANDING,
    WEEK,
    Arrays,
    Ints,
)
from forbear.engines.kernel.pointers import bare, fixed
from forbear.engines.kernel.table import NO, SEVERAL_DEBTS, UNKNOWN, YES
from forbear.records.clock import EPOCH_DAY

_jit = nb.njit(boundscheck=False, error_model="numpy")
_part = nb.njit(boundscheck=False, error_model="numpy", forceinline=True)
"""What is small and asked often, and becomes part of its caller."""
_entrance = nb.njit(nogil=True, cache=True, boundscheck=False, error_model="numpy")
"""What Python calls, and Numba keeps beside the code."""

(R_APPLIES, R_VERB, R_WHEN, R_LIMIT, R_DISTINCT, R_WINDOW, R_N, R_TABLE, R_STOP, R_CLOCK, R_HOURS, R_CALENDAR,
 R_SINCE, R_UNTIL, R_HIDDEN, R_BY_DEBT, R_KEY_DEBT, R_SLOW) = range(len(RULE))  # fmt: skip
S_OPENERS, S_FIRST, S_STOP, S_CLOCK, S_HIDDEN_OPEN, S_HIDDEN_CLOSE, S_KEY_DEBT, S_NAMED_HOURS, S_ROWS = range(len(STANDING))
O_MATCH, O_ROW, O_DAYS, O_STARTS, O_LASTS, O_MINUTES = range(len(OPENER))

# Columns of a node: one entry that a rule counted, or that touched a standing, under one key.
N_POS, N_DEBT, N_TRUTH, N_CLOSES, N_OPENS, N_SURE_OPENS, N_RAW, N_RAW_SURE, N_BEFORE, N_BEFORE_SURE, N_BEFORE_ALL, N_VALUE = range(12)
# Columns of a slot: one key of one owner.
K_OWNER, K_POS, K_DEBT, K_LAST, K_LAST_SURE = range(5)
# Columns of an owner's chains: its last node, its last node whose key is not known exactly, and the slot that was looked up last.
C_ALL, C_LOOSE, C_RECENT = range(3)
# What is kept for the timeline as a whole.
X_NODES, X_SLOTS, X_STAMP, X_SLOW, X_OPENER = range(5)
NONE = -1
LEFT = -1
"""In place of a truth: a question that is left to plain under this rule."""


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


def state(law: Arrays, nodes: int) -> State:
    """Memory for timelines that put up to `nodes` nodes on their chains."""
    owners = len(law.rule) + len(law.standing)
    size = 1 << max(12, (2 * nodes - 1).bit_length())
    longest = int(law.opener[:, O_DAYS].max(initial=0)) + 3
    return State(
        x=np.zeros(5, np.int64),
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


@_part
def local_time(table, zone, at):
    """(day, second of the day) at an instant in a zone."""
    low, high = table.moved.start[zone] // 2, table.moved.start[zone + 1] // 2 - 1
    while low < high:
        middle = (low + high + 1) // 2
        if table.moved.items[2 * middle] <= at:
            low = middle
        else:
            high = middle - 1
    shown = at + table.moved.items[2 * low + 1]
    day = shown // DAY
    return day + EPOCH_DAY, shown - day * DAY


@_entrance
def settle_days(table, clocks, days):
    """First and last candidate day of every entry by every clock: `days[entry, 2 * clock]`, `days[entry, 2 * clock + 1]`."""
    settle(table, clocks, bare(days), 0, len(table.at))


@_jit
def settle(table, clocks, days, first, last):
    """The same for the entries from `first` to before `last`."""
    for i in range(first, last):
        for clock in range(clocks):
            where = table.zones[i] if clock == 0 else clock
            low, high = 1 << 60, -1
            for z in range(table.candidates.start[where], table.candidates.start[where + 1]):
                day, _ = local_time(table, table.candidates.items[z], table.at[i])
                low, high = min(low, day), max(high, day)
            days[i, 2 * clock], days[i, 2 * clock + 1] = low, high


@_part
def before(low, high, first, last, sure):
    """Is a date in [low, high] before a bound in [first, last], whichever candidates hold?"""
    if high < first:
        return YES
    return NO if low >= last and sure else UNKNOWN


@_part
def in_force(law, days, rule, i):
    """Is the rule in force on the date of the entry?"""
    clock = law.rule[rule, R_CLOCK]
    low, high = days[i, 2 * clock], days[i, 2 * clock + 1]
    since, until = law.rule[rule, R_SINCE], law.rule[rule, R_UNTIL]
    begun = 2 - before(low, high, since, since, True)
    return min(begun, before(low, high, until + 1, until + 1, True))


@_jit
def inside(law, table, rule, i):
    """Does the entry's second lie in the hours of its day?"""
    clock = law.rule[rule, R_CLOCK]
    where = table.zones[i] if clock == 0 else clock
    row = law.rule[rule, R_HOURS] * 9
    no = yes = False
    for z in range(table.candidates.start[where], table.candidates.start[where + 1]):
        day, second = local_time(table, table.candidates.items[z], table.at[i])
        kind = table.day_kind[law.rule[rule, R_CALENDAR], day - table.first_day]
        weekday = (day + 6) % 7
        named = law.hours.items[law.hours.start[row + 8]] == 1
        for holiday in range(2):
            if (holiday == 0 and kind == 7) or (holiday == 1 and kind < 7):
                continue
            of_day = row + (7 if holiday == 1 and named else weekday)
            lawful = False
            for h in range(law.hours.start[of_day], law.hours.start[of_day + 1], 2):
                lawful |= law.hours.items[h] <= second < law.hours.items[h + 1]
            yes |= lawful
            no |= not lawful
    return UNKNOWN if yes and no else YES if yes else NO


@_part
def within(law, table, days, rule, i, j):
    """Does the earlier entry `j` lie in the rule's window that ends with `i`?"""
    window = law.rule[rule, R_WINDOW]
    if window == EVER:
        return YES
    if window in (MINUTES, SPAN) and table.at[j] > table.at[i]:
        return NO
    if window == MINUTES:
        return YES if table.at[i] < table.at[j] + law.rule[rule, R_N] else NO
    clock = law.rule[rule, R_CLOCK]
    if window == SPAN:
        low, high = days[i, 2 * clock], days[i, 2 * clock + 1]
        return spans(table, law.rule[rule, R_TABLE], low, high, days[j, 2 * clock], days[j, 2 * clock + 1], True)
    return same_unit(law, days, rule, i, j)


@_jit
def same_unit(law, days, rule, i, j):
    """Do two entries lie in the same week or month?"""
    clock = law.rule[rule, R_CLOCK]
    low, high = days[i, 2 * clock], days[i, 2 * clock + 1]
    first, last = days[j, 2 * clock], days[j, 2 * clock + 1]
    if law.rule[rule, R_WINDOW] == WEEK:
        start = law.rule[rule, R_N]
        low, high = low - ((low + 6) % 7 - start) % 7, high - ((high + 6) % 7 - start) % 7
        first, last = first - ((first + 6) % 7 - start) % 7, last - ((last + 6) % 7 - start) % 7
    else:
        low, high, first, last = month_of(low), month_of(high), month_of(first), month_of(last)
    if high < first or last < low:
        return NO
    return YES if low == high == first == last else UNKNOWN


@_jit
def month_of(day):
    """A number that is the same for all days of one month of the proleptic Gregorian calendar, and grows with time."""
    z = day + 305
    era = z // 146097
    doe = z - era * 146097
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    return (yoe + era * 400) * 12 + mp


@_part
def spans(table, number, low, high, first, last, sure):
    """Is a date in [low, high] inside the span of table `number` that begins on a day in [first, last]?"""
    a, b = first - table.first_day, last - table.first_day
    sure = sure and table.sure[number, a] == 1 and table.sure[number, b] == 1
    return before(low, high, table.ends[number, a], table.ends[number, b], sure)


@_part
def code_of(table, dimension, i, debt):
    """The code of a key; of debts, the one that is looked at."""
    return debt if dimension == DEBT else table.code[i, dimension]


@_jit
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


@_jit
def shares(law, table, owner, i, debt, j, its_debt):
    """Do two entries share every key of the owner?"""
    found = YES
    for k in range(law.per.start[owner], law.per.start[owner + 1]):
        d = law.per.items[k]
        found = min(found, same(table, d, code_of(table, d, i, debt), code_of(table, d, j, its_debt)))
        if found == NO:
            break
    return found


@_part
def is_of(law, table, state, slot, owner, i, debt):
    """Is this slot of the owner that of the entry's key?"""
    for k in range(law.per.start[owner], law.per.start[owner + 1]):
        d = law.per.items[k]
        if code_of(table, d, i, debt) != code_of(table, d, state.slot[slot, K_POS], state.slot[slot, K_DEBT]):
            return False
    return True


@_part
def slot_of(law, table, state, owner, i, debt, make):
    """The slot of the entry's key; -1 if there is none yet, -2 if the key is not known exactly."""
    # A timeline is mostly about one consumer and one debt, so the key is mostly that of the entry before.
    slot = state.chain[owner, C_RECENT]
    if slot != NONE and is_of(law, table, state, slot, owner, i, debt):
        return slot
    return slot_by_hash(law, table, state, owner, i, debt, make)


@_jit
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


@_jit
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


@_jit
def timed(law, table, days, state, s, o, i, node):
    """Has the standing that opener `o` opened at `node` begun, and is it not over, for entry `i`?"""
    j = state.node[node, N_POS]
    clock = law.standing[s, S_CLOCK]
    low, high = days[i, 2 * clock], days[i, 2 * clock + 1]
    first, last = days[j, 2 * clock], days[j, 2 * clock + 1]
    found, sure = YES, True
    starts = law.opener[o, O_STARTS]
    if starts >= 0:
        a, b = first - table.first_day, last - table.first_day
        sure = table.sure[starts, a] == 1 and table.sure[starts, b] == 1
        first, last = table.ends[starts, a], table.ends[starts, b]
        found = 2 - before(low, high, first, last, sure)
    if law.opener[o, O_LASTS] >= 0:
        found = min(found, spans(table, law.opener[o, O_LASTS], low, high, first, last, sure))
    elif law.opener[o, O_MINUTES] > 0 and table.at[i] >= table.at[j] + law.opener[o, O_MINUTES] * 60:
        found = NO
    until = table.until[j]
    if until > 0:
        found = min(found, before(low, high, table.over[until, 0], table.over[until, 1], True))
    return found


@_jit
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


@_part
def matches(law, table, days, state, rules, m, i, debt):
    """The truth of a match for an entry about one debt."""
    found = table.truth[table.shape[i], m]
    if found == NO or law.whiles.start[m] == law.whiles.start[m + 1]:
        return found
    return min(found, meanwhile(law, table, days, state, rules, m, i, debt))


@_jit
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


@_part
def any_of(law, table, days, state, rules, box, row, i, debt):
    """The truth of alternatives: list `row` of `box`."""
    found = NO
    for k in range(box.start[row], box.start[row + 1]):
        found = max(found, matches(law, table, days, state, rules, box.items[k], i, debt))
        if found == YES:
            break
    return found


@_jit
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


@_jit
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


@_jit
def same_values(table, d, a, b):
    """Do two codes have a value in common?"""
    row = table.first_code[d]
    for x in range(table.values.start[row + a], table.values.start[row + a + 1]):
        for y in range(table.values.start[row + b], table.values.start[row + b + 1]):
            if table.values.items[x] == table.values.items[y]:
                return True
    return False


@_jit
def owed(law, table, days, state, rules, rule, i, debt, last, records_until):
    """Breach when nothing that matches followed in time; unknown while the records do not reach the deadline."""
    clock = law.rule[rule, R_CLOCK]
    minutes = law.rule[rule, R_WINDOW] == MINUTES
    done = NO
    for k in range(i + 1, last):
        if (
            table.known[k] > table.known[i] + law.rule[rule, R_STOP]
            and law.rule[rule, R_STOP] < 1 << 49
            and table.at[k] > table.at[i] + law.rule[rule, R_STOP]
        ):
            continue
        truth = NO
        for a in range(law.alternatives.start[rule], law.alternatives.start[rule + 1]):
            m = law.alternatives.items[a]
            if law.whiles.start[m + 1] > law.whiles.start[m]:
                state.x[X_SLOW] = 1
            truth = max(truth, table.truth[table.shape[k], m])
        if truth == NO:
            continue
        its = table.code[k, DEBT]
        if its == SEVERAL_DEBTS:
            key = NO
            for x in range(table.debts.start[k], table.debts.start[k + 1]):
                key = max(key, shares(law, table, rule, i, debt, k, table.debts.items[x]))
        else:
            key = shares(law, table, rule, i, debt, k, its)
        if minutes:
            in_time = YES if table.at[k] < table.at[i] + law.rule[rule, R_N] else NO
        else:
            in_time = spans(
                table, law.rule[rule, R_TABLE], days[k, 2 * clock], days[k, 2 * clock + 1], days[i, 2 * clock], days[i, 2 * clock + 1], True
            )
        done = max(done, min(truth, key, in_time))
        if done == YES:
            return NO
    if done == UNKNOWN:
        return UNKNOWN
    end, sure = due(law, table, days, rule, i)
    return UNKNOWN if records_until < end or law.rule[rule, R_HIDDEN] == 1 or not sure else YES


@_jit
def due(law, table, days, rule, i):
    """(the first instant at which what is owed is late wherever it was, whether that is sure)."""
    clock = law.rule[rule, R_CLOCK]
    where = table.zones[i] if clock == 0 else clock
    if law.rule[rule, R_WINDOW] == MINUTES:
        return table.at[i] + law.rule[rule, R_N], True
    number, a, b = law.rule[rule, R_TABLE], days[i, 2 * clock] - table.first_day, days[i, 2 * clock + 1] - table.first_day
    day = table.ends[number, b]
    found = -(1 << 60)
    for z in range(table.candidates.start[where], table.candidates.start[where + 1]):
        zone = table.candidates.items[z]
        at = (day - EPOCH_DAY) * DAY - 16 * 3600
        # The first instant of that day in that zone: from sixteen hours before UTC midnight on, by halving and then by seconds.
        low, high = at, at + 32 * 3600
        while high - low > 1:
            middle = (low + high) // 2
            shown, _ = local_time(table, zone, middle)
            if shown >= day:
                high = middle
            else:
                low = middle
        found = max(found, high)
    return found, table.sure[number, a] == 1 and table.sure[number, b] == 1


@_jit
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


@_jit
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


@_jit
def count_it(law, table, days, state, rule, i, debt, truth):
    """Puts an entry on the chain of a cap. Of one value that is counted once, an older entry is unlinked: the newer serves as well."""
    node = push(law, table, state, rule, i, debt, truth)
    d = law.rule[rule, R_DISTINCT]
    if d < 0:
        return
    value = table.code[i, d]
    state.node[node, N_VALUE] = value
    said = table.kind.items[table.kind.start[d] + value]
    clock = law.rule[rule, R_CLOCK]
    exact = days[i, 2 * clock] == days[i, 2 * clock + 1] and table.known[i] == table.at[i]
    if truth != YES or not (said == SINGLE or said == ALL) or not exact or slot_of(law, table, state, rule, i, debt, False) < 0:
        return
    previous, older = node, state.node[node, N_BEFORE]
    while older != NONE:
        j = state.node[older, N_POS]
        if state.node[older, N_VALUE] == value and state.node[older, N_TRUTH] == YES and days[j, 2 * clock + 1] <= days[i, 2 * clock]:
            state.node[previous, N_BEFORE] = state.node[older, N_BEFORE]
            return
        previous, older = older, state.node[older, N_BEFORE]


@_part
def seen_by(law, table, days, state, rules, rule, i, debt):
    """Does the rule see the entry: it applies, and nothing exempts it?"""
    seen = matches(law, table, days, state, rules, law.rule[rule, R_APPLIES], i, debt)
    if seen == NO:
        return NO
    return min(seen, 2 - any_of(law, table, days, state, rules, law.unless, rule, i, debt))


@_jit
def judged(law, table, days, state, rules, rule, i, debt, last, records_until):
    """(is it seen and counted, is it a breach) of one entry about one debt under one rule."""
    seen = seen_by(law, table, days, state, rules, rule, i, debt)
    if seen == NO:
        return NO, NO
    found = min(seen, in_force(law, days, rule, i))
    if found == NO:
        return seen, NO
    verb = law.rule[rule, R_VERB]
    if verb == HOURS:
        return seen, min(found, 2 - inside(law, table, rule, i))
    if verb == FORBID or verb == REQUIRE:
        said = any_of(law, table, days, state, rules, law.alternatives, rule, i, debt)
        if said != YES:
            state.x[X_OPENER] = NONE
        return seen, min(found, said if verb == FORBID else 2 - said)
    if verb == OWE:
        return seen, min(found, owed(law, table, days, state, rules, rule, i, debt, last, records_until))
    if law.rule[rule, R_WHEN] >= 0:
        found = min(found, matches(law, table, days, state, rules, law.rule[rule, R_WHEN], i, debt))
    return seen, min(found, over(law, table, days, state, rule, i, debt)) if found != NO else NO


@_jit
def want(law, table, state, rules, first, last):
    """Marks what the questions from `first` to before `last` may ask of the past."""
    for owner in range(len(state.wanted)):
        state.wanted[owner] = 0
    for i in range(first, last):
        shape = table.shape[i]
        if i > first and shape == table.shape[i - 1]:
            continue
        for k in range(table.complex.start[shape], table.complex.start[shape + 1]):
            rule = table.complex.items[k]
            state.wanted[rule] = 1
            for x in range(law.reach.start[rule], law.reach.start[rule + 1]):
                state.wanted[rules + law.reach.items[x]] = 1


@_entrance
def run(law, table, dates, state, records_until, out, slow, begin):
    """Judges timelines from number `begin` on, until all are done or an array is full.

    Writes (entry, rule, truth) rows to `out`, sorted; returns the next timeline and the number of rows. `slow[t]` becomes 1 where
    timeline `t` is left to plain as a whole, 2 where only the rules that are slow by themselves are.
    """
    days, out, slow = fixed(dates), bare(out), bare(slow)
    rules = len(law.rule)
    n = 0
    for t in range(begin, len(table.start) - 1):
        first, last = table.start[t], table.start[t + 1]
        state.x[X_STAMP] += 1
        state.x[X_NODES] = state.x[X_SLOTS] = state.x[X_SLOW] = 0
        for owner in range(len(state.chain)):
            state.chain[owner, C_ALL] = state.chain[owner, C_LOOSE] = state.chain[owner, C_RECENT] = NONE
        rows = n
        asks = table.asks[t]
        if asks >= 0:
            want(law, table, state, rules, asks, last)
        for i in range(first, last):
            # At the gate what lies before the questions only counts, opens and closes; the questions are only judged.
            judging, counting = asks < 0 or i >= asks, asks < 0 or i < asks
            shape = table.shape[i]
            several = table.code[i, DEBT] == SEVERAL_DEBTS
            a, b = table.debts.start[i], table.debts.start[i + 1]
            if b - a > len(state.views):
                slow[t], n = 1, rows
                break
            first_debt = table.debts.items[a] if several else table.code[i, DEBT]
            begins = n
            touched = (
                table.complex.start[shape + 1] - table.complex.start[shape] + table.events.start[shape + 1] - table.events.start[shape]
            )
            room = touched * max(b - a, 1)
            if n + 2 * rules > len(out) or state.x[X_NODES] + room > len(state.node) or 2 * (state.x[X_SLOTS] + room) > len(state.hashed):
                return t, rows
            for k in range(table.simple.start[shape], table.simple.start[shape + 1] if judging else 0, 2):
                rule = table.simple.items[k]
                found = min(table.simple.items[k + 1], in_force(law, days, rule, i))
                if found != NO:
                    out[n, 0], out[n, 1], out[n, 2] = i, rule, found
                    n += 1
            for k in range(table.complex.start[shape], table.complex.start[shape + 1]):
                rule = table.complex.items[k]
                if not judging and (law.rule[rule, R_VERB] != CAP or law.rule[rule, R_SLOW] == 1 or state.wanted[rule] == 0):
                    continue
                if law.rule[rule, R_SLOW] == 1:
                    slow[t] = 2
                    continue
                by_debt = several and law.rule[rule, R_BY_DEBT] == 1
                found = seen = NO
                state.x[X_OPENER] = NONE
                for x in range(b - a if by_debt else 1):
                    debt = table.debts.items[a + x] if by_debt else first_debt
                    if judging:
                        s, f = judged(law, table, days, state, rules, rule, i, debt, last, records_until)
                    else:
                        s, f = seen_by(law, table, days, state, rules, rule, i, debt), NO
                    found, seen = max(found, f), max(seen, s)
                    state.views[x] = s
                if not counting:
                    state.opener[rule] = state.x[X_OPENER]
                    if state.x[X_SLOW] == 1:
                        # What a question leaves to plain is this rule alone: it changes nothing that others see.
                        found, state.x[X_SLOW] = LEFT, 0
                elif law.rule[rule, R_VERB] == CAP and seen != NO:
                    if by_debt and law.rule[rule, R_KEY_DEBT] == 1:
                        for x in range(b - a):
                            if state.views[x] != NO:
                                count_it(law, table, days, state, rule, i, table.debts.items[a + x], state.views[x])
                    else:
                        count_it(law, table, days, state, rule, i, first_debt, seen)
                if found != NO:
                    # Rows of one entry are in the order of rules.
                    at = n
                    while at > begins and out[at - 1, 1] > rule:
                        out[at, 0], out[at, 1], out[at, 2] = i, out[at - 1, 1], out[at - 1, 2]
                        at -= 1
                    out[at, 0], out[at, 1], out[at, 2] = i, rule, found
                    n += 1
            for k in range(table.events.start[shape], table.events.start[shape + 1] if counting else 0):
                s = table.events.items[k]
                if not judging and state.wanted[rules + s] == 0:
                    continue
                apart = several and law.standing[s, S_KEY_DEBT] == 1
                for x in range(a, b if apart else a + 1):
                    debt = table.debts.items[x] if apart else first_debt
                    open_and_close(law, table, days, state, rules, s, i, debt, x, x + 1 if apart or not several else b)
            if state.x[X_SLOW] == 1:
                slow[t], n = 1, rows
                break
    return len(table.start) - 1, n


@_entrance
def ask(law, table, dates, state, records_until, out, slow, clocks, first, last):
    """Judges the questions of one timeline, whose dates are settled up to entry `first` and wanted up to `last`; see `run`."""
    settle(table, clocks, bare(dates), first, last)
    return run(law, table, dates, state, records_until, out, slow, 0)
