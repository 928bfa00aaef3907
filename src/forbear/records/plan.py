"""What the columns of one file mean under a mapping, settled before its first row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from forbear.records.entry import Values
from forbear.records.errors import InputError
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
    unasked: tuple[str, ...]
    """Columns that mean something, but nothing that this run asks for: they are not read."""
    kept: frozenset[str] | None
    """The fields that an entry keeps; None keeps all."""

    @property
    def places(self) -> list[int]:
        """The columns to be read, in the order of the file."""
        return sorted((*(place for place, _ in self.fields), *self.extra.values()))

    def named(self, header: Sequence[str], name: str) -> str:
        """The file's own name of one of our columns, or ours if it has none."""
        places = {field: place for place, field in self.fields} | self.extra
        return header[places[name]] if name in places else name


def plan(
    file: str, header: Sequence[str], mapping: Mapping, table: Table | None, asked: frozenset[str] | None = None, *, heard: bool = False
) -> Plan:
    """Settles what the columns mean, and which are read. A file with kinds of fact is facts unless said otherwise.

    `asked`: the fields that somebody will look at; None: all. `heard`: tags are also made of texts.

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
    if asked is None:
        return Plan(table, tuple(fields), extra, tuple(ignored), (), None)
    used = needed(asked, mapping)
    if heard and "tags" in asked and table == "contacts":
        used |= {"text", "direction", "automated"}
    if ("contact_id" if table == "contacts" else "fact_id") not in seen:
        used |= {"text"}  # ids will be made of all that a row says
    unasked = tuple(theirs for theirs in header if (ours := mapping.column_of(theirs)) is not None and ours not in used)
    return Plan(
        table,
        tuple((place, name) for place, name in fields if name in used),
        {name: place for name, place in extra.items() if name in used},
        tuple(ignored),
        unasked,
        asked | _ALWAYS,
    )


def needed(asked: frozenset[str], mapping: Mapping) -> frozenset[str]:
    """Our columns that lead to the fields that are asked for, some of them by way of others."""
    leads = dict(_LEADS)
    if mapping.readings.consumer_is_address:
        leads["consumer"] = ("address",)
    if mapping.readings.conversation_from_s is not None:
        leads["outcome"] = ("duration_s", "channel")
    if not mapping.time.zone:
        leads["occurred_at"] = ("zone",)
    found = set[str]()
    open_ = [*asked, *_ALWAYS, *_BESIDE]
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += leads.get(name, ())
    return frozenset(found)


_ALWAYS: Final = frozenset({"consumer", "kind", "channel", "debt"})
"""Fields without which there is no entry, or no timeline."""
_BESIDE: Final = ("occurred_at", "known_at", "contact_id", "fact_id", "source")
"""Columns that are read whatever is asked for, and are no field."""
_LEADS: Final[dict[str, tuple[str, ...]]] = {
    "person": ("party", "jurisdiction"),
    "number": ("from", "to", "direction", "jurisdiction"),
    "address": ("from", "to", "direction", "jurisdiction"),
    "tags": ("outcome", "channel"),
    "minutes_a_week": ("hours",),
}
"""Field -> other columns that may say or change it: see `derived`."""


def constants(mapping: Mapping, asked: frozenset[str] | None = None) -> tuple[dict[str, Values], dict[str, Values]]:
    """(constants of every row, constants of contacts alone), read as cells are; those alone that lead to what is asked for."""
    used = None if asked is None else needed(asked, mapping)
    read = {name: column(name)[str(value)] for name, value in mapping.given.items() if used is None or name in used}
    values = {name: value for name, value in read.items() if isinstance(value, tuple)}
    return {n: v for n, v in values.items() if n in STANDING}, {n: v for n, v in values.items() if n not in STANDING}
