"""What is compiled: texts as numbers, hashes, and rows put in order by counting. Nothing here holds the interpreter's lock.

Numba's cache watches this file alone, so nothing compiled may lie elsewhere.
"""

from __future__ import annotations

import numba as nb
import numpy as np

PLUS = 1 << 62
"""A number from here on is the text of the number less this, behind a plus."""
RANGES = 256
_A, _B = np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53)
_FNV, _OFFSET = np.uint64(0x100000001B3), np.uint64(0xCBF29CE484222325)
_33, _32, _56, _ONE = np.uint64(33), np.uint64(32), np.uint64(56), np.uint64(1)
_SHORT = 24
"""Rows that are sorted one by one: few, and nearly in order already."""


@nb.njit(nogil=True, cache=True)
def _decimal(data, first, last):
    """A text as a number; -2 if its number would be written otherwise."""
    plus = 0
    if first < last and data[first] == 43:
        plus = PLUS
        first += 1
    if last - first < 1 or last - first > 18 or (data[first] == 48 and last - first > 1):
        return -2
    value = 0
    for place in range(first, last):
        digit = np.int64(data[place]) - 48
        if digit < 0 or digit > 9:
            return -2
        value = value * 10 + digit
    return value + plus


@nb.njit(nogil=True, cache=True)
def decimals(start, data, empty, out):
    """Texts as numbers, an empty one as `empty`; whether all of them are numbers."""
    for row in range(len(out)):
        first, last = np.int64(start[row]), np.int64(start[row + 1])
        out[row] = empty if first == last else _decimal(data, first, last)
        if out[row] == -2:
            return False
    return True


@nb.njit(nogil=True, cache=True)
def _mix(value):
    value = (value ^ (value >> _33)) * _A
    value = (value ^ (value >> _33)) * _B
    return value ^ (value >> _33)


@nb.njit(nogil=True, cache=True)
def mixed(values, out):
    """The hash of each number."""
    for row in range(len(values)):
        out[row] = _mix(np.uint64(values[row]))


@nb.njit(nogil=True, cache=True)
def hashed(start, data, out):
    """The hash of each text; of one that is a number, that of the number."""
    for row in range(len(out)):
        first, last = np.int64(start[row]), np.int64(start[row + 1])
        value = _decimal(data, first, last)
        if value >= 0:
            out[row] = _mix(np.uint64(value))
        else:
            found = _OFFSET ^ np.uint64(last - first)
            for place in range(first, last):
                found = (found ^ np.uint64(data[place])) * _FNV
            out[row] = _mix(found)


@nb.njit(nogil=True, cache=True)
def home(hashes, parts, out):
    """The part of each hash."""
    for row in range(len(hashes)):
        out[row] = np.int32(((hashes[row] >> _32) * np.uint64(parts)) >> _32)


@nb.njit(nogil=True, cache=True)
def places(hashes, table):
    """Fills a table with where each of some different hashes stands, -1 elsewhere; its length is a power of two."""
    table[:] = -1
    for row in range(len(hashes)):
        place = np.int64(hashes[row]) & (len(table) - 1)
        while table[place] >= 0:
            place = (place + 1) & (len(table) - 1)
        table[place] = row


@nb.njit(nogil=True, cache=True)
def move(hashes, who, table, target, part):
    """The part of each hash that is among `who`, of which `table` tells the places; the others stay where they are."""
    for row in range(len(hashes)):
        place = np.int64(hashes[row]) & (len(table) - 1)
        while table[place] >= 0:
            if who[table[place]] == hashes[row]:
                part[row] = target[table[place]]
                break
            place = (place + 1) & (len(table) - 1)


@nb.njit(nogil=True, cache=True)
def divide(part, ends, order):
    """Rows by part, in their order within it; part `n` is `order[ends[n]:ends[n + 1]]`."""
    ends[:] = 0
    for row in range(len(part)):
        ends[part[row] + 1] += 1
    for n in range(1, len(ends)):
        ends[n] += ends[n - 1]
    following = ends[:-1].copy()
    for row in range(len(part)):
        order[following[part[row]]] = row
        following[part[row]] += 1


