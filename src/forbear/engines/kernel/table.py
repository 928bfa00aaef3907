"""Entries as arrays: each value a small code, each combination of what tests say a *shape*, each zone a list of offsets.

Three values are integers here and in `loops`: 0 no, 1 unknown, 2 yes; so *and* is min, *or* is max, *not* is 2 - x.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forbear.engines.kernel.coded import Coded, coded, combine, debts_of, dimension
from forbear.engines.kernel.days import Days, days_of
from forbear.engines.kernel.law import DEBT, FORBID, REQUIRE, RULE, STANDING, Ints, Law, Lists, lists
from forbear.engines.times import Times
from forbear.records.columns import Block, of_entries, split
from forbear.records.entry import Entry

NO, UNKNOWN, YES = 0, 1, 2


class Table(NamedTuple):
    """What the loops read of the entries. Timeline `t` is `entry[start[t]:start[t + 1]]`, in the order of timelines."""

    start: Ints
    at: Ints
    known: Ints
    shape: Ints
    zones: Ints
    """Entry -> number of its list of candidate zones."""
    code: NDArray[np.int64]
    """Entry x dimension -> code; 0 is unknown. The dimension of debts is -1 where an entry names several."""
    debts: Lists
    """Entry -> codes of its debts."""
    until: NDArray[np.int64]
    """Entry x 2 -> first and last candidate of the day after its `until`; a far day if it has none."""
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
    """Table of days x day -> the day that a span leads to."""
    sure: NDArray[np.int8]
    """The same -> whether that day is sure."""
    day_kind: NDArray[np.int8]
    """Calendar x day -> 0-6 a weekday, 7 a holiday, 8 + weekday where nobody knows."""


def pack(law: Law, timelines: Sequence[Sequence[Entry]]) -> Table:
    """The entries of these timelines, each in the order of its entries, as arrays for `law`."""
    block = of_entries(entry for line in timelines for entry in line)
    start = np.cumsum([0, *(len(line) for line in timelines)], dtype=np.int64)
    return build(law, block, np.arange(len(block)), start, span_of(law, block))


def span_of(law: Law, block: Block, before: Days | None = None) -> Days:
    """The day tables that a block needs: `before` itself where it has them."""
    return days_of(law, int(block.at.min(initial=0)), int(block.known.max(initial=0)), before)


def build(law: Law, block: Block, row: Ints, start: Ints, days: Days) -> Table:
    """Rows of a block as arrays for `law`. Timeline `t` is `row[start[t]:start[t + 1]]`."""
    columns = {name: coded(column) for name, column in block.fields.items()}
    shape, truth = _shapes(law, columns, len(block))
    simple, complicated, events = _lists_by_shape(law, truth)
    zones, where = _zones(law, columns, len(block))
    dimensions = [debts_of(columns.get("debt"), len(block))] + [dimension(columns.get(name), len(block)) for name in law.dimensions[1:]]
    debts = dimensions[DEBT].lists
    assert debts is not None
    names = sorted({zone for each in where for zone in each})
    code = np.empty((len(row), len(dimensions)), np.int64)
    for d, each in enumerate(dimensions):
        code[:, d] = each.code[row]
    first = np.cumsum([0, *(len(each.kind) for each in dimensions)], dtype=np.int64)
    return Table(
        start=np.asarray(start, np.int64),
        at=block.at[row],
        known=block.known[row],
        shape=shape[row],
        zones=zones[row],
        code=code,
        debts=_gather(debts, row),
        until=_until(columns.get("until"), len(block))[row],
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
        sure=days.sure,
        day_kind=days.kind,
    )


def _gather(of_row: Lists, row: Ints) -> Lists:
    """Lists by row as lists by position."""
    length = (of_row.start[1:] - of_row.start[:-1])[row]
    start = np.zeros(len(row) + 1, np.int64)
    np.cumsum(length, out=start[1:])
    places = np.arange(start[-1]) - np.repeat(start[:-1] - of_row.start[row], length)
    return Lists(start, of_row.items[places])


def _after(parts: Sequence[Lists]) -> Lists:
    """Lists of lists one after another."""
    shifts = np.cumsum([0, *(len(part.items) for part in parts)])
    starts = [part.start[:-1] + shift for part, shift in zip(parts, shifts, strict=False)]
    return Lists(np.concatenate([*starts, shifts[-1:]]).astype(np.int64), np.concatenate([part.items for part in parts]))


def _until(column: Coded | None, rows: int) -> NDArray[np.int64]:
    """First and last candidate of the day after `until`; a far day where there is none."""
    if column is None:
        return np.full((rows, 2), 1 << 40, np.int64)
    found = np.full((len(column.texts) + 1, 2), 1 << 40, np.int64)
    for n in np.unique(column.code).tolist():
        if n:
            over = [dt.date.fromisoformat(day).toordinal() + 1 for day in split(column.texts[n - 1].as_py())]
            found[n] = min(over), max(over)
    return found[column.code]


def _zones(law: Law, columns: dict[str, Coded], rows: int) -> tuple[Ints, list[tuple[str, ...]]]:
    """Row -> number of its list of candidate zones, and the lists; the first after the empty one are those of the clocks."""
    times = Times(law.book)
    where = [(), *((clock,) for clock in law.clocks[1:])]
    number = {each: n for n, each in enumerate(where)}
    combined, combinations = combine([columns.get("zone"), columns.get("jurisdiction")], rows)
    of_combination = np.empty(len(combinations), np.int64)
    for n, texts in enumerate(combinations):
        said = {name: split(text) for name, text in zip(("zone", "jurisdiction"), texts, strict=True) if text is not None}
        zones = times.zones(Entry(entry_id="", at=0, known_at=0, fields=said), "consumer")
        if zones not in number:
            number[zones] = len(where)
            where.append(zones)
        of_combination[n] = number[zones]
    return of_combination[combined], where


def _shapes(law: Law, columns: dict[str, Coded], rows: int) -> tuple[Ints, NDArray[np.int8]]:
    """Row -> shape, and shape x match -> truth. Values of which all tests say the same make no two shapes."""
    shape = np.zeros(rows, np.int64)
    truth = np.full((1, len(law.matches)), YES, np.int8)
    for name in law.tested:
        tests = law.base(name)
        column = columns.get(name)
        code = np.zeros(rows, np.int64) if column is None else column.code
        texts = [] if column is None else column.texts.to_pylist()
        used = np.zeros(len(texts) + 1, np.bool_)
        used[code] = True
        said = np.zeros((len(texts) + 1, len(tests)), np.int8)
        for n in np.flatnonzero(used).tolist():
            said[n] = law.answers(name, texts[n - 1] if n else None)
        classes, of_text = np.unique(said, axis=0, return_inverse=True)
        combined = shape * len(classes) + of_text.reshape(-1)[code]
        met = np.zeros(len(truth) * len(classes), np.bool_)
        met[combined] = True
        pairs = np.flatnonzero(met)
        shape = (np.cumsum(met) - 1)[combined]
        truth = truth[pairs // len(classes)]
        of_class = classes[pairs % len(classes)]
        for t, (match, _) in enumerate(tests):
            np.minimum(truth[:, match], of_class[:, t], out=truth[:, match])
    return shape, truth


def _lists_by_shape(law: Law, truth: NDArray[np.int8]) -> tuple[Lists, Lists, Lists]:
    packed, shapes = law.packed, truth.shape[0]
    column = {name: packed.rule[:, n] for n, name in enumerate(RULE)}
    asks = np.diff(packed.whiles.start) > 0
    simple: list[list[int]] = [[] for _ in range(shapes)]
    complicated: list[list[int]] = [[] for _ in range(shapes)]
    for r in range(len(law.rules)):
        unless = packed.unless.items[packed.unless.start[r] : packed.unless.start[r + 1]]
        found = packed.alternatives.items[packed.alternatives.start[r] : packed.alternatives.start[r + 1]]
        applies, verb = int(column["applies"][r]), int(column["verb"][r])
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
    first, count = STANDING.index("first"), STANDING.index("openers")
    for s in range(len(law.standings)):
        row = packed.standing[s]
        touching = [
            *packed.opener[row[first] : row[first] + row[count], 0],
            *packed.closers.items[packed.closers.start[s] : packed.closers.start[s + 1]],
        ]
        for shape in np.flatnonzero(truth[:, touching].max(axis=1, initial=NO)).tolist():
            events[shape].append(s)
    return lists(simple), lists(complicated), lists(events)
