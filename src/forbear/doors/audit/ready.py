"""`python -m forbear.doors.audit.ready` compiles what audit and gate run and keeps it beside the code, so that nobody waits for it."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from forbear.doors.audit.judging import Job, Judging
from forbear.engines.kernel.warm import warm
from forbear.findings.run import fields
from forbear.leads.find import ASKED
from forbear.records.columns.kept import Kept, keep
from forbear.records.columns.parts import Parts
from forbear.records.columns.read import Columns
from forbear.records.coverage import COMPLETE
from forbear.records.history import Intake
from forbear.rulebook.choice import Choice
from forbear.signals import heard

_ROWS = 64


def ready() -> float:
    """Reads and judges invented contacts of every shape that ids have; the seconds that it took."""
    began = time.monotonic()
    warm()
    heard("好 a")
    judging = Judging.of(Job(law=Choice(("cn", "us")), coverage=COMPLETE, lang="en", engine="kernel", brief=False, across=True))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Telephone numbers of ranges that are not assigned.
        _write(folder / "numbers.parquet", list(range(_ROWS)))
        _write(folder / "texts.parquet", [f"c-{n}" for n in range(_ROWS)])
        _write(folder / "phones.parquet", [f"+8615400000{n:03}" for n in range(_ROWS)])
        columns = Columns(Intake([folder], asked=fields(judging.book, judging.rules) | ASKED))
        (folder / "parts").mkdir()
        parts = Parts(2, folder / "parts", 1 << 20)
        for block in columns.blocks():
            parts.add(block)
        parts.close()
        for number in keep(parts, folder / "parts").rows:
            judging.part(Kept(folder / "parts").lines(number)).pack()
    return time.monotonic() - began


def _write(path: Path, ids: list[int] | list[str]) -> None:
    rows = len(ids)
    columns = {
        "occurred_at": pa.array([1_770_000_000 + 600 * (n // 2) for n in range(rows)]),
        "contact_id": pa.array(ids),
        "consumer": pa.array([ids[n // 4] for n in range(rows)]),
        "debt": pa.array([ids[n // 8] for n in range(rows)]),
        "address": pa.array([ids[n // 4] for n in range(rows)]),
        "channel": ["call"] * rows,
        "direction": ["outbound"] * rows,
        "agency_kind": ["third-party-agency"] * rows,
        "outcome": [("no-answer", "conversation", None)[n % 3] for n in range(rows)],
        "zone": ["America/New_York"] * rows,
        "jurisdiction": ["US"] * rows,
    }
    pq.write_table(pa.table(columns), path)


if __name__ == "__main__":
    sys.stdout.write(f"ready: compiled in {ready():.1f} s\n")
