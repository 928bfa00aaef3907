"""The eight rules as DuckDB SQL: the best that we know, and what a good analyst writes; and two floors under any way of doing it.

An answer is (contact_id, breach, unclear): bit n of a number stands for the n-th of `answers.RULES`. What nobody filled in is read both
ways, as the engine reads it: a breach holds however the hole turns out, unclear is what turns on it.
"""

from __future__ import annotations

import sys

import duckdb

from benchmarks.clocks import offset_sql
from benchmarks.make_contacts import LINES

SEVEN_DAYS = 7 * 86400
NEEDED = ("occurred_at", "contact_id", "consumer", "debt", "channel", "direction", "zone", "party", "number", "outcome")
_LISTED = ", ".join(f"'{line}'" for line in LINES)
_THIRD = "party IN ('family', 'colleague', 'friend')"
_LATE = "out AND (second < 28800 OR second >= 75600)"


def base(source: str) -> str:
    """Each contact with its local date and second, and what the rules ask of it alone. A file in order of time is read in that order."""
    return f"""SELECT *, (shown // 86400)::INT AS day, (shown % 86400)::INT AS second FROM (
      SELECT *, t + {offset_sql()} AS shown FROM (
        SELECT contact_id, epoch_ms(occurred_at) // 1000 AS t, consumer, debt, direction = 'outbound' AS out,
               channel = 'call' AND direction = 'outbound' AS call, number, {_THIRD} AS third,
               outcome = 'conversation' AS talk, outcome IS NULL AS unsaid, zone FROM '{source}'))"""


def _sum(bits: list[tuple[int, str]]) -> str:
    return " + ".join(f"(CASE WHEN {test} THEN {1 << bit} ELSE 0 END)" for bit, test in bits)


_ALONE = [(5, _LATE), (6, "out AND third"), (7, f"call AND number NOT IN ({_LISTED})")]
_ALONE_UNCLEAR = [(6, "out AND third IS NULL")]


def _answer(parts: list[str]) -> str:
    """Adds up the bits of several queries over (contact_id, breach, unclear)."""
    union = " UNION ALL ".join(f"SELECT contact_id, breach, unclear FROM ({part}) WHERE breach + unclear > 0" for part in parts)
    return f"SELECT contact_id, sum(breach)::INT AS breach, sum(unclear)::INT AS unclear FROM ({union}) GROUP BY 1"


