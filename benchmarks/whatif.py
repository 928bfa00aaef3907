"""One history by two rulebooks beside one audit of it, one after the other: what `forbear whatif` costs.

    python -m benchmarks.whatif --size 2M

Whole processes are timed, with their start; the ratio is what counts, since machines differ and are shared. Where others work on the same
machine the ratio of processor time says more than that of the clock; both are printed. All judge by the shipped law of China and the United
States. Compared is a draft of one rule, one of ten rules (caps with a limit one higher), and the law of one day, by which every rule is
judged twice. Beside them stands the audit that gives verdicts alone, which is the quickest there is; with --whole also the one that tells
findings in full and looks for leads.
"""

from __future__ import annotations

import argparse
import re
import resource
import statistics
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.leads.scale import run
from benchmarks.make_contacts import write
from benchmarks.measure import number
from forbear.rulebook.choice import Choice

_LAW = Choice(("cn", "us"))


class Taken(NamedTuple):
    """Seconds by the clock, and of processor time."""

    clock: float
    processor: float


def main() -> None:
    """Makes the contacts and the drafts, and times everything in turns."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", default="2M", help="contacts, such as 20M")
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--whole", action="store_true", help="time the whole audit, too")
    options.add_argument("--folder", type=Path, help="where the contacts are, or will be")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = chosen.folder or Path(folder)
        if not (data / "contacts.parquet").exists():
            write(number(chosen.size), data)
        out = ["--out", str(Path(folder) / "out")]
        commands = {
            "audit --brief": ["audit", "--brief", *out],
            **({"audit": ["audit", *out]} if chosen.whole else {}),
            "a draft of one rule": ["whatif", "--rules", str(draft(Path(folder) / "one", 1)), *out],
            "a draft of ten rules": ["whatif", "--rules", str(draft(Path(folder) / "ten", 10)), *out],
            "the law of one day": ["whatif", "--law-of", "2026-06-01", *out],
        }
        took: dict[str, list[Taken]] = {name: [] for name in commands}
        for _ in range(chosen.rounds):
            for name, words in commands.items():
                took[name].append(timed(data, words))
    medians = {name: Taken(*map(statistics.median, zip(*some, strict=True))) for name, some in took.items()}
    brief = medians["audit --brief"]
    print(f"{chosen.size} contacts; ratios are to audit --brief (aim: at most 1.3)")
    for name, each in medians.items():
        clock, processor = (mine / its for mine, its in zip(each, brief, strict=True))
        print(f"{name}: {each.clock:.1f} s, ratio {clock:.2f}; {each.processor:.1f} s of processor time, ratio {processor:.2f}", flush=True)


def timed(data: Path, words: list[str]) -> Taken:
    """What one command took, with all processes that it started."""
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = run(data, words)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(clock, ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime)


def draft(folder: Path, rules: int) -> Path:
    """A folder with so many rules of the law, each a cap with a limit one higher."""
    folder.mkdir()
    book = _LAW.book()
    caps = {rule.id: rule for rule in _LAW.rules(book) if rule.cap and rule.status == "stable"}
    for rule in list(caps.values())[-rules:]:
        text = book.file_of(rule).read_text(encoding="utf-8")
        changed = re.sub(r"(?m)^(limit\s*=\s*)(\d+)", lambda found: f"{found[1]}{int(found[2]) + 1}", text)
        (folder / f"{rule.id}.toml").write_text(changed, encoding="utf-8")
    return folder


if __name__ == "__main__":
    main()
