"""The gate under fire: many clients, several processes, kill -9, a full disk. `make chaos` kills fifty times."""

from __future__ import annotations

import asyncio
import csv
import os
import threading
from collections import Counter

import httpx2
import pytest
from gate_fire import ABOUT, LIMIT, Load, Server, forbear, house_rules, two_keys
from waiting import until

from forbear.doors.gate.ledger.verify import verify

KILLS = int(os.environ.get("KILLS", "3"))


def exported(store, folder):
    """The ledger of a store, written out; contacts by id."""
    forbear("ledger", "export", "--store", store, "--out", folder)
    with (folder / "contacts.csv").open(encoding="utf-8", newline="") as file:
        return {row["contact_id"]: row["consumer"] for row in csv.DictReader(file)}


def whole(folder, receipts, tmp_path):
    """Faults of a ledger, held against all receipts that were given out."""
    paths = []
    for number, receipt in enumerate(receipts):
        paths.append(tmp_path / f"receipt{number}.json")
        paths[-1].write_bytes(receipt)
    return verify(folder, receipts=paths).faults


def test_no_cap_is_exceeded_by_64_clients_on_two_processes(store_url, tmp_path):
    """A hot consumer and many others, two agencies, two processes: every consumer gets the limit and not one more."""
    keys = two_keys(store_url)
    server = Server(store_url, tmp_path, "--processes", 2)
    load = Load(server.url, keys, ["hot"] * 500 + [f"c{number}" for number in range(1000)])
    asyncio.run(load.run(64, 40))
    assert server.stop() == 0
    contacts = exported(store_url, tmp_path / "ledger")
    assert load.statuses == {200}
    assert load.answers == 64 * 40
    assert contacts == load.allowed
    assert max(Counter(contacts.values()).values()) == Counter(contacts.values())["hot"] == LIMIT
    assert whole(tmp_path / "ledger", load.receipts[:50], tmp_path) == []
    line = forbear(
        *("audit", tmp_path / "ledger" / "contacts.csv", "--facts", tmp_path / "ledger" / "facts.csv", "--holds", "all"),
        *("--rules", house_rules(tmp_path), "--out", tmp_path / "report"),
    )
    assert "breach 0" in line.splitlines()[-1]


def test_kill_9_loses_no_acknowledged_allow(store_url, tmp_path):
    """Killed again and again under load: what was answered is in the ledger, no cap is exceeded, and the ledger is whole."""
    keys, consumers = two_keys(store_url), [f"c{number}" for number in range(40 * KILLS)]
    allowed, receipts, answers = {}, [], 0
    for turn in range(KILLS):
        server = Server(store_url, tmp_path)
        load = Load(server.url, keys, consumers[: 40 * (turn + 1)])
        thread = threading.Thread(target=lambda load=load: asyncio.run(load.run(16, 100_000)))
        thread.start()
        # Not before there is load, and then at no particular moment.
        until(lambda load=load, turn=turn: load.answers >= 20 + 11 * (turn % 7))
        server.kill()
        thread.join()
        allowed |= load.allowed
        receipts += load.receipts
        answers += load.answers
    server = Server(store_url, tmp_path)
    assert server.stop() == 0
    contacts = exported(store_url, tmp_path / "ledger")
    assert allowed.items() <= contacts.items()
    assert max(Counter(contacts.values()).values()) <= LIMIT
    assert whole(tmp_path / "ledger", receipts, tmp_path) == []
    assert answers >= 20 * KILLS
    print(f"killed {KILLS} times: {answers} answers, {len(allowed)} allows acknowledged, {len(contacts)} in the ledger")  # noqa: T201


def test_a_disk_that_fails_stops_the_gate(tmp_path):
    """When nothing more can be written the gate answers 503, says that it is not ready, and ends with 1; what it had answered is there."""
    store = f"sqlite:///{tmp_path}/gate.db"
    keys = two_keys(store)
    server = Server(store, tmp_path, most_bytes=1 << 20)
    load = Load(server.url, keys, [f"c{number}" for number in range(100_000)])
    asyncio.run(load.run(8, 100_000))
    assert 503 in load.statuses
    assert server.process.wait(60) == 1
    with pytest.raises(httpx2.TransportError):
        httpx2.post(f"{server.url}/v1/ask", json={"consumer": "late", **ABOUT})
    server._ended()
    contacts = exported(store, tmp_path / "ledger")
    assert load.allowed.items() <= contacts.items()
    assert whole(tmp_path / "ledger", load.receipts[-50:], tmp_path) == []
