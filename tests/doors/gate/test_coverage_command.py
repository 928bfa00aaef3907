"""`forbear gate coverage`, on a ledger that a gate wrote."""

from __future__ import annotations

import csv
import subprocess
import sys

import pytest
from gate_house import House
from typer.testing import CliRunner

from forbear.doors.cli import app
from forbear.doors.gate.ledger.export import export

HEADER = "occurred_at,consumer,channel,direction,address,number\n"


@pytest.fixture
def exported(tmp_path):
    """The ledger of one allowed call, at noon in New York."""
    house = House(f"sqlite:///{tmp_path}/gate.db", tmp_path)
    house.ask()
    export(house.gate.store, tmp_path / "ledger")
    house.close()
    return tmp_path


def covered(folder, rows, *options):
    """What the command says of these rows of a carrier."""
    (folder / "cdr.csv").write_text(HEADER + "".join(f"{row}\n" for row in rows))
    return CliRunner().invoke(app, ["gate", "coverage", "--ledger", str(folder / "ledger"), "--carrier", str(folder / "cdr.csv"), *options])


def test_a_call_that_was_allowed_is_no_matter(exported):
    """Everything that was carried was allowed: exit code 0."""
    result = covered(exported, ["2026-09-21T16:00:40Z,A,call,outbound,+12025550123,+12025550199"])
    assert (result.exit_code, result.stdout) == (
        0,
        "carried 1  allowed 1  went round the gate 0  allowed and not carried 0  undecided 0  quarantined 0\n",
    )


def test_a_call_that_went_round_the_gate_is_written_down(exported):
    """Exit code 1, and the call with its time and numbers in the file, in Chinese words on the screen if asked for."""
    rows = ["2026-09-21T16:20:00Z,A,call,outbound,+12025550123,+12025550199"]
    result = covered(exported, rows, "--out", str(exported / "round.csv"), "--lang", "zh")
    assert (result.exit_code, "绕过闸口 1" in result.stdout) == (1, True)
    with (exported / "round.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["occurred_at"], row["consumer"], row["address"]) == ("2026-09-21T16:20:00Z", "A", "+12025550123")
    assert covered(exported, rows, "--lease", "20m").exit_code == 0


def test_a_call_of_an_unknown_consumer_is_a_call(exported):
    """A carrier's file that names no consumer, or not in every row, hides no call; what the file does not say stays empty."""
    rows = [
        "2026-09-21T16:00:40Z,A,call,outbound,+12025550123,+12025550199",
        "2026-09-21T16:05:00Z,,call,outbound,+12025550123,+12025550199",
    ]
    result = covered(exported, rows, "--out", str(exported / "round.csv"))
    assert (result.exit_code, result.stdout) == (
        1,
        "carried 2  allowed 1  went round the gate 1  allowed and not carried 0  undecided 0  quarantined 0\n",
    )
    with (exported / "round.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["occurred_at"], row["consumer"]) == ("2026-09-21T16:05:00Z", "")


def test_a_mapping_tells_what_a_carriers_columns_mean(exported):
    """A file in the carrier's own words, with a mapping, is read as one in ours."""
    (exported / "cdr.csv").write_text(
        "start,from,to\n2026-09-21 12:00:40,2025550199,2025550123\n2026-09-21 13:00:40,2025550199,2025550123\n"
    )
    (exported / "cdr.toml").write_text(
        'region = "US"\n[columns]\nstart = "occurred_at"\nfrom = "number"\nto = "address"\n'
        '[given]\nchannel = "call"\ndirection = "outbound"\n[time]\nzone = "America/New_York"\n'
    )
    options = ["--ledger", exported / "ledger", "--carrier", exported / "cdr.csv", "--mapping", exported / "cdr.toml"]
    result = CliRunner().invoke(app, ["gate", "coverage", *map(str, options)])
    assert (result.exit_code, result.stdout[:49]) == (1, "carried 2  allowed 1  went round the gate 1  allo")


@pytest.mark.parametrize(
    "wrong",
    [
        ["--ledger", "none"],
        ["--carrier", "none.csv"],
        ["--lease", "soon"],
        ["--lang", "fr"],
        ["--mapping", "none.toml"],
        ["--out", "no/a.csv"],
    ],
)
def test_bad_input_is_not_taken_for_a_call_that_went_round(exported, wrong):
    """What cannot be read or written is said in words, with exit code 2, never 1."""
    (exported / "cdr.csv").write_text(HEADER + "2026-09-21T16:20:00Z,A,call,outbound,+12025550123,+12025550199\n")
    options = {"--ledger": "ledger", "--carrier": "cdr.csv"} | dict([wrong])
    command = [sys.executable, "-m", "forbear.doors.cli", "gate", "coverage", *(word for pair in options.items() for word in pair)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=exported)
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (2, "", False)
