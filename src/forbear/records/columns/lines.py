"""Blocks as timelines: `timelines.timelines` and `ids.name` for columns. Rows are put in order by number; none becomes an object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.records.columns import loops
from forbear.records.columns.block import Block, join, split
from forbear.records.columns.kinds import Column, Numbers, Words
from forbear.records.columns.texts import Ints, Mask, Texts, numbers
from forbear.records.entry import Entry
from forbear.records.ids import fingerprint
from forbear.records.schema import ALL
from forbear.records.values import SEVERAL

_MIX = np.uint64(0x9E3779B97F4A7C15)


class Ids:
    """The ids of the rows of one block: what a row brings where no other row of the run brings it, else made from its content."""

    def __init__(
        self, block: Block, shared: pa.StringArray, taken: Callable[[str], bool] = lambda _: False, own: int | None = None
    ) -> None:
        """`shared`: ids that several rows of the run bring. `taken`: whether the only row of an id says this one.

        `own`: how many of the rows are the block's own; those after them are told for everyone, and stand in other blocks too.
        """
        self._block, self._taken = block, taken
        self.unnamed: Mask = ~block.brought.known() | _among(block.brought, shared)
        self._made: dict[int, str] = {}
        self.repeated = 0
        """Own rows that say exactly what another one says."""
        ordinals: Counter[str] = Counter()
        mine: Counter[str] = Counter()
        alike = _alike(block, np.flatnonzero(self.unnamed))
        for row, entry in zip(alike.tolist(), block.entries(alike), strict=True):
            content = fingerprint(entry)
            ordinals[content] += 1
            mine[content] += own is None or row < own
            self._made[row] = self._free(content if ordinals[content] == 1 else f"{content}-{ordinals[content]}")
        self.repeated = sum(times - 1 for times in mine.values() if times)

    def of(self, rows: Ints) -> pa.StringArray:
        """The ids of some rows."""
        found = self._block.brought.take(rows).texts()
        unnamed = self.unnamed[rows]
        if unnamed.any():
            self._make(np.unique(rows[unnamed]))
            made = pa.array([self._made[row] for row in rows[unnamed].tolist()], pa.string())
            found = pc.replace_with_mask(found, pa.array(unnamed), made)
        return found

    def _make(self, rows: Ints) -> None:
        new = np.array([row for row in rows.tolist() if row not in self._made], np.int64)
        for row, entry in zip(new.tolist(), self._block.entries(new), strict=True):
            self._made[row] = self._free(fingerprint(entry))

    def _free(self, entry_id: str) -> str:
        while self._taken(entry_id):
            entry_id += "x"
        return entry_id


def _among(brought: Column, shared: pa.StringArray) -> Mask:
    """Rows that bring one of these ids."""
    if not len(shared):
        return np.zeros(len(brought), np.bool_)
    if isinstance(brought, Numbers):
        every = [found[0] for text in shared if (found := numbers(pa.array([text.as_py()]))) is not None]
        return np.isin(brought.value, np.array(every, np.int64))
    return np.asarray(pc.is_in(brought.texts(), value_set=shared))


def _alike(block: Block, rows: Ints) -> Ints:
    """Those of these rows that may say just what another of them says: nearly always none."""
    if not len(rows):
        return rows
    said = np.zeros(len(rows), np.uint64)
    for column in (*block.fields.values(), *block[3:]):
        some = column.take(rows)
        said = (said ^ np.where(some.known(), some.hashes(), np.uint64(0))) * _MIX
        said ^= said >> np.uint64(29)
    for number in (block.at, block.known):
        said = (said ^ number[rows].astype(np.uint64)) * _MIX
        said ^= said >> np.uint64(29)
    _, inverse, times = np.unique(said, return_inverse=True, return_counts=True)
    alike: Ints = rows[times[inverse] > 1]
    return alike


class Lines:
    """Timelines over a block. Positions count through all of them; what is told for all consumers stands in each of them again."""

    def __init__(self, block: Block, ids: Ids, row: Ints, start: Ints, names: list[str]) -> None:
        self.block, self.ids = block, ids
        self.row = row
        """Position -> row of the block."""
        self.start = start
        """Timeline -> its first position; one more than there are timelines."""
        self.names = names
        """Timeline -> the first of its consumers."""
        self._entries: dict[int, Entry] = {}

    def entries(self, positions: Iterable[int]) -> list[Entry]:
        """Entries by position, with their ids; each is made once."""
        rows = self.row[np.fromiter(positions, np.int64)]
        new = np.array([row for row in dict.fromkeys(rows.tolist()) if row not in self._entries], np.int64)
        if len(new):
            for row, entry in zip(new.tolist(), self.block.entries(new, self.ids.of(new).to_pylist()), strict=True):
                self._entries[row] = entry
        return [self._entries[row] for row in rows.tolist()]

    def forget(self) -> None:
        """Frees the entries made so far."""
        self._entries.clear()


def lines(block: Block, everyone: Block, shared: pa.StringArray, taken: Callable[[str], bool] = lambda _: False) -> Lines:
    """The timelines of a block that holds all that is known of its consumers, in the order of their first consumers.

    `everyone`: what is told for all consumers.
    """
    own = len(block)
    whole = join([block, everyone]) if len(everyone) else block
    ids = Ids(whole, shared, taken, own)
    code, distinct = coded(block.fields["consumer"])
    by_name = _by_text(distinct)
    rank = np.empty(len(distinct), np.int64)
    rank[by_name] = np.arange(len(distinct))
    first = _joined(rank, code, block.fields.get("debt"))
    here = np.zeros(len(distinct), np.bool_)
    here[first] = True
    leaders = np.flatnonzero(here)
    line = (np.cumsum(here) - 1)[first].astype(np.int32)[code - 1]
    row = np.arange(own)
    if len(everyone):
        line = np.concatenate([line, np.repeat(np.arange(len(leaders), dtype=np.int32), len(everyone))])
        row = np.concatenate([row, np.tile(np.arange(own, own + len(everyone)), len(leaders))])
    start, order = np.empty(len(leaders) + 1, np.int64), np.empty(len(line), np.int64)
    loops.divide(line, start, order)
    _order(whole, ids, row, start, order)
    return Lines(whole, ids, row[order], start, distinct.take(by_name[leaders]).texts().to_pylist())


def coded(column: Column) -> tuple[Ints, Column]:
    """(row -> number of its text from 1 on, 0 where it is unknown; the texts, each once and all in use)."""
    if isinstance(column, Numbers):
        code, distinct = np.empty(len(column), np.int64), np.empty(len(column), np.int64)
        return code, Numbers(distinct[: loops.dense(column.value, code, distinct)])
    if isinstance(column, Words):
        used = np.zeros(len(column.vocabulary) + 1, np.bool_)
        used[column.code] = True
        used[-1] = False
        number = np.append(np.cumsum(used[:-1]), 0)
        return number[column.code], Words(np.flatnonzero(used), column.vocabulary)
    once = column.array.dictionary_encode()
    return np.asarray(once.indices.fill_null(-1)).astype(np.int64) + 1, type(column)(once.dictionary)


def _by_text(column: Column) -> Ints:
    """The order of texts, each of which is there once."""
    if not isinstance(column, Numbers):
        return np.asarray(pc.sort_indices(column.texts())).astype(np.int64)
    # A plus sorts before the digits; and of two numbers that begin alike, the shorter first.
    plus = column.value >= loops.PLUS
    value = np.where(plus, column.value - loops.PLUS, column.value)
    length = np.searchsorted(_TENS, value, side="right")
    return np.lexsort((length, value * _SCALE[length], ~plus))


_TENS = 10 ** np.arange(1, 18, dtype=np.int64)
_SCALE = 10 ** np.arange(17, -1, -1, dtype=np.int64)
"""Digits of a number, less one -> what makes them eighteen."""


def _order(block: Block, ids: Ids, row: Ints, start: Ints, order: Ints) -> None:
    """Puts each timeline in its order; ids are only looked at where nothing else decides."""
    key = (block.known << 1 | ~block.fields["kind"].says("contact"))[row] if len(row) > len(block) else block.known * 2
    if len(row) == len(block):
        key += ~block.fields["kind"].says("contact")
    tied = np.zeros(len(row), np.bool_)
    if not loops.ordered(key, start, order, tied):
        return
    place = np.flatnonzero(tied)
    some = order[place]
    by_id = np.empty(len(some), np.int64)
    by_id[np.asarray(pc.sort_indices(ids.of(row[some])))] = np.arange(len(some))
    line = np.searchsorted(start, place, side="right")
    order[place] = some[np.lexsort((by_id, key[some], line))]


def _joined(rank: Ints, consumer: Ints, debt: Column | None) -> Ints:
    """Consumer -> the least rank among those with whom it shares a debt, also through others. Codes are from 1 on."""
    if debt is None:
        return rank
    who, (what, texts) = consumer, coded(debt)
    if not isinstance(texts, Numbers):
        who, what = _single(who, what, texts.texts())
    if not len(what):
        return rank
    owner, edges = np.full(int(what.max()) + 1, -1, np.int64), np.empty((len(what), 2), np.int64)
    edges = edges[: loops.owners(who - 1, what - 1, owner, edges)]
    return least(rank, edges[:, 0], edges[:, 1]) if len(edges) else rank


def _single(who: Ints, what: Ints, texts: Texts) -> tuple[Ints, Ints]:
    """Rows of a consumer and one debt, where texts may name several; a debt that is all debts, or none, is left out."""
    several = np.append(False, np.asarray(pc.match_substring(texts, SEVERAL)))
    none = np.append(True, np.asarray(pc.is_in(texts, value_set=pa.array([ALL, ""]))))
    plain = ~several[what] & ~none[what]
    if not several.any():
        return who[plain], what[plain]
    number = {text: n for n, text in enumerate(texts.to_pylist(), 1)}
    more_who, more_what = list[int](), list[int]()
    for consumer, code in zip(who[several[what]].tolist(), what[several[what]].tolist(), strict=True):
        for debt in split(texts[code - 1].as_py()):
            if debt != ALL:
                more_who.append(consumer)
                more_what.append(number.setdefault(debt, len(number) + 1))
    return np.concatenate([who[plain], np.array(more_who, np.int64)]), np.concatenate([what[plain], np.array(more_what, np.int64)])


def least(label: Ints, a: Sequence[int] | Ints, b: Sequence[int] | Ints) -> Ints:
    """The least label of all nodes that edges `a`-`b` join, for each node."""
    label, a, b = label.copy(), np.asarray(a, np.int64), np.asarray(b, np.int64)
    parent = np.arange(len(label))
    while len(a):
        low, high = np.minimum(parent[a], parent[b]), np.maximum(parent[a], parent[b])
        open_ = low != high
        a, b, low, high = a[open_], b[open_], low[open_], high[open_]
        np.minimum.at(parent, high, low)
        while (parent != parent[parent]).any():
            parent = parent[parent]
    np.minimum.at(label, parent, label.copy())
    joined: Ints = label[parent]
    return joined
