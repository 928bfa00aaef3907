"""`forbear gate serve` as a process of its own, and a load of many clients."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

from benchmarks.gate_load import Http

RULES = {
    "place.toml": 'zones = ["Etc/UTC"]\n',
    "attempts.toml": """
id       = "zz.fire.attempts"
title.en = "More than three attempts at one person in seven days"
title.zh = "七天内对一人拨打超过三次"
conduct  = "frequency"
force    = "policy"
effect   = "prohibited"
verified = "clause"
status   = "stable"
version  = 1
row      = "zz.fire.attempts"
from     = 2020-01-01
[clause]
cite = "house rule 1"
[applies]
direction = "outbound"
[cap]
limit  = 3
within = "7 days"
per    = ["person"]
""",
}
LIMIT = 3
ABOUT = {"channel": "call", "jurisdiction": "ZZ", "zone": "Etc/UTC", "party": "consumer", "creditor": "L"}


def house_rules(folder: Path) -> Path:
    """A folder with one rule, without hours, so that a test may run at night."""
    place = folder / "rules" / "ZZ"
    place.mkdir(parents=True, exist_ok=True)
    for name, text in RULES.items():
        (place / name).write_text(text, encoding="utf-8")
    return folder / "rules"


def forbear(*arguments: object) -> str:
    """What a command prints."""
    command = [sys.executable, "-m", "forbear.doors.cli", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


class Server:
    """A gate that serves; `kill` ends it as a power cut would."""

    def __init__(self, store: str, folder: Path, *options: object, most_bytes: int = 0) -> None:
        """`most_bytes`: no file may grow beyond it, as on a disk that is full."""
        self.errors = (folder / "errors.txt").open("a", encoding="utf-8")
        command = [sys.executable, "-m", "forbear.doors.cli", "gate", "serve", "--store", store, "--port", "0", "--holds", "all"]
        said = ["--rules", house_rules(folder), "--key-file", folder / "gate.key", "--checkpoint-every", "1s", *options]
        self.process = subprocess.Popen(
            [*command, *map(str, said)],
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            start_new_session=True,
            preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))) if most_bytes else None,  # noqa: PLW1509
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line.startswith("listening on "), (folder / "errors.txt").read_text()
        self.url = line.removeprefix("listening on ").strip()

    def kill(self) -> None:
        """Kills every process of it at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self._ended()

    def stop(self) -> int:
        """Asks it to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def _ended(self) -> int:
        code = self.process.wait(60)
        assert self.process.stdout
        self.process.stdout.close()
        self.errors.close()
        return code


class Load:
    """Clients that ask about consumers, some of them about the same, and report now and then; what they were promised."""

    def __init__(self, url: str, keys: dict[str, str], consumers: list[str]) -> None:
        self.url, self.keys, self.consumers = url, list(keys.values()), consumers
        self.allowed: dict[str, str] = {}
        """Id of each decision that was acknowledged as allowed -> its consumer."""
        self.receipts: list[bytes] = []
        self.answers = 0
        self.statuses: set[int] = set()

    async def run(self, clients: int, requests: int) -> None:
        """So many clients at once, each with so many requests, or until nobody answers any more."""
        await asyncio.gather(*(self._one(number, requests) for number in range(clients)))

    async def _one(self, number: int, requests: int) -> None:
        line = Http(self.url, self.keys[number % len(self.keys)])
        try:
            await line.open()
            for turn in range(requests):
                consumer = self.consumers[(number * 7919 + turn * 104729) % len(self.consumers)]
                status, body = await line.post({"consumer": consumer, **ABOUT})
                self.statuses.add(status)
                if status != 200:
                    return
                self.answers += 1
                told = json.loads(body)
                if told["decision"] == "allow":
                    self.allowed[told["id"]] = consumer
                    self.receipts.append(json.dumps(told["receipt"]).encode())
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            line.close()


def two_keys(store: str) -> dict[str, str]:
    """A key for each of two agencies."""
    made = {}
    for agency in ("X", "Y"):
        said = ("--agency", agency, "--agency-kind", "third-party-agency", "--roles", "decide,report,read")
        made[agency] = forbear("gate", "key", "create", "--store", store, *said).strip()
    return made
