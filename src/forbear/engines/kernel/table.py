"""Entries as arrays: each value a small code, each combination of what tests say a *shape*, each zone a list of offsets.

Three values are integers here and in what is compiled: 0 no, 1 unknown, 2 yes; so *and* is min, *or* is max, *not* is 2 - x.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forbear.engines.kernel.arrays import DEBT, FORBID, O_MATCH, R_APPLIES, R_VERB, REQUIRE, S_FIRST, S_OPENERS, Ints, Lists, lists
from forbear.engines.kernel.coded import SEVERAL, Coded, Dimension, coded, debts_of, dimension
from forbear.engines.kernel.days import Days, days_of
from forbear.engines.kernel.law import Law
from forbear.engines.times import Times
from forbear.records.columns.block import Block, split
from forbear.records.entry import Entry, Values

NO, UNKNOWN, YES = 0, 1, 2
SEVERAL_DEBTS: Final = -1
"""In the dimension of debts: the entry names several."""
FAR: Final = 1 << 40
"""A day after all others."""
_FEW: Final = 1 << 9
"""Shapes that are worked out although perhaps no row has them."""
_MANY: Final = 1 << 16
"""Keys for which a table is made however few rows there are."""
_PIECE: Final = 1 << 13
"""Rows whose codes are gathered together."""


class Table(NamedTuple):
    """What the loops read of the entries. Timeline `t` is `entry[start[t]:start[t + 1]]`, in the order of timelines."""

    start: Ints
    asks: Ints
    """Timeline -> its first question: a contact that has not happened, judged without being part of what happened, as all after it are.
    -1 where there is none, and every entry is judged."""
    at: Ints
    known: Ints
    shape: Ints
    zones: Ints
    """Entry -> number of its list of candidate zones."""
    code: NDArray[np.int32]
    """Entry x dimension -> code; 0 is unknown. The dimension of debts is -1 where an entry names several."""
    debts: Lists
    """Entry -> codes of its debts if it names several."""
    until: Ints
    """Entry -> number of its `until`; 0 if it has none."""
    over: NDArray[np.int64]
    """Number of an `until` x 2 -> first and last candidate of the day after it."""
    kind: Lists
    """Dimension -> what each of its codes stands for."""
    values: Lists
    """Running number of a code (dimension after dimension) -> the values that it may be."""
    first_code: Ints
    """Dimension -> running number of its code 0."""
    truth: NDArray[np.int8]
    """Shape x match -> the truth of its tests, `while` aside."""
    simple: Lists
    """Shape -> (rule, truth) of the rules that need nothing but the shape and the date."""
    complex: Lists
    """Shape -> the other rules that may see it."""
    events: Lists
    """Shape -> the standings that it may open or close."""
    candidates: Lists
    """Number of a list of zones -> zones; the first lists are those of the clocks."""
    moved: Lists
    """Zone -> (instant, offset) pairs, from the earliest on."""
    first_day: int
    ends: NDArray[np.int64]
    """Table of days x day -> the earliest day that a span can lead to."""
    latest: NDArray[np.int64]
    """The same -> the latest; `ENDLESS` where no calendar tells."""
    day_kind: NDArray[np.int8]
    """Calendar x day -> 0-6 a weekday, 7 a holiday, 8 + weekday where nobody knows."""


def span_of(law: Law, block: Block, before: Days | None = None) -> Days:
    """The day tables that a block needs: `before` itself where it has them."""
    return days_of(law, int(block.at.min(initial=0)), int(block.known.max(initial=0)), before)


def build(law: Law, block: Block, row: Ints, start: Ints, days: Days) -> Table:
    """Rows of a block as arrays for `law`. Timeline `t` is `row[start[t]:start[t + 1]]`."""
    read = {"zone", "jurisdiction", "until", *law.tested, *law.dimensions}
    columns = {name: coded(column) for name, column in block.fields.items() if name in read}
    shape, truth = _shapes(law, columns, len(block))
    simple, complicated, events = lists_by_shape(law, truth)
    zones, where = _zones(law, columns, len(block))
    until, over = _until(columns.get("until"), len(block))
    dimensions = [_debts(columns.get("debt"), len(block))] + [dimension(columns.get(name), len(block)) for name in law.dimensions[1:]]
    names = sorted({zone for each in where for zone in each})
    first = np.cumsum([0, *(len(each.kind) for each in dimensions)], dtype=np.int64)
    return Table(
        start=np.ascontiguousarray(start, np.int64),
        asks=np.full(len(start) - 1, -1, np.int64),
        at=block.at[row],
        known=block.known[row],
        shape=shape[row],
        zones=zones[row],
        code=_codes(dimensions, row),
        debts=_several(dimensions[DEBT], row),
        until=until[row],
        over=over,
        kind=Lists(first, np.concatenate([each.kind for each in dimensions]).astype(np.int64)),
        values=_after([each.values for each in dimensions]),
        first_code=first,
        truth=truth,
        simple=simple,
        complex=complicated,
        events=events,
        candidates=lists([names.index(zone) for zone in each] for each in where),
        moved=lists(days.moved(zone) for zone in names),
        first_day=days.first,
        ends=days.ends,
        latest=days.latest,
        day_kind=days.kind,
    )


def _codes(dimensions: Sequence[Dimension], row: Ints) -> NDArray[np.int32]:
    """Position x dimension -> code."""
    code = np.empty((len(dimensions[DEBT].code), len(dimensions)), np.int32)
    # Piece by piece, so that all dimensions of a piece are written while it is in the processor's cache.
    for begin in range(0, len(code), _PIECE):
        piece = slice(begin, begin + _PIECE)
        for d, each in enumerate(dimensions):
            code[piece, d] = each.code[piece]
    return code.take(row, axis=0)


def _debts(column: Coded | None, rows: int) -> Dimension:
    """The debts as a key; with their lists only if some row names several."""
    found = dimension(column, rows)
    return debts_of(column, rows) if (found.kind >= SEVERAL).any() else found


def _several(debts: Dimension, row: Ints) -> Lists:
    """Position -> the codes of its debts; nothing where it has but one."""
    if debts.lists is None:
        return Lists(np.zeros(len(row) + 1, np.int64), np.empty(0, np.int64))
    of_row = debts.lists
    length = np.where(debts.code == SEVERAL_DEBTS, of_row.start[1:] - of_row.start[:-1], 0)[row]
    start = np.zeros(len(row) + 1, np.int64)
    np.cumsum(length, out=start[1:])
    places = np.arange(start[-1]) - np.repeat(start[:-1] - of_row.start[row], length)
    return Lists(start, of_row.items[places])


def _after(parts: Sequence[Lists]) -> Lists:
    """Lists of lists one after another."""
    shifts = np.cumsum([0, *(len(part.items) for part in parts)])
    starts = [part.start[:-1] + shift for part, shift in zip(parts, shifts, strict=False)]
    return Lists(np.concatenate([*starts, shifts[-1:]]).astype(np.int64), np.concatenate([part.items for part in parts]))


def _until(column: Coded | None, rows: int) -> tuple[Ints, Ints]:
    """Row -> number of its `until`, 0 if it has none; and number -> first and last candidate of the day after, a far day for 0."""
    if column is None:
        return np.zeros(rows, np.int64), np.full((1, 2), FAR, np.int64)
    over = np.full((len(column.texts) + 1, 2), FAR, np.int64)
    for n in np.unique(column.code).tolist():
        if n:
            over[n] = over_after(split(column.texts[n - 1].as_py()))
    return column.code, over


def over_after(until: Values) -> tuple[int, int]:
    """First and last candidate of the day after an `until`."""
    days = [dt.date.fromisoformat(day).toordinal() + 1 for day in until]
    return min(days), max(days)


def _zones(law: Law, columns: dict[str, Coded], rows: int) -> tuple[Ints, list[tuple[str, ...]]]:
    """Row -> number of its list of candidate zones, and the lists; the first after the empty one are those of the clocks."""
    times = Times(law.book)
    where = [(), *((clock,) for clock in law.clocks[1:])]
    number = {each: n for n, each in enumerate(where)}
    places: list[str] = [name for name in ("zone", "jurisdiction") if name in columns]
    key, pairs = np.zeros(rows, np.int64), list[tuple[int, ...]]([()])
    for name in places:
        size = len(columns[name].texts) + 1
        key, met = _met(key * size + columns[name].code, len(pairs) * size)
        pairs = [(*pairs[each // size], each % size) for each in met.tolist()]
    of_pair = np.empty(len(pairs), np.int64)
    for n, codes in enumerate(pairs):
        said = {name: split(columns[name].texts[code - 1].as_py()) for name, code in zip(places, codes, strict=True) if code}
        zones = times.zones(Entry(entry_id="", at=0, known_at=0, fields=said), "consumer")
        if zones not in number:
            number[zones] = len(where)
            where.append(zones)
        of_pair[n] = number[zones]
    return of_pair[key], where


def _shapes(law: Law, columns: dict[str, Coded], rows: int) -> tuple[Ints, NDArray[np.int8]]:
    """Row -> shape, and shape x match -> truth. Values of which all tests say the same make no two shapes."""
    shape = np.zeros(rows, np.int64)
    truth = np.full((1, len(law.matches)), YES, np.int8)
    for name in law.tested:
        column, tests = columns.get(name), law.base(name)
        texts = [] if column is None else column.texts.to_pylist()
        said = np.array([law.answers(name, text) for text in (None, *texts)], np.int8)
        if column is not None and texts and column.code.all():
            # Nobody left it out, so what is unknown makes no class of its own.
            said[0] = said[1]
        of_class, of_code = np.unique(said, axis=0, return_inverse=True)
        classes = len(of_class)
        if column is not None and classes > 1:
            shape *= classes
            shape += of_code.reshape(-1)[column.code]
            pairs = np.arange(len(truth) * classes)
            # Shapes that no row has cost less than another look at every row, as long as they are few.
            if len(pairs) > _FEW:
                shape, pairs = _met(shape, len(pairs))
            truth, of_class = truth[pairs // classes], of_class[pairs % classes]
        for t, (match, _) in enumerate(tests):
            np.minimum(truth[:, match], of_class[:, t], out=truth[:, match])
    shape, met = _met(shape, len(truth))
    return shape, truth[met]


def _met(key: Ints, size: int) -> tuple[Ints, Ints]:
    """Row -> number of its key among those that are met, and these, in their order. Keys are less than `size`."""
    if size > max(len(key), _MANY):
        met, number = np.unique(key, return_inverse=True)
        return number.reshape(-1), met
    used = np.zeros(size, np.bool_)
    used[key] = True
    return (np.cumsum(used) - 1)[key], np.flatnonzero(used)


def truth_of(law: Law, said: Mapping[str, str]) -> NDArray[np.int8]:
    """The truth of every match for one combination of texts: one row of `Table.truth`."""
    truth = [YES] * len(law.matches)
    for name in law.tested:
        for (match, _), answer in zip(law.base(name), law.answers(name, said.get(name)), strict=True):
            truth[match] = min(truth[match], answer)
    return np.array([truth], np.int8).reshape(1, -1)


def lists_by_shape(law: Law, truth: NDArray[np.int8]) -> tuple[Lists, Lists, Lists]:
    """`simple`, `complex` and `events` of shapes."""
    packed, shapes = law.packed, truth.shape[0]
    asks = np.diff(packed.whiles.start) > 0
    simple: list[list[int]] = [[] for _ in range(shapes)]
    complicated: list[list[int]] = [[] for _ in range(shapes)]
    for r in range(len(law.rules)):
        unless = packed.unless.items[packed.unless.start[r] : packed.unless.start[r + 1]]
        found = packed.alternatives.items[packed.alternatives.start[r] : packed.alternatives.start[r + 1]]
        applies, verb = int(packed.rule[r, R_APPLIES]), int(packed.rule[r, R_VERB])
        if verb in (FORBID, REQUIRE) and not any(asks[m] for m in (applies, *unless, *found)):
            exempt = truth[:, unless].max(axis=1, initial=NO)
            said = truth[:, found].max(axis=1, initial=NO)
            value = np.minimum(np.minimum(truth[:, applies], 2 - exempt), said if verb == FORBID else 2 - said)
            for shape in np.flatnonzero(value).tolist():
                simple[shape] += [r, int(value[shape])]
        else:
            for shape in np.flatnonzero(truth[:, applies]).tolist():
                complicated[shape].append(r)
    events: list[list[int]] = [[] for _ in range(shapes)]
    for s in range(len(law.standings)):
        row = packed.standing[s]
        touching = [
            *packed.opener[row[S_FIRST] : row[S_FIRST] + row[S_OPENERS], O_MATCH],
            *packed.closers.items[packed.closers.start[s] : packed.closers.start[s + 1]],
        ]
        for shape in np.flatnonzero(truth[:, touching].max(axis=1, initial=NO)).tolist():
            events[shape].append(s)
    return lists(simple), lists(complicated), lists(events)
