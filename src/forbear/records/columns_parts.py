"""All entries of a run in parts that fit in memory, each with whole timelines: first by a hash of the consumer, then joined by debts.

A hash only decides what lies in one part. Two consumers of one hash lie together and stay two; within a part texts are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forbear.records.columns import Block, Texts, join, of_entries, split
from forbear.records.columns_lines import least
from forbear.records.schema import ALL
from forbear.records.values import SEVERAL

Hashes = NDArray[np.uint64]
ROWS: Final = 1 << 18
"""Rows that a part should hold, and that are divided among the parts at once."""
_MADE: Final = r"^[0-9a-f]{24}(-[0-9]+)?x*$"
"""What an id that was made from content looks like; one that a row brings may look so too."""
_PARTS_COLUMNS: Final = ("source", "brought", "text")


class Parts:
    """Takes blocks in, then gives parts out. With a folder, what would not fit in memory waits there."""

    def __init__(self, parts: int, folder: Path, budget: int) -> None:
        """`budget`: bytes that the rows may take up in memory before they are put into `folder`."""
        self.parts, self._folder, self._budget = parts, folder, budget
        self.rows, self.spilled = 0, 0
        self.last: int | None = None
        """The last second at which anything became known."""
        self.everyone: list[Block] = []
        """What is told for all consumers."""
        self._held: list[list[Block]] = [[] for _ in range(parts)]
        self._files: list[list[Path]] = [[] for _ in range(parts)]
        self._waiting, self._waiting_rows, self._bytes = list[Block](), 0, 0
        self._pairs, self._fresh = np.empty((0, 2), np.uint64), list[NDArray[np.uint64]]()
        self._brought, self._looks_made = list[Hashes](), list[Hashes]()

    def add(self, block: Block) -> None:
        """Takes in some entries."""
        self.rows += len(block)
        last = int(block.known.max())
        self.last = last if self.last is None else max(self.last, last)
        self._note_ids(block.brought)
        told = np.asarray(pc.equal(block.fields["consumer"], ALL))
        if told.any():
            self.everyone.append(block.take(told))
            block = block.take(~told)
        self._waiting.append(block)
        self._waiting_rows += len(block)
        if self._waiting_rows >= ROWS:
            self._divide()

    def close(self) -> None:
        """All entries are in: settles which ids are shared, and brings consumers together who share a debt."""
        self._divide()
        self.shared, self.duplicates = self._shared_ids()
        looks = np.sort(np.concatenate(self._looks_made)) if self._looks_made else np.empty(0, np.uint64)
        self._looks = looks
        self._move()

    def taken(self, entry_id: str) -> bool:
        """Whether a row brings just this id, which looks like one made from content (by 64 bits of hash)."""
        if not len(self._looks):
            return False
        found = int(np.searchsorted(self._looks, wanted := hashes(pa.array([entry_id]))[0]))
        return found < len(self._looks) and bool(self._looks[found] == wanted)

    def part(self, number: int) -> Block:
        """All entries of one part; it is given out once."""
        held = self._load(number)
        self._held[number] = []
        return join(held) if held else of_entries([])

    def _load(self, number: int) -> list[Block]:
        return [*self._held[number], *(_from_file(path) for path in self._files[number])]

    def _divide(self) -> None:
        if not self._waiting_rows:
            self._waiting = []
            return
        block = join(self._waiting)
        self._waiting, self._waiting_rows = [], 0
        consumer, _ = _hash_column(block.fields["consumer"])
        self._note_pairs(block, consumer)
        part = (consumer % np.uint64(self.parts)).astype(np.int64)
        if self.parts == 1:
            pieces = [(0, block)]
        else:
            order = np.argsort(part, kind="stable")
            ends = np.searchsorted(part[order], np.arange(self.parts + 1))
            block = block.take(order)
            pieces = [(n, _slice(block, ends[n], ends[n + 1])) for n in range(self.parts) if ends[n] < ends[n + 1]]
        for number, piece in pieces:
            self._held[number].append(piece)
        self._bytes += sum(_size(column) for column in (*block.fields.values(), *block[3:])) + 16 * len(block)
        if self._bytes > self._budget:
            self._spill()

    def _spill(self) -> None:
        for number, held in enumerate(self._held):
            if held:
                path = self._folder / f"{number}-{len(self._files[number])}.arrow"
                self.spilled += _to_file(join(held), path)
                self._files[number].append(path)
                self._held[number] = []
        self._bytes = 0

    def _note_ids(self, brought: Texts) -> None:
        said = brought.filter(pc.not_equal(brought, ""))
        if len(said):
            self._brought.append(hashes(said))
            looks = pc.match_substring_regex(said, _MADE)
            if pc.any(looks).as_py():
                self._looks_made.append(hashes(said.filter(looks)))

    def _shared_ids(self) -> tuple[pa.StringArray, int]:
        """Ids that several rows bring; equal hashes are looked up as texts."""
        every = np.sort(np.concatenate(self._brought)) if self._brought else np.empty(0, np.uint64)
        self._brought = []
        twice = pa.array(np.unique(every[1:][every[1:] == every[:-1]]))
        if not len(twice):
            return pa.array([], pa.string()), 0
        del every
        times: Counter[str] = Counter()
        columns = [block.brought for block in self.everyone]
        for number in range(self.parts):
            columns += [block.brought for block in self._held[number]]
            columns += [_column_of(path, "brought") for path in self._files[number]]
        for column in columns:
            said = column.filter(pc.not_equal(column, ""))
            if len(said):
                times.update(said.filter(pc.is_in(pa.array(hashes(said)), value_set=twice)).to_pylist())
        found = sorted(each for each, rows in times.items() if rows > 1)
        return pa.array(found, pa.string()), len(found)

    def _note_pairs(self, block: Block, consumer: Hashes) -> None:
        """Which consumer has which debt, each pair once."""
        if "debt" not in block.fields:
            return
        debt, coded = _hash_column(block.fields["debt"])
        texts = coded.dictionary
        valid = np.asarray(coded.indices.is_valid())
        several = np.asarray(pc.match_substring(texts, SEVERAL))
        skip = np.asarray(pc.equal(texts, ALL)) | several
        codes = np.asarray(pc.fill_null(coded.indices, 0))
        plain = valid & ~skip[codes]
        found = [np.stack([consumer[plain], debt[plain]], axis=1)]
        if several.any():
            rows = np.flatnonzero(valid & several[codes])
            for row in rows.tolist():
                each = [text for text in split(texts[codes[row]].as_py()) if text != ALL]
                if each:
                    found.append(np.stack([np.full(len(each), consumer[row]), hashes(pa.array(each))], axis=1))
        self._fresh.append(_once(np.concatenate(found)))
        if sum(map(len, self._fresh)) > max(1 << 21, len(self._pairs)):
            self._pairs, self._fresh = _once(np.concatenate([self._pairs, *self._fresh])), []

    def _move(self) -> None:
        """Puts those who share a debt with somebody into the part of the first of them."""
        pairs = _once(np.concatenate([self._pairs, *self._fresh]))
        self._pairs, self._fresh = np.empty((0, 2), np.uint64), []
        pairs = pairs[np.argsort(pairs[:, 1], kind="stable")]
        same = pairs[1:, 1] == pairs[:-1, 1]
        a, b = pairs[:-1, 0][same], pairs[1:, 0][same]
        del pairs
        if not len(a) or self.parts == 1:
            return
        who, place = np.unique(np.concatenate([a, b]), return_inverse=True)
        home = least(np.arange(len(who)), place[: len(a)], place[len(a) :])
        target = (who[home] % np.uint64(self.parts)).astype(np.int64)
        leaves = target != (who % np.uint64(self.parts)).astype(np.int64)
        who, target = who[leaves], target[leaves]
        if not len(who):
            return
        moved: list[tuple[int, Block]] = []
        for number in range(self.parts):
            if not self._held[number] and not self._files[number]:
                continue
            kept: list[Block] = []
            for block in self._load(number):
                consumer, _ = _hash_column(block.fields["consumer"])
                found = np.minimum(np.searchsorted(who, consumer), len(who) - 1)
                goes = who[found] == consumer
                to = target[found]
                moved += [(int(n), block.take(goes & (to == n))) for n in np.unique(to[goes])]
                kept.append(block.take(~goes) if goes.any() else block)
            if self._files[number]:
                for path in self._files[number]:
                    path.unlink()
                path = self._folder / f"{number}-kept.arrow"
                _to_file(join(kept), path)
                self._files[number], self._held[number] = [path], []
            else:
                self._held[number] = kept
        for number, block in moved:
            self._held[number].append(block)

    def __iter__(self) -> Iterator[Block]:
        return (self.part(number) for number in range(self.parts))


def hashes(texts: Texts) -> Hashes:
    """64 bits of each text: the same text, the same number."""
    starts = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    if len(texts) == 0 or texts.buffers()[2] is None:
        return np.full(len(texts), 1, np.uint64)
    data = np.frombuffer(texts.buffers()[2], np.uint8)[starts[0] : starts[-1]]
    length = np.diff(starts)
    begin = starts[:-1] - starts[0]
    place = np.arange(len(data)) - np.repeat(begin, length)
    powers = np.empty(int(length.max(initial=0)) + 1, np.uint64)
    powers[0] = 1
    powers[1:] = np.uint64(0x100000001B3)
    powers = np.cumprod(powers, dtype=np.uint64)
    sums = np.zeros(len(data) + 1, np.uint64)
    np.cumsum((data.astype(np.uint64) + np.uint64(1)) * powers[place], out=sums[1:])
    found = (sums[begin + length] - sums[begin]) ^ (length.astype(np.uint64) << np.uint64(56))
    found = (found ^ (found >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    mixed: Hashes = found ^ (found >> np.uint64(29))
    return mixed


def _hash_column(column: Texts) -> tuple[Hashes, pa.DictionaryArray]:
    """(hash of each row's text, the column as a dictionary); what null hashes to means nothing."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    each = hashes(coded.dictionary) if len(coded.dictionary) else np.zeros(1, np.uint64)
    rows: Hashes = each[np.asarray(pc.fill_null(coded.indices, 0))]
    return rows, coded


def _once(pairs: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each pair once, in the order of the first and then the second."""
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    if not len(pairs):
        return pairs
    new = np.append(True, (pairs[1:] != pairs[:-1]).any(axis=1))
    once: NDArray[np.uint64] = pairs[new]
    return once


def _slice(block: Block, first: int, last: int) -> Block:
    fields = {name: column.slice(first, last - first) for name, column in block.fields.items()}
    fields = {name: column for name, column in fields.items() if column.null_count < len(column)}
    return Block(block.at[first:last], block.known[first:last], fields, *(column.slice(first, last - first) for column in block[3:]))


def _size(column: Texts) -> int:
    return int(column.indices.nbytes if pa.types.is_dictionary(column.type) else column.nbytes)


def _to_file(block: Block, path: Path) -> int:
    """Writes a block and says how many bytes it takes."""
    columns = {"at": pa.array(block.at), "known": pa.array(block.known), **dict(zip(_PARTS_COLUMNS, block[3:], strict=True))}
    columns |= {f"field {name}": column for name, column in block.fields.items()}
    batch = pa.RecordBatch.from_pydict(columns)
    with pa.ipc.new_file(str(path), batch.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as out:
        out.write_batch(batch)
    return path.stat().st_size


def _from_file(path: Path) -> Block:
    with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as file:
        batch = file.get_batch(0)
    fields = {name.removeprefix("field "): batch.column(name) for name in batch.schema.names if name.startswith("field ")}
    at, known = (batch.column(name).to_numpy(zero_copy_only=False).copy() for name in ("at", "known"))
    return Block(at, known, fields, *(batch.column(name) for name in _PARTS_COLUMNS))


def _column_of(path: Path, name: str) -> Texts:
    with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as file:
        return file.get_batch(0).column(name)
