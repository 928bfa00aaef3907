"""Verdicts alone, and verdicts with leads and oversight, over the same contacts, one after the other: what looking across contacts costs.

    python -m benchmarks.leads.scale --size 20M

Whole processes are timed, with their start; the ratio is what counts, since machines differ and are shared. Both are judged by the shipped
law of China and the United States, for which texts are read in any case: leads need their tags too. Beside a few rules that ask for no text
looking across contacts would cost several audits, nearly all of it for reading what was said.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.make_contacts import write
from benchmarks.measure import number


def main() -> None:
    """Makes the contacts, and audits them in turns."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", default="2M", help="contacts, such as 20M")
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--folder", type=Path, help="where the contacts are, or will be")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = chosen.folder or Path(folder)
        if not (data / "contacts.parquet").exists():
            write(number(chosen.size), data)
        out = Path(folder) / "out"
        commands = {
            "alone": ["audit", "--brief", "--out", str(out)],
            "across": ["oversight", "--out", str(Path(folder) / "page.html")],
        }
        took: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(chosen.rounds):
            for name, words in commands.items():
                took[name].append(run(data, words))
    alone, both = (statistics.median(times) for times in took.values())
    print(f"{chosen.size} contacts: verdicts alone {alone:.1f} s, with leads and oversight {both:.1f} s, ratio {both / alone:.2f} (aim 2)")


def run(data: Path, words: list[str]) -> float:
    """Seconds of one command."""
    command, *rest = words
    paths = [str(data / "contacts.parquet"), "--facts", str(data / "facts.parquet"), "--law", "cn,us"]
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "forbear.doors.cli", command, *paths, *rest], check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


if __name__ == "__main__":
    main()
