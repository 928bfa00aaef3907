"""How long a dossier takes: an export of 5,000 records to a finished pack, beside reading it and typesetting the PDF alone.

    python benchmarks/dossier/run.py [--records 5000] [--share 0.1 0.5] [--rounds 5] [--out benchmarks/dossier.json]

Of each share of records that are a collector's: the whole and its two parts run by turns, in one process, so that whatever else the
machine does falls on all alike; the ratio is the median of the rounds, seconds are the best. `first_s` is the first pack of the process,
which also loads what was compiled.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from xml.sax.saxutils import quoteattr

from forbear.doors.dossier import case as cases
from forbear.doors.dossier import files, make, paper, picture
from forbear.doors.dossier.derive import proven
from forbear.records.exports.export import read
from forbear.records.exports.item import Export
from forbear.terms import Verdict

SAID = (
    "您好，您的借款已逾期，请尽快还款。",
    "再不还钱就让你身败名裂，全家都别想好过！",
    "你这个骗子，不要脸的东西",
    "可以先从别的平台借一笔来还，点击 https://x.example/loan",
)
CASE = """confirmed = true
law = "cn"
lang = "zh"
zone = "Asia/Shanghai"
number = "15400009999"
complete = ["consent"]
[[debt]]
creditor = "某某消费金融"
creditor_kind = "consumer-finance"
kind = "online-consumer"
[[debt.collector]]
name = "甲催收公司"
kind = "third-party-agency"
numbers = ["15400001111", "15400002222"]
"""
T = TypeVar("T")


def telephone(folder: Path, records: int, share: float) -> list[Path]:
    """A backup of calls and one of messages, of half a year; `share` of the records are a collector's."""
    rng, calls, messages = random.Random(5), list[str](), list[str]()
    for _ in range(records):
        at = 1_771_200_000_000 + rng.randrange(180 * 86_400) * 1000
        number = rng.choice(("+8615400001111", "+8615400002222")) if rng.random() < share else f"+86154000{rng.randrange(300):05}"
        if rng.random() < 0.6:
            calls.append(f'<call number="{number}" duration="{rng.choice((0, 0, 40))}" date="{at}" type="{rng.choice((1, 3, 3))}" />')
        else:
            text = rng.choice(SAID) if number.endswith(("1111", "2222")) else "晚上一起吃饭吗"
            messages.append(f'<sms address="{number}" date="{at}" type="1" body={quoteattr(text)} />')
    found = []
    for name, rows in (("calls", calls), ("smses", messages)):
        path = folder / f"{name}.xml"
        path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} count="{len(rows)}">\n' + "\n".join(rows) + f"\n</{name}>\n")
        found.append(path)
    return found


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and its seconds."""
    begun = time.perf_counter()
    found = work()
    return found, time.perf_counter() - begun


def measure(folder: Path, records: int, share: float, rounds: int) -> dict[str, float]:
    """The figures of one export."""
    case = cases.parse(CASE, Path("case.toml"))
    paths = telephone(folder, records, share)

    def reading() -> Export:
        return read(paths, zone=case.zone, region=case.dialling, only=cases.wanted(case))

    def whole() -> tuple[make.Made, files.Manifest]:
        made = make.make(reading(), case, Path("case.toml"))
        return made, files.write(folder / "pack", CASE, case, made.evidence, made.derived, made.pack, ())

    (made, manifest), first = timed(whole)
    breaches = [each for each in made.derived.findings if proven(each) and each.verdict is Verdict.BREACH]
    image = picture.draw(made.evidence.entries, breaches, case)
    runs = list[tuple[float, float, float]]()
    for _ in range(rounds):
        taking = timed(reading)[1]
        packing = timed(whole)[1]
        pdf, setting = timed(lambda: paper.render(made.pack, manifest.mark, image))
        runs.append((packing, taking, setting))
    return {
        "records": records,
        "share": share,
        "contacts": len(made.evidence.items),
        "findings": len(manifest.findings),
        "pdf_bytes": len(pdf),
        "first_s": round(first, 2),
        "pack_s": round(min(packing for packing, _, _ in runs), 2),
        "read_s": round(min(taking for _, taking, _ in runs), 2),
        "typeset_s": round(min(setting for _, _, setting in runs), 2),
        "ratio": round(statistics.median(packing / (taking + setting) for packing, taking, setting in runs), 2),
    }


def main() -> None:
    """Measures and prints."""
    given = argparse.ArgumentParser()
    given.add_argument("--records", type=int, default=5000)
    given.add_argument("--share", type=float, nargs="+", default=[0.1, 0.5], help="of the records, how many are a collector's")
    given.add_argument("--rounds", type=int, default=5)
    given.add_argument("--out", type=Path)
    asked = given.parse_args()
    said = list[dict[str, float]]()
    for share in asked.share:
        with TemporaryDirectory() as place:
            said.append(measure(Path(place), asked.records, share, asked.rounds))
        print(json.dumps(said[-1], indent=1))
    if asked.out:
        asked.out.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
