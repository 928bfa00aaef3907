"""Which numbers may be collectors': a first draft of `case.toml`, with the reason for each. Only the person knows whether it is so."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from forbear.doors.dossier import stops
from forbear.doors.dossier.redact import clean
from forbear.doors.dossier.words import words
from forbear.findings import dates
from forbear.records import clock
from forbear.records.exports.item import Export, Item
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


def proposed(export: Export, zone: str, lang: Language) -> list[Proposed]:
    """The numbers that may be collectors', the likeliest first."""
    by_number = defaultdict[str, list[Item]](list)
    for item in export.items:
        if item.other and not item.group:
            by_number[item.other].append(item)
    found = [_weigh(number, items, zone, lang) for number, items in by_number.items()]
    return sorted((each for each in found if each.points >= _FROM), key=lambda each: (-each.points, -each.contacts, each.number))


def _weigh(number: str, items: Sequence[Item], zone: str, lang: Language) -> Proposed:
    t, points, reasons = words(lang), 0, list[str]()
    incoming = [item for item in items if item.incoming]
    said = Counter(tag for item in [each for each in incoming if each.text][:_READ] for tag in tags(item.text))
    met = [tag for tag in _CONDUCT if said[tag]]
    if met:
        points += sum(_CONDUCT[tag] for tag in met)
        reasons.append(t("propose.words", tags=t("list.comma").join(TAGS[tag].say(lang) for tag in met)))
    name = next((item.name for item in items if item.name), "")
    if any(part in name.lower() for part in _NAMES):
        points += 3
        reasons.append(t("propose.name", name=clean(name)))
    days = Counter(clock.local(item.at, zone).day for item in incoming if item.channel == "call")
    most = max(days.values(), default=0)
    if most >= _OFTEN:
        points += 1
        reasons.append(t("propose.often", n=most))
    hours = [clock.local(item.at, zone).second // 3600 for item in incoming]
    nights = sum(not _NIGHT[0] <= hour < _NIGHT[1] for hour in hours)
    if nights >= _OFTEN:
        points += 1
        reasons.append(t("propose.night", n=nights))
    if not name and len(incoming) == len(items) >= _OFTEN:
        points += 1
        reasons.append(t("propose.unsaved"))
    return Proposed(number, name, points, len(items), items[0].at, items[-1].at, tuple(reasons), tuple(filter(stops.asked, items)))


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
