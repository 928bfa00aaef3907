"""Stores that hold a past: as many contacts as wanted, fifty to a consumer, written as a gate would have left them."""

from __future__ import annotations

import time
from collections.abc import Iterator

from forbear.doors.gate.line import Line
from forbear.doors.gate.store.store import Row, Store, Written
from forbear.records.entry import Entry

EACH = 50
_PIECE = 5_000
_LIKE = "p00000000"


def consumer(number: int) -> str:
    """The name of a consumer with a past."""
    return f"p{number:08}"


def fill(store: Store, contacts: int, about: dict[str, str]) -> int:
    """Writes the past; how many consumers have one. The contacts lie between ten and sixty days back, so that no cap counts them."""
    consumers = contacts // EACH
    like = Line(1)
    for entry in _past(about):
        like.put(entry)
    # Names are as long as each other, so that each consumer's timeline is the first one with the name put in.
    body = like.pack()
    for begin in range(0, consumers, _PIECE):
        some = range(begin, min(begin + _PIECE, consumers))
        rows = [Row(1 + number, 1, None, body.replace(_LIKE.encode(), consumer(number).encode())) for number in some]
        names = [(name, 1 + number) for number in some for name in (f"consumer {consumer(number)}", f"debt {consumer(number)}")]
        with store.transaction() as transaction:
            transaction.write(Written(rows, names, [], []))
    return consumers


def _past(about: dict[str, str]) -> Iterator[Entry]:
    now = int(time.time())
    for number in range(EACH):
        at = now - (60 * 86400) + number * 86400
        outcome = ("no-answer", "conversation", "busy")[number % 3]
        fields = {name: (value,) for name, value in about.items()}
        fields |= {"kind": ("contact",), "consumer": (_LIKE,), "person": (_LIKE,), "debt": (_LIKE,), "outcome": (outcome,), "tags": ()}
        fields |= {"agency": ("X",), "agency_kind": ("third-party-agency",), "direction": ("outbound",)}
        yield Entry(entry_id=f"{at * 1_000_000_000:016x}-{number:016x}", at=at, known_at=at, fields=fields)
