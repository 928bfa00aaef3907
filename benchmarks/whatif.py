"""One history by two rulebooks beside one audit of it, one after the other: what `forbear whatif` costs.

    python -m benchmarks.whatif --size 2M

Whole processes are timed, with their start; the ratio is what counts, since machines differ and are shared. All judge by the shipped law of
China and the United States. Compared is a draft of one rule, one of ten rules (caps with a limit one higher), and the law of one day, by
which every rule is judged twice. Beside them stand the audit that gives verdicts alone, which is the quickest there is, and the one that
tells findings in full.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
from pathlib import Path

from benchmarks.leads.scale import run
from benchmarks.make_contacts import write
from benchmarks.measure import number
from forbear.rulebook.choice import Choice

_LAW = Choice(("cn", "us"))


def main() -> None:
    """Makes the contacts and the drafts, and times everything in turns."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", default="2M", help="contacts, such as 20M")
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--folder", type=Path, help="where the contacts are, or will be")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = chosen.folder or Path(folder)
        if not (data / "contacts.parquet").exists():
            write(number(chosen.size), data)
        out = ["--out", str(Path(folder) / "out")]
        commands = {
            "audit --brief": ["audit", "--brief", *out],
            "audit": ["audit", *out],
            "a draft of one rule": ["whatif", "--rules", str(draft(Path(folder) / "one", 1)), *out],
            "a draft of ten rules": ["whatif", "--rules", str(draft(Path(folder) / "ten", 10)), *out],
            "the law of one day": ["whatif", "--law-of", "2026-06-01", *out],
        }
        took: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(chosen.rounds):
            for name, words in commands.items():
                took[name].append(run(data, words))
    times = {name: statistics.median(some) for name, some in took.items()}
    brief, full = times["audit --brief"], times["audit"]
    print(f"{chosen.size} contacts: audit --brief {brief:.1f} s, audit {full:.1f} s (aim: at most 1.3 of one audit)")
    for name in list(times)[2:]:
        print(f"whatif, {name}: {times[name]:.1f} s, {times[name] / brief:.2f} of --brief, {times[name] / full:.2f} of a whole audit")


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
