"""A client of the gate, for programs that call and write: one that waits, and one for asyncio. Without an answer no contact is placed.

```python
with Client("http://127.0.0.1:8707", key) as gate:
    answer = gate.ask(Question(consumer="c-17", channel="call", debt="1", zone="America/New_York", jurisdiction="US"))
    if answer.decision == "allow":
        ...  # place the call
        gate.outcome(answer.id, "no-answer")
```
"""

from __future__ import annotations

import asyncio
import time
import uuid
from itertools import count
from types import TracebackType
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar
from urllib.parse import quote

import httpx2
import msgspec

from forbear.doors.gate.api import Answer, Fact, Happened, Law, Noted, Outcome, Plan, Planned, Problem, Question, Refused

_AGAIN: Final = (429, 503)
"""Statuses after which the same request may be done if it is sent again."""
_BROKEN: Final = (httpx2.NetworkError, httpx2.TimeoutException, httpx2.RemoteProtocolError, httpx2.ProxyError)
"""What befalls a line, not a request: worth another try."""
_TRIES: Final = 4
_LONGEST_S: Final = 5.0
"""The longest wait between two tries."""
_Told = TypeVar("_Told")


class NoAnswer(Exception):
    """The gate did not answer. The contact must not be placed: nobody has said that it is lawful."""

    def __init__(self) -> None:
        super().__init__("the gate did not answer: do not place the contact")


class _Call(NamedTuple, Generic[_Told]):
    """A request, the same however often it is sent."""

    method: str
    path: str
    body: bytes | None
    told: type[_Told]
    headers: dict[str, str]


def _post(path: str, said: msgspec.Struct | None, told: type[_Told]) -> _Call[_Told]:
    # One key for all times that it is sent: it is done once.
    headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
    return _Call("POST", path, b"" if said is None else msgspec.json.encode(said), told, headers)


def _outcome(decision: str, outcome: str, duration_s: float | None) -> _Call[Noted]:
    return _post(f"/v1/decisions/{quote(decision, safe='')}/outcome", Outcome(outcome=outcome, duration_s=duration_s), Noted)


def _cancel(decision: str) -> _Call[Noted]:
    return _post(f"/v1/decisions/{quote(decision, safe='')}/cancel", None, Noted)


def _decisions(consumer: str) -> _Call[list[dict[str, Any]]]:
    return _Call("GET", f"/v1/decisions?consumer={quote(consumer, safe='')}", None, list[dict[str, Any]], {})


def _rule(rule_id: str) -> _Call[Law]:
    return _Call("GET", f"/v1/rules/{quote(rule_id, safe='')}", None, Law, {})


