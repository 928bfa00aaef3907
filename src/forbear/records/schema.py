"""The columns of the two tables that everyone brings, and what each of them needs.

Where a column is also a field of an entry, its shape and its words are those of `terms.FIELDS`; only what an entry keeps elsewhere (its
instant, its id, its text) is described here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from forbear.terms import FIELDS, KIND, Word

EXTRA: Final[Mapping[str, Word]] = {
    "occurred_at": Word("when it happened", "发生时间"),
    "known_at": Word("when it became known", "知悉时间"),
    "contact_id": Word("contact id", "联系编号"),
    "fact_id": Word("fact id", "事实编号"),
    "source": Word("source", "来源"),
    "text": Word("text", "内容"),
    "from": Word("the calling end", "主叫"),
    "to": Word("the called end", "被叫"),
}
"""Columns that are no field of an entry: they become its instants, its id, its source, its text, or its `number` and `address`."""

CONTACT: Final = (
    *("occurred_at", "consumer", "channel", "contact_id", "source", "zone", "jurisdiction", "debt", "debt_kind", "creditor"),
    *("creditor_kind", "agency", "agency_kind", "collector", "direction", "person", "party", "address", "number", "place"),
    *("outcome", "duration_s", "text", "tags", "collectors_present", "automated"),
)
"""The columns of contacts, in the order of the records page."""

FACT: Final = (
    *("occurred_at", "consumer", "kind", "fact_id", "source", "known_at", "debt", "agency", "channel", "address", "person", "form"),
    *("scope", "reason", "declared_by", "hours", "until", "amount", "text"),
)
"""The columns of facts. A fact may also carry any other field (the `number` that was registered, the `place` that was forbidden)."""

ALL: Final = "*"
"""What a fact says that was told for all consumers, all debts, all agencies. It joins nobody to anybody, and no contact may say it."""

COLUMNS: Final = frozenset((*FIELDS, *EXTRA))
"""Every name that a mapping may point to."""

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {"contacts": CONTACT[:3], "facts": FACT[:3]}
"""What a row cannot do without."""

ENDS: Final = ("address", "number", "person", "from", "to")
"""Columns that may hold a telephone number."""

STANDING: Final = ("jurisdiction", "zone", "creditor", "creditor_kind", "agency", "agency_kind", "debt_kind")
"""Constants that also hold for facts. What a mapping says of all contacts (outbound, by telephone) is not said of a dispute."""

PERMITS: Final = frozenset(
    {
        *("consent", "asked-to-call-back", "opt-in", "verified", "attorney-withdrawn", "inconvenient-hours-lifted", "place-allowed"),
        *("number-registered", "staff-account-registered", "number-checked", "validation-notice", "notice", "assigned", "due", "overdue"),
    }
)
"""Kinds of fact after which the collector may do more. With a date and no time they stand at the end of that date; all other kinds, which
restrict him or set a term running, at its start."""

assert set(KIND) >= PERMITS


def name_of(column: str) -> Word:
    """What people call a column."""
    return EXTRA[column] if column in EXTRA else FIELDS[column].name
