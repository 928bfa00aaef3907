"""All entries of a run in parts that fit in memory, each with whole timelines: first by a hash of the consumer, then joined by debts.

A hash only decides what lies in one part. Two consumers of one hash lie together and stay two; within a part texts are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.records.columns import loops
from forbear.records.columns.block import Block, join, of_entries, split, unpack, write
from forbear.records.columns.kinds import Column, Numbers
from forbear.records.columns.lines import least
from forbear.records.columns.ranges import Ranges
from forbear.records.columns.texts import Codes, Hashes, Ints, Texts, hashes
from forbear.records.schema import ALL
from forbear.records.values import SEVERAL

ROWS: Final = 1 << 18
"""Rows that a part should hold, and that are divided among the parts at once."""
MADE: Final = r"^[0-9a-f]{24}(-[0-9]+)?x*$"
"""What an id that was made from content looks like; one that a row brings may look so too."""


class Homes:
    """In which part a consumer lies: by hash, or with somebody with whom he shares a debt."""

    def __init__(self, parts: int, who: Hashes, target: Codes) -> None:
        """`who`: hashes of those who lie elsewhere than by their own, and `target`: where."""
        self.parts, self.who, self.target = parts, who, target
        self._table = np.empty(1 << (2 * len(who)).bit_length(), np.int32)
        if len(who):
            loops.places(who, self._table)

    def of(self, who: Hashes) -> Codes:
        """The parts of some consumers."""
        found = np.empty(len(who), np.int32)
        loops.home(who, self.parts, found)
        self.apply(who, found)
        return found

    def apply(self, who: Hashes, part: Codes) -> None:
        """Corrects the parts of some consumers."""
        if len(self.who):
            loops.move(who, self.who, self._table, self.target, part)

    def staying(self, blocks: Iterable[Block], number: int) -> Block:
        """What was laid into a part, without those who have moved from it."""
        found = []
        for block in blocks:
            if len(self.who):
                stays = self.of(block.fields["consumer"].hashes()) == number
                found.append(block if stays.all() else block.take(stays))
            else:
                found.append(block)
        return join(found) if found else of_entries([])


class _Held(NamedTuple):
    """Rows in the order of parts: part `n` is `ends[n]` to `ends[n + 1]`."""

    block: Block
    ends: Ints


class Spill(NamedTuple):
    """The same in a file: for each part where its bytes begin, how many they are, and how many rows."""

    path: Path
    places: list[tuple[int, int, int]]

    def part(self, number: int) -> Block | None:
        """The rows of one part."""
        first, size, rows = self.places[number]
        if not rows:
            return None
        with pa.memory_map(str(self.path)) as source:
            source.seek(first)
            return unpack(source.read_buffer(size))


class Parts:
    """Takes blocks in, then gives parts out. With a folder, what would not fit in memory waits there."""

    def __init__(self, parts: int, folder: Path, budget: int) -> None:
        """`budget`: bytes that the rows may take up in memory before they are put into `folder`."""
        self.parts, self._folder, self._budget = parts, folder, budget
        self.rows = 0
        self.last: int | None = None
        """The last second at which anything became known."""
        self.everyone: list[Block] = []
        """What is told for all consumers."""
        self.shared: pa.StringArray = pa.array([], pa.string())
        """Ids that several rows bring, once all is in."""
        self.looks_made: Hashes = np.empty(0, np.uint64)
        """Hashes of ids that rows bring and that look like one made from content; sorted once all is in."""
        self._held, self.spills, self._bytes = list[_Held](), list[Spill](), 0
        self._waiting, self._waiting_rows = list[Block](), 0
        self._ids = Ranges(1, folder / "ids.hashes", budget // 8)
        self._debts = Ranges(2, folder / "debts.hashes", budget // 4)
        self.homes = Homes(parts, np.empty(0, np.uint64), np.empty(0, np.int32))

    def add(self, block: Block) -> None:
        """Takes in some entries."""
        if not len(block):
            return
        self.rows += len(block)
        last = int(block.known.max())
        self.last = last if self.last is None else max(self.last, last)
        self._note_ids(block.brought)
        told = block.fields["consumer"].says(ALL)
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
        self.looks_made.sort()
        with ThreadPoolExecutor(1) as beside:
            repeats = beside.submit(self._ids.repeats)
            self._move()
            twice = np.unique(repeats.result()[:, 0])
        if len(twice):
            self.shared = self._shared(twice)

    def taken(self, entry_id: str) -> bool:
        """Whether a row brings just this id, which looks like one made from content (by 64 bits of hash)."""
        return taken(self.looks_made, entry_id)

    def part(self, number: int) -> Block:
        """All entries of one part."""
        return self.homes.staying(self._lying(number), number)

    def flush(self) -> None:
        """Puts into `spills` all that is still in memory, so that other processes can read it."""
        if self._held:
            self._spill()

    def _lying(self, number: int) -> Iterator[Block]:
        """What lies in a part, also of those who have moved from it."""
        for spill in self.spills:
            block = spill.part(number)
            if block is not None:
                yield block
        for held in self._held:
            if held.ends[number] < held.ends[number + 1]:
                yield _without_nothing(held.block.slice(int(held.ends[number]), int(held.ends[number + 1])))

    def _divide(self) -> None:
        if not self._waiting_rows:
            self._waiting = []
            return
        block = join(self._waiting)
        self._waiting, self._waiting_rows = [], 0
        consumer = block.fields["consumer"].hashes()
        self._note_debts(block, consumer)
        self._hold(block, consumer)

    def _hold(self, block: Block, consumer: Hashes) -> None:
        part, ends = self.homes.of(consumer), np.zeros(self.parts + 1, np.int64)
        order = np.empty(len(block), np.int64)
        loops.divide(part, ends, order)
        self._held.append(_Held(block.take(order), ends))
        self._bytes += block.nbytes
        if self._bytes > self._budget:
            self._spill()

    def _spill(self) -> None:
        path, places = self._folder / f"rows-{len(self.spills)}.arrow", list[tuple[int, int, int]]()
        with pa.OSFile(str(path), "wb") as out:
            for number in range(self.parts):
                pieces = [held.block.slice(int(held.ends[number]), int(held.ends[number + 1])) for held in self._held]
                pieces = [_without_nothing(piece) for piece in pieces if len(piece)]
                before = out.tell()
                if pieces:
                    write(join(pieces), out)
                    out.write(bytes(-out.tell() % 64))
                places.append((before, out.tell() - before, sum(map(len, pieces))))
        self.spills.append(Spill(path, places))
        self._held, self._bytes = [], 0

    def _note_ids(self, brought: Column) -> None:
        known = brought.known()
        if not known.any():
            return
        self._ids.add(brought.hashes() if known.all() else brought.take(np.flatnonzero(known)).hashes())
        if not isinstance(brought, Numbers):
            texts = brought.texts()
            looks = texts.filter(pc.match_substring_regex(texts, MADE))
            if len(looks):
                self.looks_made = np.append(self.looks_made, hashes(looks))

    def _shared(self, twice: Hashes) -> Texts:
        """Ids that several rows bring, of those with these hashes: they are looked up as texts."""
        times: Counter[str] = Counter()
        for block in (*self.everyone, *(block for number in range(self.parts) for block in self._lying(number))):
            known = np.flatnonzero(block.brought.known())
            each = block.brought.take(known)
            place = np.minimum(np.searchsorted(twice, found := each.hashes()), len(twice) - 1)
            times.update(each.take(np.flatnonzero(twice[place] == found)).texts().to_pylist())
        return pa.array(sorted(each for each, rows in times.items() if rows > 1), pa.string())

    def _note_debts(self, block: Block, consumer: Hashes) -> None:
        """Which consumer has which debt."""
        if self.parts == 1 or "debt" not in block.fields:
            return
        debt = block.fields["debt"]
        if isinstance(debt, Numbers):
            known = debt.known()
            self._debts.add(debt.hashes()[known], consumer[known])
            return
        texts = debt.texts()
        several = np.asarray(pc.fill_null(pc.match_substring(texts, SEVERAL), fill_value=False))
        known = debt.known() & ~several & ~debt.says(ALL) & ~debt.says("")
        self._debts.add(debt.hashes()[known], consumer[known])
        rows = np.flatnonzero(several)
        each = [(text, who) for row in rows.tolist() for text in split(texts[row].as_py()) if text != ALL for who in (consumer[row],)]
        if each:
            self._debts.add(hashes(pa.array([text for text, _ in each])), np.array([who for _, who in each], np.uint64))

    def _move(self) -> None:
        """Puts those who share a debt with somebody into the part of the first of them."""
        edges = self._debts.repeats()
        if not len(edges):
            return
        who, place = np.unique(edges, return_inverse=True)
        place = place.reshape(-1, 2)
        first = least(np.arange(len(who)), place[:, 0], place[:, 1])
        before, target = self.homes.of(who), self.homes.of(who[first])
        leaves = before != target
        sources, who, target = np.unique(before[leaves]).tolist(), who[leaves], target[leaves]
        if not len(who):
            return
        homes, moved = Homes(self.parts, who, target.astype(np.int32)), []
        for number in sources:
            for block in self._lying(number):
                part = np.full(len(block), number, np.int32)
                homes.apply(block.fields["consumer"].hashes(), part)
                goes = part != number
                if goes.any():
                    moved.append(block.take(goes))
        self.homes = homes
        for block in _batched(moved):
            self._hold(block, block.fields["consumer"].hashes())

    def __iter__(self) -> Iterator[Block]:
        return (self.part(number) for number in range(self.parts))


def taken(looks_made: Hashes, entry_id: str) -> bool:
    """Whether an id is among these, by its hash; they are sorted."""
    if not len(looks_made):
        return False
    found = int(np.searchsorted(looks_made, wanted := hashes(pa.array([entry_id]))[0]))
    return found < len(looks_made) and bool(looks_made[found] == wanted)


def _batched(blocks: list[Block]) -> Iterator[Block]:
    some, rows = list[Block](), 0
    for block in blocks:
        some.append(block)
        rows += len(block)
        if rows >= ROWS:
            yield join(some)
            some, rows = [], 0
    if some:
        yield join(some)


def _without_nothing(block: Block) -> Block:
    """Without the fields of which nothing is known: other rows said something there."""
    fields = {name: each for name, each in block.fields.items() if each.known().any()}
    return Block(block.at, block.known, fields, block.source, block.brought, block.text)