@nb.njit(nogil=True, cache=True)
def spread(rows, ends, out):
    """The same for rows of hashes, by the first bits of the first."""
    ends[:] = 0
    for row in range(len(rows)):
        ends[np.int64(rows[row, 0] >> _56) + 1] += 1
    for n in range(1, len(ends)):
        ends[n] += ends[n - 1]
    following = ends[:-1].copy()
    for row in range(len(rows)):
        place = np.int64(rows[row, 0] >> _56)
        for column in range(rows.shape[1]):
            out[following[place], column] = rows[row, column]
        following[place] += 1


@nb.njit(nogil=True, cache=True)
def repeats(rows, out):
    """Rows whose first hash stands before with another last one, beside that; how many. With one column: with any."""
    size = 16
    while size < 2 * len(rows):
        size *= 2
    table = np.full(size, -1, np.int64)
    found, last = 0, rows.shape[1] - 1
    for row in range(len(rows)):
        place = np.int64(rows[row, 0]) & (size - 1)
        while table[place] >= 0 and rows[table[place], 0] != rows[row, 0]:
            place = (place + 1) & (size - 1)
        if table[place] < 0:
            table[place] = row
        elif last == 0 or rows[table[place], last] != rows[row, last]:
            out[found, 0], out[found, 1] = rows[table[place], last], rows[row, last]
            found += 1
    return found


@nb.njit(nogil=True, cache=True)
def dense(values, code, distinct):
    """Numbers from 1 on for different values, 0 for one below zero; how many there are."""
    size = 16
    while size < 2 * len(values):
        size *= 2
    table = np.zeros(size, np.int32)
    found = 0
    for row in range(len(values)):
        value = values[row]
        if value < 0:
            code[row] = 0
            continue
        place = np.int64(_mix(np.uint64(value))) & (size - 1)
        while table[place] and distinct[table[place] - 1] != value:
            place = (place + 1) & (size - 1)
        if not table[place]:
            distinct[found] = value
            found += 1
            table[place] = found
        code[row] = table[place]
    return found


@nb.njit(nogil=True, cache=True)
def owners(consumer, debt, owner, edges):
    """Pairs of consumers of one debt, debts and consumers from 0 on; -1 is none. How many pairs."""
    found = 0
    for row in range(len(debt)):
        what, who = debt[row], consumer[row]
        if what < 0:
            continue
        if owner[what] < 0:
            owner[what] = who
        elif owner[what] != who:
            edges[found, 0], edges[found, 1] = owner[what], who
            found += 1
            owner[what] = who
    return found


@nb.njit(nogil=True, cache=True)
def ordered(key, start, order, tied):
    """Puts the rows of each timeline in the order of their keys, and marks those whose key another one has; how many.

    `order` holds the rows of timeline `t` at `start[t]:start[t + 1]`.
    """
    ties = 0
    for line in range(len(start) - 1):
        first, last = start[line], start[line + 1]
        for place in range(first + 1, last):
            if key[order[place]] < key[order[place - 1]]:
                break
        else:
            place = last
        if place < last and last - first <= _SHORT:
            for here in range(place, last):
                row, back = order[here], here
                while back > first and key[order[back - 1]] > key[row]:
                    order[back] = order[back - 1]
                    back -= 1
                order[back] = row
        elif place < last:
            rows = order[first:last].copy()
            order[first:last] = rows[np.argsort(key[rows], kind="mergesort")]
        for here in range(first + 1, last):
            if key[order[here]] == key[order[here - 1]]:
                ties += (not tied[here]) + (not tied[here - 1])
                tied[here] = tied[here - 1] = True
    return ties


@nb.njit(nogil=True, cache=True)
def led(value, lead, numbers, lengths, spelled, settled):
    """Numbers that length and first digits settle: see `phones`.

    `numbers`: the power of ten above the first digits, the code, and the least and most digits.
    """
    possible, kept = lengths
    width, code, least, most = numbers
    for row in range(len(value)):
        size, above, first = 1, 10, value[row]
        while above <= value[row]:
            above *= 10
            size += 1
        if size < least or size > most:
            continue
        while first >= width:
            first //= 10
        begins = lead[first]
        if begins == 0 or (begins == 1 and kept[size]):
            settled[row] = True
            if possible[size]:
                spelled[row] = PLUS + code * above + value[row]
