"""An inbox of complaints, a JSON object a line: each is read, the same template from many people is seen, and companies are counted.

In: `{"id", "text"}`, and where known `"company"` and `"date"` (YYYY-MM-DD). Out: `{"id", "conducts": [...]}`, in the order of the input.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from forbear.doors.read.reader import As, Reading, reading
from forbear.findings.sheets import write
from forbear.records.errors import InputError
from forbear.signals.fold import fold

_SENTENCE: Final = re.compile(r"[^.!?;。\n]+")
_FIGURE: Final = re.compile(r"[0-9][0-9,./:\-]*|\b(?:x{2,}[x/\-]*)+\b|\*+")
_SHORTEST: Final = 16
"""Characters of a sentence that says something of its own."""
_ALIKE: Final = 0.5
"""Share of sentences that two texts of one template have in common, at least."""


Update = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


class Line(msgspec.Struct, frozen=True):
    """A complaint of the inbox."""

    id: str | int
    text: str
    company: str = ""
    date: str = ""


class Read(NamedTuple):
    """What is kept of a complaint: no text."""

    id: str
    company: str
    month: str
    conducts: dict[str, float]
    """Conduct -> confidence."""
    campaign: int

    @property
    def weight(self) -> float:
        """How much it reports: the sum of what is sure."""
        return sum(self.conducts.values())


class Triage(NamedTuple):
    """An inbox that was read."""

    read: list[Read]
    campaigns: Counter[int]
    """Campaign -> how many complaints; those of one are no campaign."""

    @property
    def ranked(self) -> list[Read]:
        """Most reported first; of a campaign only its first complaint, since the others say the same."""
        first = {each.campaign: each for each in reversed(self.read)}
        return sorted(first.values(), key=lambda each: (-each.weight, each.id))


def triage(source: Path, out: Path, how: As = "reports", update: Update = lambda *_: None) -> Triage:
    """Reads `source`, writes `out`. Raises `InputError` for a line that is no complaint; nothing is kept then."""
    groups, read = Campaigns(), []
    draft = out.with_name(f"{out.name}.part")
    try:
        with draft.open("wb") as to:
            for line in _lines(source, update):
                found = reading(line.text, how=how)
                to.write(msgspec.json.encode(written(line.id, found)) + b"\n")
                conducts = {each.conduct: each.confidence for each in found.conducts}
                read.append(Read(str(line.id), line.company, line.date[:7], conducts, groups.of(line.text)))
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    return Triage(read, Counter(each.campaign for each in read))


def written(name: str | int, found: Reading) -> dict[str, Any]:
    """A line of the output."""
    conducts = [
        {
            "conduct": each.conduct,
            "confidence": round(each.confidence, 4),
            "spans": each.spans,
            "reason": each.reason,
        }
        for each in found.conducts
    ]
    return {"id": name, "conducts": conducts} | ({"unclear": found.unclear} if found.unclear else {})


def _lines(source: Path, update: Update) -> Iterator[Line]:
    decoder, total, done = msgspec.json.Decoder(Line), source.stat().st_size, 0
    with source.open("rb") as lines:
        for at, line in enumerate(lines, 1):
            done += len(line)
            if line.strip():
                try:
                    yield decoder.decode(line)
                except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
                    what = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
                    raise InputError(source, f"no complaint ({what})", 'write {"id": ..., "text": ...} on each line', at) from error
            if at % 256 == 0:
                update(done, total)
    update(total, total)


class Campaigns:
    """Which complaints are the same template: texts that share half of their sentences, figures left aside."""

    def __init__(self) -> None:
        self._first: list[frozenset[bytes]] = []
        self._with: dict[bytes, list[int]] = defaultdict(list)

    def of(self, text: str) -> int:
        """The campaign of a text; a new one if it is like none before."""
        plain = _FIGURE.sub("#", fold(text))
        said = [" ".join(found[0].split()) for found in _SENTENCE.finditer(plain)]
        own = frozenset(blake2b(each.encode("utf-8", "replace"), digest_size=8).digest() for each in said if len(each) >= _SHORTEST)
        if own:
            shared = Counter(campaign for sentence in own for campaign in self._with[sentence])
            for campaign, common in shared.most_common(3):
                if common >= _ALIKE * len(own | self._first[campaign]):
                    return campaign
        self._first.append(own)
        for sentence in own:
            self._with[sentence].append(len(self._first) - 1)
        return len(self._first) - 1


def tables(found: Triage, folder: Path) -> list[Path]:
    """Writes `ranked.csv`, `campaigns.csv` and `companies.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = found.campaigns
    ranked = [
        (each.id, f"{each.weight:.3f}", "+".join(each.conducts), sizes[each.campaign], each.company, each.month) for each in found.ranked
    ]
    campaigns = [
        (each.id, sizes[each.campaign], "+".join(each.conducts), len({one.company for one in found.read if one.campaign == each.campaign}))
        for each in found.ranked
        if sizes[each.campaign] > 1
    ]
    campaigns.sort(key=lambda row: (-int(row[1]), row[0]))
    told: dict[tuple[str, str], list[Read]] = defaultdict(list)
    for each in found.read:
        told[each.company, each.month].append(each)
    companies = [
        (company, month, len(each), conduct, count, f"{count / len(each):.3f}")
        for (company, month), each in sorted(told.items())
        for conduct, count in sorted(Counter(tag for one in each for tag in one.conducts).items(), key=lambda pair: (-pair[1], pair[0]))
    ]
    return [
        write(folder / "ranked.csv", ("id", "weight", "conducts", "complaints_alike", "company", "month"), ranked),
        write(folder / "campaigns.csv", ("first_id", "complaints", "conducts", "companies"), campaigns),
        write(folder / "companies.csv", ("company", "month", "complaints", "conduct", "reported", "share"), companies),
    ]
