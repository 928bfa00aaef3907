"""What every store says in the same SQL: API keys, the public key, checkpoints, and answers that are forgotten."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from forbear.doors.gate.store.store import StoredKey


class Shared(ABC):
    """Statements that stand alone, with `?` for each value."""

    @abstractmethod
    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """What a query gives."""

    @abstractmethod
    def _change(self, sql: str, values: Sequence[object]) -> int:
        """Changes something durably, and says how many rows."""

    def checkpoints(self) -> Sequence[tuple[int, bytes]]:
        """(epoch, checkpoint), the oldest first."""
        return self._rows("SELECT epoch, body FROM checkpoint ORDER BY epoch")

    def keys(self) -> list[StoredKey]:
        """All API keys; their roles are kept in one text."""
        rows = map(StoredKey._make, self._rows("SELECT * FROM api_key ORDER BY created, id"))
        return [key._replace(roles=tuple(str(key.roles).split(","))) for key in rows]

    def add_key(self, key: StoredKey) -> None:
        """Keeps a key."""
        self._change("INSERT INTO api_key VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*key[:4], ",".join(key.roles), *key[5:]))

    def revoke_key(self, key: str, at: int) -> bool:
        """Revokes a key."""
        return self._change("UPDATE api_key SET revoked = ? WHERE id = ? AND revoked IS NULL", (at, key)) == 1

    def public_key(self) -> bytes:
        """The public key of the gate that wrote here last."""
        rows = self._rows("SELECT public_key FROM signed_by")
        return bytes(rows[0][0]) if rows else b""

    def put_public_key(self, pem: bytes) -> None:
        """Keeps the public key."""
        self._change("INSERT INTO signed_by VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET public_key = excluded.public_key", (pem,))

    def forget_answers(self, before: int) -> None:
        """Drops old answers."""
        self._change("DELETE FROM answered WHERE at < ?", (before,))
