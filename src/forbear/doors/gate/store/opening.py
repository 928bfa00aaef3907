"""The store that a URL names."""

from __future__ import annotations

from pathlib import Path

from forbear.doors.gate.store.store import Store
from forbear.records.errors import InputError


def open_store(url: str) -> Store:
    """The store of a URL: `sqlite:///FILE` or `postgresql://...`. Makes its tables where they are missing. Raises `InputError`."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        from forbear.doors.gate.store.sqlite import SQLite

        return SQLite(Path(rest[1:]))
    if scheme in ("postgresql", "postgres"):
        from forbear.doors.gate.store.postgresql import PostgreSQL

        return PostgreSQL(url)
    raise InputError(
        "--store", "this names no store", "write sqlite:///gate.db (sqlite:////var/lib/gate.db for an absolute path) or postgresql://..."
    )
