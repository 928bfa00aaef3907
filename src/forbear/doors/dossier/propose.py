"""Which numbers may be collectors': a first draft of `case.toml`, with the reason for each. Only the person knows whether it is so."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from forbear.doors.dossier import stops
from forbear.doors.dossier.redact import clean
from forbear.doors.dossier.words import words
from forbear.findings import dates
from forbear.records import clock
from forbear.records.exports.item import Item
from forbear.records.exports.reasons import place
from forbear.signals import tags
from forbear.terms import AGENCY_KIND, CREDITOR_KIND, DEBT_KIND, TAGS, Language

_CONDUCT: Final = {"threat": 3, "insult": 2, "impersonation": 3, "disclosure": 2, "false-claim": 2, "states-debt": 3, "payment-link": 2}
"""What a message does -> how much it speaks for collection."""
_NAMES: Final = ("催收", "贷", "逾期", "金融", "银行", "collect", "recovery", "credit", "debt", "loan", "lending", "bank")
"""Parts of names under which people keep such numbers."""
_READ: Final = 200
"""Messages of one number that are read for it: what two hundred do not show, more do not."""
_FROM: Final = 3
"""Points from which a number is proposed."""
_OFTEN: Final = 3
_NIGHT: Final = (8, 22)
_STOPS: Final = 3
"""Messages to one number that are proposed as facts: the first ones count."""
_SAID: Final = 80
"""Characters of them that are shown."""


class Contact(NamedTuple):
    """A call or message, as far as it speaks for collection by itself."""

    at: int
    incoming: bool
    call: bool


class Met:
    """What is known of one number, without its records: sixteen bytes for each, and the words of the first ones."""

    def __init__(self) -> None:
        self.name = ""
        self.said = list[str]()
        """What came in, up to `_READ` messages."""
        self._at, self._marks = array("q"), array("q")

    def note(self, item: Item) -> None:
        """Counts a record."""
        if item.name and not self.name:
            self.name = item.name
        if item.incoming and item.text and len(self.said) < _READ:
            self.said.append(item.text)
        self._at.append(item.at)
        self._marks.append(hash((item.channel, item.text, item.seconds)) & ~3 | item.incoming << 1 | (item.channel == "call"))

    def contacts(self) -> list[Contact]:
        """In the order of time; one that several files hold counts once."""
        return [Contact(at, bool(mark & 2), bool(mark & 1)) for at, mark in sorted(set(zip(self._at, self._marks, strict=True)))]


class Census(dict[str, Met]):
    """Number -> what is known of it. `note` says which records are to be kept, so that a telephone of any size can be gone through."""

    def note(self, item: Item) -> bool:
        """Counts a record. Whether it is to be kept: the person's own message that may have asked a collector to stop."""
        if not item.other or item.group:
            return False
        met = self.get(item.other)
        if met is None:
            met = self[item.other] = Met()
        met.note(item)
        return bool(stops.asked(item))


class Proposed(NamedTuple):
    """A number that may be a collector's."""

    number: str
    name: str
    points: int
    contacts: int
    first: int
    last: int
    reasons: tuple[str, ...]
    stops: tuple[Item, ...] = ()
    """Messages to it that may have asked it to stop."""


def proposed(census: Census, kept: Iterable[Item], zone: str, lang: Language) -> list[Proposed]:
    """The numbers that may be collectors', the likeliest first. `kept`: what the census had kept, in the order of time."""
    asked = dict[str, list[Item]]()
    for item in kept:
        asked.setdefault(item.other, []).append(item)
    found = [_weigh(number, met, asked.get(number, ()), zone, lang) for number, met in census.items()]
    return sorted((each for each in found if each.points >= _FROM), key=lambda each: (-each.points, -each.contacts, each.number))


