"""`forbear gate ...`: its keys, what it says when it starts, several processes, and what it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from gate_server import Served, about
from typer.testing import CliRunner
from waiting import until

from forbear.doors.cli import app
from forbear.doors.gate.http.openapi import document
from forbear.doors.gate.store.opening import open_store


def run(*words, code=0):
    """What a command prints."""
    result = CliRunner().invoke(app, ["gate", *map(str, words)], env={"COLUMNS": "200", "NO_COLOR": "1"})
    assert result.exit_code == code, result.output
    return result.output


def test_the_command_line_stays_light():
    """Who asks for another command does not wait for the server's libraries."""
    heavy = {"uvicorn", "uvloop", "numba", "prometheus_client", "cryptography"}
    script = f"import sys, forbear.doors.cli; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_key_is_shown_once_and_kept_as_a_hash(tmp_path):
    """Create prints it, list shows all but the secret, revoke ends it, and a second time there is nothing to revoke."""
    store = ["--store", f"sqlite:///{tmp_path}/gate.db"]
    made = run(
        "key", "create", "--agency", "X", "--agency-kind", "debt-buyer", "--roles", "decide, read", "--per-minute", 60, *store
    ).strip()
    _, name, secret = made.split("_", 2)
    header, line = run("key", "list", *store).splitlines()
    shown = dict(zip(header.split("\t"), line.split("\t"), strict=True))
    assert shown.pop("created").endswith("Z")
    assert shown == {"id": name, "agency": "X", "agency_kind": "debt-buyer", "roles": "decide,read", "per_minute": "60", "revoked": ""}
    assert secret.encode() not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert run("key", "revoke", name, *store) == f"revoked {name}\n"
    assert run("key", "list", *store).splitlines()[1].endswith("Z")
    assert "no key in force has this id" in run("key", "revoke", name, *store, code=2)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["key", "create", "--roles", "decide"], "--agency and --agency-kind"),
        (["key", "create", "--agency", "X", "--agency-kind", "nonsense"], "third-party-agency"),
        (["key", "create", "--agency", "X", "--agency-kind", "servicer", "--roles", "rule"], "no role 'rule'; write some of decide"),
        (["serve"], "name a law"),
        (["serve", "--law", "us", "--lease", "soon"], "such as 15m"),
        (["serve", "--law", "us", "--lang", "fr"], "en or zh"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(words, says, tmp_path, monkeypatch):
    """Exit code 2, and no file is made."""
    monkeypatch.chdir(tmp_path)
    assert says in run(*words, code=2)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--law", "atlantis"], "no law atlantis"),
        (["--store", "mysql://x"], "this names no store"),
        (["--port", "taken"], "cannot listen there"),
        (["--law", "atlantis", "--processes", "2"], "no law atlantis"),
        (["--store", "mysql://x", "--processes", "2"], "this names no store"),
    ],
)
def test_a_server_that_cannot_start_says_why_in_a_line(tmp_path, options, says, served):
    """Exit code 2 and no trace, with one process or several."""
    options = [served.url.rpartition(":")[2] if each == "taken" else each for each in options]
    port = [] if "--port" in options else ["--port", "0"]
    command = [sys.executable, "-m", "forbear.doors.cli", "gate", "serve", "--law", "us", *port, *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Two processes on one port, checkpoints every second, in Chinese, to which no kind of fact comes completely."""
    options = ("--processes", "2", "--checkpoint-every", "1s", "--lang", "zh")
    served = Served(tmp_path_factory.mktemp("gate"), *options)
    yield served
    assert served.stop() == 0


def test_openapi_prints_the_document():
    """As JSON."""
    assert json.loads(run("openapi")) == document()


def test_it_says_at_the_start_which_kinds_of_fact_nobody_tells_it(served):
    """Once, however many processes there are."""
    assert served.log.read_text().count("没有来源向本闸门完整提供以下事实") == 1


def test_several_processes_are_one_gate(served):
    """Both answer; what one decided is settled at the other; their numbers are added up; one of them makes the checkpoints."""
    seen = set()
    for n in range(200):
        with Client(served) as client:
            made = client.post("/v1/ask", about(f"c{n}"))
            assert made.status_code == 200
            seen.add(made.headers["x-request-id"][:8])
        if len(seen) == 2 and n > 20:
            break
    assert len(seen) == 2
    counted = [
        line for line in served.get("/metrics", key="").text.splitlines() if line.startswith('forbear_gate_requests_total{route="/v1/ask"')
    ]
    assert [float(line.rpartition(" ")[2]) for line in counted] == [n + 1]
    with closing(open_store(served.store)) as opened:
        epochs = until(lambda: [epoch for epoch, _ in opened.checkpoints()])
    assert epochs == sorted(set(epochs))


class Client:
    """A connection of its own, so that either process may get it."""

    def __init__(self, served):
        headers = {"Authorization": f"Bearer {served.keys['agency']}"}
        self._client = httpx2.Client(base_url=served.url, headers=headers, trust_env=False, timeout=60)

    def __enter__(self):
        return self

    def post(self, path, body):
        """One POST."""
        return self._client.post(path, json=body)

    def __exit__(self, *_):
        self._client.close()


def test_when_one_process_dies_all_stop(tmp_path):
    """Half a server would be taken for a whole one: exit code 1, and the others end."""
    served = Served(tmp_path, "--processes", "2")
    workers = [pid for pid in children(served.process.pid) if b"spawn_main" in command_of(pid)]
    assert len(workers) == 2
    os.kill(workers[1], signal.SIGKILL)
    assert served.process.wait(30) == 1
    assert not any(command_of(pid) for pid in workers)
    served.stop()


def test_when_the_parent_is_gone_its_processes_end(tmp_path):
    """Nobody would ever stop them."""
    served = Served(tmp_path, "--processes", "2")
    workers = children(served.process.pid)
    assert len(workers) >= 2
    served.process.kill()
    until(lambda: not any(map(command_of, workers)), 20)
    served.stop()


def children(pid):
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid):
    """The command line of a process; empty if there is none any more."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
