"""What goes into the gate and what comes out: the words of HTTP, of the client, and of the ledger, in one place.

Columns have the names and words of the records page (`docs/records.md`); a list stands for several debts or tags, `a|b` for candidates.
Instants that go out are RFC 3339 in UTC. Nothing here knows about law.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

import msgspec

Cell = str | int | float | list[str] | None
"""What a column says: text, a number, several texts. Left out or null: unknown."""
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=20_000)]

ROLES: Final = ("decide", "report", "read", "creditor", "audit")
"""decide: ask, dry-run, plan, cancel. report: outcomes, facts, what was not asked. read: one's own decisions. creditor, audit: every
agency's, with measured values and whole witnesses; audit also reads the ledger."""


class _Contact(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What is declared about a contact. What is left out is unknown, and denies where it matters."""

    consumer: Id
    channel: Id
    debt: Cell = None
    debt_kind: Cell = None
    creditor: Cell = None
    creditor_kind: Cell = None
    agency: Cell = None
    """Only the creditor's key may name it; every other key speaks for its own agency."""
    agency_kind: Cell = None
    collector: Cell = None
    zone: Cell = None
    jurisdiction: Cell = None
    direction: Cell = None
    person: Cell = None
    party: Cell = None
    address: Cell = None
    number: Cell = None
    place: Cell = None
    tags: Cell = None
    collectors_present: Cell = None
    automated: Cell = None
    reason: Cell = None
    text: Text | None = None
    """The message that is to be sent; its tags are judged with the contact."""


class Question(_Contact):
    """May this contact be placed now?"""

    asked_at: str | int | None = None
    """The asker's clock, RFC 3339 or Unix seconds: refused if it is further from the server's than is allowed."""


class Planned(_Contact):
    """When, in the coming days, may this contact be placed?"""

    days: Annotated[int, msgspec.Meta(ge=1, le=31)] = 7


class Happened(_Contact):
    """A contact that the gate was not asked about: the consumer's own call, or one placed before the gate came into the house."""

    occurred_at: Id | int
    outcome: Cell = None
    duration_s: Cell = None
    contact_id: Id | None = None


class Fact(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Something else that changes what is lawful: consent, a stop request, a dispute, a notice."""

    consumer: Id
    kind: Id
    occurred_at: str | int | None = None
    """When it happened; now, if left out. It is known from now on."""
    fact_id: Id | None = None
    debt: Cell = None
    creditor: Cell = None
    creditor_kind: Cell = None
    agency: Cell = None
    agency_kind: Cell = None
    channel: Cell = None
    direction: Cell = None
    zone: Cell = None
    jurisdiction: Cell = None
    person: Cell = None
    party: Cell = None
    address: Cell = None
    number: Cell = None
    place: Cell = None
    form: Cell = None
    scope: Cell = None
    reason: Cell = None
    declared_by: Cell = None
    hours: Cell = None
    until: Cell = None
    amount: Cell = None
    debt_kind: Cell = None
    collector: Cell = None
    tags: Cell = None
    collectors_present: Cell = None
    automated: Cell = None
    text: Text | None = None


class Outcome(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What came of a contact that was allowed. Of several reports the one that binds the collector most stands, whatever their order."""

    outcome: Id
    duration_s: Cell = None


class Clause(msgspec.Struct, omit_defaults=True):
    """Where the law says it."""

    cite: str
    url: str = ""


class Reason(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A rule that says no, or that warns."""

    rule: str
    version: int
    title: str
    title_zh: str
    clauses: list[Clause]
    conduct: str
    force: str
    effect: str
    verified: str
    verdict: str
    """breach, departure, or unclear: the rule's own verdict if the contact were placed."""
    debts: list[str] = []
    settles: list[str] = []
    """What would settle an unclear verdict: names of fields, `kind=...`, `calendar ...`."""
    witness: list[str] = []
    """Ids of the entries that prove it: all of them for the creditor and the auditor, else those of the asker's own agency."""
    measured: str = ""
    """Only for the creditor and the auditor."""
    limit: str = ""
    """Only for the creditor and the auditor."""


class Permit(msgspec.Struct, omit_defaults=True, kw_only=True, frozen=True):
    """Something without which the contact would not be allowed: a consent, an agreed hour, a consumer who could not be reached."""

    rule: str
    entry: str = ""
    """Its id, where it is no other agency's."""
    kind: str
    declared_by: str = ""


class Receipt(msgspec.Struct):
    """Signed proof that the ledger holds this decision: see `ledger`."""

    chain: str
    seq: int
    hash: str
    at: int
    decision: str
    key: str
    signature: str


class Answer(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Allow or deny. No answer means: do not place the contact."""

    decision: Literal["allow", "deny"]
    id: str
    """Of the reservation; with it the outcome is reported. A dry run reserves nothing, and its id leads nowhere."""
    at: str
    """The server's clock, by which was judged."""
    reasons: list[Reason] = []
    """Every rule that says no."""
    warnings: list[Reason] = []
    permits: list[Permit] = []
    earliest: str | None = None
    """Of a denial: the first instant at which every rule would allow it if nothing else happened before."""
    never: bool = False
    """Of a denial: waiting does not make it lawful."""
    cancel_until: str | None = None
    receipt: Receipt | None = None


class Window(msgspec.Struct):
    """A stretch of time during which the contact would be lawful if nothing else happened before: `since` included, `until` not."""

    since: str
    until: str


class Plan(msgspec.Struct, kw_only=True):
    """The lawful windows of the coming days. They reserve nothing."""

    id: str
    at: str
    windows: list[Window]


class Owed(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What must now follow, and by when."""

    rule: str
    version: int
    title: str
    title_zh: str
    clauses: list[Clause]
    before: str
    """The first instant at which it is late, wherever the consumer was."""
    sure: bool = True
    """False where a calendar leaves it open: it may be late later than that."""


class Law(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A rule of public law, as `forbear rule ID` shows it: its newest version."""

    id: str
    version: int
    title: str
    title_zh: str
    clauses: list[Clause]
    conduct: str
    force: str
    effect: str
    verified: str
    status: str
    limit: str
    """What it allows or asks, in the words of the rule language."""
    since: str
    until: str = ""
    """Its last date in force."""


class Noted(msgspec.Struct, omit_defaults=True, kw_only=True):
    """An outcome, a fact, a cancellation or a contact was written down."""

    id: str
    at: str
    status: Literal["noted", "cancelled"] = "noted"
    owed: list[Owed] = []
    """Duties that this sets running."""


class Problem(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Problem details of RFC 9457, with what to do about it."""

    type: str
    title: str
    status: int
    detail: str = ""
    hint: str = ""
    field: str = ""


class Refused(Exception):
    """A request that cannot be done; it changed nothing. `problem` says why and what to do, without values of the request."""

    def __init__(self, name: str, status: int, title: str, hint: str = "", detail: str = "", field: str = "") -> None:
        where = f" ({field or detail})" if field or detail else ""
        super().__init__(f"{title}{where}{'; ' if hint else ''}{hint} [{name}]")
        self.problem = Problem(type=f"urn:forbear:{name}", title=title, status=status, detail=detail, hint=hint, field=field)

    @classmethod
    def of(cls, problem: Problem) -> Refused:
        """A problem that a gate answered with."""
        name = problem.type.removeprefix("urn:forbear:")
        return cls(name, problem.status, problem.title, problem.hint, problem.detail, problem.field)


def instant(at: int) -> str:
    """A Unix second as RFC 3339."""
    return dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
