"""Rows -> entries: columns are read whole, then each row is put together. Every row becomes an entry or goes to the quarantine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from forbear.records import clock, derived, instants, values
from forbear.records.derived import Fields
from forbear.records.entry import Entry
from forbear.records.instants import BadTime, Shown
from forbear.records.mapping import Mapping
from forbear.records.plan import Plan, Table, constants, plan
from forbear.records.quarantine import Quarantined
from forbear.records.readings import Tally
from forbear.records.schema import ALL, PERMITS
from forbear.records.tables import Batch
from forbear.records.values import SEVERAL, Cell, Unreadable

Dated = Literal["", "start", "end"]
"""Where in its date a fact with a date and no time was put; empty where a time was written."""

Cells = Sequence[Sequence[str]]
"""The cells of a batch, column by column."""

_CONTACT = ("contact",)


class Draft(NamedTuple):
    """An entry that has no id yet, since that needs all rows of the run."""

    entry: Entry
    dated: Dated


class _BadRow(Exception):
    """A row that cannot become an entry."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class Rows:
    """Turns the batches of one file into drafts."""

    def __init__(
        self,
        file: str,
        mapping: Mapping,
        table: Table | None,
        tally: Tally,
        asked: frozenset[str] | None = None,
        hear: derived.Hear | None = None,
    ) -> None:
        """`hear`: how the text of a contact becomes tags; None leaves it unread."""
        self.file, self.mapping, self.table, self.tally, self.asked, self.hear = file, mapping, table, tally, asked, hear
        self.ignored: dict[str, None] = {}
        """Columns that meant nothing, in the order met."""
        self.unasked: dict[str, None] = {}
        """Columns that were not read, in the order met."""
        self.met: set[str] = set()
        """Columns that the file has."""
        self._columns: dict[str, values.Column] = {}
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._always, self._contacts = constants(mapping, asked)
        self._clock = (mapping.time.zone,) if mapping.time.zone else ()

    def read(self, batch: Batch) -> tuple[list[Draft], list[Quarantined]]:
        """The drafts of a batch, and its rows that could not be read: together as many as it has rows. Raises `InputError`."""
        lost = [Quarantined(self.file, line, "", value, reason) for line, value, reason in batch.unread]
        if lost and not batch.rows:
            return [], lost
        way = self.plan(batch.header)
        cells: Cells = list(zip(*batch.rows, strict=True)) if batch.rows else [()] * len(batch.header)
        columns, bad = self._read_columns(way, batch.header, cells, len(batch.rows))
        names, drafts = list(columns), list[Draft]()
        for index, body in enumerate(zip(*columns.values(), strict=True)):
            if index in bad:
                place, reason = bad[index]
                lost.append(Quarantined(self.file, batch.lines[index], batch.header[place], cells[place][index], reason))
                continue
            fields: Fields = {name: cell for name, cell in zip(names, body, strict=True) if cell is not None}
            extra = {name: cells[place][index] for name, place in way.extra.items()}
            try:
                drafts.append(self._draft(fields, extra, way.kept))
            except _BadRow as error:
                column = way.named(batch.header, error.column)
                value = cells[batch.header.index(column)][index] if column in batch.header else ""
                lost.append(Quarantined(self.file, batch.lines[index], column, value, error.reason))
        return drafts, lost

    def plan(self, header: tuple[str, ...]) -> Plan:
        """What the columns of this header mean. Raises `InputError`."""
        found = self._plans.get(header)
        if found is None:
            found = self._plans[header] = plan(self.file, header, self.mapping, self.table, self.asked, heard=self.hear is not None)
            self.table = found.table
            self.met |= set(header)
            self.ignored |= dict.fromkeys(found.ignored)
            self.unasked |= dict.fromkeys(found.unasked)
        return found

    def places(self, header: tuple[str, ...]) -> list[int]:
        """Which columns of this header are looked at. Raises `InputError`."""
        return self.plan(header).places

    def _read_columns(
        self, way: Plan, header: Sequence[str], cells: Cells, count: int
    ) -> tuple[dict[str, list[Cell]], dict[int, tuple[int, str]]]:
        """What the columns say, constants filled in; and the first bad cell of each bad row: row -> (place of the column, reason)."""
        columns: dict[str, list[Cell]] = {}
        bad: dict[int, tuple[int, str]] = {}
        for place, name in way.fields:
            theirs = header[place]
            if theirs not in self._columns:
                self._columns[theirs] = values.column(name, self.mapping.values.get(theirs))
            column = self._columns[theirs]
            columns[name] = column.read(cells[place])
            if column.bad:
                for index, cell in enumerate(columns[name]):
                    if isinstance(cell, Unreadable):
                        bad.setdefault(index, (place, cell.reason))
            for said, meant in column.readings.items():
                self.tally.read("word", f"{said} = {meant}", sum(cell.strip() == said for cell in cells[place]))
        if way.table == "contacts":
            columns["kind"] = [_CONTACT if cell is None else cell for cell in columns.get("kind", [None] * count)]
        self._fill(columns, count)
        return columns, bad

    def _fill(self, columns: dict[str, list[Cell]], count: int) -> None:
        """Constants speak where a row says nothing; those that are not of the case (outbound, by telephone) in contacts alone."""
        kinds = columns.get("kind", [None] * count)
        for name, value in (*self._always.items(), *self._contacts.items()):
            everywhere = name in self._always
            before = columns.get(name, [None] * count)
            rows = zip(before, kinds, strict=True)
            filled = [value if cell is None and (everywhere or kind == _CONTACT) else cell for cell, kind in rows]
            columns[name] = filled
            self.tally.give(name, "|".join(value) or "?", sum(a is not b for a, b in zip(before, filled, strict=True)))

    def _draft(self, fields: Fields, extra: dict[str, str], kept: frozenset[str] | None) -> Draft:
        kind = _one(fields, "kind")
        derived.spell_numbers(fields, self.mapping.region)
        derived.turn_ends(fields)
        if self.mapping.readings.consumer_is_address and "consumer" not in fields and fields.get("address"):
            fields["consumer"] = fields["address"]
            self.tally.read("consumer-is-address")
        if _one(fields, "consumer") == ALL and kind == "contact":
            raise _BadRow("consumer", "not-one")
        derived.default_person(fields)
        derived.count_minutes(fields)
        if kind == "contact":
            if not fields.get("channel"):
                raise _BadRow("channel", "missing")
            least = self.mapping.readings.conversation_from_s
            if least is not None and derived.read_conversation(fields, least):
                self.tally.read("conversation-from", str(least))
            if self.hear and (kept is None or "tags" in kept) and derived.hear(fields, _text(extra), self.hear):
                self.tally.read("text-read")
        known = {name: value for name, value in fields.items() if value}
        if (kept is None or "tags" in kept) and derived.settle_tags(known):
            self.tally.read("nothing-said")
        at, dated = self._at(kind, fields, extra, "occurred_at")
        entry = Entry(
            entry_id="",
            at=at,
            known_at=self._known_at(kind, fields, extra, at),
            fields=known if kept is None else {name: value for name, value in known.items() if name in kept},
            source=extra.get("source", "").strip() or self.mapping.source,
            brought_id=extra.get("contact_id" if kind == "contact" else "fact_id", "").strip().replace(SEVERAL, "|"),
            text=_text(extra),
        )
        return Draft(entry, dated)

    def _known_at(self, kind: str, fields: Fields, extra: dict[str, str], at: int) -> int:
        """When a fact became known: `known_at` if the row says it. A contact is known when it happens."""
        if kind == "contact" or extra.get("known_at", "").strip() in ("", "?"):
            return at
        known, _ = self._at(kind, fields, extra, "known_at")
        if known < at:
            self.tally.read("known-late")
        return max(known, at)

    def _at(self, kind: str, fields: Fields, extra: dict[str, str], name: str) -> tuple[int, Dated]:
        cell = extra.get(name, "").strip()
        if cell in ("", "?"):
            raise _BadRow(name, "missing")
        try:
            shown = instants.read(cell, self.mapping.time.format)
            if shown.instant is not None:
                return shown.instant, ""
            return self._settle(kind, shown, self._clock or fields.get("zone", ()))
        except BadTime as error:
            raise _BadRow(name, str(error)) from error
        except clock.NoSuchTime as error:
            raise _BadRow(name, "no-such-time") from error

    def _settle(self, kind: str, shown: Shown, zones: Sequence[str]) -> tuple[int, Dated]:
        if self._clock:
            self.tally.read("clock", self.mapping.time.zone)
        if shown.second is None and kind != "contact":
            end = kind in PERMITS
            at = instants.edge(shown.day, zones, end=end)
            self.tally.read("fact-from-end" if end else "fact-from-start")
            return at, "end" if end else "start"
        if shown.second is None:
            hour = self.mapping.time.contact_date_at
            if not hour:
                raise BadTime("date-only")
            shown = shown._replace(second=int(hour[:2]) * 3600 + int(hour[3:]) * 60)
            self.tally.read("contact-date-at", hour)
        return instants.settle(shown, zones), ""


def _text(extra: dict[str, str]) -> str:
    return extra.get("text", "").replace(SEVERAL, "\n")


def _one(fields: Fields, name: str) -> str:
    found = fields.get(name, ())
    if len(found) != 1:
        raise _BadRow(name, "not-one" if found else "missing")
    return found[0]
