"""What a decision service keeps to judge one contact after another: counts and dates, by consumer and debt, in plain Python."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.clocks import offset_sql

SEVEN_DAYS = 7 * 86400


class Facts(NamedTuple):
    """What an engine is told of one contact; counts hold the contact itself."""

    contact_id: int
    out: bool
    call: bool
    second: int
    party: str
    number: str
    rolling: int
    dates: int
    today: int
    numbers: int
    """0 if the number was already used in the window."""
    talked: int
    """Days since the last conversation about the debt, at most 999."""
    unsaid: int
    """The same for the last call whose outcome nobody filled in."""


def told(source: str) -> Iterator[Facts]:
    """The contacts of a file in order of time, each with its counts. The file's own columns and local times are read beforehand."""
    con = duckdb.connect()
    rows = con.execute(
        f"""SELECT contact_id, t, consumer, debt, out, call, coalesce(party, '?'), number, outcome,
                   (t + {offset_sql()}) // 86400, (t + {offset_sql()}) % 86400
            FROM (SELECT *, epoch_ms(occurred_at) // 1000 AS t, direction = 'outbound' AS out,
                         channel = 'call' AND direction = 'outbound' AS call FROM '{source}') ORDER BY t, contact_id"""
    ).fetchall()
    of_debt: dict[int, deque[tuple[int, int]]] = defaultdict(deque)
    of_day: dict[int, tuple[int, int]] = {}
    last_used: dict[int, dict[str, int]] = defaultdict(dict)
    talked: dict[int, int] = {}
    unsaid: dict[int, int] = {}
    for contact_id, t, consumer, debt, out, call, party, number, outcome, day, second in rows:
        if not call:
            yield Facts(contact_id, out, call, second, party, number, 0, 0, 0, 0, 999, 999)
            continue
        calls = of_debt[debt]
        while calls and calls[0][1] < day - 6 and calls[0][0] <= t - SEVEN_DAYS:
            calls.popleft()
        calls.append((t, day))
        had = of_day.get(consumer, (0, 0))
        today = had[1] + 1 if had[0] == day else 1
        of_day[consumer] = day, today
        used = last_used[consumer]
        new = used.get(number, -SEVEN_DAYS) <= t - SEVEN_DAYS
        used[number] = t
        yield Facts(
            contact_id, out, call, second, party, number,
            rolling=sum(at > t - SEVEN_DAYS for at, _ in calls),
            dates=sum(on >= day - 6 for _, on in calls),
            today=today,
            numbers=sum(at > t - SEVEN_DAYS for at in used.values()) if new else 0,
            talked=min(day - talked.get(debt, -1000), 999),
            unsaid=min(day - unsaid.get(debt, -1000), 999),
        )  # fmt: skip
        if outcome == "conversation":
            talked[debt] = day
        elif outcome is None:
            unsaid[debt] = day


def write(found: dict[int, list[int]], out: str) -> None:
    """Contact -> [breach, unclear] as the Parquet that `answers` reads."""
    both = np.array(list(found.values()), np.int64).reshape(-1, 2)
    pq.write_table(pa.table({"contact_id": list(found), "breach": both[:, 0], "unclear": both[:, 1]}), out)
