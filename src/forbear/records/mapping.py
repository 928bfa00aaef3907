"""The mapping file: how the columns and words of one export become ours. `forbear init FILE` proposes one.

```toml
source = "dialer"                     # the name under which its rows and what it holds are known
[columns]                             # their column = our column
"呼叫时间" = "occurred_at"
"呼叫结果" = "outcome"
[values."呼叫结果"]                    # what their column says = our word, or candidates a|b
"未接通" = "no-answer|busy"
[given]                               # constants, where a row says nothing; printed in every report
jurisdiction = "CN"
[time]
zone = "Asia/Shanghai"                # whose clock the file shows where it writes no offset
[readings]
conversation_from_s = 30              # a call picked up for at least so long was a conversation: our reading, printed
[holds]                               # which kinds of fact a source would have brought, had they happened
dialer = ["asked-to-call-back"]
crm = { kinds = "all", since = 2025-01-01 }
```
"""

from __future__ import annotations

import datetime as dt
import fnmatch
import re
from pathlib import Path
from typing import Literal

import msgspec

from forbear.records import clock, instants, toml, values
from forbear.records.errors import InputError
from forbear.records.quarantine import REASONS
from forbear.records.schema import COLUMNS
from forbear.terms import FIELDS, KIND


class Time(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How the file writes times."""

    zone: str = ""
    """The zone of the clock that the file shows where it writes no offset; the row's own `zone` if empty."""
    format: str = "auto"
    """One of `instants.FORMS`, or a pattern of `strptime`."""
    contact_date_at: str = ""
    """`HH:MM` at which contacts with a date and no time are taken to have happened; a reading, printed. Empty: quarantined."""


class Readings(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What we take for so although the source says less; each is printed with the number of rows it decided."""

    conversation_from_s: int | None = None
    """A call that was or may have been picked up, lasting at least so many seconds, is a conversation."""
    consumer_is_address: bool = False
    """A row that names no consumer is about the one whose number or address it is."""


class Held(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Kinds of fact that a source holds, within dates (both included) if it does not hold them throughout."""

    kinds: list[str] | Literal["all"]
    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def all_kinds(self) -> frozenset[str]:
        """The kinds by name."""
        return frozenset(KIND) if self.kinds == "all" else frozenset(self.kinds)


class Mapping(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A mapping, read and checked. Without any file (`PLAIN`) columns that bear our names mean themselves."""

    file: str = ""
    """Where it was read from; not a key of the file."""
    files: list[str] = []
    """Patterns of the names of the files that it is for; all, if empty."""
    source: str = ""
    names: list[str] = []
    """The columns of a file that has no header."""
    region: str = ""
    """Where telephone numbers without country code belong, if the row's jurisdiction does not say."""
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    given: dict[str, str | int | float] = {}
    time: Time = Time()
    readings: Readings = Readings()
    holds: dict[str, Held | list[str]] = {}

    def suits(self, name: str) -> bool:
        """Whether it is meant for a file of this name."""
        return not self.files or any(fnmatch.fnmatch(name, pattern) for pattern in self.files)

    def column_of(self, header: str) -> str | None:
        """What the file's column means: what the mapping says, else itself if it bears one of our names and no other was given it."""
        if header in self.columns:
            return self.columns[header]
        return header if header in COLUMNS and header not in self.columns.values() else None

    def over(self, base: Mapping) -> Mapping:
        """This mapping, with what it leaves unsaid taken from `base` (the built-in one of a call log)."""
        mine = {theirs: ours for theirs, ours in base.columns.items() if ours not in self.columns.values()}
        return msgspec.structs.replace(
            self,
            columns={**mine, **self.columns},
            values={**base.values, **self.values},
            given={**base.given, **self.given},
            readings=base.readings if self.readings == Readings() else self.readings,
        )


PLAIN = Mapping()


def load(path: Path) -> Mapping:
    """Reads a mapping file. Raises `InputError` that names file, line, what is wrong, and what to do."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})", "check the path and its permissions") from error
    except UnicodeDecodeError as error:
        raise InputError(path, "is not UTF-8", "save the mapping as UTF-8") from error
    return parse(text, path)


def parse(text: str, path: Path) -> Mapping:
    """`load`, of a text already read."""
    try:
        raw = toml.parse(text)
    except toml.NotToml as error:
        if "overwrite" in str(error) or "twice" in str(error):
            raise InputError(
                path, "the same key stands here twice (a column mapped twice?)", "keep one of the lines", error.line
            ) from error
        raise InputError(path, f"not TOML ({error})", "write names with spaces or Chinese in quotes", error.line) from error
    outline = toml.lines(text)
    if "file" in raw:
        raise InputError(path, "unknown key 'file'", "patterns of file names stand in files = [...]", _line(outline, "file"))
    try:
        mapping = msgspec.structs.replace(msgspec.convert(raw, Mapping), file=str(path))
    except msgspec.ValidationError as error:
        what, where = toml.misfit(error)
        what = f"no key {where!r} in a mapping" if what.startswith("no key") else f"{where}: {what}"
        raise InputError(path, what, "docs/records.md lists the keys of a mapping", _line(outline, where)) from error
    _check(mapping, outline, path)
    return mapping


def _check(mapping: Mapping, outline: dict[str, int], path: Path) -> None:
    known = ", ".join(sorted(COLUMNS))
    seen: dict[str, str] = {}
    for theirs, ours in mapping.columns.items():
        line = _line(outline, "columns", theirs)
        if ours not in COLUMNS:
            raise InputError(path, f"unknown column {ours!r}", f"use one of: {known}", line)
        if ours in seen:
            raise InputError(path, f"{ours!r} is mapped twice, from {seen[ours]!r} and {theirs!r}", "keep the one that says it", line)
        seen[ours] = theirs
    for theirs, table in mapping.values.items():
        ours = mapping.column_of(theirs) or ""
        if not ours:
            raise InputError(
                path, f"values for {theirs!r}, which [columns] does not map", "map it there too", _line(outline, "values", theirs)
            )
        for said, word in table.items():
            _check_value(ours, word, path, _line(outline, "values", theirs, said), f"{said!r} = {word!r}")
    for name, value in mapping.given.items():
        line = _line(outline, "given", name)
        if name not in FIELDS or name in ("consumer", "kind", "minutes_a_week"):
            raise InputError(path, f"{name!r} cannot be a constant", "give constants such as jurisdiction, zone, agency, creditor", line)
        _check_value(name, str(value), path, line, f"{name} = {value!r}")
    _check_time(mapping.time, outline, path)
    for source, held in mapping.holds.items():
        for kind in _held(held).all_kinds - set(KIND):
            line = _line(outline, "holds", source)
            raise InputError(path, f"unknown kind of fact {kind!r}", f'use "all" or some of: {", ".join(KIND)}', line)


def _check_value(column: str, word: str, path: Path, line: int, shown: str) -> None:
    if column in ("occurred_at", "known_at"):
        return
    cell = values.column(column)[word]
    if isinstance(cell, values.Unreadable):
        words = FIELDS[column].words if column in FIELDS else {}
        do = f"use {', '.join(words)} (a|b for one of several, ? for unknown)" if words else REASONS[cell.reason].en
        raise InputError(path, f"{shown} is no value of {column!r}", do, line)


def _check_time(time: Time, outline: dict[str, int], path: Path) -> None:
    if time.zone:
        try:
            clock.check_zone(time.zone)
        except clock.UnknownZone as error:
            line = _line(outline, "time", "zone")
            raise InputError(path, f"unknown zone {time.zone!r}", "write an IANA name like Asia/Shanghai", line) from error
    if time.format not in instants.FORMS and "%" not in time.format:
        line = _line(outline, "time", "format")
        raise InputError(path, f"unknown format {time.format!r}", f"use {', '.join(instants.FORMS)}, or a pattern: %d.%m.%y %H:%M", line)
    if time.contact_date_at and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", time.contact_date_at):
        line = _line(outline, "time", "contact_date_at")
        raise InputError(path, f"{time.contact_date_at!r} is no time of day", "write one such as 09:00", line)


def _held(held: Held | list[str]) -> Held:
    return Held(held) if isinstance(held, list) else held


def holdings(mapping: Mapping) -> dict[str, Held]:
    """Source -> what it holds, as the mapping says it."""
    return {source: _held(held) for source, held in mapping.holds.items()}


def _line(outline: dict[str, int], *path: str) -> int:
    """The line of a key, or of the table in which it should stand."""
    return toml.line_of(".".join(path), outline)
