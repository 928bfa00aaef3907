"""`make bench`: everybody on the same data in turns, in processes of their own; answers compared, ratios printed and written.

python -m benchmarks.run --size 5M [--only scan,best_duckdb] [--times 3]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import measure, results
from benchmarks.entries import HERE, PATIENT, Entry, entries

WORK = HERE.parent / "out" / "bench"
SAMPLE = 20_000
PACKAGES = ("forbear", "duckdb", "polars", "pyspark", "zen-engine", "durable-rules", "numba", "numpy", "pyarrow")


def data(size: int, small: int) -> dict[str, Path]:
    """The files of this run, made where they are not there yet: the same size is always the same file."""
    folders = {"large": WORK / str(size), "small": WORK / str(small), "sample": WORK / f"{size}-sample"}
    made = {folders["large"]: size, folders["small"]: small}
    for folder, contacts in made.items():
        mark = folder / (HERE / "make_contacts.py").stat().st_mtime_ns.__format__("x")
        if not mark.exists():
            print(f"making {contacts:,} contacts", flush=True)
            _python("make_contacts", "--size", str(contacts), "--out", str(folder))
            mark.touch()
    folders["sample"].mkdir(exist_ok=True)
    _python("sample", str(folders["large"] / "contacts.parquet"), str(SAMPLE), str(folders["sample"] / "contacts.parquet"))
    return folders


def _python(script: str, *words: str) -> str:
    command = [sys.executable, "-m", f"benchmarks.{script}", *words]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=HERE.parent).stdout


def rounds(asked: list[Entry], folders: dict[str, Path], times: int) -> tuple[dict[str, list[measure.Taken]], dict[str, str]]:
    """Everybody once, then everybody again who is asked more often: what disturbs the machine disturbs all alike."""
    runs: dict[str, list[measure.Taken]] = {}
    said = {entry.key: entry.missing for entry in asked if entry.missing}
    for turn in range(times):
        for entry in asked:
            if entry.key in said or turn >= min(entry.times, times):
                continue
            taken = measure.run(entry.command(folders[entry.data], _out(entry)), WORK / f"{entry.key}.log")
            print(f"{entry.key:22} {taken.seconds:8.2f} s {taken.peak_gb:6.2f} GB  {taken.failed}", flush=True)
            if taken.failed:
                said[entry.key] = f"failed: {taken.failed}"
                runs.pop(entry.key, None)
            else:
                runs.setdefault(entry.key, []).append(taken)
    return runs, said


def _out(entry: Entry) -> Path:
    return WORK / (f"answer-{entry.key}" + (".parquet" if entry.answers == "." else ""))


def compare(asked: list[Entry], runs: dict[str, list[measure.Taken]]) -> dict[str, str]:
    """Key -> "equal", or what differs from the best SQL on the same file."""
    answered = [entry for entry in asked if entry.answers and entry.key in runs]
    digests = dict(
        zip(
            (entry.key for entry in answered),
            json.loads(_python("answers", *(str(_out(entry) / entry.answers) for entry in answered))),
            strict=True,
        )
    )
    said = {}
    for entry in answered:
        rival = "best_duckdb_sample" if entry.data == "sample" else "best_duckdb"
        if entry.data == "small" or rival not in digests:
            continue
        other = digests[rival]
        wrong = [f"{what}: {mine[0]}, not {other[what][0]}" for what, mine in digests[entry.key].items() if mine != other[what]]
        said[entry.key] = "; ".join(wrong) or "equal"
    return said


def cold_run(asked: list[Entry], runs: dict[str, list[measure.Taken]], folders: dict[str, Path]) -> measure.Taken | None:
    """The first run after an installation, which compiles all that is compiled (`make` does that when it installs)."""
    entry = next(each for each in asked if each.key == "kernel8_sample")
    if entry.key not in runs:
        return None
    with tempfile.TemporaryDirectory() as empty:
        installed = {"NUMBA_CACHE_DIR": empty}
        measure.run([sys.executable, "-m", "forbear.doors.audit.ready"], WORK / "ready.log", env=installed)
        return measure.run(entry.command(folders[entry.data], _out(entry)), WORK / "cold.log", env=installed)


def main() -> int:
    """Returns 1 where two answers differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=measure.number, default=5_000_000)
    parser.add_argument("--only", default="", help="keys of entries, joined by commas")
    parser.add_argument("--times", type=int, default=3, help="rounds at most")
    parser.add_argument("--write", type=Path, default=HERE, help="folder of results.md and results.json")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that what runs beside us is stopped, too
    small = 5_000_000 if given.size > 5_000_000 else given.size // 5
    load = os.getloadavg()[0]
    WORK.mkdir(parents=True, exist_ok=True)
    folders = data(given.size, small)
    only = given.only.split(",") if given.only else []
    asked = [entry for entry in entries() if not only or entry.key in only]
    asked = [e._replace(missing=f"left out beyond {PATIENT:,}") if e.slow and given.size > PATIENT else e for e in asked]
    sizes = {"large": given.size, "small": small, "sample": _count(folders["sample"])}
    runs, said = rounds(asked, folders, given.times)
    differs = compare(asked, runs)
    found = results.figures(runs, sizes, cold_run(asked, runs, folders) if any(e.key == "kernel8_sample" for e in asked) else None)
    found["answers_equal"] = int(all(each == "equal" for each in differs.values()))
    today = dt.datetime.now(dt.UTC).date()
    about = [f"{today}, {measure.machine()}", measure.versions(PACKAGES), f"two threads for everybody; load when it began {load:.1f}"]
    text = results.page(asked, runs, {**said, **differs}, found, about)
    results.write(given.write, text, found)
    print(text)
    return 0 if found["answers_equal"] else 1


def _count(folder: Path) -> int:
    from pyarrow.parquet import read_metadata  # after all that is measured could be; it is small

    return int(read_metadata(folder / "contacts.parquet").num_rows)


if __name__ == "__main__":
    sys.exit(main())
