"""A diary: the plain-text history of an example, readable aloud, with the verdict marked on each line.

`DATE TIME[:SS]  CHANNEL-or-FACT  words and key=value in any order  mark`; `30 x` before a line repeats it a minute apart, and `#` begins
a comment.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import NamedTuple

from forbear.records.clock import NoSuchTime, UnknownZone, settle
from forbear.records.entry import Entry, Values, order
from forbear.records.hours import BadHours, minutes_a_week, named
from forbear.records.toml import line_of, lines
from forbear.rulebook.book import Book
from forbear.terms import CHANNEL, DIRECTION, FIELDS, KIND, OUTCOME, PARTY

UNSAID: Mapping[str, str] = {
    "consumer": "A",
    "debt": "1",
    "agency": "X",
    "agency_kind": "third-party-agency",
    "creditor": "L",
    "party": "consumer",
    "direction": "outbound",
    "address": "a1",
    "number": "n1",
    "place": "home",
    "tags": "",
}
"""What a diary line does not say (the zone: the place's first; the person: the consumer if the party is the consumer)."""

_LINE = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?)\s+(\S+)(.*?)(?:\s+([!?][ag]?)(?:\s+->\s+(.+))?)?")
_REPEATED = re.compile(r"(\d+) x (\d{4}-\d\d-\d\d \d\d:\d\d)(.*)")
_MARKS = ("", "!", "?", "!g", "!a", "?a")


class Line(NamedTuple):
    """An entry and what is said of it. `earliest`: an instant as text, "never", or empty if nothing is said."""

    entry: Entry
    mark: str
    earliest: str
    number: int
    """Which line of the diary, from 1."""
    zone: str
    """The zone in which the line is written."""


class DiaryError(ValueError):
    """A line that cannot be read. `number` counts from 1 within the diary."""

    def __init__(self, number: int, what: str) -> None:
        self.number, self.what = number, what
        super().__init__(f"line {number}: {what}")


def read(text: str, given: Mapping[str, str], book: Book) -> list[Line]:
    """The lines of a diary in the order of the timeline. Raises `DiaryError`."""
    found: list[Line] = []
    for number, raw in enumerate(text.splitlines(), 1):
        try:
            for line in _repeated(raw.split("#")[0].strip()):
                found.append(_line(line, number, len(found), {**UNSAID, **given}, book))
        except DiaryError:
            raise
        except ValueError as error:
            raise DiaryError(number, _explain(error)) from error
    return sorted(found, key=lambda line: order(line.entry))


def _explain(error: Exception) -> str:
    if isinstance(error, NoSuchTime):
        return f"{error}: the clock was put forward over this time; write another"
    if isinstance(error, UnknownZone):
        return f"{error} is no IANA time zone; write a name like Asia/Shanghai"
    return str(error)


def _repeated(line: str) -> list[str]:
    match = _REPEATED.fullmatch(line)
    if not match:
        return [line] if line else []
    start = _wall(match[2])
    return [f"{start + dt.timedelta(minutes=i):%Y-%m-%d %H:%M}{match[3]}" for i in range(int(match[1]))]


def _line(text: str, number: int, position: int, base: Mapping[str, str], book: Book) -> Line:
    match = _LINE.fullmatch(text)
    if not match or (match[5] or "") not in _MARKS:
        raise DiaryError(number, f"{text!r} is no line of a diary; write DATE TIME channel-or-fact words key=value mark")
    day, clock, what, words, mark, earliest = match.groups()
    said = dict(base)
    if what in CHANNEL:
        said |= {"kind": "contact", "channel": what}
    elif what in KIND:
        said["kind"] = what
    else:
        raise DiaryError(number, f"{what!r} is neither a channel nor a kind of fact; docs/glossary.md lists both")
    for word in words.split():
        key, value = _word(word, number)
        said[key] = value
    known = said.pop("known", None)
    zone = zone_of(said, base, book)
    if not zone:
        raise DiaryError(number, "no time zone is known here; write zone=..., or a jurisdiction that has a place.toml")
    said.setdefault("zone", zone)
    fields = {key: _values(key, value) for key, value in said.items() if value != "?" and (key, value) != ("outcome", "pending")}
    if "person" not in fields and "person" not in said and said["party"] == "consumer" and "consumer" in fields:
        fields["person"] = fields["consumer"]
    if "hours" in fields:
        fields["minutes_a_week"] = (str(minutes_a_week(named(fields["hours"][0]))),)
    at = settle(_wall(f"{day} {clock}"), zone)
    learned = settle(_wall(known), zone) if known else at
    entry = Entry(entry_id=f"{position:04}", at=at, known_at=learned, fields=fields, source="diary")
    return Line(entry, mark or "", (earliest or "").strip(), number, zone)


def zone_of(said: Mapping[str, str], base: Mapping[str, str], book: Book) -> str:
    """The zone in which a line is written: its own, else that of the example, else the first of its place; empty if none is known."""
    places = [book.place(source.get("jurisdiction", "")) for source in (said, base)]
    zones = [said.get("zone", "?"), base.get("zone", "?"), *(place.zones[0] for place in places if place)]
    return next((zone for zone in zones if zone != "?"), "").split("|")[0]


def _wall(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"there is no {text}; write a date and time such as 2026-01-31 09:00") from error


def _word(word: str, number: int) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals:
        lists = {"direction": DIRECTION, "party": PARTY, "outcome": OUTCOME}
        key, value = next((name for name, words in lists.items() if word in words), ""), word
    if key not in FIELDS and key != "known":
        raise DiaryError(number, f"{word!r} is no word and no field of a diary; docs/glossary.md lists both")
    return key, value


def _values(key: str, value: str) -> Values:
    field = FIELDS.get(key)
    if field is None:
        raise ValueError(f"no field {key!r}; the fields are {', '.join(FIELDS)}")
    values = tuple(v for v in value.split("+") if v) if field.many else tuple(value.split("|"))
    for word in values if field.shape == "word" else ():
        if word not in field.words and word != "*":
            raise ValueError(f"{key} has no value {word!r}; it has {', '.join(field.words)}")
    try:
        if field.shape == "hours":
            named(value)
        elif field.shape == "date":
            list(map(dt.date.fromisoformat, values))
        elif field.shape == "number":
            list(map(float, values))
    except BadHours as error:
        raise ValueError(f"{key}: {error}") from error
    except ValueError as error:
        raise ValueError(
            f"{key}={value} is no {field.shape}; write one such as {'2026-01-31' if field.shape == 'date' else '90'}"
        ) from error
    return values


def diary_line(text: str, example: int, number: int) -> int:
    """The line of a law file in which the `number`th line of an example's diary stands."""
    key = line_of(f"example[{example}].diary", lines(text))
    opening = text.splitlines()[key - 1].partition("=")[2].strip()
    # What follows the quotes on the line of the key is itself the first line of the diary.
    return key + number - (opening not in ('"""', "'''"))
