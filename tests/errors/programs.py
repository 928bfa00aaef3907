"""What a program, a guarded function of an agent, and an agent over MCP are told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import msgspec
from errors.met import Met, raised
from gate_house import ABOUT

from forbear.doors.gate.agents import Guard, NotPlaced
from forbear.doors.gate.api import Answer, Noted, Question, Reason, Refused
from forbear.doors.gate.client import AsyncClient, Client
from forbear.doors.gate.mcp_server import server

SOURCES = tuple(f"doors/gate/{name}.py" for name in ("agents", "client", "mcp_server"))
CLIENT, GUARD, MCP = "Asking from a program: the client", "A function that the gate guards", "An agent that asks over MCP"
PROBLEM = Refused("missing-field", 422, "A field is missing", "send it", field="consumer").problem
ALLOW = Answer(decision="allow", id="d1", at="2026-09-21T16:00:00Z")
NOTED = Noted(id="d1", at="2026-09-21T16:00:00Z")
REASON = {"title": "", "title_zh": "", "clauses": [], "conduct": "", "force": "", "effect": "", "verified": "", "verdict": "breach"}
DENY = Answer(
    decision="deny",
    id="d2",
    at="2026-09-21T16:00:00Z",
    earliest="2026-09-28T12:00:00Z",
    reasons=[Reason(rule="us.reg-f.cooling-off", version=1, **REASON)],
)
ASKED = Question(consumer="A", **ABOUT)


def answers(*each: object) -> httpx2.MockTransport:
    """A line on which the answers come in this order, the last one again and again: what a gate says, or what befalls the line."""
    left = list(each)

    def answer(_: httpx2.Request) -> httpx2.Response:
        said = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(said, Exception):
            raise said
        if isinstance(said, bytes):
            return httpx2.Response(200, content=said)
        return httpx2.Response(getattr(said, "status", 200) if "type" in said.__struct_fields__ else 200, content=msgspec.json.encode(said))

    return httpx2.MockTransport(answer)


def met(folder: Path) -> Iterator[Met]:
    """Each of them."""
    fault = Refused("fault", 500, "The gate has a fault", "").problem
    for when, said in (
        ("the gate cannot be reached", httpx2.UnsupportedProtocol("no line")),
        ("an answer that is no gate's", b"<html>"),
        ("the gate cannot answer", fault),
        ("the gate refuses the request", PROBLEM),
    ):
        yield Met(CLIENT, when, *raised(lambda said=said: _client(said).ask(ASKED), folder))
    yield from _guarded(folder)
    for when, said in (("the gate refuses the request", PROBLEM), ("the gate cannot answer", fault)):
        yield Met(MCP, when, *raised(lambda said=said: _tool(said), folder))


def _client(*said: object) -> Client:
    return Client("http://gate", "fb_key", transport=answers(*said))


def _tool(said: object) -> None:
    tools = server(AsyncClient("http://gate", "fb_key", transport=answers(said)))
    asyncio.run(tools.call_tool("may_i_contact", {"consumer": "A", "channel": "call"}))


def _guarded(folder: Path) -> Iterator[Met]:
    async def later() -> str:
        return "busy"

    def never() -> str:
        raise NotPlaced("the line was engaged")

    def each() -> Iterator[str]:
        yield "busy"

    yield Met(GUARD, "a generator", *raised(lambda: _wrapped(_client(ALLOW), each), folder))
    yield Met(GUARD, "a coroutine, and a client that waits", *raised(lambda: _wrapped(_client(ALLOW), later), folder))
    yield Met(GUARD, "a function that gives a coroutine", *raised(lambda: _wrapped(_client(ALLOW), lambda: later())(), folder))  # noqa: PLW0108
    yield Met(GUARD, "the gate denies", *raised(_wrapped(_client(DENY), lambda: "busy"), folder))
    yield Met(GUARD, "placed, and the outcome did not reach the gate", *raised(_wrapped(_client(ALLOW, PROBLEM), lambda: "busy"), folder))
    gate = AsyncClient("http://gate", "fb_key", transport=answers(ALLOW, PROBLEM))
    placed = _wrapped(gate, later)
    yield Met(GUARD, "placed, and the outcome did not reach the gate", *raised(lambda: asyncio.run(placed()), folder))
    for client in (_client(ALLOW, PROBLEM), AsyncClient("http://gate", "fb_key", transport=answers(ALLOW, PROBLEM))):
        yield Met(GUARD, "not placed, and the slot could not be given back", _noted(_wrapped(client, never)))


def _wrapped(client: Any, place: Callable[[], Any]) -> Callable[[], Any]:
    return Guard(client).wrap(place, lambda: ASKED, lambda result: result)


def _noted(call: Callable[[], Any]) -> str:
    """An error with the note that was added to it."""
    try:
        given = call()
        if asyncio.iscoroutine(given):
            asyncio.run(given)
    except NotPlaced as error:
        return f"{error} ({error.__notes__[0]})"
    raise AssertionError("nothing was raised")
