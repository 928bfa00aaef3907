"""Blocks as timelines: `timelines.timelines` and `ids.name` for columns. Rows are put in order by number; none becomes an object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.records.columns import Block, Ints, Mask, Texts, join, split
from forbear.records.entry import Entry
from forbear.records.ids import fingerprint
from forbear.records.schema import ALL
from forbear.records.values import SEVERAL


class Ids:
    """The ids of the rows of one block: what a row brings where no other row of the run brings it, else made from its content."""

    def __init__(self, block: Block, shared: pa.StringArray, taken: Callable[[str], bool] = lambda _: False) -> None:
        """`shared`: ids that several rows of the run bring. `taken`: whether the only row of an id says this one."""
        self._block, self._taken = block, taken
        self.unnamed: Mask = np.asarray(pc.or_(pc.equal(block.brought, ""), pc.is_in(block.brought, value_set=shared)))
        self._made: dict[int, str] = {}
        self.repeated = 0
        """Rows that say exactly what another one says."""
        ordinals: Counter[str] = Counter()
        for row in _alike(block, np.flatnonzero(self.unnamed)).tolist():
            content = fingerprint(block.entry(row))
            ordinals[content] += 1
            self._made[row] = self._free(content if ordinals[content] == 1 else f"{content}-{ordinals[content]}")
        self.repeated = sum(ordinals.values()) - len(ordinals)

    def of(self, rows: Ints) -> pa.StringArray:
        """The ids of some rows."""
        found = self._block.brought.take(pa.array(rows))
        unnamed = self.unnamed[rows]
        if unnamed.any():
            made = [self._make(row) for row in rows[unnamed].tolist()]
            found = pc.replace_with_mask(found, pa.array(unnamed), pa.array(made, pa.string()))
        return found

    def _make(self, row: int) -> str:
        found = self._made.get(row)
        if found is None:
            found = self._made[row] = self._free(fingerprint(self._block.entry(row)))
        return found

    def _free(self, entry_id: str) -> str:
        while self._taken(entry_id):
            entry_id += "x"
        return entry_id


def _alike(block: Block, rows: Ints) -> Ints:
    """Those of these rows that may say just what another of them says: nearly always none."""
    if not len(rows):
        return rows
    said = np.zeros(len(rows), np.uint64)
    numbers = [block.at[rows], block.known[rows]]
    for column in (*block.fields.values(), *block[3:]):
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
        numbers.append(np.asarray(pc.fill_null(coded.indices, -1))[rows].astype(np.int64))
    for number in numbers:
        said = (said ^ number.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
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
            for row, entry in zip(new.tolist(), made(self.block, new, self.ids), strict=True):
                self._entries[row] = entry
        return [self._entries[row] for row in rows.tolist()]

    def forget(self) -> None:
        """Frees the entries made so far."""
        self._entries.clear()


def made(block: Block, rows: Ints, ids: Ids) -> list[Entry]:
    """Rows of a block as entries."""
    some = pa.array(rows)
    names = list(block.fields)
    columns = [column.take(some).to_pylist() for column in block.fields.values()]
    rest = [column.take(some).to_pylist() for column in block[3:]]
    found = []
    for n, (said, at, known, entry_id) in enumerate(
        zip(zip(*columns, strict=True), block.at[rows].tolist(), block.known[rows].tolist(), ids.of(rows).to_pylist(), strict=True)
    ):
        fields = {name: split(text) for name, text in zip(names, said, strict=True) if text is not None}
        source, brought, text = (column[n] for column in rest)
        found.append(Entry(entry_id=entry_id, at=at, known_at=known, fields=fields, source=source, brought_id=brought, text=text))
    return found


def lines(block: Block, everyone: Block, shared: pa.StringArray, taken: Callable[[str], bool] = lambda _: False) -> Lines:
    """The timelines of a block that holds all that is known of its consumers, in the order of their first consumers.

    `everyone`: what is told for all consumers.
    """
    own = len(block)
    whole = join([block, everyone]) if len(everyone) else block
    ids = Ids(whole, shared, taken)
    coded = _coded(block.fields["consumer"])
    consumer, texts = np.asarray(coded.indices), coded.dictionary
    rank = np.empty(len(texts), np.int64)
    by_name = np.asarray(pc.sort_indices(texts))
    rank[by_name] = np.arange(len(texts))
    first = _joined(rank, consumer, block.fields.get("debt"))
    # A dictionary may hold consumers of whom nothing is here.
    mine = first[consumer]
    here = np.zeros(len(texts), np.bool_)
    here[mine] = True
    leaders = np.flatnonzero(here)
    line = (np.cumsum(here) - 1)[mine]
    row = np.arange(own)
    if len(everyone):
        line = np.concatenate([line, np.repeat(np.arange(len(leaders)), len(everyone))])
        row = np.concatenate([row, np.tile(np.arange(own, own + len(everyone)), len(leaders))])
    order = _order(whole, ids, row, line)
    start = np.searchsorted(line[order], np.arange(len(leaders) + 1))
    return Lines(whole, ids, row[order], start, texts.take(pa.array(by_name[leaders])).to_pylist())


def _order(block: Block, ids: Ids, row: Ints, line: Ints) -> Ints:
    """The order of timelines; ids are only looked at where nothing else decides."""
    known, late = block.known[row], ~np.asarray(pc.equal(block.fields["kind"], "contact"))[row]
    order = np.lexsort((late, known, line))
    line, known, late = line[order], known[order], late[order]
    same = (line[1:] == line[:-1]) & (known[1:] == known[:-1]) & (late[1:] == late[:-1])
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    if len(tied):
        by_id = np.empty(len(tied), np.int64)
        by_id[np.asarray(pc.sort_indices(ids.of(row[order[tied]])))] = np.arange(len(tied))
        order[tied] = order[tied][np.lexsort((by_id, late[tied], known[tied], line[tied]))]
    return order


def _joined(rank: Ints, consumer: Ints, debt: Texts | None) -> Ints:
    """Consumer -> the least rank among those with whom it shares a debt, also through others."""
    first = rank.copy()
    if debt is None:
        return first
    coded = _coded(debt)
    codes = np.asarray(pc.fill_null(coded.indices, -1)).astype(np.int64)
    pairs = np.unique(consumer[codes >= 0].astype(np.int64) * (len(coded.dictionary) + 1) + codes[codes >= 0])
    who, what = np.divmod(pairs, len(coded.dictionary) + 1)
    who, what = _single(who, what, coded.dictionary)
    order = np.lexsort((who, what))
    who, what = who[order], what[order]
    shared = (what[1:] == what[:-1]) & (who[1:] != who[:-1])
    return least(first, who[:-1][shared], who[1:][shared])


def _single(who: Ints, what: Ints, texts: pa.StringArray) -> tuple[Ints, Ints]:
    """Pairs of a consumer and one debt, where texts may name several; a debt that is all debts is left out."""
    several = np.asarray(pc.match_substring(texts, SEVERAL))
    everything = np.asarray(pc.equal(texts, ALL))
    number = {text: n for n, text in enumerate(texts.to_pylist())} if several.any() else {}
    plain = ~several[what] & ~everything[what]
    more_who, more_what = list[int](), list[int]()
    for consumer, code in zip(who[several[what]].tolist(), what[several[what]].tolist(), strict=True):
        for debt in split(texts[code].as_py()):
            if debt != ALL:
                more_who.append(consumer)
                more_what.append(number.setdefault(debt, len(number)))
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


def _coded(column: Texts) -> pa.DictionaryArray:
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
