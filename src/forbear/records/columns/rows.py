"""A chunk of a file as a block of entries: `entries.Rows`, column by column.

Only rows of which nothing is odd are read here; all others are handed to `Rows` itself, so that what a row means, and why it cannot be
read, is said in one place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.records import values
from forbear.records.columns import coded, times
from forbear.records.columns.block import Block, join, of_entries
from forbear.records.columns.coded import IDS, Coded, choose
from forbear.records.columns.derived import Fields, derive, hear, tags
from forbear.records.columns.kinds import Column, Numbers, Strings, Words, column
from forbear.records.columns.texts import Ints, Mask, Vocabulary, numbers, whole
from forbear.records.entries import Rows
from forbear.records.entry import Entry
from forbear.records.plan import Plan, constants
from forbear.records.quarantine import Quarantined
from forbear.records.readings import Tally
from forbear.records.schema import ALL
from forbear.records.tables import Batch, Unread, said
from forbear.records.values import SEVERAL

FEW_ROWS = 32
"""A chunk of fewer is read row by row: a folder may hold very many small files."""


class Chunk(NamedTuple):
    """Some rows of one file: `tables.Batch`, column by column."""

    header: tuple[str, ...]
    lines: Ints
    columns: Sequence[pa.Array | None]
    """None stands for a column that nobody wants."""
    unread: list[Unread]


class _Notes:
    """What is to be told of the rows that were read here; those handed to `Rows` are told by it."""

    def __init__(self) -> None:
        self.readings: list[tuple[str, str, Mask]] = []
        self.givens: list[tuple[str, str, Mask]] = []

    def read(self, code: str, detail: str, rows: Mask) -> None:
        self.readings.append((code, detail, rows))

    def tell(self, tally: Tally, sure: Mask) -> None:
        for code, detail, rows in self.readings:
            tally.read(code, detail, int((rows & sure).sum()))
        for name, value, rows in self.givens:
            tally.give(name, value, int((rows & sure).sum()))


class ColumnRows:
    """Turns the chunks of one file into blocks."""

    def __init__(self, odd: Rows, vocabularies: defaultdict[str, Vocabulary]) -> None:
        """`odd` reads what is odd. `vocabularies`: name of a column -> its words in the whole run."""
        self.file, self.mapping, self.tally, self.odd = odd.file, odd.mapping, odd.tally, odd
        self._vocabularies = vocabularies
        self.by_row = 0
        """Rows that were handed to `Rows`."""
        self._columns: dict[str, values.Column] = {}
        self._always, self._contacts = constants(odd.mapping, odd.asked)

    def read(self, chunk: Chunk) -> tuple[Block | list[Entry], list[Quarantined]]:
        """The entries of a chunk, and its rows that could not be read: together as many as it has rows. Raises `InputError`.

        Where they are few, they are no block yet: blocks of many files may become one.
        """
        lost = [Quarantined(self.file, line, "", value, reason) for line, value, reason in chunk.unread]
        rows = len(chunk.lines)
        if not rows and lost:
            return of_entries([]), lost
        way = self.odd.plan(chunk.header)
        if rows < FEW_ROWS:
            entries, bad = self._one_by_one(chunk, np.arange(rows))
            return entries, lost + bad
        block, sure = self._sure(way, chunk)
        if sure.all():
            return block, lost
        odd = np.flatnonzero(~sure)
        self.by_row += len(odd)
        entries, bad = self._one_by_one(chunk, odd)
        return join([block.take(sure), of_entries(entries)]), lost + bad

    def _one_by_one(self, chunk: Chunk, odd: Ints) -> tuple[list[Entry], list[Quarantined]]:
        cells = [_said(column, odd) for column in chunk.columns]
        texts: list[Sequence[str]] = list(zip(*cells, strict=True)) if cells else [()] * len(odd)
        drafts, bad = self.odd.read(Batch(chunk.header, chunk.lines[odd].tolist(), texts, [], 0))
        return [draft.entry for draft in drafts], bad

    def _sure(self, way: Plan, chunk: Chunk) -> tuple[Block, Mask]:
        """The rows as entries, and which of them were surely read; what is said of the others means nothing."""
        rows, notes = len(chunk.lines), _Notes()
        fields, sure = self._fields(way, chunk, notes)
        self._fill(fields, rows, notes)
        derive(fields, self.mapping, rows, notes.read)
        contact = fields["kind"].says("contact")
        sure &= fields["kind"].one()
        consumer = fields.get("consumer", Coded.all(rows, None))
        sure &= consumer.one() & ~(contact & consumer.says(ALL))
        sure &= ~contact | fields.get("channel", Coded.all(rows, None)).known()
        at, known = self._times(way, chunk, fields, contact, sure, notes)
        kept, words = way.kept, self._vocabularies
        said = {n: each.final(words[n], ids=n in IDS) for n, each in fields.items() if n != "tags" and (kept is None or n in kept)}
        text = self._text(way, chunk)
        if kept is None or "tags" in kept:
            if self.odd.hear and "text" in way.extra:
                hear(fields, coded.of_texts(text.texts()), self.odd.hear, notes.read)
            said["tags"] = tags(fields, rows, notes.read).final(words["tags"], empty=True)
        block = Block(
            at=at,
            known=known,
            fields={name: each for name, each in said.items() if each.known().any()},
            source=self._source(way, chunk),
            brought=self._brought(way, chunk, contact),
            text=text,
        )
        notes.tell(self.tally, sure)
        return block, sure

    def _fields(self, way: Plan, chunk: Chunk, notes: _Notes) -> tuple[Fields, Mask]:
        """What the columns say, and the rows of which every cell can be read."""
        fields: Fields = {}
        sure = np.ones(len(chunk.lines), np.bool_)
        for place, name in way.fields:
            theirs = chunk.header[place]
            translations = self.mapping.values.get(theirs)
            if theirs not in self._columns:
                self._columns[theirs] = values.column(name, translations)
            column = self._columns[theirs]
            if not translations and (found := coded.ids(name, chunk.columns[place])) is not None:
                fields[name] = found
                continue
            cells = coded.cells(chunk.columns[place])
            fields[name], bad = coded.read(name, column, cells, translated=bool(translations))
            sure &= ~bad
            for word, meant in column.readings.items():
                notes.read("word", f"{word} = {meant}", cells.where(pc.equal(pc.utf8_trim_whitespace(cells.texts), word)))
        if way.table == "contacts":
            kind = fields.get("kind", Coded.all(len(chunk.lines), None)).coded()
            fields["kind"] = choose(kind.silent(), Coded.all(len(chunk.lines), "contact"), kind)
        return fields, sure

    def _fill(self, fields: Fields, rows: int, notes: _Notes) -> None:
        """Constants speak where a row says nothing; those that are not of the case in contacts alone."""
        contact = fields["kind"].says("contact") if "kind" in fields else np.zeros(rows, np.bool_)
        for name, value in (*self._always.items(), *self._contacts.items()):
            before = fields.get(name, Coded.all(rows, None))
            filled = before.silent() & (contact | (name in self._always))
            fields[name] = choose(filled, Coded.all(rows, SEVERAL.join(value)), before)
            notes.givens.append((name, "|".join(value) or "?", filled))

    def _times(self, way: Plan, chunk: Chunk, fields: Fields, contact: Mask, sure: Mask, notes: _Notes) -> tuple[Ints, Ints]:
        rows, zone = len(chunk.lines), self.mapping.time.zone
        clock = Coded.all(rows, zone) if zone else fields.get("zone", Coded.all(rows, None)).coded()
        if "occurred_at" not in way.extra:
            sure[:] = False
            return np.zeros(rows, np.int64), np.zeros(rows, np.int64)
        shown = times.read(chunk.columns[way.extra["occurred_at"]], self.mapping.time.format)
        at, settled = times.settle(shown, clock)
        sure &= settled
        local = [shown.local]
        known = at
        if "known_at" in way.extra and not contact.all():
            told = times.read(chunk.columns[way.extra["known_at"]], self.mapping.time.format)
            then, settled = times.settle(told, clock)
            said = ~contact & ~told.silent
            sure &= settled | ~said
            local.append(said & told.local)
            notes.read("known-late", "", said & (then < at))
            known = np.where(said, np.maximum(then, at), at) if said.any() else at
        for rows_by_clock in local if zone else ():
            notes.read("clock", zone, rows_by_clock)
        return at, known

    def _source(self, way: Plan, chunk: Chunk) -> Column:
        rows, words = len(chunk.lines), self._vocabularies["source column"]
        if "source" not in way.extra:
            return Coded.all(rows, self.mapping.source).final(words)
        cells = coded.cells(chunk.columns[way.extra["source"]])
        said = pa.array([text.strip() or self.mapping.source for text in cells.texts.to_pylist()], pa.string())
        return Coded(cells.code, said).final(words)

    def _text(self, way: Plan, chunk: Chunk) -> Column:
        if "text" not in way.extra:
            return self._nothing(len(chunk.lines))
        texts = pc.replace_substring(_texts(chunk.columns[way.extra["text"]]), SEVERAL, "\n")
        return Strings(pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts))

    def _brought(self, way: Plan, chunk: Chunk, contact: Mask) -> Column:
        rows = len(chunk.lines)
        found: list[tuple[Mask, Column]] = []
        for name, mine in (("contact_id", contact), ("fact_id", ~contact)):
            if name in way.extra and mine.any():
                found.append((mine, self._ids(chunk.columns[way.extra[name]])))
        if len(found) == 1 and found[0][0].all():
            return found[0][1]
        texts = pa.nulls(rows, pa.string())
        for mine, each in found:
            texts = pc.if_else(pa.array(mine), each.texts(), texts)
        return column(texts, self._vocabularies["id column"])

    def _ids(self, cells: pa.Array) -> Column:
        value = whole(cells) if pa.types.is_integer(cells.type) else None
        if value is None:
            texts = _texts(cells)
            value = numbers(texts, silent=True)
        if value is not None:
            return Numbers(value)
        if pc.any(pc.match_substring_regex(texts, r"[^!-~]")).as_py():
            texts = pa.array([text.strip().replace(SEVERAL, "|") for text in texts.to_pylist()], pa.string())
        return column(pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts), self._vocabularies["id column"])

    def _nothing(self, rows: int) -> Words:
        return Words(np.full(rows, -1, np.int8), self._vocabularies["text column"])


def _said(column: pa.Array | None, rows: Ints) -> list[str]:
    """Some cells as a CSV would show them."""
    return [""] * len(rows) if column is None else [said(cell) for cell in column.take(pa.array(rows)).to_pylist()]


def _texts(column: pa.Array) -> pa.Array:
    """The cells as plain texts."""
    if pa.types.is_string(column.type):
        return pc.fill_null(column, "")
    if pa.types.is_integer(column.type):
        return pc.fill_null(column.cast(pa.string()), "")
    return pa.array([said(cell) for cell in column.to_pylist()], pa.string())
