"""Small laws written down in a test, and what the plain engine says of a diary under them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from random_law import Law, Raw, law

from forbear.engines.plain import Judge
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry
from forbear.rulebook.diary import read

HEAD = """\
id       = "zz.test.rule"
title.en = "rule"
title.zh = "rule"
conduct  = "frequency"
force    = "statute"
effect   = "prohibited"
verified = "clause"
status   = "stable"
version  = 1
row      = "zz.rule"
from     = 2026-01-05
[clause]
cite = "s. 1"
"""
"""How a rule file begins, down to its clause."""
RATE_HEAD = """\
id       = "zz.test.rate"
title.en = "dear"
title.zh = "贵"
force    = "statute"
verified = "clause"
status   = "stable"
version  = 1
row      = "zz.rate"
from     = 2026-01-05
[clause]
cite = "s. 1"
"""
"""How the file of a rate cap begins, likewise."""
GIVEN = {"jurisdiction": "ZZ"}
SIGNS = {True: "!", None: "?", False: "."}


def rule(**parts: Any) -> Raw:
    """The table of a rule that sees every outbound contact; `parts` hold its verb and what differs."""
    return {
        "id": "zz.test.rule",
        "title": {"en": "rule", "zh": "rule"},
        "conduct": "frequency",
        "force": "statute",
        "effect": "prohibited",
        "verified": "clause",
        "status": "stable",
        "version": 1,
        "row": "zz.rule",
        "from": dt.date(2020, 1, 1),
        "clause": {"cite": "s. 1"},
        "applies": {"direction": "outbound"},
    } | parts


def standing(name: str, opens: Raw | list[Raw], closes: Raw | list[Raw] | None = None, **parts: Any) -> dict[str, Raw]:
    """The table of a standing, under its id."""
    raw = {"id": name, "title": {"en": name, "zh": name}, "per": ["consumer"], "opens": opens if isinstance(opens, list) else [opens]}
    return {name: raw | ({} if closes is None else {"closes": closes}) | parts}


def entries(found: Law, diary: str, **given: str) -> list[Entry]:
    """The timeline of a diary, its lines named by what stands in them."""
    return [line.entry for line in read(diary, {**GIVEN, **given}, found.book)]


def signs(found: Law, diary: str, coverage: Coverage | None = None, **given: str) -> str:
    """What the audit says of each entry, in order: `!` breach, `?` unclear, `.` clear."""
    timeline = entries(found, diary, **given)
    until = max(entry.known_at for entry in timeline)
    judge = Judge(found.book, timeline, coverage or Coverage(records_until=until, complete=True))
    return "".join(SIGNS[judge.judge(found.judged, entry, i).value] for i, entry in enumerate(timeline))


def needs(found: Law, diary: str, coverage: Coverage | None = None, **given: str) -> set[str]:
    """What would settle the first entry that is unclear; fails where none is."""
    timeline = entries(found, diary, **given)
    until = max(entry.known_at for entry in timeline)
    judge = Judge(found.book, timeline, coverage or Coverage(records_until=until, complete=True))
    return set(next(answer.need for i, entry in enumerate(timeline) if (answer := judge.judge(found.judged, entry, i)).value is None))


def silent(*kinds: str) -> Coverage:
    """A record that is complete but for some kinds of fact."""
    return Coverage(records_until=1 << 40, complete=True, silent=frozenset(kinds))


__all__ = ["entries", "law", "needs", "rule", "signs", "silent", "standing"]
