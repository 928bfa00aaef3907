"""The audit in parts: many processes, little memory, runs that are broken off; and never another byte in what it writes."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from waiting import until

from benchmarks import make_contacts
from examples import make_history
from forbear.doors import simulate
from forbear.doors.audit import audit
from forbear.doors.audit.audit import Audit, Request
from forbear.doors.audit.folder import UNFINISHED
from forbear.findings.parts import BRIEF
from forbear.records.errors import InputError
from forbear.rulebook.choice import Choice

FILES = ("findings.csv", "findings.parquet", "leads.csv", "proofs.jsonl", "quarantine.csv")
SMALL = 1 << 22
"""So little memory that there are parts even of a small history."""


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The example history: three thousand contacts with everything in them."""
    folder = tmp_path_factory.mktemp("example")
    subprocess.run([sys.executable, make_history.__file__, "--out", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="module")
def contacts(tmp_path_factory):
    """Twenty thousand contacts, with shared debts and one consumer who has a thousand of them."""
    folder = tmp_path_factory.mktemp("contacts")
    make_contacts.write(20_000, folder)
    return folder


def _example(folder: Path, out: Path, **other) -> Request:
    given = {
        "paths": [folder / "contacts.csv"],
        "facts": [folder / "facts.csv"],
        "mapping": [folder / "mapping.toml"],
        "law": Choice(("cn", "us")),
    }
    return Request(out=out, **{**given, **other})


def _contacts(folder: Path, out: Path, **other) -> Request:
    given = {"paths": [folder / "contacts.parquet"], "facts": [folder / "facts.parquet"], "holds": "all", "law": Choice(("cn", "us"))}
    return Request(out=out, **{**given, **other})


def _bytes(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in FILES}


def _summary(out: Path) -> dict[str, object]:
    found = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return {key: value for key, value in found.items() if key not in ("timing", "settings", "left_to_plain")}


def test_the_kernel_writes_what_plain_writes(example, tmp_path):
    """Findings, proofs and quarantine are the same bytes, and the summary counts the same, but for the name of the engine."""
    for engine in ("plain", "kernel"):
        Audit(_example(example, tmp_path / engine, engine=engine)).run()

    assert _bytes(tmp_path / "plain") == _bytes(tmp_path / "kernel")
    assert _summary(tmp_path / "plain") == _summary(tmp_path / "kernel")
    assert (tmp_path / "plain" / "proofs.jsonl").stat().st_size > 0


@pytest.mark.parametrize("tactic", ["group-infiltration", "timed-dialling"])
def test_leads_and_oversight_hang_on_no_engine_and_no_part(tactic, tmp_path):
    """Whoever looks and however timelines are dealt out: the same leads, also where only another part tells whose an account is."""
    simulate.run(tmp_path / "made", 150, tactic, 0.2, 1.0, 3)
    paths, facts = [tmp_path / "made" / "contacts.csv"], [tmp_path / "made" / "facts.csv"]
    for name, how in (("plain", {"engine": "plain"}), ("one", {}), ("many", {"memory": SMALL})):
        Audit(Request(paths, tmp_path / name, Choice(("cn",)), facts=facts, **how)).run()

    assert _bytes(tmp_path / "plain") == _bytes(tmp_path / "one") == _bytes(tmp_path / "many")
    assert _summary(tmp_path / "plain") == _summary(tmp_path / "one") == _summary(tmp_path / "many")
    assert _summary(tmp_path / "one")["leads"][tactic] > 20
    assert _summary(tmp_path / "one")["oversight"]["contacts"] > 1000


def test_ids_that_several_rows_bring_change_nothing_between_engines(tmp_path):
    """Rows under one id are all kept and counted; rows that say the same twice, too."""
    row = "{},2026-03-02T23:30:00-05:00,A,call,outbound,no-answer,1,X,third-party-agency,no-tags,America/New_York,US\n"
    head = "contact_id,occurred_at,consumer,channel,direction,outcome,debt,agency,agency_kind,tags,zone,jurisdiction\n"
    file = tmp_path / "contacts.csv"
    file.write_text(head + row.format("1") * 2 + row.format("1").replace(",A,", ",B,") + row.format("") * 3 + row.format("2"))
    for engine in ("plain", "kernel"):
        Audit(Request([file], tmp_path / engine, Choice(("us",)), holds="all", engine=engine)).run()

    assert _bytes(tmp_path / "plain") == _bytes(tmp_path / "kernel")
    assert _summary(tmp_path / "plain") == _summary(tmp_path / "kernel")
    summary = _summary(tmp_path / "kernel")
    assert (summary["duplicate_ids"], summary["repeated"]) == (1, 3)
    assert summary["counts"]["judged"] == 7


def test_what_is_told_for_everyone_twice_is_counted_once(contacts, tmp_path):
    """Such a row stands on every timeline of every part, and is one row all the same."""
    facts = tmp_path / "facts.csv"
    row = "2026-02-01T09:00:00+08:00,*,number-registered,+8615400000000,CN\n"
    facts.write_text("occurred_at,consumer,kind,number,jurisdiction\n" + row * 3, encoding="utf-8")
    given = {"facts": [facts], "law": Choice(("cn",))}
    Audit(_contacts(contacts, tmp_path / "whole", **given)).run()
    Audit(_contacts(contacts, tmp_path / "parts", **given, memory=SMALL)).run()

    assert _summary(tmp_path / "parts")["repeated"] == 2
    assert _bytes(tmp_path / "whole") == _bytes(tmp_path / "parts")
    assert _summary(tmp_path / "whole") == _summary(tmp_path / "parts")


@pytest.mark.parametrize("threads", [1, 2])
def test_parts_and_processes_change_no_byte(contacts, tmp_path, threads):
    """One part or many, by one process or by two."""
    Audit(_contacts(contacts, tmp_path / "whole")).run()
    Audit(_contacts(contacts, tmp_path / "parts", threads=threads, memory=SMALL)).run()

    assert _bytes(tmp_path / "whole") == _bytes(tmp_path / "parts")
    assert _summary(tmp_path / "whole") == _summary(tmp_path / "parts")


def test_a_brief_run_says_the_same_verdicts(contacts, tmp_path):
    """verdicts.parquet has a row for each finding, and the summary counts them alike; nothing else is written."""
    Audit(_contacts(contacts, tmp_path / "whole")).run()
    Audit(_contacts(contacts, tmp_path / "brief", brief=True, memory=SMALL)).run()

    assert {file.name for file in (tmp_path / "brief").iterdir()} == {"verdicts.parquet", "quarantine.csv", "summary.json"}
    table = pq.read_table(tmp_path / "brief" / "verdicts.parquet")
    assert tuple(table.column_names) == BRIEF
    assert table.equals(pq.read_table(tmp_path / "whole" / "findings.parquet", columns=list(BRIEF)).select(BRIEF))
    assert _summary(tmp_path / "brief")["counts"]["breach"] == _summary(tmp_path / "whole")["counts"]["breach"]


def test_results_of_another_kind_do_not_stay_beside_new_ones(contacts, tmp_path):
    """After a brief run the findings of an earlier whole run are gone: they would be taken for its own."""
    Audit(_contacts(contacts, tmp_path)).run()
    Audit(_contacts(contacts, tmp_path, brief=True)).run()

    assert not (tmp_path / "findings.csv").exists()


RUN = """
import sys
from pathlib import Path
from forbear.doors.audit.audit import Audit, Request
from forbear.rulebook.choice import Choice
if __name__ == "__main__":
    folder, out = map(Path, sys.argv[1:3])
    request = Request([folder / "contacts.parquet"], out, Choice(("cn", "us")), facts=[folder / "facts.parquet"], holds="all", threads=2)
    Audit(request._replace(memory=int(sys.argv[3]))).run()
"""


def _start(tmp_path: Path, contacts: Path, out: Path) -> subprocess.Popen:
    script = tmp_path / "run.py"
    script.write_text(RUN, encoding="utf-8")
    return subprocess.Popen([sys.executable, str(script), str(contacts), str(out), str(SMALL)], start_new_session=True)


def _finished(out: Path) -> set[str]:
    return {file.name for file in (out / UNFINISHED / "found").glob("*.arrow")}


def _children(session: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_a_killed_run_goes_on_where_it_stopped(contacts, tmp_path, monkeypatch):
    """What was finished before the kill is not judged again, no process stays behind, and the results are those of an undisturbed run."""
    running = _start(tmp_path, contacts, tmp_path / "out")
    until(lambda: len(_finished(tmp_path / "out")) >= 2)
    running.kill()
    running.wait()
    until(lambda: not _children(running.pid))
    finished = _finished(tmp_path / "out")
    again = []
    judge = audit.judge_part
    monkeypatch.setattr(audit, "judge_part", lambda task: again.append(task.found.name) or judge(task))
    Audit(_contacts(contacts, tmp_path / "out", threads=1, memory=SMALL)).run()

    assert len(finished) >= 2
    assert again
    assert not finished & set(again)
    Audit(_contacts(contacts, tmp_path / "undisturbed")).run()
    assert _bytes(tmp_path / "out") == _bytes(tmp_path / "undisturbed")
    assert not (tmp_path / "out" / UNFINISHED).exists()


def test_what_an_older_history_left_is_not_taken_for_a_newer_one(contacts, tmp_path, monkeypatch):
    """A run that was broken off is only taken up where files, law and settings are the same."""
    judge = audit.judge_part

    def breaks(task):
        if _finished(tmp_path):
            raise KeyboardInterrupt
        return judge(task)

    monkeypatch.setattr(audit, "judge_part", breaks)
    with pytest.raises(KeyboardInterrupt):
        Audit(_contacts(contacts, tmp_path, threads=1, memory=SMALL)).run()
    assert _finished(tmp_path)
    monkeypatch.setattr(audit, "judge_part", lambda task: pytest.fail("taken up") if _finished(tmp_path) else 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Audit(_contacts(contacts, tmp_path, threads=1, memory=SMALL, lang="zh")).run()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_ctrl_c_leaves_the_last_results_and_no_process(contacts, tmp_path):
    """The exit code is 130, the error says that the run can go on, and what lay in the folder lies there still."""
    command = [sys.executable, "-m", "forbear.doors.cli", "audit", str(contacts / "contacts.parquet"), "--law", "cn,us", "--out"]
    before = subprocess.run([*command, str(tmp_path), "--brief"], check=True, stdout=subprocess.DEVNULL)
    assert before.returncode == 0
    kept = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    running = subprocess.Popen(
        [*command, str(tmp_path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - tests in the background ignore it
    )
    until((tmp_path / UNFINISHED / "parts" / "about.json").exists)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)

    assert running.returncode == 130
    assert said == "Stopped. Nothing was changed; the same command goes on where it stopped.\n"
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == kept
    assert not _children(running.pid)


def test_a_full_disk_is_one_line_that_says_what_to_do(contacts, tmp_path):
    """Where no file may grow, the run ends with exit code 2 and leaves the last results as they were."""
    (tmp_path / "findings.csv").write_text("earlier", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "forbear.doors.cli", "audit", str(contacts / "contacts.parquet"), "--law", "us", "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )

    assert ran.returncode == 2, ran.stderr
    assert re.search(r"the disk is full; make room, .+\n$", ran.stderr)
    assert "Traceback" not in ran.stderr
    assert (tmp_path / "findings.csv").read_text(encoding="utf-8") == "earlier"


@pytest.mark.parametrize("text", ["much", "12", "-1GB", "1KB", "10MB", "1..5GB"])
def test_a_memory_that_is_none_is_refused(tmp_path, text):
    """With what would be one."""
    ran = subprocess.run(
        [sys.executable, "-m", "forbear.doors.cli", "audit", "x.csv", "--law", "us", "--out", str(tmp_path), "--memory", text],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "2GB" in ran.stderr


def _parquet(tmp_path: Path, **columns: object) -> Path:
    base = {
        "occurred_at": ["2026-03-02T23:30:00-05:00"] * 2,
        "consumer": ["A", "B"],
        "channel": ["call"] * 2,
        "direction": ["outbound"] * 2,
        "contact_id": ["1", "2"],
        "agency_kind": ["third-party-agency"] * 2,
        "zone": ["America/New_York"] * 2,
        "jurisdiction": ["US"] * 2,
    }
    pq.write_table(pa.table({name: values for name, values in (base | columns).items() if values is not None}), tmp_path / "c.parquet")
    return tmp_path / "c.parquet"


@pytest.mark.parametrize("column", ["occurred_at", "consumer"])
def test_a_parquet_without_a_needed_column_is_refused(tmp_path, column):
    """By name, with what to do; by either engine."""
    file = _parquet(tmp_path, **{column: None})
    for engine in ("plain", "kernel"):
        with pytest.raises(InputError, match=rf"no column says '{column}', which contacts need; name it in a mapping"):
            Audit(Request([file], tmp_path / "out", Choice(("us",)), engine=engine)).run()


@pytest.mark.parametrize(
    ("columns", "kept"),
    [
        ({"channel": [7, 8]}, 0),
        ({"occurred_at": [[1], [2]]}, 0),
        ({"consumer": [1.5, 2.0]}, 2),
        ({"consumer": [10**18 + 1, 5]}, 2),
        ({"debt": [None, 3], "outcome": [1, None]}, 1),
    ],
)
def test_a_parquet_with_retyped_columns_is_read_or_set_aside_alike(tmp_path, columns, kept):
    """What a cell cannot mean puts its row into quarantine; both engines read, judge and refuse the same."""
    file = _parquet(tmp_path, **columns)
    for engine in ("plain", "kernel"):
        Audit(Request([file], tmp_path / engine, Choice(("us",)), holds="all", engine=engine)).run()
    assert _bytes(tmp_path / "plain") == _bytes(tmp_path / "kernel")
    assert _summary(tmp_path / "kernel")["counts"]["judged"] == kept
