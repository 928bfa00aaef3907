"""What is owed, compiled (`plain.Judge._owed`): did it follow in time?"""

from __future__ import annotations

from forbear.engines.kernel.arrays import DEBT, MINUTES, R_CLOCK, R_HIDDEN, R_N, R_STOP, R_TABLE, R_WINDOW
from forbear.engines.kernel.compiled.dates import local_time, spans
from forbear.engines.kernel.compiled.jit import jit
from forbear.engines.kernel.compiled.keys import shares
from forbear.engines.kernel.compiled.state import X_SLOW
from forbear.engines.kernel.days import DAY
from forbear.engines.kernel.table import NO, SEVERAL_DEBTS, UNKNOWN, YES
from forbear.records.clock import EPOCH_DAY
from forbear.rulebook.place import ENDLESS


@jit
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
                table, law.rule[rule, R_TABLE], days[k, 2 * clock], days[k, 2 * clock + 1], days[i, 2 * clock], days[i, 2 * clock + 1]
            )
        done = max(done, min(truth, key, in_time))
        if done == YES:
            return NO
    if done == UNKNOWN:
        return UNKNOWN
    return UNKNOWN if records_until < due(law, table, days, rule, i) or law.rule[rule, R_HIDDEN] == 1 else YES


@jit
def due(law, table, days, rule, i):
    """The latest that the first instant at which what is owed is late, wherever it was, can be."""
    clock = law.rule[rule, R_CLOCK]
    where = table.zones[i] if clock == 0 else clock
    if law.rule[rule, R_WINDOW] == MINUTES:
        return table.at[i] + law.rule[rule, R_N]
    day = table.latest[law.rule[rule, R_TABLE], days[i, 2 * clock + 1] - table.first_day]
    if day == ENDLESS:
        return ENDLESS
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
    return found
