"""The commands `forbear leads` and `forbear simulate`, as they are typed."""

import csv

import pytest
from typer.testing import CliRunner

from forbear.doors.cli import app


def run(*words, code=0):
    """What is printed."""
    result = CliRunner().invoke(app, [str(each) for each in words])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory):
    """Two hundred invented people; with twenty of them an agency works through the address book."""
    folder = tmp_path_factory.mktemp("portfolio")
    run("simulate", "--out", folder, "--people", 200, "--tactic", "address-book", "--share", 0.1, "--strength", 1, "--seed", 3)
    return folder


def test_leads_are_found_told_and_written(portfolio, tmp_path):
    """Those of the truth, with base rate, ratio and clauses; and the words say that they are no breach."""
    words = ("leads", portfolio / "contacts.csv", "--facts", portfolio / "facts.csv", "--law", "us")
    said = run(*words, "--out", tmp_path / "leads.csv")
    assert "of lawful timelines 1 in" in said
    assert "never breaches" in said
    assert "may touch: " in said
    assert "us.reg-f.third-party-contact" in said
    with (tmp_path / "leads.csv").open(encoding="utf-8-sig", newline="") as file:
        shown = {line["consumer"] for line in csv.DictReader(file) if line["tactic"] == "address-book"}
    with (portfolio / "truth.csv").open(encoding="utf-8", newline="") as file:
        used = {line["consumer"] for line in csv.DictReader(file) if line["tactic"]}
    assert len(used) == 20
    assert used <= shown
    assert len(shown - used) <= 2
    chinese = run(*words, "--lang", "zh")
    assert "通讯录扩散" in chinese
    assert "不是违规结论" in chinese


def test_no_number_of_anybody_who_was_called_is_in_what_is_printed(portfolio):
    """Leads name consumers by the id that the lender gave, and nobody else."""
    said = run("leads", portfolio / "contacts.csv")
    assert "address of" not in said
    assert "contact-0" not in said


def test_what_cannot_be_invented_is_refused(tmp_path):
    """A tactic that there is not, a share that is none."""
    assert "write one of timed-dialling" in run("simulate", "--out", tmp_path, "--tactic", "hypnosis", code=2)
    assert "from 0 to 1" in run("simulate", "--out", tmp_path, "--strength", "7", code=2)