def _weigh(number: str, met: Met, asked: Sequence[Item], zone: str, lang: Language) -> Proposed:
    t, points, reasons = words(lang), 0, list[str]()
    contacts = met.contacts()
    incoming = [each for each in contacts if each.incoming]
    said = {tag for text in met.said for tag in tags(text)}
    conduct = [tag for tag in _CONDUCT if tag in said]
    if conduct:
        points += sum(_CONDUCT[tag] for tag in conduct)
        reasons.append(t("propose.words", tags=t("list.comma").join(TAGS[tag].say(lang) for tag in conduct)))
    if any(part in met.name.lower() for part in _NAMES):
        points += 3
        reasons.append(t("propose.name", name=clean(met.name)))
    days = Counter(clock.local(each.at, zone).day for each in incoming if each.call)
    most = max(days.values(), default=0)
    if most >= _OFTEN:
        points += 1
        reasons.append(t("propose.often", n=most))
    hours = [clock.local(each.at, zone).second // 3600 for each in incoming]
    nights = sum(not _NIGHT[0] <= hour < _NIGHT[1] for hour in hours)
    if nights >= _OFTEN:
        points += 1
        reasons.append(t("propose.night", n=nights))
    if not met.name and len(incoming) == len(contacts) >= _OFTEN:
        points += 1
        reasons.append(t("propose.unsaved"))
    return Proposed(number, met.name, points, len(contacts), contacts[0].at, contacts[-1].at, tuple(reasons), tuple(asked))


def render(found: Iterable[Proposed], law: str, zone: str, lang: Language) -> str:
    """A `case.toml` that says what is proposed and asks for the rest. It loads as it is, and is not confirmed."""
    t = words(lang)
    found = list(found)
    listed = [_number(each, zone, lang) for each in found]
    told = [_stop(each, zone, lang) for one in found for each in one.stops[:_STOPS]]

    def words_of(some: Iterable[str]) -> str:
        return ", ".join(some)

    lines = [
        t("propose.head"),
        "confirmed = false",
        t("propose.law"),
        f"law = {quoted(law)}",
        f"lang = {quoted(lang)}",
        t("propose.zone"),
        f"zone = {quoted(zone)}",
        'name = ""',
        t("propose.number"),
        'number = ""',
        t("propose.complete"),
        "complete = []",
        "",
        t("propose.debt", creditors=words_of(CREDITOR_KIND), debts=words_of(DEBT_KIND)),
        "[[debt]]",
        'creditor = "?"',
        'creditor_kind = "other"',
        'kind = "other"',
        "",
        t("propose.collector", agencies=words_of(AGENCY_KIND)),
        "[[debt.collector]]",
        'name = "?"',
        'kind = "third-party-agency"',
        "numbers = [",
        *listed,
        "]",
        "",
        t("propose.fact"),
        *("# [[fact]]", '# kind = "cease-request"', "# at = 2026-03-01T09:30:00", '# form = "written"', ""),
        t("propose.told"),
        *("# [[told]]", "# at = 2026-05-03", '# channel = "call"'),
        *(f"# to = {quoted(t('propose.to'))}", f"# words = {quoted(t('propose.said'))}", ""),
        *told,
    ]
    return "\n".join(lines)


def _stop(item: Item, zone: str, lang: Language) -> str:
    """A message that may have asked to stop, as a fact to be confirmed."""
    t, kind, at = words(lang), stops.asked(item), dt.datetime.fromtimestamp(item.at, ZoneInfo(zone)).isoformat()
    why = t("propose.stop", at=dates.instant(item.at, zone, lang), number=clean(item.other), words=clean(item.text)[:_SAID])
    channel = [f"channel = {quoted(item.channel)}"] if kind == "opt-out" else []
    shown = t("propose.shown-by", place=place(item.place, lang), record=item.digest[:16])
    told = [f"kind = {quoted(kind)}", f"at = {at}", *channel, 'form = "written"', f"shown_by = {quoted(shown)}"]
    return "\n".join([f"# {' '.join(why.split())}", "[[fact]]", *told, ""])


def _number(each: Proposed, zone: str, lang: Language) -> str:
    t, day = words(lang), dates.instant
    reasons = t("list.comma").join(each.reasons)
    why = t("propose.why", contacts=each.contacts, first=day(each.first, zone, lang), last=day(each.last, zone, lang), reasons=reasons)
    return f"    # {' '.join(why.split())}\n    {quoted(each.number)},"


def quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's too."""
    return msgspec.json.encode(clean(text)).decode()
