"""`forbear dossier`, as it is typed."""

import re

import pytest
from telephones import CEASED, COLLECTOR, FRIEND, OTHER, US, item, kept
from typer.testing import CliRunner

from forbear.doors.cli import app


def run(*words):
    """What is printed, and how it ended."""
    result = CliRunner().invoke(app, ["dossier", *map(str, words)])
    return result.output + (str(result.exception) if result.exception else ""), result.exit_code


@pytest.fixture
def phone(tmp_path, week, importer):
    """A file of the week and its case."""
    case = tmp_path / "case.toml"
    case.write_text(US + CEASED, encoding="utf-8")
    return kept(tmp_path / "phone.json", *week), case


@pytest.mark.parametrize("word", [(), ("make",)])
def test_a_pack_is_made_and_verified(phone, tmp_path, word):
    """With or without `make`; page one is printed too."""
    file, case = phone
    said, code = run(*word, file, "--case", case, "--out", tmp_path / "pack")
    assert code == 0, said
    assert re.search(r"\d+ of 12 contacts by collectors break a rule", said)
    assert {each.name for each in (tmp_path / "pack").iterdir()} == {
        "dossier.pdf",
        "dossier.html",
        "findings.csv",
        "case.toml",
        "manifest.json",
    }
    said, code = run("verify", tmp_path / "pack", file)
    assert code == 0, said
    assert said.startswith("It stands: ")
    file.write_bytes(file.read_bytes() + b" ")
    said, code = run("verify", tmp_path / "pack", file)
    assert code == 1
    assert "It does not stand as it is" in said


def test_options_may_stand_before_files(phone, tmp_path):
    """As people type them."""
    file, case = phone
    assert run("--case", case, "--out", tmp_path / "pack", file)[1] == 0


def test_a_proposal_names_collectors_and_why(phone, tmp_path):
    """By what they write and how they call; a friend is not among them. It is not confirmed, so it makes no pack yet."""
    file, _ = phone
    out = tmp_path / "proposed.toml"
    said, code = run("propose", file, "--law", "us", "--out", out)
    assert code == 0, said
    text = out.read_text(encoding="utf-8")
    assert COLLECTOR in text
    assert OTHER in text
    assert FRIEND not in text
    assert "words of collection (insult" in text or "insult" in text
    said, code = run(file, "--case", out, "--out", tmp_path / "pack")
    assert code == 1
    assert "this case is not confirmed" in said
    out.write_text(text.replace("confirmed = false", "confirmed = true"), encoding="utf-8")
    assert run(file, "--case", out, "--out", tmp_path / "pack")[1] == 0


def test_no_collector_found_is_said_with_what_to_do(tmp_path, importer):
    """In words for who reads them."""
    file = kept(tmp_path / "phone.json", item(1_773_000_000, FRIEND, "Dinner on Sunday?", name="Samuel"))
    said, code = run("propose", file, "--out", tmp_path / "case.toml")
    assert code == 1
    assert "no number here looks like a collector's; give the files of the telephone" in said
    said, code = run("propose", file, "--out", tmp_path / "case.toml", "--lang", "zh")
    assert "没有号码像是催收方的" in said


def test_a_lenders_log_is_laid_beside(phone, tmp_path):
    """What it lacks is a lead; the same log is asked for when the pack is verified."""
    file, case = phone
    log = tmp_path / "log.csv"
    rows = "".join(f"2026-03-09T{hour}:05:00-04:00,c1,{COLLECTOR},call,outbound\n" for hour in range(10, 17))
    log.write_text("occurred_at,consumer,number,channel,direction\n" + rows, encoding="utf-8")
    said, code = run(file, "--case", case, "--out", tmp_path / "pack", "--lender-log", log)
    assert code == 0, said
    assert "Beside the lender's log" in (tmp_path / "pack" / "dossier.html").read_text(encoding="utf-8").replace("&#39;", "'")
    assert run("verify", tmp_path / "pack", file, "--lender-log", log)[1] == 0
    assert "the lender's log is not the one" in run("verify", tmp_path / "pack", file)[0]
