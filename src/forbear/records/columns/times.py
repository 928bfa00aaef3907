"""The times of a chunk at once: what usual cells show by arithmetic on their bytes, any other by `instants.read`, once for each text."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from forbear.records import instants
from forbear.records.clock import EPOCH_DAY
from forbear.records.columns.coded import Coded, cells
from forbear.records.columns.texts import Ints, Mask
from forbear.records.instants import BadTime
from forbear.records.values import SEVERAL

Letters = NDArray[np.uint8]
"""The bytes of many texts of one length: place x row."""
_DAY: Final = 86400
_FORMS: Final = {19: "", 20: "Z", 25: "+", 23: "", 24: "Z", 29: "+", 26: "", 27: "Z", 32: "+"}
"""Length of `2026-03-02T09:00:00`, with three or six digits of a fraction or none -> what follows: nothing, `Z`, or an offset."""
_UNITS: Final = {"s": 1, "ms": 1000, "us": 1_000_000, "ns": 1_000_000_000}
_SURE_DAYS: Final = (np.datetime64("1901-01-01").astype(int), np.datetime64("2199-01-01").astype(int))


class Shown(NamedTuple):
    """What the cells of a column show, as `instants.Shown` does for one: `second` is an instant where `local` is false."""

    second: Ints
    """An instant, or seconds of a wall clock since 1970-01-01 00:00 by that same clock."""
    local: Mask
    sure: Mask
    """Where this is false, the row must be read by itself: no time, a date alone, or a cell that says nothing."""
    silent: Mask
    """Where the cell says nothing, or unknown."""


def read(array: pa.Array, form: str) -> Shown:
    """What the cells show."""
    kind, rows = array.type, len(array)
    found = Shown(np.zeros(rows, np.int64), np.zeros(rows, np.bool_), np.zeros(rows, np.bool_), np.zeros(rows, np.bool_))
    if form == "auto" and pa.types.is_timestamp(kind):
        _stamps(array, found)
    elif form == "auto" and pa.types.is_integer(kind):
        _numbers(array, found)
    elif form == "auto" and pa.types.is_string(kind):
        _texts(array, found)
    rest = np.flatnonzero(~found.sure)
    if len(rest):
        _one_by_one(cells(array.take(pa.array(rest))), form, found, rest)
    return found


def _stamps(array: pa.Array, found: Shown) -> None:
    seconds = np.floor_divide(np.asarray(pc.fill_null(array.cast(pa.int64()), 0)), _UNITS[array.type.unit])
    day = seconds // _DAY
    found.second[:] = seconds
    found.local[:] = array.type.tz is None
    found.sure[:] = np.asarray(array.is_valid()) & (day > _SURE_DAYS[0]) & (day < _SURE_DAYS[1])


def _numbers(array: pa.Array, found: Shown) -> None:
    number = np.asarray(pc.fill_null(array.cast(pa.int64(), safe=False), 0))
    seconds, thousands = (number >= 10**8) & (number < 10**10), (number >= 10**12) & (number < 10**13)
    found.second[:] = np.where(thousands, number // 1000, number)
    # From 7.26e9 on, the year 2200 is passed, which the reader of one cell refuses.
    found.sure[:] = np.asarray(array.is_valid()) & (seconds | thousands) & (found.second < 7_000_000_000)


def _texts(array: pa.Array, found: Shown) -> None:
    length = np.asarray(pc.fill_null(pc.binary_length(array), 0)).astype(np.int64)
    starts = np.frombuffer(array.buffers()[1], np.int32)[array.offset : array.offset + len(array)].astype(np.int64)
    data = np.frombuffer(array.buffers()[2], np.uint8) if array.buffers()[2] else np.empty(0, np.uint8)
    for size in np.unique(length).tolist():
        if size not in _FORMS and size not in (9, 10, 13):
            continue
        rows = np.flatnonzero(length == size)
        letters = data[starts[rows][:, None] + np.arange(size)].T
        if size in _FORMS:
            second, local, sure = _iso(letters, size)
        else:
            digits = letters - np.uint8(48)
            sure = np.asarray((digits <= 9).all(axis=0))
            second = _number(digits) // (1000 if size == 13 else 1)
            local = np.zeros(len(rows), np.bool_)
            sure &= second < 7_000_000_000
        found.second[rows], found.local[rows], found.sure[rows] = second, local, sure


def _number(digits: Letters) -> Ints:
    value = np.zeros(digits.shape[1], np.int64)
    for row in digits:
        value = value * 10 + row
    return value


def _iso(letters: Letters, size: int) -> tuple[Ints, Mask, Mask]:
    """(seconds, local, sure) of `2026-03-02T09:00:00`, `... 09:00:00.123`, with `Z`, with `+08:00`."""
    tail = _FORMS[size]
    fraction = {19: 0, 23: 4, 26: 7}[size - {"": 0, "Z": 1, "+": 6}[tail]]
    digits = letters - np.uint8(48)
    year, month, day, hour, minute, second = (_number(digits[a:b]) for a, b in ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19)))
    places = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, *range(20, 19 + fraction)]
    sure = (digits[places] <= 9).all(axis=0)
    signs = [(4, "-"), (7, "-"), (13, ":"), (16, ":"), *([(19, ".")] if fraction else [])]
    for place, sign in signs:
        sure &= letters[place] == ord(sign)
    sure &= (letters[10] == ord(" ")) | (letters[10] == ord("T"))
    sure &= (year > 1900) & (year < 2199) & (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (minute < 60) & (second < 60)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[np.minimum(month, 12)] + (leap & (month == 2))
    sure &= day <= longest
    total = _days(year, month, day) * _DAY + hour * 3600 + minute * 60 + second
    if tail == "Z":
        sure &= letters[-1] == ord("Z")
    elif tail == "+":
        hours, minutes = _number(digits[-5:-3]), _number(digits[-2:])
        sure &= (digits[[-5, -4, -2, -1]] <= 9).all(axis=0) & (letters[-3] == ord(":")) & (hours < 24) & (minutes < 60)
        sure &= (letters[-6] == ord("+")) | (letters[-6] == ord("-"))
        total = total - np.where(letters[-6] == ord("-"), -1, 1) * (hours * 3600 + minutes * 60)
    return total, np.full(len(total), not tail), sure


def _days(year: Ints, month: Ints, day: Ints) -> Ints:
    """Days since 1970-01-01."""
    y = year - (month <= 2)
    era = y // 400
    of_era = y - era * 400
    of_year = (153 * (month + np.where(month > 2, -3, 9)) + 2) // 5 + day - 1
    days: Ints = era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468
    return days


def _one_by_one(column: Coded, form: str, found: Shown, rows: Ints) -> None:
    distinct = len(column.texts)
    second, local, sure, silent = (np.zeros(distinct, kind) for kind in (np.int64, np.bool_, np.bool_, np.bool_))
    for place, cell in enumerate(column.texts.to_pylist()):
        text = cell.strip()
        silent[place] = text in ("", "?")
        try:
            shown = None if silent[place] else instants.read(text, form)
        except BadTime:
            continue
        if shown and shown.instant is not None:
            second[place], sure[place] = shown.instant, True
        elif shown and shown.second is not None:
            second[place], sure[place], local[place] = (shown.day - EPOCH_DAY) * _DAY + shown.second, True, True
    code = column.code
    found.second[rows], found.local[rows], found.sure[rows], found.silent[rows] = second[code], local[code], sure[code], silent[code]


def settle(shown: Shown, zone: Coded) -> tuple[Ints, Mask]:
    """The instants, and where they are sure: the zone is one, and its clock was not moved on that day."""
    at, sure = shown.second.copy(), shown.sure.copy()
    rows = np.flatnonzero(shown.local & sure)
    codes = zone.code[rows]
    for code in np.unique(codes).tolist():
        name = zone.texts[code].as_py()
        some = rows[codes == code]
        if not name or SEVERAL in name:
            sure[some] = False
            continue
        day = shown.second[some] // _DAY
        first = int(day.min())
        # Days without any contact are not asked for.
        midnights = np.zeros(int(day.max()) - first + 1, np.int64)
        steady = np.zeros(len(midnights), np.bool_)
        for each in np.unique(day).tolist():
            start = instants.steady(each + EPOCH_DAY, name)
            midnights[each - first], steady[each - first] = start or 0, start is not None
        at[some] = midnights[day - first] + shown.second[some] - day * _DAY
        sure[some] = steady[day - first]
    return at, sure
