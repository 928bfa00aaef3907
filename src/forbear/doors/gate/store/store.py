"""Where the gate keeps what it knows: one row a timeline, the ledger, answers given under an idempotency key, checkpoints and keys.

A store does three things: `hold` reads timelines and keeps everyone else from them, `write` writes, and the end of `transaction` makes
it durable or fails. SQLite and PostgreSQL differ in how they lock and in nothing that can be seen from here. Chains are in the order of
their UTF-8 bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, NamedTuple, Protocol

MIGRATIONS: Final = Path(__file__).parent / "migrations"
EVERYONE: Final = "*"
"""The name of the timeline of what was told for all consumers."""


class Broken(Exception):
    """The store could not make something durable. Nothing that was asked in that transaction is answered."""


class Again(Broken):
    """The store undid the transaction for the sake of another one: done again, it will succeed."""


class Row(NamedTuple):
    """A timeline as it is stored."""

    id: int
    version: int
    """Grows with every change."""
    moved: int | None
    """The timeline that this one was merged into."""
    body: bytes


class Held(NamedTuple):
    """What a transaction found."""

    lines: dict[str, int]
    """Name of a consumer or debt -> its timeline, of those that have one."""
    rows: dict[int, Row]
    answers: dict[tuple[str, str], tuple[bytes, bytes]]
    """(key, idempotency key) -> (digest of the request, answer)."""
    epoch: int
    """Number of the checkpoint that will cover what is written now."""


class Written(NamedTuple):
    """What a transaction changes."""

    lines: list[Row]
    names: list[tuple[str, int]]
    """(name, timeline), new or moved there."""
    records: list[tuple[str, int, int, bytes, bytes]]
    """(chain, seq, epoch, body, hash)."""
    answers: list[tuple[str, str, bytes, bytes, int]]
    """(key, idempotency key, digest, answer, at)."""


class Grown(NamedTuple):
    """What the next checkpoint covers."""

    epoch: int
    before: bytes | None
    """The last checkpoint."""
    heads: list[tuple[str, int, bytes]]
    """Chain, seq and hash of the last entry of each chain that grew, in the order of chains."""
    entries: int


class StoredKey(NamedTuple):
    """An API key without its secret."""

    id: str
    secret_hash: bytes
    agency: str
    agency_kind: str
    roles: tuple[str, ...]
    per_minute: int
    created: int
    revoked: int | None = None


class Transaction(Protocol):
    """All or nothing."""

    def hold(self, names: Iterable[str], ids: Iterable[int], answers: Iterable[tuple[str, str]], *, everyone: bool) -> Held:
        """The timelines of these names and ids, kept from all others until the end.

        `everyone`: keeps all others out altogether, for what is told for everyone.
        """

    def new_line(self) -> int:
        """The number of a timeline to be."""

    def write(self, written: Written) -> None:
        """Writes; durable only when the transaction has ended."""

    def heads(self) -> Grown:
        """What grew since the last checkpoint, while nobody else writes."""

    def put_checkpoint(self, epoch: int, body: bytes) -> None:
        """Ends an epoch."""


class Store(Protocol):
    """A place that keeps what was committed."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Durable at its end, or `Broken`; undone if the body raises."""

    def records(self, chain: str | None = None) -> Iterable[tuple[str, int, int, bytes, bytes]]:
        """Ledger entries (chain, seq, epoch, body, hash) in the order of chain and seq: of one consumer, or all."""

    def checkpoints(self) -> Sequence[tuple[int, bytes]]:
        """(epoch, checkpoint), the oldest first."""

    def keys(self) -> list[StoredKey]:
        """All API keys, revoked ones too."""

    def add_key(self, key: StoredKey) -> None:
        """Keeps a key."""

    def revoke_key(self, key: str, at: int) -> bool:
        """Revokes a key; whether there was one that was not revoked before."""

    def public_key(self) -> bytes:
        """The public key of the gate that wrote here last, as PEM; empty if none did."""

    def put_public_key(self, pem: bytes) -> None:
        """Keeps the public key of the gate that writes here."""

    def forget_answers(self, before: int) -> None:
        """Drops answers kept for idempotency keys from before an instant."""

    def close(self) -> None:
        """Lets go of the files or the connection."""


def migrations(dialect: str) -> list[tuple[int, str]]:
    """(number, SQL) of the migrations of a dialect, in their order."""
    return [(int(file.stem), file.read_text("utf-8")) for file in sorted((MIGRATIONS / dialect).glob("*.sql"))]
