"""`forbear gate coverage`, on a ledger that a gate wrote."""

from __future__ import annotations

import csv

import pytest
from gate_house import House
from typer.testing import CliRunner

from forbear.doors.cli import app
from forbear.doors.gate.export import export

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
        "carried 1  went round the gate 0  allowed and not carried 0  undecided 0  quarantined 0\n",
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
