"""API keys: what is kept of them, how soon a revocation is felt, how often they may ask."""

from __future__ import annotations

import asyncio
import time

import pytest
from gate_server import Served, about
from waiting import until

from forbear.doors.gate.api import Refused
from forbear.doors.gate.http import keys
from forbear.doors.gate.http.keys import Keys
from forbear.doors.gate.http.routes import ROUTES
from forbear.doors.gate.store.opening import open_store

ROUTE = {route.what: route for route in ROUTES}


class Shelf:
    """A store of keys that counts how often it is read."""

    def __init__(self, *kept):
        self.kept, self.read, self.fails = list(kept), 0, False

    def keys(self):
        """All of them."""
        self.read += 1
        if self.fails:
            raise OSError
        return self.kept


class Clock:
    """Stands until it is turned."""

    at = 100.0

    def __call__(self):
        """Where it stands."""
        return self.at


@pytest.fixture
def shelf():
    """One key that may ask, six times a minute."""
    text, kept = keys.make("X", "third-party-agency", ("decide",), 6)
    shelf = Shelf(kept)
    shelf.text, shelf.header = text, f"Bearer {text}".encode()
    return shelf


def loaded(shelf, clock):
    """The keys, read once."""
    found = Keys(shelf, clock)
    asyncio.run(found.refresh())
    return found


def test_only_a_hash_is_kept(shelf):
    """The secret has 32 random bytes, and is not in what is kept."""
    prefix, name, secret = shelf.text.split("_", 2)
    assert (prefix, name) == ("fb", shelf.kept[0].id)
    assert len(secret) == 43
    assert secret not in repr(shelf.kept[0])
    assert len(shelf.kept[0].secret_hash) == 32


def test_who_comes_together_waits_for_one_reading(shelf):
    """Sixty-four first requests read the store once, and each finds the keys there."""

    async def run():
        found = Keys(shelf, Clock())

        async def one():
            await found.refresh()
            return found.holder(shelf.header).agency

        return await asyncio.gather(*(one() for _ in range(64)))

    assert set(asyncio.run(run())) == {"X"}
    assert shelf.read == 1


def test_keys_are_believed_for_a_second_since_they_were_asked_for(shelf):
    """Not longer, so that a revocation is felt by then."""
    clock = Clock()
    found = loaded(shelf, clock)
    clock.at += 0.99
    assert found.fresh(shelf.header)
    clock.at += 0.01
    assert not found.fresh(shelf.header)
    shelf.kept = [shelf.kept[0]._replace(revoked=1)]
    asyncio.run(found.refresh())
    with pytest.raises(Refused, match="revoked-key"):
        found.holder(shelf.header)


def test_a_key_that_is_not_among_them_is_looked_for_again(shelf):
    """A new key works at once; one that does not exist has the store read at most twenty times a second."""
    clock = Clock()
    text, kept = keys.make("Y", "third-party-agency", ("audit",))
    new = f"Bearer {text}".encode()
    found = loaded(shelf, clock)
    clock.at += 0.04
    assert found.fresh(shelf.header)
    assert found.fresh(new)
    clock.at += 0.02
    assert found.fresh(shelf.header)
    assert not found.fresh(new)
    shelf.kept.append(kept)
    asyncio.run(found.refresh())
    assert found.holder(new).agency == "Y"


def test_keys_that_cannot_be_read_are_not_believed(shelf):
    """The store's failure is the asker's, and the next one reads again."""
    clock = Clock()
    found = loaded(shelf, clock)
    clock.at += 2
    shelf.fails = True
    with pytest.raises(OSError):  # noqa: PT011 (any)
        asyncio.run(found.refresh())
    assert not found.fresh(shelf.header)
    shelf.fails = False
    asyncio.run(found.refresh())
    assert found.fresh(shelf.header)


def test_a_key_that_asks_too_often_is_told_when_to_come_back(shelf):
    """Six a minute may come at once; the next in ten seconds. A plan counts as five."""
    clock = Clock()
    found = loaded(shelf, clock)
    asker = found.holder(shelf.header)
    found.admit(asker, ROUTE["plan"])
    found.admit(asker, ROUTE["ask"])
    with pytest.raises(Refused, match="rate-limited") as caught:
        found.admit(asker, ROUTE["ask"])
    assert caught.value.headers == ((b"retry-after", b"10"),)
    clock.at += 10
    found.admit(asker, ROUTE["ask"])
    with pytest.raises(Refused, match="rate-limited") as caught:
        found.admit(asker, ROUTE["dry-run"])
    assert caught.value.headers == ((b"retry-after", b"50"),)


def test_even_one_request_a_minute_may_be_a_plan():
    """What counts as five can be saved up, at one a minute in five minutes."""
    text, kept = keys.make("X", "third-party-agency", ("decide",), 1)
    clock = Clock()
    found = loaded(Shelf(kept), clock)
    asker = found.holder(f"Bearer {text}".encode())
    found.admit(asker, ROUTE["plan"])
    clock.at += 300
    found.admit(asker, ROUTE["plan"])


def test_no_limit_means_none():
    """Zero requests a minute: as many as it likes."""
    text, kept = keys.make("X", "third-party-agency", ("decide",))
    found = loaded(Shelf(kept), Clock())
    for _ in range(1000):
        found.admit(found.holder(f"Bearer {text}".encode()), ROUTE["plan"])


def test_a_running_server_feels_new_keys_at_once_and_revoked_ones_within_a_second(tmp_path):
    """Both are written by another process; and a limited key is refused over HTTP with the time to wait."""
    served = Served(tmp_path)
    try:
        assert served.post("/v1/ask", about()).status_code == 200
        opened = open_store(served.store)
        served.keys["slow"], kept = keys.make("X", "third-party-agency", ("decide",), 5)
        opened.add_key(kept)
        opened.revoke_key(served.keys["agency"].split("_")[1], int(time.time()))
        opened.close()
        until(lambda: served.post("/v1/plan", about(), key="slow").status_code == 200, 0.5)
        until(lambda: served.post("/v1/ask", about()).json().get("type") == "urn:forbear:revoked-key", 1.5)
        answer = served.post("/v1/ask", about(), key="slow")
        assert (answer.status_code, answer.json()["type"]) == (429, "urn:forbear:rate-limited")
        assert 1 <= int(answer.headers["retry-after"]) <= 12
    finally:
        served.stop()
