"""What is missing or wrong in what a person wrote on a step, each beside its field and in his language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from forbear.doors.dossier.web.written import Draft, Row, chosen, people
from forbear.doors.dossier.words import words
from forbear.records import clock
from forbear.terms import AGENCY_KIND, CHANNEL, CREDITOR_KIND, DEBT_KIND, FORM, PARTY, Language, Words

FACTS: Final = (
    *("cease-request", "stop-by-third-party", "attorney-named", "dispute"),
    *("inconvenient-hours", "opt-out", "consent-revoked", "hardship"),
)
"""Kinds of fact that the page asks for; a case written by hand may name others."""

ZONES: Final = (
    *("Asia/Shanghai", "Asia/Hong_Kong", "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix"),
    *("America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico"),
)
"""Clocks that are offered; any other can be written."""
_LABELS: Final = {
    "kind": "numbers.kind",
    "creditor_kind": "numbers.creditor-kind",
    "debt_kind": "numbers.debt-kind",
    "party": "told.party",
    "form": "told.form",
    "channel": "told.channel",
}
"""Field with a choice -> the words that stand above it."""
_CLOCK: Final = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")


class Wrong(NamedTuple):
    """Something to mend."""

    field: str
    """Where: the name of a field, or the id of a part of the page."""
    text: str


def start(law: str, zone: str, given: int, lang: Language) -> Iterator[Wrong]:
    """The first step: files, law, clock."""
    t = words(lang, "web")
    if not given:
        yield Wrong("files", t("wrong.no-file"))
    if law not in ("cn", "us", "us-ma"):
        yield Wrong("law", t("wrong.choose", what=t("files.law")))
    try:
        clock.check_zone(zone)
    except clock.UnknownZone:
        yield Wrong("zone", t("wrong.zone"))


def numbers(draft: Draft, lang: Language) -> Iterator[Wrong]:
    """The second step: numbers, and whose they are."""
    t, of = words(lang, "web"), chosen(draft)
    if not of:
        yield Wrong("numbers", t("wrong.no-number"))
    for n, row in enumerate(draft["company"]):
        where = f"company.{n}"
        if of and n not in of:
            if row["name"].strip():
                yield Wrong(f"{where}.name", t("wrong.no-number-of"))
            continue
        for key in ("name", "creditor"):
            if not row[key].strip():
                yield Wrong(f"{where}.{key}", t(f"wrong.{key}"))
        for key, among in (("kind", AGENCY_KIND), ("creditor_kind", CREDITOR_KIND), ("debt_kind", DEBT_KIND)):
            yield from _choice(where, row, key, among, lang)


def told(draft: Draft, zone: str, lang: Language) -> Iterator[Wrong]:
    """The third step: other people, what was told, and the word that it is so."""
    t = words(lang, "web")
    for n, row in enumerate(draft["person"]):
        if any(row.values()):
            yield from _choice(f"person.{n}", row, "party", PARTY, lang)
    names = people(draft["person"], lang)
    for n, row in enumerate(draft["fact"]):
        if any(row.values()):
            where = f"fact.{n}"
            yield from _fact(where, row, lang)
            yield from _when(where, row, zone, lang)
            if row["to"] and row["to"] not in map(str, chosen(draft)):
                yield Wrong(f"{where}.to", t("wrong.choose", what=t("told.to")))
            if row["person"] and row["person"] not in map(str, names):
                yield Wrong(f"{where}.person", t("wrong.person"))
    for n, row in enumerate(draft["stated"]):
        if any(row.values()) and not row["words"].strip():
            yield Wrong(f"stated.{n}.words", t("wrong.words"))
        if row["channel"]:
            yield from _choice(f"stated.{n}", row, "channel", CHANNEL, lang)
    if not draft["me"][0]["confirmed"]:
        yield Wrong("me.0.confirmed", t("wrong.confirm"))


def _fact(where: str, row: Row, lang: Language) -> Iterator[Wrong]:
    t, kind = words(lang, "web"), row["kind"]
    if kind not in FACTS:
        yield Wrong(f"{where}.kind", t("wrong.choose", what=t("told.kind")))
    for key, among in (("form", FORM), ("channel", CHANNEL)):
        if row[key] or (key == "channel" and kind == "opt-out"):
            yield from _choice(where, row, key, among, lang)
    if kind == "inconvenient-hours":
        begin, end = row["from"], row["until"]
        if not (_CLOCK.fullmatch(begin) and _CLOCK.fullmatch(end) and begin != end):
            yield Wrong(f"{where}.from", t("wrong.hours"))


def _when(where: str, row: Row, zone: str, lang: Language) -> Iterator[Wrong]:
    t, time = words(lang, "web"), row["time"]
    try:
        day = dt.date.fromisoformat(row["date"])
    except ValueError:
        day = dt.date.min
    if day.toordinal() not in clock.DAYS:
        yield Wrong(f"{where}.date", t("wrong.date"))
        return
    if time and not _CLOCK.fullmatch(time):
        yield Wrong(f"{where}.time", t("wrong.time"))
    elif time:
        try:
            clock.settle(dt.datetime.combine(day, dt.time.fromisoformat(time)), zone)
        except clock.NoSuchTime:
            yield Wrong(f"{where}.time", t("wrong.gap"))


def _choice(where: str, row: Row, key: str, among: Words, lang: Language) -> Iterator[Wrong]:
    if row[key] not in among:
        t = words(lang, "web")
        yield Wrong(f"{where}.{key}", t("wrong.choose", what=t(_LABELS[key])))
