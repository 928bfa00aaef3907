"""findings.csv and findings.parquet, and proofs.jsonl for whoever wants to check a breach: the same rows in the same order."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from forbear.findings.finding import COLUMNS, Finding
from forbear.findings.proof import lines
from forbear.findings.words import sentence
from forbear.rulebook.book import Book
from forbear.terms import Language

_BATCH = 20_000
_SCHEMA = pa.schema([(column, pa.int32() if column == "rule_version" else pa.string()) for column in COLUMNS])


class Writer:
    """Takes findings and writes them as they come; memory holds one batch. Use it as a context manager."""

    def __init__(self, folder: Path, lang: Language, book: Book) -> None:
        self._lang, self._book = lang, book
        self._csv_file = (folder / "findings.csv").open("w", encoding="utf-8", newline="")
        self._csv = csv.DictWriter(self._csv_file, COLUMNS)
        self._csv.writeheader()
        self._parquet = pq.ParquetWriter(folder / "findings.parquet", _SCHEMA)
        self._proofs = (folder / "proofs.jsonl").open("w", encoding="utf-8")
        self._rows: list[dict[str, str | int]] = []

    def write(self, findings: Sequence[Finding]) -> None:
        """Appends these findings; what is proven gets its proof too."""
        for finding in findings:
            row = finding.row(sentence(finding, self._lang, self._book))
            self._csv.writerow(row)
            self._rows.append({**row, "rule_version": finding.rule.version})
        self._proofs.writelines(lines(findings))
        if len(self._rows) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        self._parquet.write_table(pa.Table.from_pylist(self._rows, _SCHEMA))
        self._rows = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._flush()
        self._parquet.close()
        self._csv_file.close()
        self._proofs.close()
