"""The files of a run: findings in full, verdicts alone, or what two rulebooks say otherwise; the same rows in the same order in each."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from forbear.findings import changed
from forbear.findings.finding import COLUMNS
from forbear.findings.parts import BRIEF


def write(folder: Path, tables: Iterable[pa.Table], written: Callable[[int], None] = lambda _: None) -> None:
    """Writes findings as they come; what is proven has its proof too. `written` hears of the rows."""
    schema = pa.schema([(column, pa.int32() if column == "rule_version" else pa.string()) for column in COLUMNS])
    with (
        (folder / "findings.csv").open("w", encoding="utf-8", newline="") as listed,
        (folder / "proofs.jsonl").open("w", encoding="utf-8") as proofs,
        pq.ParquetWriter(folder / "findings.parquet", schema) as parquet,
    ):
        listed.write(",".join(COLUMNS) + "\r\n")
        for table in tables:
            parquet.write_table(table.select(COLUMNS).cast(schema))
            listed.writelines(table["csv"].to_pylist())
            proofs.writelines(line for line in table["proof"].to_pylist() if line)
            written(table.num_rows)


def write_verdicts(folder: Path, tables: Iterable[pa.Table], written: Callable[[int], None] = lambda _: None) -> None:
    """Writes verdicts alone."""
    schema = pa.schema([(column, pa.int32() if column == "rule_version" else pa.string()) for column in BRIEF])
    with pq.ParquetWriter(folder / "verdicts.parquet", schema) as parquet:
        for table in tables:
            parquet.write_table(table.select(BRIEF).cast(schema))
            written(table.num_rows)


def write_changes(folder: Path, tables: Iterable[pa.Table], written: Callable[[int], None] = lambda _: None) -> None:
    """Writes what two rulebooks say otherwise."""
    schema = pa.schema([(column, pa.string()) for column in changed.COLUMNS])
    with (
        (folder / "changes.csv").open("w", encoding="utf-8", newline="") as listed,
        pq.ParquetWriter(folder / "changes.parquet", schema) as parquet,
    ):
        rows = csv.writer(listed)
        rows.writerow(changed.COLUMNS)
        for table in tables:
            some = table.select(changed.COLUMNS).cast(schema)
            parquet.write_table(some)
            rows.writerows(zip(*(column.to_pylist() for column in some.columns), strict=True))
            written(table.num_rows)
