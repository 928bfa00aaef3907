"""What the columns of an export probably are, from their names and, where a name says nothing, from their values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Literal, NamedTuple

from forbear.records import instants, phones, synonyms, values
from forbear.records.schema import COLUMNS
from forbear.terms import FIELDS

_BY_VALUES = ("channel", "direction", "party", "outcome", "kind", "place", "zone")
"""Fields whose words are telling enough to know a column by them, the most telling first."""

By = Literal["name", "values"]


class Guess(NamedTuple):
    """A column of ours for one of theirs, and by what it was known."""

    column: str
    by: By


def columns(header: Sequence[str], cells: Sequence[Sequence[str]]) -> dict[str, Guess]:
    """Their column -> ours, for those that could be told; no column of ours twice."""
    found: dict[str, Guess] = {}
    taken: set[str] = set()
    exact = [name for name in header if name in COLUMNS]
    for theirs in (*exact, *header):
        ours = theirs if theirs in COLUMNS else synonyms.columns().get(synonyms.plain(theirs))
        if ours and ours not in taken and theirs not in found:
            found[theirs] = Guess(ours, "name")
            taken.add(ours)
    for theirs, column in zip(header, cells, strict=True):
        said = [cell.strip() for cell in column if cell.strip()]
        if theirs in found or not theirs or not said:
            continue
        by_values = _by_values(said, taken)
        if by_values:
            found[theirs] = Guess(by_values, "values")
            taken.add(by_values)
    return found


def _by_values(said: Sequence[str], taken: Collection[str]) -> str | None:
    if "occurred_at" not in taken and all(_is_time(cell) for cell in said):
        return "occurred_at"
    for name in _BY_VALUES:
        if name not in taken:
            column = values.column(name)
            if not any(isinstance(column[cell], values.Unreadable) for cell in set(said)):
                return name
    if not {"address", "to"} & set(taken) and all(_is_number(cell) for cell in said):
        return "address"
    return None


def _is_time(cell: str) -> bool:
    try:
        instants.read(cell)
    except instants.BadTime as error:
        return str(error) == "ambiguous-date"
    return not cell.isdigit() or len(cell) in (10, 13, 14)


def _is_number(cell: str) -> bool:
    return any(phones.e164(cell, region).startswith("+") for region in (None, "CN", "US"))


class Times(NamedTuple):
    """How a column writes its times."""

    format: str | None
    """What to say under `[time]`; None where day and month cannot be told apart."""
    local: bool
    """Whether some times come without offset, so that a zone is needed."""
    dates: bool
    """Whether some are dates alone."""


def times(said: Sequence[str]) -> Times:
    """What the times of a column have in common. Unix times and plain dates need no format, so it is `auto`."""
    form: str | None = "auto"
    fits = {each: sum(_reads(cell, each) for cell in said) for each in ("auto", "day-first", "month-first")}
    best = max(fits.values())
    if fits["auto"] < best:
        form = None if fits["day-first"] == fits["month-first"] else max(fits, key=lambda each: fits[each])
    shown = []
    for cell in said:
        try:
            shown.append(instants.read(cell, form or "day-first"))
        except instants.BadTime:
            continue
    local = [each for each in shown if each.instant is None]
    return Times(form, bool(local), any(each.second is None for each in local))


def _reads(cell: str, form: str) -> bool:
    try:
        instants.read(cell, form)
    except instants.BadTime:
        return False
    return True


class Said(NamedTuple):
    """A value of a column with a word list: what it says, or None if that is not known."""

    cell: str
    rows: int
    means: str | None
    reading: bool


def words(ours: str, column: Sequence[str], most: int = 40) -> list[Said]:
    """The values that need a translation or were given one, the most frequent first. None of ours is listed."""
    reader = values.column(ours)
    found = []
    for cell, rows in Counter(cell.strip() for cell in column).most_common(most):
        read = reader[cell]
        if isinstance(read, values.Unreadable):
            found.append(Said(cell, rows, None, False))
        elif read and cell not in FIELDS[ours].words and "|" not in cell:
            found.append(Said(cell, rows, ("+" if FIELDS[ours].many else "|").join(read), cell in reader.readings))
    return found
