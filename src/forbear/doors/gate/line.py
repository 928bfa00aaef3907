"""A timeline in memory and in the store: its entries, the ends of the chains of its consumers, and contacts that were cancelled."""

from __future__ import annotations

import msgspec

from forbear.doors.gate.store.store import EVERYONE
from forbear.records.entry import Entry
from forbear.records.packed import Packed


class Head(msgspec.Struct, array_like=True, frozen=True):
    """The last entry of a consumer's chain in the ledger."""

    seq: int
    hash: bytes


class _Stored(msgspec.Struct, array_like=True):
    packed: bytes
    heads: dict[str, Head]
    cancelled: dict[str, Entry]


class Line:
    """A timeline. `version` is that of the row it was read from; 0 for a new one."""

    def __init__(self, line: int, version: int = 0, body: bytes = b"") -> None:
        self.id, self.version = line, version
        stored = _decode(body) if body else _Stored(b"", {}, {})
        self.packed = Packed.unpack(stored.packed) if stored.packed else Packed.of(())
        self.heads, self.cancelled = stored.heads, stored.cancelled
        self._with: tuple[object, Packed] | None = None

    def pack(self) -> bytes:
        """As the store keeps it."""
        return _encode(_Stored(self.packed.pack(), self.heads, self.cancelled))

    @property
    def names(self) -> set[str]:
        """The names of the consumers and debts that lead here."""
        debts = {debt for entry in self.packed.entries() for debt in entry.fields.get("debt", ())}
        return {name(consumer) for consumer in self.heads} | {f"debt {debt}" for debt in debts - {EVERYONE}}

    def put(self, entry: Entry) -> None:
        """Writes an entry into the timeline, or writes it anew."""
        self.packed.put(entry)
        if self._with:
            self._with[1].put(entry)

    def drop(self, entry_id: str) -> None:
        """Takes an entry out of the timeline."""
        self.packed.drop(entry_id)
        self._with = None

    def joined(self, others: tuple[Line, ...]) -> Packed:
        """Its entries and those of others, in order; not kept in the store."""
        others = tuple(other for other in others if len(other.packed))
        if not others:
            return self.packed
        key = tuple((other.id, other.version, len(other.packed)) for other in others)
        if self._with is None or self._with[0] != key:
            found = self.packed
            for other in others:
                found = found.join(other.packed)
            self._with = (key, found)
        return self._with[1]

    def swallow(self, other: Line) -> None:
        """Takes over all that another timeline holds."""
        self.packed = self.packed.join(other.packed)
        self.heads |= other.heads
        self.cancelled |= other.cancelled
        self._with = None


def names(entry: Entry) -> list[str]:
    """The names under which the timelines of an entry are found: of its consumer, and of its debts."""
    (consumer,) = entry.fields["consumer"]
    debts = [] if consumer == EVERYONE else [f"debt {debt}" for debt in entry.fields.get("debt", ()) if debt != EVERYONE]
    return [name(consumer), *debts]


def name(consumer: str) -> str:
    """The name under which a consumer's timeline is found."""
    return EVERYONE if consumer == EVERYONE else f"consumer {consumer}"


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Stored).decode
