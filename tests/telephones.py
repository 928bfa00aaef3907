"""Invented telephones, the cases that belong to them, and what becomes of both."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from forbear.doors.dossier import case as cases
from forbear.doors.dossier import make, propose
from forbear.records.exports.item import Export, Item, Source

COLLECTOR, OTHER, FRIEND = "+12025550111", "+12025550122", "+12025550133"
US = """confirmed = true
law = "us"
lang = "en"
zone = "America/New_York"
name = "Jane Roe"
number = "202-555-0199"
complete = ["consent"]
[[debt]]
creditor = "First Example Bank"
creditor_kind = "bank"
kind = "card"
[[debt.collector]]
name = "Hilltop Recovery"
kind = "third-party-agency"
numbers = ["202-555-0111", "202-555-0122"]
"""
CEASED = """[[fact]]
kind = "cease-request"
at = 2026-03-18
to = ["Hilltop Recovery"]
form = "written"
shown_by = "a receipt"
"""
TOLD = """[[told]]
at = 2026-05-03
channel = "call"
to = "my employer"
words = "They told the front desk that I owe 5,000 dollars. It was Hilltop."
"""
CN_COLLECTOR, CN_FRIEND = "+8615400001111", "+8615400003333"
CN = """confirmed = true
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
numbers = ["15400001111"]
"""


def at(text, zone="America/New_York"):
    """A wall clock as an instant."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp())


def item(when, other, text="", **more):
    """A record; a call if it has no text. Its digest is that of all it says."""
    when = at(when) if isinstance(when, str) else when
    said = {"channel": "sms" if text else "call", "incoming": True, "outcome": "delivered" if text else "no-answer", **more}
    found = Item(at=when, other=other, text=text, **said)
    return found._replace(digest=hashlib.sha256(repr(found).encode()).hexdigest(), place=f"line {when}")


def read(items, sources, only=None):
    """What an importer gives of all records: those that are kept, and what is known of them all."""
    kept = tuple(sorted(each for each in items if not only or only(each)))
    named = frozenset((each.other, each.name) for each in items if each.name)
    return Export(kept, tuple(sources), 0, named, max((each.at for each in items), default=None))


def export(*items, names=("phone.json",)):
    """What an importer would give."""
    sources = tuple(
        Source(Path(name), "table", hashlib.sha256(repr((name, items)).encode()).hexdigest(), 99, None, len(items), ()) for name in names
    )
    return read(items, sources)


def proposed(found, zone, lang):
    """The numbers that may be collectors', of what an importer gave."""
    census = propose.Census()
    return propose.proposed(census, [each for each in found.items if census.note(each)], zone, lang)


def made(found, text=US, **more):
    """A pack of it."""
    return make.make(found, cases.parse(text, Path("case.toml")), Path("case.toml"), **more)


def kept(path, *items):
    """A file as the stand-in reads it."""
    path.write_text(json.dumps([list(each) for each in sorted(items)], ensure_ascii=False), encoding="utf-8")
    return path
