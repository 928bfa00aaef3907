"""Stores of both kinds, and gates over them with a clock that tests can turn."""

from __future__ import annotations

import os
from itertools import count

import pytest

from benchmarks.postgres import Server

_NUMBERS = count()


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server of this test process."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request, tmp_path):
    """The URL of an empty store, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/gate.db"
    return request.getfixturevalue("postgres").database(f"gate{os.getpid()}_{next(_NUMBERS)}")
