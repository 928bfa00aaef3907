"""Clients that cost next to nothing, and how long they wait: a client of a library would be slower than what is measured."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol


class Line(Protocol):
    """A connection that asks one thing after another."""

    async def open(self) -> None:
        """Connects."""

    async def ask(self, said: bytes) -> bytes:
        """The answer."""

    def close(self) -> None:
        """Ends the connection, if there is one."""


class Http:
    """A connection to the gate, or to whatever speaks HTTP."""

    def __init__(self, url: str, key: str = "", path: str = "/v1/ask") -> None:
        self._host, _, self._port = url.removeprefix("http://").partition(":")
        self._head = f"POST {path} HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer {key}\r\nContent-Length: ".encode()

    async def open(self) -> None:
        """Connects."""
        self._reader, self._writer = await asyncio.open_connection(self._host, int(self._port))

    async def post(self, said: object) -> tuple[int, bytes]:
        """Status and body of the answer."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self._writer.write(b"%s%d\r\n\r\n%s" % (self._head, len(body), body))
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head[head.index(b"content-length:") + 15 :].split(b"\r\n", 1)[0])
        return int(head.split(b" ", 2)[1]), await self._reader.readexactly(length)

    async def ask(self, said: bytes) -> bytes:
        """The body of the answer; raises if it is none."""
        status, body = await self.post(said)
        if status != 200:
            raise OSError(f"answered {status}: {body[:200]!r}")
        return body

    def close(self) -> None:
        """Ends the connection, if there is one."""
        if hasattr(self, "_writer"):
            self._writer.close()


class Redis:
    """A connection to Redis, whose answers are single lines."""

    def __init__(self, socket: str) -> None:
        self._socket = socket

    async def open(self) -> None:
        """Connects."""
        self._reader, self._writer = await asyncio.open_unix_connection(self._socket)

    async def ask(self, said: bytes) -> bytes:
        """The line of the answer; raises if it is an error."""
        self._writer.write(said)
        answer = await self._reader.readline()
        if answer.startswith(b"$"):
            return (await self._reader.readexactly(int(answer[1:]) + 2))[:-2]
        if answer.startswith(b"-"):
            raise OSError(answer.decode())
        return answer

    def close(self) -> None:
        """Ends the connection."""
        self._writer.close()


class Measured(NamedTuple):
    """What clients saw. Times in milliseconds."""

    clients: int
    per_second: float
    p50: float
    p99: float
    p999: float

    @classmethod
    def of(cls, clients: int, took: Sequence[float], seconds: float) -> Measured:
        """From times in seconds."""
        times = sorted(took)
        at = [times[min(int(len(times) * share), len(times) - 1)] * 1000 for share in (0.5, 0.99, 0.999)]
        return cls(clients, len(times) / seconds, *at)


Make = Callable[[], Line]
Say = Callable[[int], bytes]


async def closed(make: Make, say: Say, clients: int, seconds: float) -> Measured:
    """Each client asks as soon as it is answered: how many a second there can be."""
    took: list[float] = []
    began = time.perf_counter()

    async def one(number: int) -> None:
        line = make()
        await line.open()
        turn = 0
        while (asked := time.perf_counter()) < began + seconds:
            await line.ask(say(number + turn * clients))
            took.append(time.perf_counter() - asked)
            turn += 1
        line.close()

    await asyncio.gather(*(one(number) for number in range(clients)))
    return Measured.of(clients, took, time.perf_counter() - began)


async def scheduled(make: Make, say: Say, clients: int, rate: float, seconds: float) -> Measured:
    """Questions come at their times, whether or not the last were answered; each waits from the time at which it was due.

    So a server that stands still for a while is seen by all who would have asked meanwhile (no coordinated omission).
    """
    took: list[float] = []
    began = time.perf_counter()

    async def one(number: int) -> None:
        line = make()
        await line.open()
        for turn in range(int(rate * seconds / clients)):
            due = began + (turn * clients + number) / rate
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            await line.ask(say(number + turn * clients))
            took.append(time.perf_counter() - due)
        line.close()

    await asyncio.gather(*(one(number) for number in range(clients)))
    return Measured.of(clients, took, time.perf_counter() - began)
