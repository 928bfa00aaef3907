"""The command `forbear reconcile`, as it is typed."""

import csv

import pytest
from leads.reconcile.phones import phones
from typer.testing import CliRunner

from forbear.doors.cli import app

PHONE = """
[columns]
when = "occurred_at"
from = "number"
seconds = "duration_s"
[given]
channel = "call"
direction = "outbound"
"""


def run(*words, code=0):
    """What is printed."""
    result = CliRunner().invoke(app, ["reconcile", *map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def exports(tmp_path):
    """A phone's export without a consumer, the lender's contacts with two, and the mapping of the phone's."""
    told = phones(21, apart=3600)
    with (tmp_path / "phone.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("when", "from", "seconds"))
        writer.writerows((each.at, each.number, each.seconds) for each in told.person.sightings)
    with (tmp_path / "lender.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("occurred_at", "consumer", "channel", "direction", "number", "duration_s", "agency"))
        for who, log in (("c-17", told.lender), ("c-18", phones(22).lender)):
            writer.writerows((each.at, who, "call", "outbound", each.number, each.seconds, each.agency) for each in log.sightings)
    (tmp_path / "phone.toml").write_text(f'files = ["phone.csv"]{PHONE}', encoding="utf-8")
    return tmp_path, told


def test_a_phone_is_compared_with_the_lenders_contacts(exports):
    """Said in words and in tables; what is hidden is a lead, and the words say that it is no proof."""
    folder, told = exports
    words = ("--consumer", folder / "phone.csv", "--who", "c-17", "--lender", folder / "lender.csv", "--mapping", folder / "phone.toml")
    said = run(*words, "--out", folder / "out")
    assert "the person's clock minus the lender's: +1:00:0" in said or "+0:59:5" in said
    assert "a lead, not proof" in said
    assert "只是线索，不是证据" in run(*words, "--lang", "zh")
    with (folder / "out" / "hidden.csv").open(encoding="utf-8-sig", newline="") as file:
        shown = list(csv.DictReader(file))
    assert len(shown) >= 0.9 * len(told.hidden)
    assert {each["consumer"] for each in shown} == {"c-17"}
    with (folder / "out" / "agencies.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert float(line["low"]) <= len(told.hidden) / (len(told.hidden) + 90) <= float(line["high"])


def test_a_stranger_to_the_lender_gets_no_answer_that_could_be_mistaken(exports):
    """Whose contacts the lender does not hold: nothing is hidden, nothing is concluded."""
    folder, _ = exports
    said = run("--consumer", folder / "phone.csv", "--who", "c-99", "--lender", folder / "lender.csv", "--mapping", folder / "phone.toml")
    assert "nothing can be compared" in said
    assert "lead" not in said


def test_logs_are_sealed_and_compared_unopened(exports):
    """Each side seals with one key; who compares has neither key nor logs."""
    folder, told = exports
    mapped = ("--mapping", folder / "phone.toml", "--seal", folder / "key", "--who", "c-17")
    run("--consumer", folder / "phone.csv", *mapped, "--out", folder / "a.sealed")
    run("--lender", folder / "lender.csv", *mapped, "--out", folder / "b.sealed")
    assert (folder / "key").stat().st_mode & 0o077 == 0
    (folder / "key").unlink()
    said = run("--consumer", folder / "a.sealed", "--lender", folder / "b.sealed")
    assert "clocks differ by +1:00:00" in said
    assert "a lead, not proof" in said
    assert "时钟相差 +1:00:00" in run("--consumer", folder / "a.sealed", "--lender", folder / "b.sealed", "--lang", "zh")
    assert told.hidden


def test_what_is_wrong_is_said(exports):
    """No log, two people under one seal, sealed files given the wrong way round, and a file that is none."""
    folder, _ = exports
    assert "name the person's log and the lender's" in run("--lender", folder / "lender.csv", code=2)
    assert "one log at a time" in run("--lender", folder / "lender.csv", "--seal", folder / "key", code=2)
    from forbear.records.errors import InputError

    words = ["reconcile", "--lender", str(folder / "lender.csv"), "--seal", str(folder / "k"), "--out", str(folder / "x.sealed")]
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, InputError)
    assert "contacts of 2 people" in str(result.exception)
    (folder / "c.sealed").write_bytes(b"no marks")
    result = CliRunner().invoke(app, ["reconcile", "--consumer", str(folder / "c.sealed"), "--lender", str(folder / "c.sealed")])
    assert "is no sealed log" in str(result.exception)
