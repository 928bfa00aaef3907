"""An entry of a timeline: a contact or a fact, the one thing that the whole house passes along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

Values = tuple[str, ...]
"""The candidates of a field that holds one value, or all values of a field that holds several (`debt`, `tags`)."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one contact or fact.

    A field that is not in `fields` is unknown. `kind` is always there: "contact", or the kind of the fact. A fact may say `*`: for all.
    """

    entry_id: str
    """Unique, and the same whatever the order of files and rows."""
    at: int
    """Unix second at which it happened; spans run from here."""
    known_at: int
    """Unix second at which the judging side knew it: its place on the timeline. Differs from `at` only for facts learned late."""
    fields: Mapping[str, Values]
    source: str = ""
    """Which source brought it, as the mapping names it."""
    brought_id: str = ""
    """The `contact_id` or `fact_id` of its row, as it came; not always unique."""
    text: str = ""
    """What was said or written, if the row holds it."""

    @property
    def is_contact(self) -> bool:
        """Whether this is a contact rather than a fact."""
        return self.fields["kind"] == ("contact",)

    def one(self, name: str) -> str:
        """The value of a field for people to read: candidates joined by `|`, several values by `+`, empty if unknown."""
        values = self.fields.get(name, ())
        return ("+" if name in ("debt", "tags") else "|").join(values)

    def but(self, **fields: Values | None) -> Entry:
        """The same entry with some fields said otherwise; None makes one unknown."""
        merged = {**self.fields, **fields}
        return msgspec.structs.replace(self, fields={name: v for name, v in merged.items() if v is not None})


def order(entry: Entry) -> tuple[int, bool, str]:
    """The order of a timeline: the second, contacts before facts, then the id.

    Contacts go first so that consent given in a talk and stored under the same second comes after the talk.
    """
    return (entry.known_at, not entry.is_contact, entry.entry_id)


class Holding(NamedTuple):
    """What a source holds: it would have brought every fact of these kinds that happened within these seconds."""

    source: str
    kinds: frozenset[str]
    since: int | None = None
    until: int | None = None


class Coverage(NamedTuple):
    """What the sources hold together, and how far the records reach.

    `complete` takes every kind as held throughout, as a diary does.
    """

    holdings: tuple[Holding, ...] = ()
    records_until: int | None = None
    complete: bool = False
    silent: frozenset[str] = frozenset()
    """Kinds that nothing holds although `complete` is said."""

    def uncovered(self, kind: str, at: int) -> int | None:
        """The last second up to `at` in which a fact of `kind` may have happened without being here; None if there is none."""
        if kind == "contact":
            return None
        if self.complete:
            return at if kind in self.silent else None
        while True:
            reach = [
                h for h in self.holdings if kind in h.kinds and (h.since is None or h.since <= at) and (h.until is None or at <= h.until)
            ]
            if not reach:
                return at
            starts = [h.since for h in reach if h.since is not None]
            if len(starts) < len(reach):
                return None
            at = min(starts) - 1

    def silent_kinds(self, kinds: Iterable[str]) -> list[str]:
        """Those of `kinds` that no source holds at all."""
        return sorted(k for k in kinds if (k in self.silent if self.complete else not any(k in h.kinds for h in self.holdings)))


COMPLETE = Coverage(complete=True)
"""Nothing was withheld: how diaries and witnesses are judged."""
