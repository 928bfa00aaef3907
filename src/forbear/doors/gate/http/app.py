"""The gate over HTTP: raw ASGI, because a framework would cost more than the decision.

Nothing of a request is repeated in a problem, a log line or a metric.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import msgspec

from forbear.doors.gate.answers import public_law
from forbear.doors.gate.api import Law, Refused
from forbear.doors.gate.http.bodies import KEPT, Receive, idempotency, read, whole
from forbear.doors.gate.http.gather import Batcher, faulty, store_failed
from forbear.doors.gate.http.keys import Keys
from forbear.doors.gate.http.metrics import Lines, Metrics, fault
from forbear.doors.gate.http.openapi import document
from forbear.doors.gate.http.routes import PROBLEM, Declined, Route, find
from forbear.doors.gate.job import Asker, Job
from forbear.doors.gate.store.store import Broken

if TYPE_CHECKING:
    from forbear.doors.gate.service import Gate

Send = Callable[[dict[str, Any]], Awaitable[None]]


class _Seen:
    """What is written down of a request."""

    __slots__ = ("key", "route")

    def __init__(self) -> None:
        self.route = self.key = ""


class App:
    """The ASGI application. `start` needs the event loop; `stop` finishes what was accepted."""

    def __init__(self, gate: Gate, broken: Callable[[], None]) -> None:
        """`broken`: called when a commit has failed, after which nothing is answered."""
        self.stopping = False
        self._gate, self._on_broken = gate, broken
        self._keys, self._metrics, self._lines = Keys(gate.store), Metrics(), Lines()
        self._prefix, self._numbers = secrets.token_hex(4), count(1)
        self._openapi = msgspec.json.encode(document())
        self._law: dict[str, Law] = {}
        self._beside: dict[str, Callable[[Asker | None, str, dict[str, Any]], Awaitable[bytes]]] = {
            "/v1/decisions": self._decisions,
            "/v1/checkpoints": self._checkpoint,
            "/v1/rules/{rule_id}": self._rule,
        }
        self._fixed: dict[str, Callable[[], bytes]] = {
            "/v1/public-key": lambda: gate.signer.public_pem,
            "/openapi.json": lambda: self._openapi,
            "/healthz": lambda: b'{"status":"alive"}',
            "/readyz": self._ready,
            "/metrics": self._metrics.text,
        }

    def start(self) -> None:
        """Starts the thread that asks the gate."""
        self._batcher = Batcher(self._gate, self._metrics, self._on_broken)

    async def stop(self) -> None:
        """Ends it when all is answered."""
        await self._batcher.stop()
        self._lines.flush()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return
        began, seen, media = time.perf_counter(), _Seen(), PROBLEM
        extra: tuple[tuple[bytes, bytes], ...] = ()
        name = f"{self._prefix}{next(self._numbers):08x}"
        try:
            status = 200
            body, media = await self._answer(scope, receive, seen)
        except Refused as refused:
            status, body = refused.problem.status, msgspec.json.encode(refused.problem)
            extra = refused.headers if isinstance(refused, Declined) else ()
        except Exception as error:  # noqa: BLE001 (no trace leaves)
            fault(error)
            status, body = 500, msgspec.json.encode(faulty().problem)
        headers = [
            (b"content-type", media.encode()),
            (b"content-length", b"%d" % len(body)),
            (b"x-request-id", name.encode()),
            (b"cache-control", b"no-store"),
            *extra,
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        took = time.perf_counter() - began
        self._metrics.request(seen.route, status, took)
        self._lines.add(name, seen.route, status, took, seen.key)

    async def _answer(self, scope: dict[str, Any], receive: Receive, seen: _Seen) -> tuple[bytes, str]:
        route, target = find(scope["method"], scope["path"])
        seen.route = route.path
        if fixed := self._fixed.get(route.path):
            return fixed(), route.media
        said = dict(scope["headers"])
        asker = await self._asker(route, said, seen) if route.roles else None
        if route.what is None:
            return await self._beside[route.path](asker, target, scope), route.media
        assert asker is not None
        name = idempotency(said.get(b"idempotency-key"))
        request = read(route.request, await whole(receive, said.get(b"content-length"))) if route.request else None
        answer = await self._batcher.put(Job(asker, route.what, request, name, target))
        if isinstance(answer, Refused):
            raise answer
        if route.what == "ask":
            self._metrics.decided(answer)
        return answer, route.media

    async def _asker(self, route: Route, said: dict[bytes, bytes], seen: _Seen) -> Asker:
        if self.stopping or self._gate.failed:
            raise store_failed() if self._gate.failed else _stopping()
        authorization = said.get(b"authorization", b"")
        if not self._keys.fresh(authorization):
            try:
                await self._keys.refresh()
            except Exception as error:  # noqa: BLE001 (whatever a store's driver raises)
                fault(error)
                raise store_failed() from None
        asker = self._keys.holder(authorization)
        seen.key = asker.key
        self._keys.admit(asker, route)
        return asker

    # What is answered beside the gate's transactions.

    async def _decisions(self, asker: Asker | None, _: str, scope: dict[str, Any]) -> bytes:
        try:
            said = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=10).get("consumer", [])
        except ValueError:
            said = []
        if len(said) != 1 or not 0 < len(said[0].strip()) <= KEPT or "\0" in said[0]:
            raise Refused("wrong-query", 422, "One consumer is to be named", "GET /v1/decisions?consumer=...", field="consumer")
        assert asker is not None
        return await asyncio.to_thread(self._gate.decisions, asker, said[0].strip())

    async def _checkpoint(self, *_: object) -> bytes:
        try:
            return await asyncio.to_thread(self._gate.checkpoint)
        except Broken:
            self._on_broken()
            raise store_failed() from None

    async def _rule(self, _: Asker | None, rule_id: str, __: object) -> bytes:
        if not self._law:
            self._law = await asyncio.to_thread(public_law, self._gate.book)
        if law := self._law.get(rule_id):
            return msgspec.json.encode(law)
        raise Refused("unknown-rule", 404, "There is no such rule of public law here", "`forbear rules` lists them")

    def _ready(self) -> bytes:
        if self.stopping or self._gate.failed:
            raise store_failed() if self._gate.failed else _stopping()
        return b'{"status":"ready"}'


def _stopping() -> Refused:
    return Refused("stopping", 503, "The gate is stopping", "do not place the contact; ask another gate, or later")