def best(source: str) -> str:
    """No frames: in order of time a cap of k is `lag(k)`; different numbers in a window are a sweep of +1 and -1; one sort for each key."""
    talked = (
        "max(CASE WHEN {} THEN day END) OVER (PARTITION BY debt ORDER BY t, contact_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    )
    caps = [
        (0, f"lag(t, 7) OVER d > t - {SEVEN_DAYS}"),
        (1, "lag(day, 7) OVER d >= day - 6"),
        (2, f"{talked.format('talk')} >= day - 6"),
        (3, "lag(day, 3) OVER c = day"),
    ]
    perhaps = [(2, f"{talked.format('unsaid')} >= day - 6 AND NOT coalesce({talked.format('talk')} >= day - 6, false)")]
    return f"""WITH e AS MATERIALIZED ({base(source)}), k AS (SELECT * FROM e WHERE call),
      w AS (SELECT contact_id, {_sum(caps)} AS breach, {_sum(perhaps)} AS unclear FROM k
            WINDOW d AS (PARTITION BY debt ORDER BY t, contact_id), c AS (PARTITION BY consumer ORDER BY t, contact_id)),
      hot AS (SELECT consumer FROM k GROUP BY 1 HAVING count(DISTINCT number) > 3),
      n AS (SELECT contact_id, consumer, t, lag(t) OVER n AS before, lead(t) OVER n AS after FROM k WHERE consumer IN (FROM hot)
            WINDOW n AS (PARTITION BY consumer, number ORDER BY t, contact_id)),
      s AS (SELECT contact_id, consumer, t, (CASE WHEN before > t - {SEVEN_DAYS} THEN 0 ELSE 1 END)::TINYINT AS step FROM n
            UNION ALL SELECT -1, consumer, t + {SEVEN_DAYS}, -1 FROM n WHERE after IS NULL OR after >= t + {SEVEN_DAYS}),
      x AS (SELECT contact_id, step, sum(step) OVER (PARTITION BY consumer ORDER BY t, contact_id ROWS UNBOUNDED PRECEDING) AS held FROM s)
      {
        _answer(
            [
                "SELECT * FROM w",
                "SELECT contact_id, 16 AS breach, 0 AS unclear FROM x WHERE step = 1 AND held > 3",
                f"SELECT contact_id, {_sum(_ALONE)} AS breach, {_sum(_ALONE_UNCLEAR)} AS unclear FROM e",
            ]
        )
    }"""


def natural(source: str) -> str:
    """RANGE frames and `count(DISTINCT ...) OVER`. Second and id make one key: a frame would count its peers, too."""
    key = "t::HUGEINT * 1000000000000 + contact_id"
    day_key = "day::HUGEINT * 1000000000000 + contact_id"

    def frame(per: str, order: str, back: int, until: str = "CURRENT ROW") -> str:
        return (
            f"OVER (PARTITION BY {per} ORDER BY {order} RANGE BETWEEN {back}::HUGEINT * 1000000000000 + contact_id PRECEDING AND {until})"
        )

    # Ids grow with time within a date, so that the last contact before this one is one step away by either key.
    talked = f"coalesce(max(CASE WHEN {{}} THEN 1 ELSE 0 END) {frame('debt', 'day_key', 6, '1::HUGEINT PRECEDING')}, 0)"
    numbers = frame("consumer", "key", SEVEN_DAYS - 1)
    caps = [
        (0, f"count(*) {frame('debt', 'key', SEVEN_DAYS - 1)} > 7"),
        (1, f"count(*) {frame('debt', 'day_key', 6)} > 7"),
        (2, f"{talked.format('talk')} = 1"),
        (3, "row_number() OVER (PARTITION BY consumer, day ORDER BY key) > 3"),
        (4, f"count(DISTINCT number) {numbers} > 3 AND coalesce(before <= t - {SEVEN_DAYS}, true)"),
    ]
    perhaps = [(2, f"{talked.format('unsaid')} = 1 AND {talked.format('talk')} = 0")]
    return f"""WITH e AS MATERIALIZED ({base(source)}),
      k AS (SELECT *, {key} AS key, {day_key} AS day_key, lag(t) OVER (PARTITION BY consumer, number ORDER BY t, contact_id) AS before
            FROM e WHERE call),
      w AS (SELECT contact_id, {_sum(caps)} AS breach, {_sum(perhaps)} AS unclear FROM k)
      {_answer(["SELECT * FROM w", f"SELECT contact_id, {_sum(_ALONE)} AS breach, {_sum(_ALONE_UNCLEAR)} AS unclear FROM e"])}"""


def scan(source: str) -> str:
    """The floor: every value of the needed columns is read and used (a mere `max` would be answered from the file's statistics)."""
    return f"SELECT {', '.join(f'bit_xor(hash({name}))' for name in NEEDED)} FROM '{source}'"


def sort(source: str) -> str:
    """The second floor: the needed columns in the order of timelines."""
    return f"SELECT {', '.join(NEEDED)} FROM '{source}' ORDER BY consumer, occurred_at, contact_id"


def main() -> None:
    """`python -m benchmarks.sql KIND SOURCE OUT`: runs one of the queries on two threads."""
    kind, source, out = sys.argv[1:4]
    con = duckdb.connect()
    con.execute(f"SET threads = 2; SET preserve_insertion_order = false; SET temp_directory = '{out}.tmp'; SET memory_limit = '10GB'")
    if kind == "scan":
        con.execute(scan(source)).fetchall()
    elif kind == "sort":
        con.execute(f"CREATE TEMP TABLE sorted AS {sort(source)}")
    else:
        con.execute(f"COPY ({best(source) if kind == 'best' else natural(source)}) TO '{out}' (FORMAT parquet)")


if __name__ == "__main__":
    main()
