"""What those who watch are told: numbers for Prometheus, and a log line a request. Nothing of a request is in either.

With several processes each writes its numbers into files of the folder that PROMETHEUS_MULTIPROC_DIR names, and whoever is asked adds
them up; the library looks for that name when it is first imported.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from forbear.doors.gate.api import instant

LOG: Final = logging.getLogger("forbear.gate")
FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS: Final = (0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1, 2, 4, 8)
_SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
_ALLOW: Final = b'{"decision":"allow"'
_DENY: Final = b'{"decision":"deny"'


class Metrics:
    """The numbers of one process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        name = "forbear_gate_"
        self._requests = Counter(f"{name}requests", "Requests.", ["route", "status"], registry=self._registry)
        self._decisions = Counter(f"{name}decisions", "Answers to ask.", ["decision"], registry=self._registry)
        self._latency = Histogram(f"{name}request_seconds", "From request to answer.", ["route"], registry=self._registry, buckets=_SECONDS)
        self._sizes = Histogram(f"{name}batch_size", "Jobs of one transaction.", registry=self._registry, buckets=_SIZES)
        self._commits = Histogram(
            f"{name}commit_seconds", "From the first job to the durable end.", registry=self._registry, buckets=_SECONDS
        )
        # Finding a label's number takes longer than counting.
        self._of_route: dict[tuple[str, int], tuple[Counter, Histogram]] = {}
        self._allow, self._deny = self._decisions.labels("allow"), self._decisions.labels("deny")

    def request(self, route: str, status: int, seconds: float) -> None:
        """A request was answered. `route` is a path of the table, or empty."""
        found = self._of_route.get((route, status))
        if found is None:
            found = self._requests.labels(route, str(status)), self._latency.labels(route)
            self._of_route[route, status] = found
        found[0].inc()
        found[1].observe(seconds)

    def decided(self, answer: bytes) -> None:
        """An answer to ask left."""
        if answer.startswith(_ALLOW):
            self._allow.inc()
        elif answer.startswith(_DENY):
            self._deny.inc()

    def batch(self, jobs: int, seconds: float) -> None:
        """A transaction ended."""
        self._sizes.observe(jobs)
        self._commits.observe(seconds)

    def text(self) -> bytes:
        """All numbers, of all processes, as Prometheus reads them."""
        registry = self._registry
        if FOLDER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


class Lines:
    """The log: one line a request, handed over ten times a second, for a record of its own for each would take as long as the request."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._second, self._said = 0, ""

    def add(self, request: str, route: str, status: int, seconds: float, key: str) -> None:
        """A request was answered: its id, the path of its route, how long it took, and the id of its key. Needs a running event loop."""
        if not LOG.isEnabledFor(logging.INFO):
            return
        if not self._lines:
            asyncio.get_running_loop().call_later(0.1, self.flush)
        at = time.time()
        if int(at) != self._second:
            self._second = int(at)
            self._said = instant(self._second)[:-1]
        # Routes and ids hold no character that JSON would write otherwise.
        self._lines.append(
            f'{{"time":"{self._said}.{int(at * 1000) % 1000:03}Z","id":"{request}","route":"{route}",'
            f'"status":{status},"ms":{seconds * 1000:.2f},"key":"{key}"}}'
        )

    def flush(self) -> None:
        """Hands over what there is."""
        if self._lines:
            LOG.info("\n".join(self._lines))
            self._lines.clear()


def fault(error: BaseException) -> None:
    """Writes down that something unforeseen happened: what kind and where, not what it says, which may repeat a request."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename.rpartition('/')[2]}:{place.tb_lineno}" if place else ""
    LOG.error(json.dumps({"time": instant(int(time.time())), "fault": type(error).__name__, "at": where}))
