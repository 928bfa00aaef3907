"""The server: one process or several on one listening socket, each with its own gate over the same store."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Final, NamedTuple

import uvicorn
import uvloop

from forbear.doors.gate.http.app import App
from forbear.doors.gate.http.metrics import FOLDER, fault
from forbear.doors.gate.service import Gate, Opening, open_gate
from forbear.doors.gate.store.store import Broken
from forbear.records.errors import InputError, UserError
from forbear.terms import Language

_FINISH_S: Final = 30
"""How long a request that was accepted may take to be finished when the server stops."""
_STOPS: Final = (signal.SIGTERM, signal.SIGINT)


class Serving(NamedTuple):
    """How the gate is served."""

    opening: Opening
    host: str = "127.0.0.1"
    port: int = 8707
    """0: any that is free."""
    processes: int = 1
    checkpoint_s: int = 60
    lang: Language = "en"


def serve(how: Serving) -> int:
    """Serves until SIGTERM or Ctrl-C; the exit code: 0, or 1 if a commit failed or a process died. Raises `InputError`, `RulebookError`."""
    with _listen(how.host, how.port) as listener:
        host = f"[{how.host}]" if ":" in how.host else how.host
        line = f"listening on http://{host}:{listener.getsockname()[1]}"
        if how.processes == 1:
            return _work(how, listener, lambda: print(line, flush=True), first=True)  # noqa: T201 (what this command prints)
        with tempfile.TemporaryDirectory(prefix="forbear-") as folder:
            os.environ[FOLDER] = folder
            try:
                return _several(how, listener, line)
            finally:
                del os.environ[FOLDER]


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise InputError("--port", f"cannot listen there ({error.strerror})", "name another port, or 0 for any that is free") from error
    listener.listen(2048)
    listener.setblocking(False)
    return listener


# One process.


class _Server(uvicorn.Server):
    """Uvicorn, but for signals: after one it would end the process before the store is closed."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves them to us."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, and says so."""
        await super().startup(sockets)
        self._ready()


def _work(how: Serving, listener: socket.socket, ready: Callable[[], None], *, first: bool) -> int:
    """Serves in this process. `first`: the one that speaks and makes checkpoints on schedule."""
    logging.basicConfig(format="%(message)s", stream=sys.stderr, level=logging.WARNING)
    logging.getLogger("forbear.gate").setLevel(logging.INFO)
    gate = open_gate(how.opening)
    try:
        if first:
            for line in _silence(gate.coverage.silent_kinds(gate.book.kinds(gate.rules)), how.lang):
                print(line, file=sys.stderr, flush=True)  # noqa: T201 (what this command prints)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(how, gate, listener, ready, first=first))
    finally:
        with suppress(Broken):
            gate.close()
    return 1 if gate.failed else 0


async def _run(how: Serving, gate: Gate, listener: socket.socket, ready: Callable[[], None], *, first: bool) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        app.stopping = server.should_exit = True

    app = App(gate, stop)
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_FINISH_S,
    )
    server = _Server(config, ready)
    for number in _STOPS:
        loop.add_signal_handler(number, stop)
    if parent := multiprocessing.parent_process():
        # Nobody would ever stop a process whose parent is gone.
        loop.add_reader(parent.sentinel, stop)
    app.start()
    schedule = asyncio.create_task(_checkpoints(gate, how.checkpoint_s, stop)) if first else None
    try:
        await server.serve([listener])
    finally:
        if schedule:
            schedule.cancel()
        await app.stop()


async def _checkpoints(gate: Gate, every_s: int, broken: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(every_s)
        try:
            await asyncio.to_thread(gate.checkpoint)
        except Broken:
            broken()
        except Exception as error:  # noqa: BLE001 (the next one is tried at its time)
            fault(error)


def _silence(silent: list[str], lang: Language) -> Iterator[str]:
    """What no source tells this gate: its absence proves nothing, so that what turns on it is denied."""
    if silent and lang == "zh":
        yield f"没有来源向本闸门完整提供以下事实，未见不等于没有，凡取决于此的联系一律不放行：{'、'.join(silent)}"
        yield "若确有来源完整提供，请在映射文件 [holds] 或 --holds 中写明。"
    elif silent:
        kinds = ", ".join(silent)
        yield f"No source tells this gate of these kinds of fact; their absence proves nothing, and what turns on them is denied: {kinds}"
        yield "If all of them do reach it, say so under [holds] in the mapping, or with --holds."


# Several processes.


def _several(how: Serving, listener: socket.socket, line: str) -> int:
    """Starts the processes and stops them together: one that ends takes the others along, and whoever watches over us starts all anew."""
    context = multiprocessing.get_context("spawn")
    running = list[SpawnProcess]()
    told, tell = context.Pipe(duplex=False)
    for stop in _STOPS:
        signal.signal(stop, lambda *_: tell.send(0))
    try:
        # The first makes the store and the signing key.
        for number in range(how.processes):
            process = context.Process(target=_child, args=(how, listener, tell, number == 0))
            process.start()
            running.append(process)
            if number == 0 and not _ready(told, running, 1):
                return _stopped(running)
        if _ready(told, running, how.processes - 1):
            print(line, flush=True)  # noqa: T201 (what this command prints)
            wait([told, *(process.sentinel for process in running)])
        return _stopped(running)
    finally:
        for process in running:
            process.kill()


def _child(how: Serving, listener: socket.socket, tell: Connection, first: bool) -> None:
    try:
        sys.exit(_work(how, listener, lambda: tell.send(1), first=first))
    except UserError as error:
        # As the command line says it.
        print(error, file=sys.stderr, flush=True)  # noqa: T201
        sys.exit(error.exit_code)


def _ready(told: Connection, running: list[SpawnProcess], count: int) -> bool:
    """Waits until so many more are ready; false if one has ended, or all are to stop."""
    ends = [process.sentinel for process in running]
    return all(told in wait([told, *ends]) and told.recv() for _ in range(count))


def _stopped(running: list[SpawnProcess]) -> int:
    """Stops all, and waits until each has finished what it accepted. The worst of their exit codes."""
    for process in running:
        process.terminate()
    for process in running:
        process.join(2 * _FINISH_S)
    return max(1 if process.exitcode is None or process.exitcode < 0 else process.exitcode for process in running)
