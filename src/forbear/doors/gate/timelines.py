"""The timelines that a transaction holds: found by names of consumers and debts, made and joined as jobs need, written at its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from forbear.doors.gate.job import Asker
from forbear.doors.gate.ledger import ledger
from forbear.doors.gate.line import Head, Line
from forbear.doors.gate.store.store import EVERYONE, Held, Row, Transaction, Written
from forbear.records.packed import Packed


class Timelines:
    """What one transaction works on."""

    def __init__(self, transaction: Transaction, held: Held, lines: dict[int, Line]) -> None:
        self.lines = lines
        """Number -> timeline, of those that are held."""
        self._transaction, self._epoch = transaction, held.epoch
        self._moved = {row.id: row.moved for row in held.rows.values() if row.moved is not None}
        self._of_name = dict(held.lines)
        self._changed: set[int] = set()
        self._swallowed: dict[int, int] = {}
        self._names: dict[str, int] = {}
        self._records: list[tuple[str, int, int, bytes, bytes]] = []

    def numbered(self, number: int) -> Line | None:
        """The timeline of a number, or that into which it was merged."""
        return self.lines.get(self._follow(number))

    def around(self, names: Iterable[str]) -> list[Line]:
        """The timelines that these names are on; nothing is changed."""
        numbers = dict.fromkeys(self._follow(self._of_name[name]) for name in names if name in self._of_name)
        return [self.lines[number] for number in numbers]

    @property
    def everyone(self) -> list[Line]:
        """The timeline of what was told for all, if anything was."""
        found = self.lines.get(self._of_name.get(EVERYONE, -1))
        return [found] if found else []

    def joined(self, around: list[Line]) -> Packed:
        """All that is known on some timelines, with what was told for all."""
        first = around[0] if around else Line(0)
        return first.joined((*around[1:], *self.everyone))

    def line(self, names: list[str]) -> Line:
        """The one timeline of these names: made where there is none, and of several one."""
        around = self.around(names)
        if around:
            line = min(around, key=lambda each: each.id)
        else:
            line = self.lines.setdefault(number := self._transaction.new_line(), Line(number))
        for other in around:
            if other is not line:
                for name in other.names:
                    self._of_name[name] = self._names[name] = line.id
                line.swallow(other)
                self._moved[other.id] = self._swallowed[other.id] = line.id
                self._changed.discard(other.id)
        for name in names:
            if self._follow(self._of_name.get(name, -1)) != line.id:
                self._of_name[name] = self._names[name] = line.id
        self._changed.add(line.id)
        return line

    def write_down(self, line: Line, chain: str, at: int, what: str, asker: Asker, body: dict[str, Any]) -> tuple[ledger.Record, bytes]:
        """Puts an entry on a chain of the ledger; the entry, and its hash."""
        before = line.heads.get(chain)
        seq, previous = (before.seq + 1, before.hash) if before else (1, ledger.start(chain))
        record = ledger.Record(chain=chain, seq=seq, epoch=self._epoch, at=at, what=what, by=asker.key, body=body)
        encoded = ledger.encode(record)
        head = ledger.link(previous, encoded)
        line.heads[chain] = Head(seq, head)
        self._changed.add(line.id)
        self._records.append((chain, seq, self._epoch, encoded, head))
        return record, head

    def write(self, answered: Mapping[tuple[str, str], tuple[bytes, bytes]], now: int) -> None:
        """Hands everything to the transaction. `answered`: (key, idempotency key) -> (digest of the request, answer)."""
        rows = []
        for number in sorted(self._changed):
            line = self.lines[number]
            line.version += 1
            rows.append(Row(number, line.version, None, line.pack()))
        for number, winner in self._swallowed.items():
            rows.append(Row(number, self.lines.pop(number).version + 1, winner, b""))
        answers = [(key, name, digest, answer, now) for (key, name), (digest, answer) in answered.items()]
        self._transaction.write(Written(rows, [*self._names.items()], self._records, answers))

    def _follow(self, number: int) -> int:
        while number in self._moved:
            number = self._moved[number]
        return number
