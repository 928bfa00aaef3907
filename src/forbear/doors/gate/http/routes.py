"""The gate's paths in one table: HTTP finds its way by it, and the OpenAPI document is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import msgspec

from forbear.doors.gate.api import Answer, Fact, Happened, Law, Noted, Outcome, Plan, Planned, Question, Refused
from forbear.doors.gate.job import What
from forbear.doors.gate.ledger.ledger import Checkpoint

LIMIT: Final = 64 * 1024
"""Bytes that a body may have."""
JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
PEM: Final = "application/x-pem-file"


class Told(msgspec.Struct, omit_defaults=True, kw_only=True):
    """An entry of the ledger. An agency sees its own, and what it was answered; the creditor and the auditor see every one, whole."""

    at: str | int
    what: str
    """allow, deny, dry-run, plan, outcome, cancel, fact or contact."""
    answer: Any = None


class State(msgspec.Struct):
    """Whether the server lives, or is ready to be asked."""

    status: str


class Route(NamedTuple):
    """One thing that can be asked over HTTP."""

    method: str
    path: str
    summary: str
    description: str
    roles: tuple[str, ...] = ()
    """One of these is needed; empty: no key is needed."""
    request: type | None = None
    response: Any = None
    what: What | None = None
    """The gate's job; None: answered beside its transactions."""
    media: str = JSON
    gives: tuple[int, ...] = ()
    """Refusals that are this route's own."""
    cost: int = 1
    """How many requests it counts for."""
    query: tuple[tuple[str, str], ...] = ()
    """(name, what it is) of what stands behind the question mark; all of it is needed."""

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status that it may have."""
        keyed = (401, 403, 429, 500, 503) if self.roles else ()
        body = (400, 408, 413, 422) if self.request else ()
        return tuple(sorted({200, *keyed, *body, *self.gives}))


class Declined(Refused):
    """A refusal of HTTP's own, with the headers that belong to it."""

    def __init__(
        self, name: str, status: int, title: str, hint: str = "", headers: Iterable[tuple[bytes, bytes]] = (), **more: str
    ) -> None:
        super().__init__(name, status, title, hint, **more)
        self.headers = tuple(headers)


_ASKS, _REPORTS = ("decide", "creditor"), ("report", "creditor")
ROUTES: Final = (
    Route(
        "POST",
        "/v1/ask",
        "May this contact be placed now?",
        "An allow reserves the slot and returns a signed receipt; a denial names every rule that says no and the earliest lawful instant. "
        "No answer means: do not place the contact. The same Idempotency-Key with the same body gives the same answer.",
        _ASKS,
        Question,
        Answer,
        "ask",
        gives=(409,),
    ),
    Route(
        "POST",
        "/v1/dry-run",
        "Would this contact be allowed now?",
        "As ask, but nothing is reserved. It is written down, and counts as five requests.",
        _ASKS,
        Question,
        Answer,
        "dry-run",
        gives=(409,),
        cost=5,
    ),
    Route(
        "POST",
        "/v1/plan",
        "When, in the coming days, may this contact be placed?",
        "The lawful windows, for a scheduler. They reserve nothing: ask before every contact. Counts as five requests.",
        _ASKS,
        Planned,
        Plan,
        "plan",
        gives=(409,),
        cost=5,
    ),
    Route(
        "POST",
        "/v1/contacts",
        "A contact that the gate was not asked about",
        "The consumer's own call, or one placed before the gate came into the house.",
        _REPORTS,
        Happened,
        Noted,
        "contact",
        gives=(409,),
    ),
    Route(
        "POST",
        "/v1/facts",
        "Something else that changes what is lawful",
        "Consent, a stop request, a dispute, a notice. It is known from now on.",
        _REPORTS,
        Fact,
        Noted,
        "fact",
        gives=(409,),
    ),
    Route(
        "POST",
        "/v1/decisions/{id}/outcome",
        "What came of an allowed contact",
        "Reports may come twice, late or out of order; what remains is the same.",
        _REPORTS,
        Outcome,
        Noted,
        "outcome",
        gives=(404, 409),
    ),
    Route(
        "POST",
        "/v1/decisions/{id}/cancel",
        "An allowed contact was never placed",
        "Gives the slot back while the lease runs and no outcome was reported.",
        _ASKS,
        None,
        Noted,
        "cancel",
        gives=(400, 404, 409),
    ),
    Route(
        "GET",
        "/v1/decisions",
        "What the ledger holds about a consumer",
        "An agency sees its own entries; the creditor and the auditor see all.",
        ("read", "creditor", "audit"),
        None,
        list[Told],
        gives=(404, 422),
        query=(("consumer", "The consumer's id."),),
    ),
    Route(
        "POST",
        "/v1/checkpoints",
        "Make a signed checkpoint over the whole ledger",
        "Keep it elsewhere: a verifier finds any entry changed before it.",
        ("audit",),
        None,
        Checkpoint,
    ),
    Route(
        "GET",
        "/v1/rules/{rule_id}",
        "A rule of public law",
        "Its clause, its limit, its effect, and how sure we are of the text. Own rules of a house are not told.",
        (),
        None,
        Law,
        gives=(404,),
    ),
    Route("GET", "/v1/public-key", "The key that proves receipts and checkpoints", "Ed25519, PEM.", media=PEM),
    Route("GET", "/openapi.json", "This document", "OpenAPI 3.1.", response=dict[str, Any]),
    Route("GET", "/healthz", "Does the process live?", "Restart it if not.", response=State),
    Route("GET", "/readyz", "May it be asked?", "Not while it stops, nor after a failed commit.", response=State, gives=(503,)),
    Route("GET", "/metrics", "Counters for Prometheus", "No personal data.", media=TEXT),
)
_PLAIN: Final = {
    path: {route.method: route for route in ROUTES if route.path == path} for path in {r.path for r in ROUTES if "{" not in r.path}
}
_WITH_ID: Final = [(re.compile(re.sub(r"{\w+}", "([^/]+)", route.path)), {route.method: route}) for route in ROUTES if "{" in route.path]


def find(method: str, path: str) -> tuple[Route, str]:
    """The route of a request, and the id in its path. Raises `Refused`."""
    target, methods = "", _PLAIN.get(path)
    if methods is None:
        for pattern, those in _WITH_ID:
            if said := pattern.fullmatch(path):
                methods, target = those, said[1]
                break
        else:
            raise Refused("no-such-path", 404, "There is nothing at this path", "GET /openapi.json lists all paths")
    if route := methods.get(method):
        return route, target
    allow = ", ".join(methods)
    raise Declined("wrong-method", 405, "This path has another method", f"use {allow}", [(b"allow", allow.encode())])
