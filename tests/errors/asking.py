"""What the gate refuses over HTTP: every problem by a real request to a gate in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx2
import msgspec
from errors.met import Met
from gate_house import ABOUT, AUDITOR, NOON, House

from forbear.doors.gate.api import Problem, Question, Refused
from forbear.doors.gate.http import bodies, keys
from forbear.doors.gate.http.app import App
from forbear.doors.gate.job import Job
from forbear.doors.gate.store.store import Broken

SOURCES = ("doors/gate/http/", *(f"doors/gate/{name}.py" for name in ("batch", "reading", "service", "timelines")))
KEY, ASKING, TELLING, READING, BROKEN = (
    "Showing a key to the gate",
    "Asking the gate",
    "Telling the gate what happened",
    "Reading from the gate",
    "When the gate itself cannot answer",
)
QUESTION = {"consumer": "A", **ABOUT}
PLACED = QUESTION | {"occurred_at": NOON - 60, "outcome": "no-answer"}
LATER = "2026-09-22T16:00:00Z"

ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("no consumer", {"consumer": None}),
    ("a field that there is not", {"chanel": "call"}),
    ("a field that there is not, and that is like none", {"colour": "red"}),
    ("a number where text belongs", {"consumer": 7}),
    ("a consumer without a name", {"consumer": ""}),
    ("the character U+0000", {"consumer": "A\0"}),
    ("a word that we do not have", {"channel": "pigeon"}),
    ("a contact that comes in", {"direction": "inbound"}),
    ("for another agency", {"agency": "Y"}),
    ("a clock that is no time", {"asked_at": "noon"}),
    ("a clock without an offset", {"asked_at": "2026-09-21T12:00:00"}),
    ("a clock that is wrong", {"asked_at": NOON - 3600}),
)
TOLD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("a contact that is to come", "contacts", PLACED | {"occurred_at": LATER}),
    ("a fact that is to come", "facts", {"consumer": "A", "kind": "dispute", "occurred_at": LATER}),
    ("a fact about everyone", "facts", {"consumer": "*", "kind": "bereavement"}),
)


class Door(House):
    """A gate with its HTTP application, asked with any key."""

    def __init__(self, folder: Path, **named: Any) -> None:
        super().__init__(f"sqlite:///{folder}/{len(list(folder.glob('*.db')))}.db", folder, **named)
        self.keys: dict[str, str] = {}
        for name, roles, most in (
            ("X", ["decide", "report", "read"], 0),
            ("reporter", ["report"], 0),
            ("busy", ["decide"], 1),
            ("gone", ["decide"], 0),
        ):
            self.keys[name], kept = keys.make("X", "third-party-agency", roles, most)
            self.gate.store.add_key(kept)
            if name == "gone":
                self.gate.store.revoke_key(kept.id, 1)
        self.keys["auditor"], kept = keys.make("", "", ["audit"], 0)
        self.gate.store.add_key(kept)
        self.runner = asyncio.Runner()
        self.app = App(self.gate, lambda: None)
        self.runner.run(self._start())

    async def _start(self) -> None:
        self.app.start()

    def close(self) -> None:
        """Ends it."""
        self.runner.run(self.app.stop())
        self.runner.close()
        super().close()

    def send(self, method: str, path: str, body: Any = None, key: str | None = "X", **headers: str) -> httpx2.Response:
        """One request; a body that is no bytes is sent as JSON."""
        said = {"Authorization": f"Bearer {self.keys.get(key, key)}"} if key else {}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = {"content": body} if isinstance(body, bytes) or hasattr(body, "__aiter__") else {} if body is None else {"json": body}

        async def sent() -> httpx2.Response:
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=self.app), base_url="http://gate") as client:
                return await client.request(method, path, headers=said, **content)

        return self.runner.run(sent())

    def problem(self, *arguments: Any, **named: Any) -> Problem:
        """The problem of an answer."""
        answer = self.send(*arguments, **named)
        assert answer.status_code >= 400, answer.text
        return msgspec.json.decode(answer.content, type=Problem)

    def received(self, receive: Callable[[], Any]) -> Problem:
        """The problem of a request whose body comes as `receive` gives it."""
        sent: list[dict[str, Any]] = []

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        headers = [(b"authorization", f"Bearer {self.keys['X']}".encode())]
        scope = {"type": "http", "method": "POST", "path": "/v1/ask", "headers": headers, "query_string": b""}
        self.runner.run(self.app(scope, receive, send))
        return msgspec.json.decode(sent[-1]["body"], type=Problem)


def met(folder: Path) -> Iterator[Met]:
    """Each of them."""
    door = Door(folder)
    yield from _keys(door)
    yield from _asked(door)
    yield from _told(door)
    door.close()
    yield from _broken(folder)


def _keys(door: Door) -> Iterator[Met]:
    ask = ("POST", "/v1/ask", QUESTION)
    yield Met(KEY, "no key", door.problem(*ask, key=None))
    yield Met(KEY, "a key that there is not", door.problem(*ask, key="fb_000000000000_secret"))
    yield Met(KEY, "a key that was revoked", door.problem(*ask, key="gone"))
    yield Met(KEY, "a key that may not do that", door.problem(*ask, key="reporter"))
    (answer,) = door.gate.do([Job(AUDITOR, "ask", Question(**QUESTION))])
    assert isinstance(answer, Refused)
    yield Met(KEY, "a key that may not do that", answer.problem)
    door.send("POST", "/v1/dry-run", QUESTION, key="busy")
    yield Met(KEY, "too many requests", door.problem("POST", "/v1/dry-run", QUESTION, key="busy"))
    yield Met(KEY, "no such path", door.problem("GET", "/v2/ask"))
    yield Met(KEY, "a path that wants another method", door.problem("GET", "/v1/ask"))


def _asked(door: Door) -> Iterator[Met]:
    async def long() -> Any:
        for _ in range(3):
            yield b" " * 40_000

    async def cut() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def slow() -> dict[str, Any]:
        return await asyncio.Event().wait()  # type: ignore[return-value]

    yield Met(ASKING, "a body that is no JSON", door.problem("POST", "/v1/ask", b'{"consumer": A}'))
    yield Met(ASKING, "a body that is too large", door.problem("POST", "/v1/ask", b" " * 100_000))
    yield Met(ASKING, "a body that is too large", door.problem("POST", "/v1/ask", long()))
    yield Met(ASKING, "a request that is cut off", door.received(cut))
    with patch.object(bodies, "_BODY_S", 0.01):
        yield Met(ASKING, "a body that does not come", door.received(slow))
    for when, said in ASKED:
        body = {name: value for name, value in (QUESTION | said).items() if value is not None}
        yield Met(ASKING, when, door.problem("POST", "/v1/ask", body))
    yield Met(ASKING, "an idempotency key that is none", door.problem("POST", "/v1/ask", QUESTION, idempotency_key="k" * 201))
    door.send("POST", "/v1/ask", QUESTION | {"consumer": "I", "debt": "I"}, idempotency_key="k")
    yield Met(ASKING, "an idempotency key of another request", door.problem("POST", "/v1/ask", QUESTION, idempotency_key="k"))
    door.send("POST", "/v1/ask", QUESTION | {"consumer": "T", "debt": "T"})
    door.clock.at -= 3600
    yield Met(ASKING, "a clock of the gate that was put back", door.problem("POST", "/v1/ask", QUESTION | {"consumer": "T", "debt": "T"}))
    door.clock.at += 3600


def _told(door: Door) -> Iterator[Met]:
    for when, path, said in TOLD:
        yield Met(TELLING, when, door.problem("POST", f"/v1/{path}", said))
    made = door.send("POST", "/v1/ask", QUESTION | {"consumer": "R", "debt": "R"}).json()
    path = f"/v1/decisions/{made['id']}"
    yield Met(TELLING, "an outcome that we do not have", door.problem("POST", f"{path}/outcome", {"outcome": "splendid"}))
    yield Met(TELLING, "two outcomes at once", door.problem("POST", f"{path}/outcome", {"outcome": "busy|no-answer"}))
    yield Met(TELLING, "a contact that the gate did not allow", door.problem("POST", "/v1/decisions/none/outcome", {"outcome": "busy"}))
    door.clock.at += 3600
    yield Met(TELLING, "cancelling too late", door.problem("POST", f"{path}/cancel"))
    door.send("POST", f"{path}/outcome", {"outcome": "busy"})
    yield Met(TELLING, "cancelling what was reported", door.problem("POST", f"{path}/cancel"))
    yield Met(READING, "no consumer is named", door.problem("GET", "/v1/decisions"))
    yield Met(READING, "too much is named", door.problem("GET", f"/v1/decisions?{'consumer=A&' * 20}"))
    yield Met(READING, "a consumer of whom you told nothing", door.problem("GET", "/v1/decisions?consumer=nobody"))
    yield Met(READING, "a rule that there is not", door.problem("GET", "/v1/rules/us.none"))


def _broken(folder: Path) -> Iterator[Met]:
    ask = ("POST", "/v1/ask", QUESTION)
    door = Door(folder)
    with patch.object(door.gate.desk, "ask", side_effect=ArithmeticError):
        yield Met(BROKEN, "a fault of the gate", door.problem(*ask))
    door.app._fixed["/healthz"] = lambda: 1 / 0  # type: ignore[assignment, return-value]
    yield Met(BROKEN, "a fault of the gate", door.problem("GET", "/healthz"))
    door.app._keys._read = float("-inf")
    with patch.object(door.gate.store, "keys", side_effect=OSError):
        yield Met(BROKEN, "keys that cannot be read", door.problem(*ask))
    door.app.stopping = True
    yield Met(BROKEN, "a gate that is stopping", door.problem(*ask))
    yield Met(BROKEN, "a gate that is stopping", door.problem("GET", "/readyz"))
    door.app.stopping = False
    with patch.object(door.gate.store, "transaction", side_effect=Broken):
        yield Met(BROKEN, "a store that fails", door.problem("POST", "/v1/checkpoints", key="auditor"))
        yield Met(BROKEN, "a store that fails", door.problem(*ask))
    yield Met(BROKEN, "a store that has failed before", door.problem("GET", "/readyz"))
    door.close()
    door = Door(folder)
    with patch.object(door.gate.store, "transaction", side_effect=Broken):
        yield Met(BROKEN, "a store that fails", door.problem(*ask))
    door.close()
