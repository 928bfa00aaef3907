"""The compiled pass over timelines. It reads the `Arrays` of law and a `Table` of entries; it knows no rule, and is compiled once for all.

It is `plain` with memory: where plain looks back over all earlier entries, this follows chains of the few that a rule counted, or that
opened or closed a standing, under the same key. Truth is 0 no, 1 unknown, 2 yes. What it does not do it marks in `slow`.
"""

from __future__ import annotations

from forbear.engines.kernel.arrays import (
    CAP,
    DEBT,
    FORBID,
    HOURS,
    OWE,
    R_APPLIES,
    R_BY_DEBT,
    R_KEY_DEBT,
    R_SLOW,
    R_VERB,
    R_WHEN,
    REQUIRE,
    S_KEY_DEBT,
)
from forbear.engines.kernel.compiled.caps import count_it, over
from forbear.engines.kernel.compiled.dates import in_force, inside, settle
from forbear.engines.kernel.compiled.dues import owed
from forbear.engines.kernel.compiled.jit import entrance, jit, part
from forbear.engines.kernel.compiled.pointers import bare, fixed
from forbear.engines.kernel.compiled.standings import any_of, matches, open_and_close
from forbear.engines.kernel.compiled.state import C_ALL, C_LOOSE, C_RECENT, NONE, X_LATE, X_NODES, X_OPENER, X_SLOTS, X_SLOW, X_STAMP
from forbear.engines.kernel.table import NO, SEVERAL_DEBTS, YES

LEFT = -1
"""In place of a truth: an entry that is left to plain under this rule."""


@part
def seen_by(law, table, days, state, rules, rule, i, debt):
    """Does the rule see the entry: it applies, and nothing exempts it?"""
    seen = matches(law, table, days, state, rules, law.rule[rule, R_APPLIES], i, debt)
    if seen == NO:
        return NO
    return min(seen, 2 - any_of(law, table, days, state, rules, law.unless, rule, i, debt))


@jit
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


@jit
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


@entrance
def run(law, table, dates, state, records_until, out, slow, begin):
    """Judges timelines from number `begin` on, until all are done or an array is full.

    Writes (entry, rule, truth) rows to `out`, sorted; returns the next timeline and the number of rows. `slow[t]` becomes 1 where
    timeline `t` is left to plain as a whole, 2 where only some rules are: those that are slow by themselves, and rows that say `LEFT`.
    """
    days, out, slow = fixed(dates), bare(out), bare(slow)
    rules = len(law.rule)
    n = 0
    for t in range(begin, len(table.start) - 1):
        first, last = table.start[t], table.start[t + 1]
        state.x[X_STAMP] += 1
        state.x[X_NODES] = state.x[X_SLOTS] = state.x[X_SLOW] = state.x[X_LATE] = 0
        for i in range(first, last):
            if table.known[i] != table.at[i]:
                state.x[X_LATE] = 1
                break
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
                if state.x[X_SLOW] == 1 and (not counting or law.rule[rule, R_VERB] != CAP):
                    # What is left to plain is this entry under this rule alone: it changes nothing that others see.
                    found, state.x[X_SLOW] = LEFT, 0
                    slow[t] = 2 if counting else slow[t]
                if not counting:
                    state.opener[rule] = state.x[X_OPENER]
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


@entrance
def ask(law, table, dates, state, records_until, out, slow, clocks, first, last):
    """Judges the questions of one timeline, whose dates are settled up to entry `first` and wanted up to `last`; see `run`."""
    settle(table, clocks, bare(dates), first, last)
    return run(law, table, dates, state, records_until, out, slow, 0)
