"""Who asks, what is to be done, and under which settings: what a gate is handed."""

from __future__ import annotations

from typing import Literal, NamedTuple

from forbear.doors.gate.api import Fact, Happened, Outcome, Planned, Question
from forbear.records.mapping import PLAIN, Mapping

What = Literal["ask", "dry-run", "plan", "outcome", "cancel", "fact", "contact"]


class Asker(NamedTuple):
    """The holder of an API key."""

    key: str
    """The key's id, never its secret."""
    agency: str
    agency_kind: str
    roles: frozenset[str]
    per_minute: int = 0
    """How many requests a minute; 0: as many as it likes."""

    @property
    def sees_all(self) -> bool:
        """Whether measured values, whole witnesses and other agencies' contacts may be told."""
        return bool(self.roles & {"creditor", "audit"})


class Job(NamedTuple):
    """One request."""

    asker: Asker
    what: What
    request: Question | Planned | Outcome | Fact | Happened | None
    idempotency: str = ""
    """The asker's own key for this request; empty: none."""
    target: str = ""
    """For an outcome or a cancellation: the id of the decision."""


class Settings(NamedTuple):
    """How this gate is run. Durations in seconds."""

    mapping: Mapping = PLAIN
    lease_s: int = 900
    """How long an allowed contact may be cancelled."""
    skew_s: int = 30
    """How far an asker's clock may be from the server's."""
