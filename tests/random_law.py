"""Random small laws and timelines: what no shipped rule happens to use is judged too.

A law is drawn as the tables that TOML would give, so that a second reading (`tests/second_reading.py`) and every engine start from the same
text. All strategies are meant for reuse: `laws()`, `timelines()`, `holed()`, `silenced()`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from hypothesis import strategies as st

from forbear.records.clock import settle
from forbear.records.coverage import Coverage, Holding
from forbear.records.entry import Entry, order
from forbear.rulebook.book import Book
from forbear.rulebook.load import build
from forbear.rulebook.rule import Rule

Raw = dict[str, Any]
ZONES = ("Europe/Lisbon", "Atlantic/Azores")
PLACE: Raw = {
    "zones": list(ZONES),
    "calendar": {
        "version": 1,
        "years": [
            {"year": year, "source": "invented", "holidays": [dt.date(year, 3, 27), dt.date(year, 4, 1), dt.date(year, 4, 6)]}
            for year in (2025, 2026, 2027)
        ],
    },
}
"""Holidays on working days, in three years; clocks are put forward on 29 March 2026."""
PERHAPS = tuple(dt.date(2026, *day) for day in ((3, 23), (3, 26), (3, 28), (3, 30), (4, 2), (4, 3), (4, 7)))
"""Days of which a place may leave open whether they are holidays: working days, two in a row, beside a holiday, and a Saturday."""
FIRST = settle(dt.datetime(2026, 3, 20), ZONES[0])
DAY = 86400

VALUES: dict[str, tuple[str, ...]] = {
    "channel": ("call", "sms"),
    "direction": ("outbound", "inbound"),
    "outcome": ("conversation", "no-answer", "busy"),
    "party": ("consumer", "family"),
    "agency": ("X", "Y"),
    "tags": ("threat", "insult"),
    "scope": ("more-calls", "all"),
}
KINDS = ("consent", "consent-revoked", "dispute", "inconvenient-hours")
HOURS = ("daily[09:00,12:00)", "mon-fri[08:00,10:00](18:00,24:00)sat[00:00,24:00)", "sun(09:00,20:00]")
KEYS = ("consumer", "debt", "agency", "channel", "person", "creditor")
HOLES = ("outcome", "debt", "agency", "zone", "tags", "person", "direction", "party", "channel", "scope", "hours", "collectors_present")


class Law(NamedTuple):
    """One rule with its standings and its place: as tables, and as a book."""

    rule: Raw
    standings: dict[str, Raw]
    place: Raw
    book: Book

    @property
    def judged(self) -> Rule:
        """The rule as the engines take it."""
        return self.book.rules[0]


_VALUES: dict[str, tuple[object, ...]] = {
    name: (values[0], list(values[:2]), values[-1], {"not": [values[0]]}, {"not": [values[-1]]}) for name, values in VALUES.items()
} | {"collectors_present": ({"at_least": 2}, {"at_most": 1}, {"at_least": 1, "at_most": 2})}


def _tests(fields: tuple[str, ...], whiles: list[str], least: int = 0) -> st.SearchStrategy[Raw]:
    """A match over some fields, perhaps with a standing."""

    @st.composite
    def match(draw: st.DrawFn) -> Raw:
        found: Raw = {}
        for field in draw(st.lists(st.sampled_from(fields), unique=True, min_size=least, max_size=max(least, 1))):
            found[field] = draw(st.sampled_from(_VALUES[field]))
        if whiles and draw(st.integers(0, 2)) == 0:
            asked = draw(st.lists(st.sampled_from(whiles), unique=True, min_size=1, max_size=2))
            found["while"] = draw(st.sampled_from((asked, asked[0], {"not": asked})))
        return found

    return match()


CONTACT = ("channel", "direction", "outcome", "party", "agency", "tags", "collectors_present")
FACT = ("agency", "scope")


@st.composite
def looking(draw: st.DrawFn, whiles: list[str], facts: int = 1) -> Raw:
    """A match that looks over a timeline: contacts, or (`facts` times in three) a kind of fact."""
    if draw(st.integers(1, 3)) > facts:
        return draw(_tests(CONTACT, whiles))
    kinds = draw(st.lists(st.sampled_from(KINDS), unique=True, min_size=1, max_size=2))
    kind = draw(st.sampled_from((kinds[0], kinds, {"not": ["contact", kinds[0]]})))
    return {"kind": kind, **draw(_tests(FACT, whiles))}


SPANS = ("1 day", "2 days", "7 days", "1 day after", "2 business days after", "1 month", "5 minutes")
STARTS = ("1 day after", "3 days after", "1 business day after")
PER = st.lists(st.sampled_from(KEYS), unique=True, min_size=1, max_size=2)


@st.composite
def standings(draw: st.DrawFn, name: str, below: list[str]) -> Raw:
    """A standing that may ask those below it."""
    by_hours = draw(st.integers(0, 5)) == 0
    opens = []
    for _ in range(draw(st.integers(1, 2))):
        opener = {"kind": "inconvenient-hours"} if by_hours else draw(looking(below))
        row = draw(st.sampled_from((None, None, None, "in_a_row", "days_in_a_row")))
        if row:
            opener[row] = draw(st.integers(2, 3))
        if draw(st.integers(0, 2)) == 0:
            opener["starts"] = draw(st.sampled_from(STARTS))
        if draw(st.booleans()):
            opener["lasts"] = draw(st.sampled_from(SPANS[:-1] if "starts" in opener else SPANS))
        opens.append(opener)
    closes = [draw(looking(below, 2)) for _ in range(draw(st.integers(0, 2)))]
    raw: Raw = {
        "id": name,
        "title": {"en": name, "zh": name},
        "per": draw(PER) + (["hours"] if by_hours else []),
        "opens": opens,
        "calendar": "ZZ",
        "clock": draw(st.sampled_from(("consumer", "consumer", "Asia/Tokyo"))),
    }
    return raw | ({"closes": closes} if closes else {})


@st.composite
def _verb(draw: st.DrawFn, names: list[str], closable: list[str]) -> Raw:
    verb = draw(st.sampled_from(("hours", "forbid", "require", "cap", "cap", "cap", "owe")))
    if verb == "hours":
        return {
            "hours": draw(
                st.sampled_from(
                    (
                        {"daily": "[08:00,20:00)"},
                        {"mon-fri": "(01:00,02:30)[09:00,18:00]", "sat": "[00:00,24:00)", "holiday": []},
                        {"mon-sat": "[00:30,23:00]", "holiday": "[10:00,12:00)"},
                    )
                )
            )
        }
    if verb in ("forbid", "require"):
        return {verb: draw(st.lists(_tests(CONTACT, names, least=0 if names else 1), min_size=1, max_size=2))}
    if verb == "owe":
        return {"owe": {"entry": draw(looking(names, 2)), "within": draw(st.sampled_from(SPANS)), "per": draw(PER)}}
    windows = [*SPANS, "week from sunday", "calendar month", "ever", *(f"while {name}" for name in closable)]
    cap: Raw = {"limit": draw(st.integers(1, 3)), "within": draw(st.sampled_from(windows)), "per": draw(PER)}
    if draw(st.integers(0, 3)) == 0:
        cap["count"] = f"distinct {draw(st.sampled_from(('channel', 'agency', 'person')))}"
    if draw(st.integers(0, 3)) == 0:
        cap["when"] = draw(_tests(CONTACT, names, least=1))
    if draw(st.integers(0, 2)) == 0:
        quota = draw(_tests(CONTACT, names, least=1))
        cap["free"] = [{**quota, "limit": draw(st.integers(1, 2)), "within": draw(st.sampled_from(windows))}]
    return {"cap": cap}


@st.composite
def laws(draw: st.DrawFn, *, backward: bool = False, perhaps: bool = True) -> Law:
    """A rule over up to three standings; `backward`: not one that looks forward; `perhaps`: in a place that may leave holidays open."""
    asked: dict[str, Raw] = {}
    for n in range(draw(st.integers(0, 3))):
        asked[f"zz.test.s{n}"] = draw(standings(f"zz.test.s{n}", list(asked)))
    names = list(asked)
    closable = [name for name in names if "closes" in asked[name]]
    verb = draw(_verb(names, closable))
    if backward and "owe" in verb:
        verb = {"forbid": {"channel": "call"}}
    rule: Raw = {
        "id": "zz.test.rule",
        "title": {"en": "rule", "zh": "rule"},
        "conduct": "frequency",
        "force": "statute",
        "effect": "prohibited",
        "verified": "clause",
        "status": "stable",
        "version": 1,
        "row": "zz.rule",
        "from": dt.date(2026, 3, 21),
        "clock": draw(st.sampled_from(("consumer", "consumer", "America/New_York"))),
        "calendar": "ZZ",
        "clause": {"cite": "s. 1"},
        "applies": draw(looking(names)),
        **verb,
    }
    if draw(st.integers(0, 3)) == 0:
        rule["until"] = dt.date(2026, 4, 3)
    if draw(st.integers(0, 2)) == 0:
        rule["unless"] = draw(st.lists(_tests(CONTACT, names, least=0 if names else 1), min_size=1, max_size=2))
    open_days = draw(st.lists(st.sampled_from(PERHAPS), unique=True, max_size=3)) if perhaps else []
    return law(rule, asked, with_years(lambda year: {**year, "perhaps": open_days} if year["year"] == 2026 else year))


def with_years(change: Callable[[Raw], Raw], place: Raw = PLACE) -> Raw:
    """The place with each year of its calendar changed."""
    calendar = place["calendar"]
    return place | {"calendar": calendar | {"years": [change(year) for year in calendar["years"]]}}


def law(rule: Raw, asked: dict[str, Raw] | None = None, place: Raw = PLACE) -> Law:
    """A book of one rule, its standings and its place."""
    folder = Path("ZZ")
    raws = {folder / "place.toml": place, folder / "rule.toml": rule}
    raws |= {folder / f"{name}.toml": raw for name, raw in (asked or {}).items()}
    return Law(rule, asked or {}, place, Book({file: build(raw, file) for file, raw in raws.items()}))


USUAL: dict[str, tuple[str, ...]] = {
    "kind": ("contact",),
    "consumer": ("A",),
    "debt": ("1",),
    "agency": ("X",),
    "creditor": ("L",),
    "person": ("A",),
    "zone": (ZONES[0],),
    "jurisdiction": ("ZZ",),
    "direction": ("outbound",),
    "party": ("consumer",),
    "channel": ("call",),
    "outcome": ("no-answer",),
    "tags": (),
    "collectors_present": ("1",),
    "scope": ("more-calls",),
    "hours": (HOURS[0],),
}
"""An entry as most of a timeline are: what differs is drawn, so that entries have much in common."""
SELDOM: dict[str, tuple[tuple[str, ...], ...]] = {
    "consumer": (("B",),),
    "debt": (("2",), ("1", "2")),
    "agency": (("Y",),),
    "person": (("eve",),),
    "zone": ((ZONES[1],),),
    "direction": (("inbound",),),
    "party": (("family",),),
    "channel": (("sms",),),
    "outcome": (("conversation",), ("busy",)),
    "tags": (("threat",), ("threat", "insult")),
    "collectors_present": (("2",), ("3",)),
    "scope": (("all",),),
    "hours": tuple((text,) for text in HOURS[1:]),
}
TIMES = tuple(hour * 3600 + second for hour in (0, 1, 8, 9, 12, 19, 23) for second in (0, 1, 60, 300, 1800))
UNTIL = tuple(((dt.date(2026, 3, 20) + dt.timedelta(n)).isoformat(),) for n in range(2, 16))


@st.composite
def _entry(draw: st.DrawFn, number: int) -> Entry:
    at = FIRST + draw(st.integers(0, 14)) * DAY + draw(st.sampled_from(TIMES))
    fields = dict(USUAL)
    late = 0
    if draw(st.integers(0, 2)) == 0:
        fields["kind"] = (draw(st.sampled_from(KINDS)),)
        late = draw(st.sampled_from((0, 0, 0, 0, 1, 3600, 3 * DAY)))
        if draw(st.integers(0, 4)) == 0:
            fields["agency"] = ("*",)
        if draw(st.integers(0, 4)) == 0:
            fields["until"] = draw(st.sampled_from(UNTIL))
    for name in draw(st.lists(st.sampled_from(sorted(SELDOM)), max_size=3)):
        fields[name] = draw(st.sampled_from(SELDOM[name]))
    return Entry(entry_id=f"{number:03}", at=at, known_at=at + late, fields=fields)


@st.composite
def timelines(draw: st.DrawFn, most: int = 9) -> list[Entry]:
    """Entries of which everything is known, over fifteen days, with ties and facts learned late."""
    return sorted([draw(_entry(n)) for n in range(draw(st.integers(most // 3, most)))], key=order)


@st.composite
def holed(draw: st.DrawFn, entries: list[Entry]) -> list[Entry]:
    """The same with holes: fields unknown, or one of several candidates of which one is true."""
    found = []
    for entry in entries:
        fields: dict[str, tuple[str, ...] | None] = {}
        for name in draw(st.lists(st.sampled_from(HOLES), unique=True, max_size=2)):
            true = entry.fields[name]
            others = {"zone": (*ZONES, "Asia/Tokyo"), "person": ("A", "eve", "bob"), "collectors_present": ("1", "2", "3"), **VALUES}.get(
                name
            )
            if others and name != "tags" and draw(st.booleans()):
                fields[name] = tuple(dict.fromkeys((*true, draw(st.sampled_from(others)))))
            else:
                fields[name] = None
        found.append(entry.but(**fields))
    return found


class Silenced(NamedTuple):
    """What is left of a timeline when no source holds some kinds for some time."""

    entries: list[Entry]
    coverage: Coverage


@st.composite
def silenced(draw: st.DrawFn, entries: list[Entry]) -> Silenced:
    """Some facts withheld, and a coverage that owns up to it: kinds without source, or held only between two dates."""
    holdings = []
    for kind in KINDS:
        since = draw(st.sampled_from((None, None, FIRST + 5 * DAY, "never")))
        until = draw(st.sampled_from((None, None, FIRST + 11 * DAY)))
        if since != "never":
            holdings.append(Holding("a", frozenset({kind}), since, until))
            if draw(st.booleans()):
                holdings.append(Holding("b", frozenset({kind}), FIRST + 12 * DAY, None))
    holdings.append(Holding("c", frozenset({"consent"}) if draw(st.booleans()) else frozenset(), None, None))
    coverage = Coverage(tuple(holdings), records_until=1 << 40)
    kept = []
    for entry in entries:
        held = entry.is_contact or any(
            entry.fields["kind"][0] in h.kinds and (h.since is None or h.since <= entry.at) and (h.until is None or entry.at <= h.until)
            for h in holdings
        )
        if held or draw(st.booleans()):
            kept.append(entry)
    return Silenced(kept, coverage)


def moved(entry: Entry, at: int) -> Entry:
    """The same contact at another instant."""
    return msgspec.structs.replace(entry, at=at, known_at=at)
