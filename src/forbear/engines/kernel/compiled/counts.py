"""What a cap counted before a breach, compiled: `plain.Judge.count` and the witness, for caps that ask nothing of standings.

Such a breach rests on the latest entries that fill the cap, and none of them can be left out, so the witness needs no trying.
"""

from __future__ import annotations

from forbear.engines.kernel.arrays import DEBT, R_APPLIES, R_DISTINCT, R_HIDDEN, R_LIMIT, R_STOP
from forbear.engines.kernel.coded import ALL, SINGLE
from forbear.engines.kernel.compiled.dates import within
from forbear.engines.kernel.compiled.jit import entrance
from forbear.engines.kernel.compiled.keys import shares
from forbear.engines.kernel.compiled.pointers import fixed
from forbear.engines.kernel.compiled.state import NONE
from forbear.engines.kernel.table import NO, SEVERAL_DEBTS, YES


@entrance
def counts(law, table, dates, rows, first, counted, witness, seen):
    """For each row (position, rule): `counted` gets the sure and the possible ones, `witness` the latest sure ones.

    `first`: where the timeline of each row begins. More values than `seen` can hold are told by -1.
    """
    days = fixed(dates)
    for x in range(len(rows)):
        i, rule = rows[x, 0], rows[x, 1]
        limit, d = law.rule[rule, R_LIMIT], law.rule[rule, R_DISTINCT]
        stop = table.at[i] - law.rule[rule, R_STOP]
        sure = perhaps = 0
        for j in range(i - 1, first[x] - 1, -1):
            if table.known[j] < stop:
                break
            shape = table.shape[j]
            truth = table.truth[shape, law.rule[rule, R_APPLIES]]
            for u in range(law.unless.start[rule], law.unless.start[rule + 1]):
                truth = min(truth, 2 - table.truth[shape, law.unless.items[u]])
            if truth == NO:
                continue
            truth = min(truth, within(law, table, days, rule, i, j))
            if truth == NO:
                continue
            its, key = table.code[j, DEBT], NO
            if its == SEVERAL_DEBTS:
                for k in range(table.debts.start[j], table.debts.start[j + 1]):
                    key = max(key, shares(law, table, rule, i, table.code[i, DEBT], j, table.debts.items[k]))
            else:
                key = shares(law, table, rule, i, table.code[i, DEBT], j, its)
            truth = min(truth, key)
            if truth == NO:
                continue
            value = table.code[j, d] if d >= 0 else NONE
            kind = table.kind.items[table.kind.start[d] + value] if d >= 0 else SINGLE
            if truth != YES or (kind != SINGLE and kind != ALL):
                perhaps += 1
                continue
            new = True
            if d >= 0:
                for k in range(sure):
                    new &= seen[k] != value
                if new and sure == len(seen):
                    sure = NONE
                    break
                if new:
                    seen[sure] = value
            if new:
                if sure < limit:
                    witness[x, sure] = j
                sure += 1
        counted[x, 0] = sure
        counted[x, 1] = perhaps + (limit + 1 if law.rule[rule, R_HIDDEN] == 1 else 0)
