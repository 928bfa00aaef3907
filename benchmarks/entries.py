"""Who is measured, on what, and by which command."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

HERE = Path(__file__).parent
RULES = HERE / "rules8"
PATIENT = 20_000_000
"""Contacts up to which the slow ones are asked too."""
Data = Literal["large", "small", "sample"]


class Entry(NamedTuple):
    """One way of computing, on one of the files."""

    key: str
    label: str
    data: Data
    command: Callable[[Path, Path], list[str]]
    """From the folder of the data and the path of its output."""
    answers: str = ""
    """Where below its output the answer to the eight rules lies: `.` is the output itself, a Parquet file. Empty: it gives none."""
    times: int = 3
    missing: str = ""
    """Why it cannot be run here."""
    slow: bool = False


FORBEAR = (sys.executable, "-m", "forbear.doors.cli")


def rules_in(laws: str) -> int:
    """How many rules the whole rulebook has."""
    said = subprocess.run([*FORBEAR, "rules", "--law", laws], capture_output=True, text=True, check=True).stdout
    return sum("\tstable" in line for line in said.splitlines())


LAWS = "cn,us"


def entries() -> list[Entry]:
    """Everybody, in the order in which each round asks them."""

    def script(name: str, *words: str) -> Callable[[Path, Path], list[str]]:
        return lambda data, out: [sys.executable, "-m", f"benchmarks.{name}", *words, str(data / "contacts.parquet"), str(out)]

    def audit(*words: str, book: bool = False) -> Callable[[Path, Path], list[str]]:
        def command(data: Path, out: Path) -> list[str]:
            law = ["--law", LAWS, "--facts", str(data / "facts.parquet"), "--holds", "all"] if book else ["--rules", str(RULES)]
            return [*FORBEAR, "audit", str(data / "contacts.parquet"), *law, "--threads", "2", *words, "--out", str(out)]

        return command

    def lacks(*packages: str) -> str:
        return "".join(f"{name} is not installed" for name in packages if importlib.util.find_spec(name) is None)

    verdicts, findings = "verdicts.parquet", "findings.parquet"
    brief, little = audit("--brief"), audit("--brief", "--memory", "1GB")
    return [
        Entry("scan", "scan of the needed columns, DuckDB (the floor)", "large", script("sql", "scan")),
        Entry("kernel8", "**forbear --brief, 8 rules**", "large", brief, verdicts),
        Entry("best_duckdb", "the best DuckDB SQL, 8 rules", "large", script("sql", "best"), "."),
        Entry("rulebook", f"**forbear --brief, the whole rulebook** ({rules_in(LAWS)} rules)", "large", audit("--brief", book=True)),
        Entry("kernel8_small", "forbear --brief, 8 rules, the smaller file", "small", brief, verdicts),
        Entry("audit8", "forbear, 8 rules, with witness, sentence, proof and report", "large", audit(), findings, 1),
        Entry("kernel8_1gb", "forbear --brief, 8 rules, --memory 1GB", "large", little, verdicts, 1),
        Entry("sort", "sort of the needed columns, DuckDB", "large", script("sql", "sort"), times=1, slow=True),
        Entry("natural_duckdb", "natural DuckDB SQL (RANGE frames), 8 rules", "large", script("sql", "natural"), ".", 1, slow=True),
        Entry("polars", "Polars, lazy and streaming, 8 rules", "large", script("frames"), ".", 1, lacks("polars"), slow=True),
        Entry("spark", "PySpark local[2], windows, 8 rules", "large", script("spark"), ".", 1, lacks("pyspark"), slow=True),
        Entry("best_duckdb_sample", "the best DuckDB SQL, 8 rules", "sample", script("sql", "best"), ".", 1),
        Entry("kernel8_sample", "forbear --brief, 8 rules", "sample", brief, verdicts, 2),
        Entry("plain8_sample", "forbear, plain, 8 rules", "sample", audit("--engine", "plain"), findings, 1),
        Entry("zen_sample", "ZEN engine, an event at a time", "sample", script("events", "zen"), ".", 1, lacks("zen")),
        Entry("durable_sample", "durable_rules, an event at a time", "sample", script("events", "durable"), ".", 1, lacks("durable")),
    ]  # fmt: skip
