"""A gate's server in a process of its own, on a free port, and keys of its store."""

from __future__ import annotations

import datetime as dt
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx2

from forbear.doors.gate.http import keys
from forbear.doors.gate.store.opening import open_store

ROLES = {
    "agency": ("X", "third-party-agency", ("decide", "report", "read")),
    "other": ("Y", "third-party-agency", ("decide", "report", "read")),
    "reporter": ("X", "third-party-agency", ("report",)),
    "lender": ("L", "creditor", ("creditor",)),
    "auditor": ("", "", ("audit",)),
    "gone": ("X", "third-party-agency", ("decide", "report", "read")),
}


def about(consumer="A", **more):
    """A call that is lawful now: it is noon where the consumer is."""
    ahead = 12 - dt.datetime.now(dt.UTC).hour
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"
    known = {"channel": "call", "jurisdiction": "US", "zone": zone, "creditor": "L", "creditor_kind": "bank", "debt": f"debt of {consumer}"}
    reached = {"debt_kind": "card", "party": "consumer", "address": "+12025550123", "number": "+12025550199", "place": "mobile"}
    return {"consumer": consumer, **known, **reached, **more}


class Served:
    """`forbear gate serve`, and short ways to send requests to it."""

    def __init__(self, folder: Path, *options: str, law: str = "us", store: str = "") -> None:
        self.store = store or f"sqlite:///{folder}/gate.db"
        self.keys, opened = {}, open_store(self.store)
        for name, (agency, kind, roles) in ROLES.items():
            self.keys[name], kept = keys.make(agency, kind, roles)
            opened.add_key(kept)
            if name == "gone":
                opened.revoke_key(kept.id, kept.created)
        opened.close()
        serve = [sys.executable, "-m", "forbear.doors.cli", "gate", "serve", "--law", law, "--store", self.store, "--port", "0"]
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*serve, "--key-file", str(folder / "gate.key"), *options], stdout=subprocess.PIPE, stderr=log, text=True
            )
        line = self.process.stdout.readline()
        said = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)\n", line)
        assert said, f"{line}{self.log.read_text()}"
        self.url = said[1]
        self.client = httpx2.Client(base_url=self.url, timeout=60, trust_env=False)

    def send(self, method, path, body=None, key="agency", **headers):
        """One request; a body is sent as JSON unless it is bytes."""
        said = {"Authorization": f"Bearer {self.keys[key]}"} if key else {}
        content = {"content": body} if isinstance(body, bytes) else {} if body is None else {"json": body}
        return self.client.request(
            method, path, headers={**said, **{name.replace("_", "-"): value for name, value in headers.items()}}, **content
        )

    def post(self, path, body=None, key="agency", **headers):
        """One POST."""
        return self.send("POST", path, body, key, **headers)

    def get(self, path, key="agency", **headers):
        """One GET."""
        return self.send("GET", path, None, key, **headers)

    def stop(self, number=signal.SIGTERM):
        """Stops it; its exit code."""
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(60)
        self.process.stdout.close()
        return code
