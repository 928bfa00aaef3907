"""Waiting for what other processes and threads do: for the thing itself, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(found: Callable[[], T], seconds: float = 120) -> T:
    """What `found` gives as soon as that is true of something; fails where it takes longer than anybody should wait."""
    end = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < end, f"it took longer than {seconds} seconds"
        time.sleep(0.02)
    return value
