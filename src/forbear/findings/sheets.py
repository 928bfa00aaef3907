"""Tables written as CSV: what is told beside a page or a screen."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Final

SHEETS: Final = "utf-8-sig"
"""The encoding by which spreadsheets know UTF-8: for tables that people open."""


def write(path: Path, head: Iterable[str], rows: Iterable[Iterable[object]], encoding: str = "utf-8", end: str = "\r\n") -> Path:
    """A table with its head; the path."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator=end)
        writer.writerow(head)
        writer.writerows(rows)
    return path
