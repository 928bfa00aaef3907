"""Everything that a pack says, once, in one language: HTML, PDF and table are settings of this, and its digest is the pack's mark.

Nothing here depends on when or where it was made, so that whoever has the sources and the case comes to the same.
"""

from __future__ import annotations

import msgspec


class Shown(msgspec.Struct, frozen=True):
    """An entry as it is shown: a call, a message, or a fact that was told."""

    when: str
    what: str
    """Channel, outcome and length in words."""
    number: str
    words: str
    """The text, redacted and cut to a length that can be read."""
    record: str
    """Its id: the first digits of the SHA-256 of its record; `fact-1-1` for what the case tells."""


class Incident(msgspec.Struct, frozen=True):
    """One contact that breaks a rule, with its witness."""

    contact: Shown
    who: str
    """Who contacted, as the case names him."""
    sentence: str
    witness: list[Shown]
    more: int
    """Witness records that are not listed; their ids are in the table."""
    last_day: str
    """Until when a court can be asked, where the law says so."""
    passed: bool
    """Whether that day lies before the last record."""


class Group(msgspec.Struct, frozen=True):
    """All that breaks one rule."""

    rule: str
    version: int
    title: str
    cite: str
    quote: str
    url: str
    force: str
    effect: str
    verified: str
    contacts: int
    seen: str
    """How many contacts, and from when to when."""
    incidents: list[Incident]
    more: int
    """Incidents that are not listed here; all are in findings.csv."""


class Missing(msgspec.Struct, frozen=True):
    """What is not known, how it can be got, and how many contacts wait for it."""

    what: str
    how: str
    contacts: int


class Office(msgspec.Struct, frozen=True):
    """Where to turn."""

    name: str
    purpose: str
    source: str
    draft: str
    """A complaint that states facts; empty where nothing that was found concerns this office."""


class Party(msgspec.Struct, frozen=True):
    """A collector of the case."""

    name: str
    kind: str
    creditor: str
    numbers: str
    contacts: int
    first: str
    last: str


class Source(msgspec.Struct, frozen=True):
    """A file that was read."""

    name: str
    format: str
    sha256: str
    size: int
    records: int
    fault: str


class Pack(msgspec.Struct, frozen=True):
    """The whole."""

    lang: str
    title: str
    person: str
    period: str
    headline: str
    summary: list[str]
    steps: list[str]
    parties: list[Party]
    facts: list[Shown]
    told: list[Shown]
    """What the person tells without a record: neither judged nor counted."""
    breaches: list[Group]
    departures: list[Group]
    leads: list[str]
    missing: list[Missing]
    offices: list[Office]
    sources: list[Source]
    program: str
    redacted: bool
    law: dict[str, str]
    """Rule -> version and hash, of the rules that are cited."""
