"""Makes a backup of an invented telephone, parses it with empty handlers, reads it in two ways; prints seconds, ratios and peak memory.

`python -m benchmarks.exports.run --size 1G --kind smses`, or `calls`, or `mms` and `video`: messages with pictures or videos, as base64.
Each way runs in a process of its own, timed from when it has its modules.
"""

from __future__ import annotations

import argparse
import base64
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from xml.parsers import expat

_UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_WORDS = ("please", "call", "back", "about", "your", "account", "before", "friday", "regarding", "the", "balance", "thanks")
_BLOCK = 20_000
_CARRIED = {"mms": (60, 60_000, 900_000), "video": (2, 18_000_000, 20_000_000)}
"""Kind -> messages written at once, and the fewest and most bytes of a picture or video before base64."""
_CASE = """confirmed = true
law = "us"
zone = "UTC"
[[debt]]
creditor = "First Example Bank"
creditor_kind = "bank"
kind = "card"
[[debt.collector]]
name = "Hilltop Recovery"
kind = "third-party-agency"
numbers = ["202-555-0123"]
"""


def make(path: Path, size: int, kind: str) -> None:
    """A backup of about `size` bytes."""
    chance = random.Random(1)
    root = "smses" if kind in _CARRIED else kind
    with path.open("w", encoding="utf-8") as out:
        out.write(f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<{root} count=\"0\">\n")
        at = 1_500_000_000_000
        while out.tell() < size:
            lines = []
            for _ in range(_CARRIED[kind][0] if kind in _CARRIED else _BLOCK):
                at += 1000
                number = f"+1202555{chance.randrange(100, 200):04}"
                if kind in _CARRIED:
                    lines.append(_mms(chance, number, at, *_CARRIED[kind][1:]))
                    continue
                if kind == "calls":
                    line = f'<call number="{number}" duration="{at % 300}" date="{at}" type="{1 + at // 1000 % 3}" presentation="1" '
                else:
                    said = " ".join(chance.choices(_WORDS, k=12)) + ("&#55357;&#56832;" if at % 7000 == 0 else "")
                    line = (
                        f'<sms protocol="0" address="{number}" date="{at}" type="{1 + at // 1000 % 2}" '
                        f'subject="null" body="{said}" toa="null" '
                        'sc_toa="null" service_center="null" read="1" status="-1" locked="0" date_sent="0" '
                    )
                lines.append(f'  {line}readable_date="Apr 21, 2012 4:18:29 PM" contact_name="(Unknown)" />\n')
            out.writelines(lines)
        out.write(f"</{root}>")


def _mms(chance: random.Random, number: str, at: int, fewest: int, most: int) -> str:
    """A picture or video with a line of text, as SMS Backup & Restore writes it: three parts and two addresses."""
    picture = base64.b64encode(chance.randbytes(chance.randrange(fewest, most))).decode()
    said = " ".join(chance.choices(_WORDS, k=12))
    return (
        f'  <mms date="{at}" msg_box="{1 + at // 1000 % 2}" address="{number}" sub="null" ct_t="application/vnd.wap.multipart.related" '
        f'read="1" m_type="132" readable_date="Apr 21, 2012 4:18:29 PM" contact_name="(Unknown)">\n    <parts>\n'
        '      <part seq="-1" ct="application/smil" name="null" text="&lt;smil&gt;&lt;body/&gt;&lt;/smil&gt;" />\n'
        f'      <part seq="0" ct="image/jpeg" name="picture.jpg" text="null" data="{picture}" />\n'
        f'      <part seq="0" ct="text/plain" name="null" text="{said}" />\n    </parts>\n    <addrs>\n'
        f'      <addr address="{number}" type="137" charset="106" />\n      <addr address="+12025550199" type="151" charset="106" />\n'
        "    </addrs>\n  </mms>\n"
    )


def bare(path: Path) -> int:
    """Parses with handlers that do nothing. Halves of emoji, on which the parser would stop, are made spaces."""
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = lambda _name, _has: None, lambda _name: None
    with path.open("rb") as file:
        while chunk := file.readline(1 << 16):
            parts = [chunk, *file.readlines(1 << 16)]
            parser.Parse(b"".join(parts).replace(b"&#55357;&#56832;", b" " * 16))
    parser.Parse(b"", True)
    return 0


def kept() -> Callable[[Path], int]:
    """Reads all of it as `forbear dossier make` does, and keeps the records of one number of a hundred; gives how many there are."""
    from forbear.doors.dossier import case as cases
    from forbear.records.exports.export import read

    case = cases.parse(_CASE, Path("case.toml"))
    return lambda path: read([path], zone=case.zone, region=case.dialling, only=cases.wanted(case)).held


def proposed() -> Callable[[Path], int]:
    """Reads and weighs all numbers as `forbear dossier propose` and the page do; gives how many records there are."""
    from forbear.doors.dossier.propose import Census
    from forbear.doors.dossier.propose import proposed as weighed
    from forbear.records.exports.export import read

    def work(path: Path) -> int:
        census = Census()
        export = read([path], zone="UTC", region="US", only=census.note)
        weighed(census, export.items, "UTC", "en")
        return export.held

    return work


_WAYS: dict[str, Callable[[], Callable[[Path], int]]] = {"bare": lambda: bare, "make": kept, "propose": proposed}


def main() -> None:
    """Runs all ways by turns, `--rounds` times."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", default="64M")
    options.add_argument("--kind", choices=("smses", "calls", "mms", "video"), default="smses")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--way", nargs=2, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.way:
        way, path = asked.way
        work = _WAYS[way]()  # what is imported takes as long for a small file as for a large one
        began = time.process_time()
        held = work(Path(path))
        print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, held)
        return
    size = int(float(asked.size[:-1]) * _UNITS[asked.size[-1].lower()])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "backup.xml"
        make(path, size, asked.kind)
        told: dict[str, list[list[float]]] = {way: [] for way in _WAYS}
        for _ in range(asked.rounds):
            for way, runs in told.items():
                command = [sys.executable, "-m", "benchmarks.exports.run", "--way", way, str(path)]
                runs.append([float(each) for each in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()])
        print(f"{path.stat().st_size >> 20} MB of {asked.kind}, {told['make'][0][2]:.0f} records; ratios are medians")
        for way, runs in told.items():
            ratio = statistics.median(mine[0] / theirs[0] for mine, theirs in zip(runs, told["bare"], strict=True))
            least, peak = min(run[0] for run in runs), max(run[1] for run in runs)
            print(f"{way}: {least:.2f} s of processor time, {ratio:.2f} x bare, peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
