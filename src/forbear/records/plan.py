"""What the columns of one file mean under a mapping, settled before its first row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from forbear.records.entry import Values
from forbear.records.files import InputError
from forbear.records.mapping import Mapping
from forbear.records.schema import EXTRA, NEEDED, STANDING
from forbear.records.values import column

Table = Literal["contacts", "facts"]


class Plan(NamedTuple):
    """Where in a row each of our columns stands."""

    table: Table
    fields: tuple[tuple[int, str], ...]
    """(place, field) in the order of the file, with `from` and `to`."""
    extra: dict[str, int]
    """Our columns that are no field -> place."""
    ignored: tuple[str, ...]
    """Columns of the file that mean nothing to us."""

    def named(self, header: Sequence[str], name: str) -> str:
        """The file's own name of one of our columns, or ours if it has none."""
        places = {field: place for place, field in self.fields} | self.extra
        return header[places[name]] if name in places else name


def plan(file: str, header: Sequence[str], mapping: Mapping, table: Table | None) -> Plan:
    """Settles what the columns mean. A file with kinds of fact is facts unless said otherwise.

    Raises `InputError` where a needed column is missing, or a used column stands twice in the header.
    """
    fields: list[tuple[int, str]] = []
    extra: dict[str, int] = {}
    ignored = []
    seen: set[str] = set()
    for place, theirs in enumerate(header):
        ours = mapping.column_of(theirs)
        if ours is None:
            ignored.append(theirs)
            continue
        if ours in seen:
            raise InputError(file, f"the header names {theirs!r} twice", "rename one of them, so that it is clear which is meant", 1)
        seen.add(ours)
        if ours in EXTRA and ours not in ("from", "to"):
            extra[ours] = place
        else:
            fields.append((place, ours))
    table = table or ("facts" if seen & {"kind", "fact_id"} else "contacts")
    for name in NEEDED[table]:
        given = name in mapping.given or (name == "consumer" and mapping.readings.consumer_is_address)
        if name not in seen and not given:
            has = ", ".join(theirs for theirs in header[:40] if theirs) or "none"
            do = f"name it in a mapping (forbear init proposes one); the columns are: {has}"
            raise InputError(file, f"no column says {name!r}, which {table} need", do, 1)
    return Plan(table, tuple(fields), extra, tuple(ignored))


def constants(mapping: Mapping) -> tuple[dict[str, Values], dict[str, Values]]:
    """(constants of every row, constants of contacts alone), read as cells are."""
    read = {name: column(name)[str(value)] for name, value in mapping.given.items()}
    values = {name: value for name, value in read.items() if isinstance(value, tuple)}
    return {n: v for n, v in values.items() if n in STANDING}, {n: v for n, v in values.items() if n not in STANDING}
