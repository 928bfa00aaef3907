"""A gate in a test: its askers, its clock, and short ways to ask."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

import httpx2
import msgspec

from forbear.doors.gate.api import Answer, Fact, Happened, Noted, Outcome, Plan, Planned, Problem, Question, Refused
from forbear.doors.gate.http import keys
from forbear.doors.gate.http.app import App
from forbear.doors.gate.job import Asker, Job, Settings
from forbear.doors.gate.ledger.signing import Signer
from forbear.doors.gate.service import Gate
from forbear.doors.gate.store.opening import open_store
from forbear.records.coverage import Coverage
from forbear.rulebook.load import load, shipped
from forbear.terms import AFTER

FULL = Coverage(complete=True)
X = Asker("key-x", "X", "third-party-agency", frozenset({"decide", "report", "read"}))
Y = Asker("key-y", "Y", "third-party-agency", frozenset({"decide", "report", "read"}))
LENDER = Asker("key-l", "L", "creditor", frozenset({"creditor"}))
AUDITOR = Asker("key-a", "", "", frozenset({"audit"}))
NOON = 1_790_000_000 // 86400 * 86400 + 16 * 3600
"""Noon in New York on a day in September 2026 (a Monday)."""
ABOUT = {
    "channel": "call",
    "jurisdiction": "US",
    "zone": "America/New_York",
    "creditor": "L",
    "creditor_kind": "bank",
    "debt": "1",
    "debt_kind": "card",
    "party": "consumer",
    "address": "+12025550123",
    "number": "+12025550199",
    "place": "mobile",
}


class Clock:
    """A clock that stands until it is turned."""

    def __init__(self, at: float = NOON) -> None:
        self.at = at

    def __call__(self) -> float:
        """Unix seconds."""
        return self.at


class House:
    """A gate over a store, with short ways to ask it."""

    def __init__(self, url: str, folder: Path, book=None, rules=None, coverage=FULL, settings=None) -> None:
        self.clock = Clock()
        book = book or load([shipped()])
        rules = book.select(["us"]) if rules is None else rules
        self.gate = Gate(
            open_store(url), book, rules, coverage, Signer.load_or_create(folder / "gate.key"), settings or Settings(), self.clock
        )

    def close(self):
        """Lets go of the store, as a process that ends does."""
        self.gate.store.close()

    def do(self, *jobs):
        """The answers of several jobs of one transaction."""
        return [
            answer if isinstance(answer, Refused) else _decoded(job, answer) for job, answer in zip(jobs, self.gate.do(jobs), strict=True)
        ]

    def one(self, job):
        """The answer of one job; raises what was refused."""
        (answer,) = self.do(job)
        if isinstance(answer, Refused):
            raise answer
        return answer

    def ask(self, consumer="A", asker=X, *, dry=False, idem="", **about) -> Answer:
        """May this contact be placed?"""
        return self.one(Job(asker, "dry-run" if dry else "ask", Question(consumer=consumer, **{**ABOUT, **about}), idem))

    def plan(self, consumer="A", asker=X, days=7, **about) -> Plan:
        """When?"""
        return self.one(Job(asker, "plan", Planned(consumer=consumer, days=days, **{**ABOUT, **about})))

    def outcome(self, decision, outcome="no-answer", asker=X, duration_s=None) -> Noted:
        """What came of it."""
        return self.one(Job(asker, "outcome", Outcome(outcome=outcome, duration_s=duration_s), "", decision))

    def cancel(self, decision, asker=X) -> Noted:
        """It was not placed."""
        return self.one(Job(asker, "cancel", None, "", decision))

    def fact(self, kind, consumer="A", asker=X, idem="", **about) -> Noted:
        """Something else happened."""
        fields = {"jurisdiction": "US", "zone": "America/New_York", "creditor": "L", **about}
        return self.one(Job(asker, "fact", Fact(consumer=consumer, kind=kind, **fields), idem))

    def happened(self, consumer="A", asker=X, **about) -> Noted:
        """A contact that the gate was not asked about."""
        return self.one(Job(asker, "contact", Happened(consumer=consumer, **{**ABOUT, **about})))


class HttpHouse(House):
    """The same through the HTTP application: every job is a request of the creditor's key."""

    PATHS: Final = {"ask": "/v1/ask", "dry-run": "/v1/dry-run", "plan": "/v1/plan", "fact": "/v1/facts", "contact": "/v1/contacts"}

    def __init__(self, *arguments, **named) -> None:
        super().__init__(*arguments, **named)
        text, kept = keys.make("L", "creditor", ["creditor"], 0)
        self.gate.store.add_key(kept)
        self.runner = asyncio.Runner()
        self.app = App(self.gate, lambda: None)
        self.runner.run(self._start())
        transport = httpx2.ASGITransport(app=self.app)
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://gate", headers={"Authorization": f"Bearer {text}"})

    async def _start(self):
        self.app.start()

    def close(self):
        """Finishes what was accepted, and lets go of the store."""
        self.runner.run(self.client.aclose())
        self.runner.run(self.app.stop())
        self.runner.close()
        super().close()

    def do(self, *jobs):
        """The answers of several requests, one after another."""
        return [self.runner.run(self._send(job)) for job in jobs]

    async def _send(self, job):
        path = self.PATHS.get(job.what, f"/v1/decisions/{job.target}/{job.what}")
        answer = await self.client.post(path, content=msgspec.json.encode(job.request) if job.request else b"")
        if answer.status_code != 200:
            return Refused.of(msgspec.json.decode(answer.content, type=Problem))
        return _decoded(job, answer.content)


def _decoded(job, answer):
    kind = {"ask": Answer, "dry-run": Answer, "plan": Plan}.get(job.what, Noted)
    return msgspec.json.decode(answer, type=kind)


NOT_SENT = {*AFTER, "kind", "minutes_a_week"}


def sent(entry):
    """What an asker sends of an entry."""
    fields = {name: values for name, values in entry.fields.items() if name not in NOT_SENT and values}
    many = {name: list(values) for name, values in fields.items() if name in ("debt", "tags")}
    return {name: "|".join(values) for name, values in fields.items()} | many


def happened(entry):
    """The job that reports an entry as it was."""
    said = sent(entry)
    if not entry.is_contact:
        return Job(LENDER, "fact", Fact(kind=entry.one("kind"), occurred_at=entry.at, **said))
    after = {name: entry.one(name) for name in AFTER if name in entry.fields}
    return Job(LENDER, "contact", Happened(occurred_at=entry.at, **said, **after))
