"""The gate's store in one SQLite file: write-ahead log, every commit synced to disk. Several processes may share the file."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from forbear.doors.gate.store.shared import Shared
from forbear.doors.gate.store.store import EVERYONE, Broken, Grown, Held, Row, Written, migrations
from forbear.records.errors import InputError

_WAIT_S: Final = 30
_PIECE: Final = 500
"""Values that are asked for in one statement."""


class SQLite(Shared):
    """One file. Threads of a process share one connection, one transaction after another."""

    def __init__(self, file: Path) -> None:
        """Opens the file, or makes it. Raises `InputError` where it cannot be used."""
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(file, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA cache_size = -65536")
            self._migrate()
        except sqlite3.Error as error:
            raise InputError(str(file), f"cannot be used as a store ({error})", "name a file in a folder that can be written to") from error

    def _migrate(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        for number, sql in migrations("sqlite"):
            if number > version:
                for statement in sql.split(";\n"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {number}")
        self._db.execute("COMMIT")

    @contextmanager
    def transaction(self) -> Iterator[_Transaction]:
        """Durable at its end. Raises `Broken` where SQLite could not promise that."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield _Transaction(self._db)
                except BaseException:
                    if self._db.in_transaction:
                        self._db.execute("ROLLBACK")
                    raise
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                raise Broken(str(error)) from error

    def records(self, chain: str | None = None) -> Iterator[tuple[str, int, int, bytes, bytes]]:
        """Ledger entries in the order of chain and seq."""
        where, values = ("", ()) if chain is None else ("WHERE chain = ?", (chain,))
        with self._lock:
            yield from self._db.execute(f"SELECT chain, seq, epoch, body, hash FROM record {where} ORDER BY chain, seq", values)  # noqa: S608

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _change(self, sql: str, values: Sequence[Any]) -> int:
        with self._lock:
            return self._db.execute(sql, values).rowcount

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._db.close()


class _Transaction:
    """Holds the file's one write lock from its beginning, so timelines need no locks of their own."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._next = 0

    def hold(self, names: Iterable[str], ids: Iterable[int], answers: Iterable[tuple[str, str]], *, everyone: bool) -> Held:
        """Reads; the lock is held already."""
        del everyone
        lines = dict(self._some("SELECT name, line FROM node WHERE name IN", [*{*names, EVERYONE}]))
        wanted, rows = {*lines.values(), *ids}, dict[int, Row]()
        while wanted:
            found = [Row(*row) for row in self._some("SELECT id, version, moved, body FROM line WHERE id IN", sorted(wanted))]
            rows |= {row.id: row for row in found}
            wanted = {row.moved for row in found if row.moved is not None} - rows.keys()
        kept = {}
        for key in answers:
            if found_ := self._db.execute("SELECT digest, answer FROM answered WHERE asker = ? AND name = ?", key).fetchone():
                kept[key] = found_
        (epoch,) = self._db.execute("SELECT coalesce(max(epoch), 0) + 1 FROM checkpoint").fetchone()
        return Held(lines, rows, kept, epoch)

    def _some(self, sql: str, values: Sequence[str] | Sequence[int]) -> list[tuple[Any, ...]]:
        found = list[tuple[Any, ...]]()
        for begin in range(0, len(values), _PIECE):
            piece = values[begin : begin + _PIECE]
            found += self._db.execute(f"{sql} ({','.join('?' * len(piece))})", piece).fetchall()
        return found

    def new_line(self) -> int:
        """One more than the largest number."""
        if not self._next:
            (self._next,) = self._db.execute("SELECT coalesce(max(id), 0) FROM line").fetchone()
        self._next += 1
        return self._next

    def write(self, written: Written) -> None:
        """Writes everything."""
        self._db.executemany("INSERT OR REPLACE INTO line VALUES (?, ?, ?, ?)", written.lines)
        self._db.executemany("INSERT OR REPLACE INTO node VALUES (?, ?)", written.names)
        self._db.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?)", written.records)
        self._db.executemany("INSERT INTO answered VALUES (?, ?, ?, ?, ?)", written.answers)

    def heads(self) -> Grown:
        """What grew since the last checkpoint."""
        before = self._db.execute("SELECT epoch, body FROM checkpoint ORDER BY epoch DESC LIMIT 1").fetchone()
        epoch = before[0] + 1 if before else 1
        (count,) = self._db.execute("SELECT count(*) FROM record WHERE epoch = ?", (epoch,)).fetchone()
        newest = "SELECT chain, max(seq) AS seq FROM record WHERE epoch = ? GROUP BY chain"
        sql = f"SELECT chain, seq, hash FROM record JOIN ({newest}) USING (chain, seq) ORDER BY chain"  # noqa: S608
        return Grown(epoch, before[1] if before else None, self._db.execute(sql, (epoch,)).fetchall(), count)

    def put_checkpoint(self, epoch: int, body: bytes) -> None:
        """Ends an epoch."""
        self._db.execute("INSERT INTO checkpoint VALUES (?, ?)", (epoch, body))
