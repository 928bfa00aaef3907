"""How long a dossier takes: an export of 5,000 records to a finished pack, beside reading it and typesetting the PDF alone.

    python benchmarks/dossier/run.py [--records 5000] [--share 0.1] [--out benchmarks/dossier.json]

Everything is measured in the same run, in the same process; the best of a few. `first` is the first pack of a process, which also loads
what was compiled.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from xml.sax.saxutils import quoteattr

from forbear.doors.dossier import case as cases
from forbear.doors.dossier import files, make, paper, picture
from forbear.findings import charts
from forbear.records.exports.export import read

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


def timed(work: Callable[[], T], times: int = 3) -> tuple[T, list[float]]:
    """What it gives, and its seconds each time."""
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        found = work()
        seconds.append(time.perf_counter() - begun)
    return found, seconds


def main() -> None:
    """Measures and prints."""
    given = argparse.ArgumentParser()
    given.add_argument("--records", type=int, default=5000)
    given.add_argument("--share", type=float, default=0.1, help="of the records, how many are a collector's")
    given.add_argument("--out", type=Path)
    asked = given.parse_args()
    case = cases.parse(CASE, Path("case.toml"))
    with TemporaryDirectory() as place:
        folder = Path(place)
        paths = telephone(folder, asked.records, asked.share)

        def whole() -> files.Manifest:
            found = read(paths, zone=case.zone, region=case.dialling)
            made = make.make(found, case, Path("case.toml"))
            return files.write(folder / "pack", CASE, case, made.evidence, made.derived, made.pack, ())

        manifest, all_of_it = timed(whole)
        found, reading = timed(lambda: read(paths, zone=case.zone, region=case.dialling))
        made = make.make(found, case, Path("case.toml"))
        image = picture.draw(made.evidence.entries, [], case, charts.WIDE)
        pdf, setting = timed(lambda: paper.render(made.pack, manifest.mark, image))
    floor = min(reading) + min(setting)
    said = {
        "records": asked.records,
        "contacts": len(made.evidence.items),
        "findings": len(manifest.findings),
        "pdf_bytes": len(pdf),
        "first_s": round(all_of_it[0], 2),
        "pack_s": round(min(all_of_it), 2),
        "read_s": round(min(reading), 2),
        "typeset_s": round(min(setting), 2),
        "ratio": round(min(all_of_it) / floor, 2),
    }
    print(json.dumps(said, indent=1))
    if asked.out:
        asked.out.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