def _told(call: _Call[_Told], came: httpx2.Response | httpx2.RequestError) -> _Told:
    """What came of a request; raises `Refused` for a problem, and `NoAnswer` for what is no answer of a gate."""
    if isinstance(came, httpx2.RequestError):
        raise NoAnswer from came
    try:
        if came.status_code == 200:
            return msgspec.json.decode(came.content, type=call.told)
        problem = msgspec.json.decode(came.content, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NoAnswer from error
    if came.status_code >= 500:
        raise NoAnswer from Refused.of(problem)
    raise Refused.of(problem)


def _pause(tried: int, came: httpx2.Response | httpx2.RequestError) -> float | None:
    """Seconds until the same request is sent again, when it was sent `tried` times; None: this is what came of it."""
    again = came.status_code in _AGAIN if isinstance(came, httpx2.Response) else isinstance(came, _BROKEN)
    if not again or tried >= _TRIES:
        return None
    said = came.headers.get("Retry-After", "") if isinstance(came, httpx2.Response) else ""
    wished = float(said) if said.isdecimal() else 0.1 * 2 ** (tried - 1)
    # Whoever wants to be left alone for longer than we can wait is left alone.
    return wished if wished <= _LONGEST_S else None


class Client:
    """Asks and waits. Threads may share it."""

    def __init__(self, url: str, key: str, timeout_s: float = 5, transport: httpx2.BaseTransport | None = None) -> None:
        """`url`: of the gate; `key`: as `forbear gate key create` printed it."""
        headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx2.Client(base_url=url, headers=headers, timeout=timeout_s, transport=transport)

    def ask(self, question: Question) -> Answer:
        """May this contact be placed now? An allow takes the slot. Raises `NoAnswer` and `Refused`, as everything here."""
        return self._send(_post("/v1/ask", question, Answer))

    def dry_run(self, question: Question) -> Answer:
        """The same without taking the slot."""
        return self._send(_post("/v1/dry-run", question, Answer))

    def plan(self, planned: Planned) -> Plan:
        """The lawful windows of the coming days."""
        return self._send(_post("/v1/plan", planned, Plan))

    def contact(self, happened: Happened) -> Noted:
        """A contact that the gate was not asked about took place."""
        return self._send(_post("/v1/contacts", happened, Noted))

    def fact(self, fact: Fact) -> Noted:
        """Something else happened."""
        return self._send(_post("/v1/facts", fact, Noted))

    def outcome(self, decision: str, outcome: str, duration_s: float | None = None) -> Noted:
        """What came of an allowed contact."""
        return self._send(_outcome(decision, outcome, duration_s))

    def cancel(self, decision: str) -> Noted:
        """An allowed contact was never placed."""
        return self._send(_cancel(decision))

    def decisions(self, consumer: str) -> list[dict[str, Any]]:
        """What the ledger holds of a consumer, as far as the key may see it."""
        return self._send(_decisions(consumer))

    def rule(self, rule_id: str) -> Law:
        """A rule of public law."""
        return self._send(_rule(rule_id))

    def close(self) -> None:
        """Ends the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _send(self, call: _Call[_Told]) -> _Told:
        for tried in count(1):
            came: httpx2.Response | httpx2.RequestError
            try:
                came = self._http.request(call.method, call.path, content=call.body, headers=call.headers)
            except httpx2.RequestError as error:
                came = error
            pause = _pause(tried, came)
            if pause is None:
                break
            time.sleep(pause)
        return _told(call, came)


class AsyncClient:
    """The same for asyncio."""

    def __init__(self, url: str, key: str, timeout_s: float = 5, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        """`url`: of the gate; `key`: as `forbear gate key create` printed it."""
        headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx2.AsyncClient(base_url=url, headers=headers, timeout=timeout_s, transport=transport)

    async def ask(self, question: Question) -> Answer:
        """May this contact be placed now? An allow takes the slot. Raises `NoAnswer` and `Refused`, as everything here."""
        return await self._send(_post("/v1/ask", question, Answer))

    async def dry_run(self, question: Question) -> Answer:
        """The same without taking the slot."""
        return await self._send(_post("/v1/dry-run", question, Answer))

    async def plan(self, planned: Planned) -> Plan:
        """The lawful windows of the coming days."""
        return await self._send(_post("/v1/plan", planned, Plan))

    async def contact(self, happened: Happened) -> Noted:
        """A contact that the gate was not asked about took place."""
        return await self._send(_post("/v1/contacts", happened, Noted))

    async def fact(self, fact: Fact) -> Noted:
        """Something else happened."""
        return await self._send(_post("/v1/facts", fact, Noted))

    async def outcome(self, decision: str, outcome: str, duration_s: float | None = None) -> Noted:
        """What came of an allowed contact."""
        return await self._send(_outcome(decision, outcome, duration_s))

    async def cancel(self, decision: str) -> Noted:
        """An allowed contact was never placed."""
        return await self._send(_cancel(decision))

    async def decisions(self, consumer: str) -> list[dict[str, Any]]:
        """What the ledger holds of a consumer, as far as the key may see it."""
        return await self._send(_decisions(consumer))

    async def rule(self, rule_id: str) -> Law:
        """A rule of public law."""
        return await self._send(_rule(rule_id))

    async def close(self) -> None:
        """Ends the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def _send(self, call: _Call[_Told]) -> _Told:
        for tried in count(1):
            came: httpx2.Response | httpx2.RequestError
            try:
                came = await self._http.request(call.method, call.path, content=call.body, headers=call.headers)
            except httpx2.RequestError as error:
                came = error
            pause = _pause(tried, came)
            if pause is None:
                break
            await asyncio.sleep(pause)
        return _told(call, came)


__all__ = ["AsyncClient", "Client", "Law", "NoAnswer", "Refused"]
