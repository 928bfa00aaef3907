"""Collectors' numbers over very many contacts: what `numbers` asks of each, summed part by part.

First of every number when and how much it was used (`totals`). If some began within the records, then whom they called and who else called
the same people, and what was said (`shared`). A person lies in one part, since a timeline does; people are told apart by hashes and
never shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.leads.numbers import Caller, Link, Totals, changed, follow, template
from forbear.leads.rows import Rows
from forbear.records.columns.lines import Lines, coded
from forbear.records.columns.texts import Hashes, Ints, hashes
from forbear.records.values import SEVERAL

_MIX = np.uint64(0x9E3779B97F4A7C15)


class Shared(NamedTuple):
    """Of one part: who was called by the new numbers and by whom else, and all that was said."""

    reached: list[str]
    """Numbers, of those that called, at which somebody was reached: they are looked at no further."""
    number: list[str]
    people: tuple[Ints, Hashes, Ints]
    """Position in `number`, hash of a person, contacts."""
    said: tuple[Ints, Hashes, Ints]
    """Position in `number`, hash of a template, contacts."""


class _Made(NamedTuple):
    """Outbound contacts of which the number is known."""

    place: Ints
    number: Ints
    texts: list[str]
    """Position in `number` -> number."""
    person: Hashes
    said: Hashes
    """0 where nothing is known of the words."""


def totals(rows: Rows) -> dict[str, Totals]:
    """What was done from each number."""
    made, lines = _made(rows), rows.lines
    at = rows.at[made.place]
    firsts, lasts = _ends(lines, made, at, np.minimum), _ends(lines, made, at, np.maximum)
    count = len(made.texts)
    calls = np.bincount(made.number, minlength=count).tolist()
    words = np.bincount(made.number[made.said > 0], minlength=count).tolist()
    persons = np.bincount(_pairs(made.number, made.person)[0], minlength=count).tolist()
    code, texts = rows.coded("agency")
    names = ["", *(text.replace(SEVERAL, "|") for text in texts.texts().to_pylist())]
    return {
        number: Totals(*each)
        for number, *each in zip(
            made.texts,
            zip(firsts[0], firsts[1], strict=True),
            zip(lasts[0], lasts[1], strict=True),
            (names[each] for each in code[firsts[2]].tolist()),
            calls,
            persons,
            words,
            strict=True,
        )
    }


def began(callers: dict[str, Totals]) -> list[str]:
    """Numbers that began within the records; none if no other ended."""
    if not callers:
        return []
    ended, new = changed(callers)
    return new if ended else []


def shared(rows: Rows, numbers: Sequence[str], new: Sequence[str]) -> Shared:
    """What one part shows of the people of new numbers. `numbers`: all those of which it is to be known whether somebody was reached."""
    if not new:
        empty = np.empty(0, np.int64)
        nothing = empty, empty.astype(np.uint64), empty
        return Shared(_reached(rows, numbers), [], nothing, nothing)
    made = _made(rows)
    fresh = np.isin(np.array(made.texts, object), np.array(new, object))[made.number] if made.texts else np.empty(0, np.bool_)
    theirs = np.isin(made.person, np.unique(made.person[fresh]))
    spoke = made.said > 0
    return Shared(
        _reached(rows, numbers),
        made.texts,
        _pairs(made.number[theirs], made.person[theirs]),
        _pairs(made.number[spoke], made.said[spoke]),
    )


def links(callers: dict[str, Totals], parts: Iterable[Shared]) -> list[Link]:
    """The links of a whole history."""
    people, said = defaultdict[str, Counter[Hashable]](Counter), defaultdict[str, Counter[Hashable]](Counter)
    reached = set[str]()
    for part in parts:
        reached.update(part.reached)
        for counters, sums in ((people, part.people), (said, part.said)):
            for number, what, times in zip(*(each.tolist() for each in sums), strict=True):
                counters[part.number[number]][what] += times
    return follow({number: Caller(each, people[number], said[number]) for number, each in callers.items() if number not in reached})


def _made(rows: Rows) -> _Made:
    lines, block = rows.lines, rows.lines.block
    if "number" not in block.fields:
        empty = np.empty(0, np.int64)
        return _Made(empty, empty, [], empty.astype(np.uint64), empty.astype(np.uint64))
    place = np.flatnonzero(rows.contact & rows.says("direction", "outbound") & rows.known("number"))
    row = lines.row[place]
    code, distinct = coded(block.fields["number"].take(row))
    consumer = block.fields["consumer"].take(row).hashes()
    who = np.zeros(len(row), np.uint64)
    for name in ("address", "person"):
        if name in block.fields:
            column = block.fields[name].take(row)
            who = np.where(column.known(), column.hashes(), who)
    person = (consumer ^ who * _MIX) * _MIX
    once = block.text.take(row).texts().fill_null("").dictionary_encode()
    templates = hashes(pa.array([template(text) for text in once.dictionary.to_pylist()], pa.string())) | np.uint64(1)
    silent = np.asarray(pc.equal(pc.utf8_trim_whitespace(once.dictionary), ""))
    said = np.where(silent, np.uint64(0), templates)[np.asarray(once.indices)] if len(row) else np.empty(0, np.uint64)
    return _Made(place, code - 1, [text.replace(SEVERAL, "|") for text in distinct.texts().to_pylist()], person, said)


def _ends(lines: Lines, made: _Made, at: Ints, better: np.ufunc) -> tuple[list[int], list[str], Ints]:
    """(when, id, position) of the first or last contact of each number; of several in one second that with the first or last id."""
    best = np.full(len(made.texts), at.max(initial=0) + 1 if better is np.minimum else -1, np.int64)
    better.at(best, made.number, at)
    tied = np.flatnonzero(at == best[made.number])
    ids = lines.ids.of(lines.row[made.place[tied]])
    rank = np.empty(len(tied), np.int64)
    rank[np.asarray(pc.sort_indices(ids))] = np.arange(len(tied))
    order = np.lexsort((rank if better is np.minimum else -rank, made.number[tied]))
    _, first = np.unique(made.number[tied][order], return_index=True)
    chosen = order[first]
    return best.tolist(), ids.take(pa.array(chosen)).to_pylist(), made.place[tied[chosen]]


def _pairs(number: Ints, what: Hashes) -> tuple[Ints, Hashes, Ints]:
    """Each pair once, and how often."""
    order = np.lexsort((what, number))
    number, what = number[order], what[order]
    new = np.flatnonzero(np.append(True, (number[1:] != number[:-1]) | (what[1:] != what[:-1]))) if len(number) else np.empty(0, np.int64)
    return number[new], what[new], np.diff(np.append(new, len(number)))


def _reached(rows: Rows, numbers: Sequence[str]) -> list[str]:
    """As `seen.reached`, of these numbers."""
    wanted, found = pa.array(numbers, pa.string()), set[str]()
    for name, which in (("address", slice(None)), ("number", rows.says("direction", "inbound"))):
        code, distinct = rows.coded(name)
        used = np.unique(code[which])
        texts = distinct.texts().take(pa.array(used[used > 0] - 1))
        each = pc.list_flatten(pc.split_pattern(texts, SEVERAL))
        found.update(each.filter(pc.is_in(each, value_set=wanted)).to_pylist())
    return sorted(found)
