"""The gate's store in PostgreSQL 15 or newer: for many processes and hosts. Besides begin and commit a batch costs two round trips.

Locks, always in this order: one that all writers share and checkpoints take alone; the names of consumers and debts, so that no two
make a timeline for the same; the rows of timelines, by number.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from typing import Any, Final

import psycopg

from forbear.doors.gate.store.shared import Shared
from forbear.doors.gate.store.store import EVERYONE, Again, Broken, Grown, Held, Row, Written, migrations
from forbear.records.errors import InputError

_GATE: Final = 0x666F7262
"""The lock that all share, in a space of its own: that of two numbers; names lock in the space of one."""

_LINE: Final = (
    "INSERT INTO line VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (id) DO UPDATE SET version = excluded.version, moved = excluded.moved, body = excluded.body"
)
_NODE: Final = "INSERT INTO node VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET line = excluded.line"


class PostgreSQL(Shared):
    """One connection. Threads of a process share it, one transaction after another."""

    def __init__(self, url: str) -> None:
        """Connects, and makes tables where they are missing. Raises `InputError`, without the URL: it may hold a password."""
        self._lock = threading.RLock()
        self._url = url
        try:
            self._db = psycopg.connect(url, autocommit=True)
            self._migrate()
        except psycopg.Error as error:
            raise InputError(
                "--store",
                f"PostgreSQL cannot be used ({type(error).__name__})",
                "check that it runs, and its host, user, password and database",
            ) from error

    def _migrate(self) -> None:
        with self._db.transaction():
            self._db.execute("SELECT pg_advisory_xact_lock(%s, 0)", (_GATE,))
            self._db.execute("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY)")
            row = self._db.execute("SELECT coalesce(max(number), 0) FROM migration").fetchone()
            assert row
            for number, sql in migrations("postgresql"):
                if number > row[0]:
                    self._db.execute(sql.encode())
                    self._db.execute("INSERT INTO migration VALUES (%s)", (number,))

    @contextmanager
    def transaction(self) -> Iterator[_Transaction]:
        """Durable at its end. Raises `Broken` where PostgreSQL did not say that it is, `Again` where it chose another one to go first."""
        with self._lock:
            try:
                if self._db.closed:
                    self._db = psycopg.connect(self._url, autocommit=True)
                with self._db.transaction():
                    yield _Transaction(self._db)
            except (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure) as error:
                raise Again(type(error).__name__) from error
            except psycopg.Error as error:
                raise Broken(type(error).__name__) from error

    def records(self, chain: str | None = None) -> Iterator[tuple[str, int, int, bytes, bytes]]:
        """Ledger entries in the order of chain and seq, a piece at a time."""
        after = (chain or "", 0)
        more = b"chain = %s AND seq > %s" if chain is not None else b"(chain, seq) > (%s, %s)"
        while True:
            with self._lock:
                rows = self._db.execute(
                    b"SELECT chain, seq, epoch, body, hash FROM record WHERE " + more + b" ORDER BY chain, seq LIMIT 10000", after
                ).fetchall()
            yield from rows
            if not rows:
                return
            after = rows[-1][:2]

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql.replace("?", "%s").encode(), values).fetchall()

    def _change(self, sql: str, values: Sequence[object]) -> int:
        with self._lock:
            return self._db.execute(sql.replace("?", "%s").encode(), values).rowcount

    def close(self) -> None:
        """Ends the connection."""
        self._db.close()


class _Transaction:
    """Locks what it reads."""

    def __init__(self, db: psycopg.Connection) -> None:
        self._db = db

    def hold(self, names: Iterable[str], ids: Iterable[int], answers: Iterable[tuple[str, str]], *, everyone: bool) -> Held:
        """Locks and reads in one round trip; in more where a timeline was merged into another meanwhile."""
        named, keys = sorted({*names}), sorted({*answers})
        with self._db.pipeline():
            self._db.execute(f"SELECT pg_advisory_xact_lock{'' if everyone else '_shared'}(%s, 0)".encode(), (_GATE,))
            self._db.execute(
                "SELECT pg_advisory_xact_lock(x) FROM (SELECT x FROM unnest(%s::bigint[]) AS x ORDER BY x) AS sorted", (_locks(named),)
            )
            rows = self._db.execute(
                "SELECT id, version, moved, body FROM line"
                # One array: with OR the whole table would be read.
                " WHERE id = ANY(ARRAY(SELECT line FROM node WHERE name = ANY(%s)) || %s::bigint[]) ORDER BY id FOR UPDATE",
                (named, sorted({*ids})),
            )
            lines = self._db.execute("SELECT name, line FROM node WHERE name = ANY(%s)", ([*named, EVERYONE],))
            shared = self._db.execute(
                "SELECT id, version, moved, body FROM line WHERE id = (SELECT line FROM node WHERE name = %s)", (EVERYONE,)
            )
            kept = self._db.execute(
                "SELECT asker, name, digest, answer FROM answered JOIN unnest(%s::text[], %s::text[]) AS asked (a, n)"
                " ON asker = a AND name = n",
                ([asker for asker, _ in keys], [name for _, name in keys]),
            )
            epoch = self._db.execute("SELECT coalesce(max(epoch), 0) + 1 FROM checkpoint")
        found = {row[0]: Row(*row) for row in (*shared.fetchall(), *rows.fetchall())}
        named_lines: dict[str, int] = dict(lines.fetchall())
        while missing := {*named_lines.values(), *(row.moved for row in found.values() if row.moved is not None)} - found.keys():
            more = self._db.execute(
                "SELECT id, version, moved, body FROM line WHERE id = ANY(%s) ORDER BY id FOR UPDATE", (sorted(missing),)
            )
            found |= {row[0]: Row(*row) for row in more.fetchall()}
        row = epoch.fetchone()
        assert row
        return Held(named_lines, found, {(a, n): (digest, answer) for a, n, digest, answer in kept.fetchall()}, row[0])

    def new_line(self) -> int:
        """The next number of the sequence."""
        row = self._db.execute("SELECT nextval('line_id')").fetchone()
        assert row
        return int(row[0])

    def write(self, written: Written) -> None:
        """Writes everything in one round trip."""
        steps = (
            (_LINE, written.lines),
            (_NODE, written.names),
            ("INSERT INTO record VALUES (%s, %s, %s, %s, %s)", written.records),
            ("INSERT INTO answered VALUES (%s, %s, %s, %s, %s)", written.answers),
        )
        with self._db.pipeline(), self._db.cursor() as cursor:
            for sql, rows in steps:
                if rows:
                    cursor.executemany(sql, rows)

    def heads(self) -> Grown:
        """What grew since the last checkpoint, while nobody else writes."""
        self._db.execute("SELECT pg_advisory_xact_lock(%s, 0)", (_GATE,))
        before = self._db.execute("SELECT epoch, body FROM checkpoint ORDER BY epoch DESC LIMIT 1").fetchone()
        epoch = before[0] + 1 if before else 1
        counted = self._db.execute("SELECT count(*) FROM record WHERE epoch = %s", (epoch,)).fetchone()
        assert counted
        rows = self._db.execute(
            "SELECT DISTINCT ON (chain) chain, seq, hash FROM record WHERE epoch = %s ORDER BY chain, seq DESC", (epoch,)
        ).fetchall()
        return Grown(epoch, before[1] if before else None, rows, counted[0])

    def put_checkpoint(self, epoch: int, body: bytes) -> None:
        """Ends an epoch."""
        self._db.execute("INSERT INTO checkpoint VALUES (%s, %s)", (epoch, body))


def _locks(names: Sequence[str]) -> list[int]:
    return sorted({int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True) for name in names})
