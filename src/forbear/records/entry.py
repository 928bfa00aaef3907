"""An entry of a timeline: a contact or a fact, the one thing that the whole house passes along."""

from __future__ import annotations

from collections.abc import Mapping

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
        return values[0] if len(values) == 1 else ("+" if name in ("debt", "tags") else "|").join(values)

    def but(self, **fields: Values | None) -> Entry:
        """The same entry with some fields said otherwise; None makes one unknown."""
        merged = {**self.fields, **fields}
        return msgspec.structs.replace(self, fields={name: v for name, v in merged.items() if v is not None})


def order(entry: Entry) -> tuple[int, bool, str]:
    """The order of a timeline: the second, contacts before facts, then the id.

    Contacts go first so that consent given in a talk and stored under the same second comes after the talk.
    """
    return (entry.known_at, not entry.is_contact, entry.entry_id)
