"""A part of the contacts that no timeline leaves: whole consumers with all who share a debt with them; never the giant.

python -m benchmarks.sample SOURCE ABOUT OUT    (OUT gets about ABOUT contacts, in order of time)
"""

from __future__ import annotations

import sys

import duckdb
import numpy as np

from benchmarks.make_contacts import name_of

GIANT = int(name_of(np.zeros(1, np.int64))[0])


def write(source: str, about: int, out: str) -> int:
    """Writes the sample and returns how many contacts it holds."""
    con = duckdb.connect()
    total = con.execute(f"SELECT count(*) FROM '{source}'").fetchall()[0][0]
    step = max(1, round(total / about))
    # Any remainder but the giant's.
    chosen = f"consumer // 2 % {step} = {(GIANT // 2 + 1) % step}" if step > 1 else "true"
    con.execute(f"COPY (FROM '{source}' WHERE {chosen} ORDER BY occurred_at, contact_id) TO '{out}' (FORMAT parquet)")
    return int(con.execute(f"SELECT count(*) FROM '{out}'").fetchall()[0][0])


if __name__ == "__main__":
    print(write(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
