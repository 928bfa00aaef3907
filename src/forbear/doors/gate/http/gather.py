"""Requests of one moment become one transaction."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from forbear.doors.gate.api import Refused
from forbear.doors.gate.http.metrics import Metrics, fault
from forbear.doors.gate.job import Job
from forbear.doors.gate.store.store import Broken

if TYPE_CHECKING:
    from forbear.doors.gate.service import Gate

Answered = bytes | Refused
_MOST: Final = 1024
"""Jobs of one transaction."""


def store_failed() -> Refused:
    """A new one each time: an exception that is raised again keeps every frame that it ever passed."""
    return Refused("store-failed", 503, "The store failed", "do not place the contact; ask another gate, or later")


def faulty() -> Refused:
    """Something unforeseen happened."""
    return Refused("fault", 500, "The gate has a fault", "do not place the contact; tell whoever runs the gate what X-Request-Id says")


class Batcher:
    """Gathers jobs while the last ones are being committed: one transaction, and one fsync, for all that wait."""

    def __init__(self, gate: Gate, metrics: Metrics, broken: Callable[[], None]) -> None:
        """`broken` is called in the event loop when a commit has failed. Starts a thread; needs a running event loop."""
        self._gate, self._metrics, self._broken = gate, metrics, broken
        self._loop = asyncio.get_running_loop()
        self._waiting: queue.SimpleQueue[tuple[Job, asyncio.Future[Answered]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="gate", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> asyncio.Future[Answered]:
        """The answer to come."""
        answer: asyncio.Future[Answered] = self._loop.create_future()
        self._waiting.put((job, answer))
        return answer

    async def stop(self) -> None:
        """Does what waits, and ends the thread."""
        self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        last = False
        while not last:
            batch = [self._waiting.get()]
            while batch[-1] is not None and len(batch) < _MOST and not self._waiting.empty():
                batch.append(self._waiting.get())
            last = batch[-1] is None
            jobs = [each for each in batch if each is not None]
            if jobs:
                began = time.perf_counter()
                answers = self._do([job for job, _ in jobs])
                self._metrics.batch(len(jobs), time.perf_counter() - began)
                self._loop.call_soon_threadsafe(_settle, [answer for _, answer in jobs], answers)

    def _do(self, jobs: Sequence[Job]) -> list[Answered]:
        try:
            return self._gate.do(jobs)
        except Exception as error:  # noqa: BLE001 (whatever it is: who asks must not wait for ever)
            if isinstance(error, Broken) or self._gate.failed:
                self._loop.call_soon_threadsafe(self._broken)
                return [store_failed() for _ in jobs]
            if len(jobs) == 1:
                fault(error)
                return [faulty()]
        # The transaction was undone, so each may be done alone: only the one that cannot be done fails.
        return [self._do([job])[0] for job in jobs]


def _settle(waiting: list[asyncio.Future[Answered]], answers: list[Answered]) -> None:
    for future, answer in zip(waiting, answers, strict=True):
        if not future.done():
            future.set_result(answer)
