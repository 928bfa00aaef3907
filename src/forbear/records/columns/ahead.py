"""What one thread makes while another one uses it: in order, and never far ahead."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
_PAUSE = 0.1
"""Seconds after which a thread that waits looks whether anybody still wants what it makes."""


def ahead(made: Iterator[T], room: int = 2) -> Iterator[T]:
    """The same items, made in a thread of their own, at most `room` of them before they are asked for.

    What the thread raises is raised here, after all items before it.
    """
    queue: Queue[list[T] | BaseException] = Queue(room)
    over = Event()
    thread = Thread(target=_run, args=(made, queue, over), daemon=True)
    thread.start()
    try:
        while item := queue.get():
            if isinstance(item, BaseException):
                raise item
            yield from item
    finally:
        over.set()
        thread.join()


def _run(made: Iterator[T], queue: Queue[list[T] | BaseException], over: Event) -> None:
    """Puts each item into the queue, as a list of one; an empty list is the end."""
    try:
        for each in made:
            if not _put(queue, [each], over):
                return
    except BaseException as error:  # noqa: BLE001 - whatever it is, it belongs to whoever waits
        _put(queue, error, over)
    else:
        _put(queue, [], over)


def _put(queue: Queue[list[T] | BaseException], item: list[T] | BaseException, over: Event) -> bool:
    while not over.is_set():
        try:
            queue.put(item, timeout=_PAUSE)
        except Full:
            continue
        return True
    return False
