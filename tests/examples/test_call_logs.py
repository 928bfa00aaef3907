"""Logs of real telephone switches, as they come: a mapping proposed, its questions answered, an audit that loses nothing."""

import csv
import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from forbear.doors.cli import app

SAMPLES = Path(os.environ.get("FORBEAR_DATA", Path(__file__).parents[3] / "shared" / "data")) / "formats"
LOGS = {"asterisk_Master_sample.csv": ("US", "America/New_York", 5), "freeswitch_Master.csv": ("CN", "Asia/Shanghai", 10)}
RUN = CliRunner()

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of real exports are not here: set FORBEAR_DATA")


def proposed(log, tmp_path):
    """What `forbear init` proposes for a log."""
    file = tmp_path / "mapping.toml"
    assert RUN.invoke(app, ["init", str(SAMPLES / log), "--out", str(file)]).exit_code == 0
    return file


def answered(file, jurisdiction, zone):
    """The questions of the proposal answered, as its first line asks: the constants said, the comment sign deleted."""
    said = {"jurisdiction": jurisdiction, "zone": zone, "party": "consumer", "agency": "Agency", "agency_kind": "third-party-agency"}
    text = file.read_text(encoding="utf-8")
    for key, value in said.items():
        text, times = re.subn(rf'^# {key} = ".*$', f'{key} = "{value}"', text, flags=re.MULTILINE)
        assert times >= 1, key
    file.write_text(text, encoding="utf-8")


def audited(log, mapping, law, out):
    """Exit code and the numbers of the last line."""
    run = RUN.invoke(app, ["audit", str(SAMPLES / log), "--mapping", str(mapping), "--law", law, "--out", str(out)])
    found = re.search(r"read (\d+)  judged (\d+)  quarantined (\d+)  breach (\d+)  departure (\d+)  unclear (\d+)", run.output)
    assert found, run.output
    return run.exit_code, [int(number) for number in found.groups()]


@pytest.mark.parametrize("log", LOGS)
def test_a_call_log_is_audited_end_to_end(log, tmp_path):
    """Every call of the log is read and judged once its questions are answered; each answer leaves less unclear, and nothing is made up."""
    jurisdiction, zone, calls = LOGS[log]
    mapping = proposed(log, tmp_path)
    code, (read, judged, lost, *_, unclear) = audited(log, mapping, "cn,us", tmp_path / "asked")
    assert read == judged + lost == calls
    assert code == (3 if lost else 0)
    answered(mapping, jurisdiction, zone)
    code, (read, judged, lost, breach, departure, less) = audited(log, mapping, jurisdiction.lower(), tmp_path / "answered")
    assert (code, read, judged, lost) == (0, calls, calls, 0)
    assert (breach, departure) == (0, 0)
    assert less > 0
    assert lost or not unclear or less < unclear
    with (tmp_path / "answered" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == less
    assert (tmp_path / "answered" / "report.html").stat().st_size > 0


def test_local_times_of_nowhere_wait_for_an_answer(tmp_path):
    """FreeSWITCH writes local times without a zone: every row is kept in quarantine with that reason until the mapping says whose clock."""
    log = "freeswitch_Master.csv"
    audited(log, proposed(log, tmp_path), "cn,us", tmp_path / "out")
    with (tmp_path / "out" / "quarantine.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["reason"] for row in csv.DictReader(file)} == {"no-zone"}
