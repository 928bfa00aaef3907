"""The parts of a run, judged by processes of this machine: each part by one of them, done in no order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from types import TracebackType
from typing import Self, TypeVar

from forbear.records.errors import UserError

Task = TypeVar("Task")
Done = TypeVar("Done")


class Lost(UserError):
    """A process was ended from outside."""


def threads() -> int:
    """How many processes this machine can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """Processes that wait for tasks; with one alone, this process does them itself. A context manager: leaving it early ends them."""

    def __init__(self, count: int, prepare: Callable[[], object]) -> None:
        """`prepare` is what each of them begins with, while this process still reads."""
        self._pool: ProcessPoolExecutor | None = None
        if count > 1:
            # Fresh processes: what threads of this one hold cannot be divided.
            self._pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _begin)
            for _ in range(count):
                self._pool.submit(prepare)

    def each(self, do: Callable[[Task], Done], tasks: Iterable[Task]) -> Iterator[Done]:
        """What `do` says of each task, in the order in which they are done. Raises what `do` raises, and `Lost`."""
        if self._pool is None:
            yield from map(do, tasks)
            return
        try:
            for future in as_completed([self._pool.submit(do, task) for task in tasks]):
                yield future.result()
        except BrokenProcessPool as error:
            raise Lost(
                "a worker process was ended from outside, most often because memory ran out; "
                "run the same command again: it goes on where it stopped (fewer --threads or a smaller --memory need less)"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool is None:
            return
        if kind is not None:
            for child in multiprocessing.active_children():
                child.terminate()
        self._pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Whoever presses Ctrl-C speaks to the first process, which ends the others; when it is gone, so are they."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    first = multiprocessing.parent_process()
    if first:
        wait([first.sentinel])
        os._exit(1)
