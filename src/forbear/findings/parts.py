"""What was found in the parts of a run: kept on disk part by part, then read as one in the order of timelines, whatever the parts were."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.engines.judgement import GRAVITY, Verdicts
from forbear.engines.kernel.found import Share
from forbear.findings.across import Across, added
from forbear.findings.changed import Changed
from forbear.findings.finding import COLUMNS, Told, findings_of
from forbear.findings.marks import LINE, named
from forbear.findings.proof import line as proof_line
from forbear.findings.tally import Tally
from forbear.findings.words import Sentences
from forbear.records.columns.lines import Lines
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule
from forbear.terms import Language

BATCH = 20_000
"""Rows that are handed on at once, or a few more: a timeline is never divided."""
BRIEF = ("contact_id", "entry_id", "consumer", "rule", "rule_version", "verdict")
"""The columns of verdicts.parquet, in their order."""
_TALLY: Final = b"forbear.tally"
_NUMBERS: Final = b"forbear.numbers"
_ACROSS: Final = b"forbear.across"
_CHANGED: Final = b"forbear.changed"


class Judged(NamedTuple):
    """What was found in one part: rows with the name of their timeline, in order, and what a report counts."""

    rows: list[pa.Table]
    tally: Tally
    share: Share
    repeated: int
    """Rows that say exactly what another one says."""
    across: Across
    """Empty where nobody looks across contacts."""
    changed: Changed
    """Empty where one rulebook judges, and none is compared with it."""

    def pack(self) -> pa.Buffer:
        """All of it as bytes, to be kept or sent."""
        schema = self.rows[0].schema if self.rows else pa.schema([(LINE, pa.string())])
        numbers = msgspec.json.encode([*self.share, self.repeated])
        across, changed = msgspec.json.encode(self.across), msgspec.json.encode(self.changed)
        schema = schema.with_metadata({_TALLY: self.tally.dump(), _NUMBERS: numbers, _ACROSS: across, _CHANGED: changed})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_file(sink, schema) as writer:
            for table in self.rows:
                writer.write_table(table)
        return sink.getvalue()

    def write(self, path: Path) -> None:
        """Keeps it. The file is there whole or not at all."""
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_bytes(self.pack())
        unfinished.replace(path)


def rows(lines: Lines, told: Sequence[Told], lang: Language, book: Book) -> pa.Table:
    """Findings as rows: the columns of findings.parquet, each row as a line of findings.csv, and its proof."""
    findings = findings_of(lines.entries, [judgement for _, judgements in told for judgement in judgements])
    found: dict[str, list[str | int]] = {name: [] for name in COLUMNS}
    text = io.StringIO()
    printed, proofs = list[str](), list[str | None]()
    writer, sentences = csv.writer(text), Sentences(lang, book)
    for finding in findings:
        row = finding.row(sentences.say(finding))
        for name, value in row.items():
            found[name].append(value)
        writer.writerow(row.values())
        printed.append(text.getvalue())
        text.seek(0)
        text.truncate()
        proofs.append(proof_line(finding, book.day))
    found["rule_version"] = [finding.rule.version for finding in findings]
    names = [lines.names[line] for line, judgements in told for _ in judgements]
    columns = {LINE: names, **found, "csv": printed, "proof": proofs}
    return pa.table({name: pa.array(values, pa.int32() if name == "rule_version" else pa.string()) for name, values in columns.items()})


def brief(lines: Lines, rules: Sequence[Rule], found: Verdicts) -> list[pa.Table]:
    """Verdicts alone as rows."""
    if not len(found.position):
        return []
    table = {
        **named(lines, found.position),
        "rule": pa.array([rule.id for rule in rules], pa.string()).take(pa.array(found.rule)),
        "rule_version": pa.array([rule.version for rule in rules], pa.int32()).take(pa.array(found.rule)),
        "verdict": pa.array([verdict.value for verdict in GRAVITY], pa.string()).take(pa.array(found.verdict)),
    }
    return [pa.table(table)]


class Finished:
    """The parts of a run that are finished, as one."""

    def __init__(self, files: Sequence[Path], book: Book) -> None:
        self.tally, self.share, self.repeated, self.changed = Tally(book), Share(), 0, Changed()
        self._tables: list[pa.Table] = []
        parts = list[Across]()
        for file in files:
            with pa.memory_map(str(file)) as source:
                table = pa.ipc.open_file(source).read_all()
            metadata = table.schema.metadata
            self.tally += Tally.load(metadata[_TALLY], book)
            *share, repeated = msgspec.json.decode(metadata[_NUMBERS])
            self.share, self.repeated = self.share.plus(Share(*share)), self.repeated + repeated
            parts.append(msgspec.json.decode(metadata[_ACROSS], type=Across))
            self.changed += msgspec.json.decode(metadata[_CHANGED], type=Changed)
            if table.num_rows:
                self._tables.append(table)
        self.across = added(parts)

    def __iter__(self) -> Iterator[pa.Table]:
        """All rows in the order of the names of their timelines, some at a time."""
        part, row, ends = self._order()
        first = 0
        while first < len(part):
            last = int(ends[min(int(np.searchsorted(ends, first + BATCH)), len(ends) - 1)])
            yield self._take(part[first:last], row[first:last])
            first = last

    def __len__(self) -> int:
        return sum(table.num_rows for table in self._tables)

    def _order(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Part and row of every finding in order, and where each timeline ends: it lies in one part, where its rows are in order."""
        names, parts, firsts, counts = [], [], [], []
        for number, table in enumerate(self._tables):
            line = table[LINE].combine_chunks()
            new = np.flatnonzero(np.append(True, np.asarray(pc.not_equal(line[1:], line[:-1]))))
            names.append(line.take(pa.array(new)))
            parts.append(np.full(len(new), number))
            firsts.append(new)
            counts.append(np.diff(np.append(new, len(line))))
        if not names:
            return (np.empty(0, np.int64),) * 3
        order = np.asarray(pc.sort_indices(pa.chunked_array(names))).astype(np.int64)
        count = np.concatenate(counts)[order]
        ends = np.cumsum(count)
        row = np.arange(ends[-1]) - np.repeat(ends - count - np.concatenate(firsts)[order], count)
        return np.repeat(np.concatenate(parts)[order], count), row, ends

    def _take(self, part: np.ndarray, row: np.ndarray) -> pa.Table:
        by_part = np.argsort(part, kind="stable")
        pieces = []
        for number in np.unique(part).tolist():
            pieces.append(self._tables[number].take(pa.array(row[part == number])))
        back = np.empty(len(part), np.int64)
        back[by_part] = np.arange(len(part))
        return pa.concat_tables(pieces).combine_chunks().take(pa.array(back))
