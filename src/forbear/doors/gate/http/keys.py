"""API keys: who asks, what they may do, and how often.

A key is `fb_<id>_<secret>`. The secret has 32 random bytes, so nobody can guess it from its hash however fast the hash is: SHA-256 is
enough, and a slow hash made for passwords would only slow every request down.
"""

from __future__ import annotations

import asyncio
import hmac
import math
import secrets
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Final

from forbear.doors.gate.api import Refused
from forbear.doors.gate.http.routes import Declined, Route
from forbear.doors.gate.job import Asker
from forbear.doors.gate.store.store import Store, StoredKey

FRESH_S: Final = 1.0
"""How long keys that were read are believed: a revocation by any process is felt after this time."""
NEW_S: Final = 0.05
"""The same for whoever shows an id that is not among them: a new key works at once, and guessing reads the store 20 times a second."""
_SCHEME: Final = b"bearer "
_NOBODY: Final = sha256(b"").digest()
_BEARER: Final = ((b"www-authenticate", b"Bearer"),)


def make(agency: str, agency_kind: str, roles: Iterable[str], per_minute: int = 0, now: float | None = None) -> tuple[str, StoredKey]:
    """A new key: its text, to be shown once, and what is kept of it."""
    name, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    created = int(time.time() if now is None else now)
    return f"fb_{name}_{secret}", StoredKey(name, _hash(secret.encode()), agency, agency_kind, tuple(roles), per_minute, created)


class Keys:
    """The store's keys as they were a moment ago, and how much each of them has asked of this process."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock`: in seconds, never set back."""
        self._store, self._clock = store, clock
        self._of_id: dict[str, tuple[StoredKey, Asker]] = {}
        self._buckets: dict[str, _Bucket] = {}
        self._read = -math.inf
        self._reading: asyncio.Task[None] | None = None

    def fresh(self, authorization: bytes) -> bool:
        """Whether they need not be read again to know whose key a request has."""
        return self._clock() - self._read < (FRESH_S if _name(authorization) in self._of_id else NEW_S)

    async def refresh(self) -> None:
        """Reads the keys; who comes meanwhile waits for the same reading. Raises what the store raises."""
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._take())
        await asyncio.shield(self._reading)

    async def _take(self) -> None:
        began = self._clock()
        try:
            kept = await asyncio.to_thread(self._store.keys)
            self._of_id = {key.id: (key, Asker(key.id, key.agency, key.agency_kind, frozenset(key.roles), key.per_minute)) for key in kept}
            self._read = began
        finally:
            self._reading = None

    def holder(self, authorization: bytes) -> Asker:
        """Who holds the key of a request. Raises `Refused` if it is no key that is in force."""
        if authorization[: len(_SCHEME)].lower() != _SCHEME:
            raise Declined("not-authenticated", 401, "This needs a key", "send the header Authorization: Bearer fb_...", _BEARER)
        prefix, _, secret = _parts(authorization)
        key, asker = self._of_id.get(_name(authorization), (None, None))
        # In constant time, and the same work for an id that is nobody's.
        same = hmac.compare_digest(_hash(secret), key.secret_hash if key else _NOBODY)
        if key is None or asker is None or not same or prefix != b"fb":
            raise Declined("not-authenticated", 401, "This is no key of this gate", "check the key; it was shown once when made", _BEARER)
        if key.revoked is not None:
            raise Declined("revoked-key", 401, "This key was revoked", "ask for a new key", _BEARER)
        return asker

    def admit(self, asker: Asker, route: Route) -> None:
        """Counts a request. Raises `Refused` if its key may not do that, or not so often."""
        if asker.roles.isdisjoint(route.roles):
            raise Refused("not-allowed", 403, "This key has no role for that", f"ask for a key with the role {route.roles[0]}")
        if asker.per_minute:
            self._count(asker, route.cost)

    def _count(self, asker: Asker, cost: int) -> None:
        bucket = self._buckets.get(asker.key)
        if bucket is None or bucket.per_minute != asker.per_minute:
            bucket = self._buckets[asker.key] = _Bucket(asker.per_minute, self._clock())
        if wait := bucket.take(cost, self._clock()):
            seconds = b"%d" % math.ceil(wait)
            raise Declined("rate-limited", 429, "This key has asked too often", "wait for Retry-After seconds", [(b"retry-after", seconds)])


class _Bucket:
    """Tokens that come at a steady rate; a minute's worth may be saved up, and never less than the dearest request costs."""

    def __init__(self, per_minute: int, now: float) -> None:
        self.per_minute = per_minute
        self._most = float(max(per_minute, 5))
        self._tokens, self._at = self._most, now

    def take(self, cost: int, now: float) -> float:
        """Takes tokens, or takes none and says in how many seconds there will be enough."""
        self._tokens = min(self._most, self._tokens + (now - self._at) * self.per_minute / 60)
        self._at = now
        if self._tokens >= cost:
            self._tokens -= cost
            return 0.0
        return (cost - self._tokens) * 60 / self.per_minute


def _parts(authorization: bytes) -> tuple[bytes, bytes, bytes]:
    """Prefix, id and secret of the key in a header; empty where there is none."""
    prefix, _, rest = authorization[len(_SCHEME) :].strip().partition(b"_")
    name, _, secret = rest.partition(b"_")
    return prefix, name, secret


def _name(authorization: bytes) -> str:
    return _parts(authorization)[1].decode("latin-1")


def _hash(secret: bytes) -> bytes:
    return sha256(secret).digest()
