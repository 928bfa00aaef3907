"""The kernel loaded, or compiled and kept beside the code, before anything waits for it."""

from __future__ import annotations

import time

import numpy as np

from forbear.engines.kernel.compiled.counts import counts
from forbear.engines.kernel.desk import Desk
from forbear.engines.kernel.host import Kernel
from forbear.records.columns.block import of_entries
from forbear.records.coverage import COMPLETE
from forbear.records.entry import Entry
from forbear.records.packed import Packed
from forbear.rulebook.load import load, shipped


def warm() -> float:
    """Runs every compiled function once, on one contact, as the audit and the gate do; the seconds that it took."""
    began = time.monotonic()
    book = load([shipped()])
    kernel = Kernel(book, book.rules, COMPLETE)
    contact = Entry(entry_id="1", at=0, known_at=0, fields={"kind": ("contact",), "consumer": ("A",), "channel": ("call",)})
    found = kernel.find(of_entries([contact]), np.arange(1), np.array([0, 1]))
    none, nobody = np.empty((0, 3), np.int64), np.empty(0, np.int64)
    counts(kernel.held, found.held, found.dates, none, nobody, none, none, nobody)
    Desk(book, book.rules, COMPLETE).ask(Packed.of([contact]), contact.but(zone=("Etc/UTC",)))
    return time.monotonic() - began
