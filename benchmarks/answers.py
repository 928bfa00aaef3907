"""What a way of computing found, to be compared with what another found: for each rule how many breaches and unclear, and which.

    python -m benchmarks.answers FILE...    ->    one JSON list of digests, in the order of the files

A file is the Parquet of a rival (contact_id, breach, unclear) or forbear's own findings.parquet.
"""

from __future__ import annotations

import json
import sys

import duckdb

RULES = ("calls-rolling", "calls-dates", "cooling-off", "three-a-day", "numbers", "hours", "third-person", "lines")
"""The files of rules8/ZZ/bench; bit n of an answer belongs to the n-th."""
Digest = dict[str, list[int]]


def digest(file: str) -> Digest:
    """`<rule> breach` and `<rule> unclear` -> how many contacts, and a number that two files share only if they name the same contacts."""
    con = duckdb.connect()
    columns = [name for name, *_ in con.execute(f"DESCRIBE FROM '{file}'").fetchall()]
    found: Digest = {}
    for bit, rule in enumerate(RULES):
        for verdict in ("breach", "unclear"):
            if "rule" in columns:
                where = f"rule = 'zz.bench.{rule}' AND verdict = '{verdict}'"
            else:
                where = f"{verdict} & {1 << bit} > 0"
            count, which = con.execute(
                f"SELECT count(*), coalesce(bit_xor(hash(contact_id::BIGINT)), 0) FROM '{file}' WHERE {where}"
            ).fetchall()[0]
            found[f"{rule} {verdict}"] = [count, which]
    return found


if __name__ == "__main__":
    print(json.dumps([digest(file) for file in sys.argv[1:]]))
