"""The command `forbear read`, as it is typed."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from forbear.doors.cli import app

TEXT = "They called my mother and threatened me with jail."


def run(*words, said=None):
    """What is printed; the exit code must be 0."""
    result = CliRunner().invoke(app, ["read", *words], input=said)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_text_is_read_from_a_file_or_from_what_is_piped_in(tmp_path):
    """The same answer, in words; with the clauses of the law that is named."""
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    assert run(str(file), "--law", "us") == run("-", "--law", "us", said=TEXT)
    assert "12 CFR 1006.6(d)(1), (2)" in run(str(file), "--law", "us")
    assert "name a law with --law" in run(str(file))
    assert "联系第三人" in run(str(file), "--lang", "zh")


def test_answers_for_programs_and_for_browsers(tmp_path):
    """JSON to be piped, a page to be opened; --out writes either."""
    assert {each["conduct"] for each in json.loads(run("-", "--format", "json", said=TEXT))["conducts"]} == {"third-party", "threat"}
    out = tmp_path / "a.html"
    assert run("-", "--format", "html", "--out", str(out), said=TEXT) == ""
    assert "<mark" in out.read_text(encoding="utf-8")


def test_an_inbox_is_read_and_ranked(tmp_path):
    """A line each, counts on the screen, and three tables."""
    file, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    file.write_text("".join(json.dumps({"id": n, "text": TEXT}) + "\n" for n in range(3)), encoding="utf-8")
    told = run("--jsonl", str(file), "--out", str(out), "--triage", str(tmp_path / "t"))
    assert "3 complaints; 3 of them are copies of 1 templates" in told
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
    assert {each.name for each in (tmp_path / "t").iterdir()} == {"ranked.csv", "campaigns.csv", "companies.csv"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "name one text"),
        (["-", "--jsonl", "a"], "name one text"),
        (["--jsonl", "a"], "say where the lines go"),
        (["-", "--triage", "t"], "only an inbox is ranked"),
        (["-", "--as", "letter"], "auto, reports, utterances"),
        (["-", "--format", "pdf"], "text, json, html"),
        (["-", "--law", "mars"], "no law mars"),
    ],
)
def test_a_wrong_call_says_what_to_write(words, told):
    """Exit code 2 and one sentence."""
    result = CliRunner().invoke(app, ["read", *words], input="a")
    assert result.exit_code in (1, 2)
    assert told in result.output + str(result.exception)
