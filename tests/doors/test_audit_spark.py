"""The audit on a Spark cluster of two workers on this machine: the same bytes, also when one of them is killed meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from waiting import until

from benchmarks import make_contacts
from forbear.doors.audit.audit import Audit, Request
from forbear.rulebook.choice import Choice

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
FILES = ("findings.csv", "findings.parquet", "leads.csv", "proofs.jsonl", "quarantine.csv")


@pytest.fixture(scope="module")
def contacts(tmp_path_factory):
    """Twenty thousand contacts in four files, as a lender's months are, with facts beside them."""
    folder = tmp_path_factory.mktemp("contacts")
    make_contacts.write(20_000, folder)
    table = pq.read_table(folder / "contacts.parquet")
    (folder / "months").mkdir()
    for n in range(4):
        pq.write_table(table.slice(n * 5000, 5000), folder / "months" / f"{n}.parquet")
    return folder


def _executors(session: int) -> set[int]:
    """The executors' Java processes of a session."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            mine = os.getsid(int(process.name)) == session
            command = (process / "cmdline").read_bytes() if mine else b""
        except OSError:
            continue
        if b"CoarseGrainedExecutorBackend" in command:
            found.add(int(process.name))
    return found


def test_a_cluster_that_loses_a_worker_finds_the_same(contacts, tmp_path):
    """Findings, proofs and quarantine are those of one machine, and so are the counts, although one of two executors was killed."""
    law = ["--law", "cn,us", "--holds", "all", "--facts", str(contacts / "facts.parquet")]
    command = [sys.executable, "-m", "forbear.doors.cli", "audit", str(contacts / "months"), *law, "--out", str(tmp_path / "spark")]
    running = subprocess.Popen(
        [*command, "--engine", "spark", "--master", "local-cluster[2,1,1024]"], stdout=subprocess.PIPE, text=True, start_new_session=True
    )

    def both():
        assert running.poll() is None
        return workers if len(workers := _executors(running.pid)) == 2 else set()

    os.kill(min(until(both)), signal.SIGKILL)
    said, _ = running.communicate(timeout=300)

    assert running.returncode == 0
    Audit(Request([contacts / "months"], tmp_path / "here", Choice(("cn", "us")), facts=[contacts / "facts.parquet"], holds="all")).run()
    for name in FILES:
        assert (tmp_path / "spark" / name).read_bytes() == (tmp_path / "here" / name).read_bytes(), name
    counts = [json.loads((tmp_path / engine / "summary.json").read_text(encoding="utf-8"))["counts"] for engine in ("spark", "here")]
    assert counts[0] == counts[1]
    assert said.splitlines()[-1].startswith(f"read {counts[0]['read']}  judged {counts[0]['judged']}")


def test_a_file_that_an_executor_cannot_read_is_one_line(contacts, tmp_path):
    """The error is ours, whoever met it: which file, what is wrong, what to do; exit code 2."""
    broken = tmp_path / "months"
    broken.mkdir()
    whole = (contacts / "months" / "0.parquet").read_bytes()
    (broken / "0.parquet").write_bytes(whole[: len(whole) // 2])
    command = [sys.executable, "-m", "forbear.doors.cli", "audit", str(broken), "--law", "us", "--out", str(tmp_path / "out")]
    ran = subprocess.run([*command, "--engine", "spark", "--master", "local[2]"], capture_output=True, text=True, check=False)

    assert ran.returncode == 2, ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    assert "0.parquet: the Parquet file is cut off or damaged; copy it again" in ran.stderr
