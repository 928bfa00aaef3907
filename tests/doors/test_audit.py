"""The audit from the command line: what goes in, what comes out, what it prints, and how it exits."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from forbear.doors.cli import app, main
from forbear.findings.finding import COLUMNS
from forbear.rulebook.book import RulebookError

ROOT = Path(__file__).parents[2]
HEAD = "contact_id,occurred_at,consumer,channel,direction,party,outcome,debt,agency,agency_kind,tags,zone,jurisdiction\n"
NIGHT = "n1,2026-03-02T23:30:00-05:00,A,call,outbound,consumer,no-answer,1,X,third-party-agency,no-tags,America/New_York,US\n"
DAY = "d1,2026-03-03T12:00:00-05:00,A,call,outbound,consumer,no-answer,1,X,third-party-agency,no-tags,America/New_York,US\n"
BROKEN = "b1,2026-13-03T12:00:00-05:00,A,call,outbound,consumer,no-answer,1,X,third-party-agency,no-tags,America/New_York,US\n"


def _history(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "contacts.csv"
    file.write_text(HEAD + "".join(rows), encoding="utf-8")
    return file


def _audit(*words: str | Path):
    return CliRunner().invoke(app, ["audit", *map(str, words)])


def _findings(folder: Path) -> list[dict[str, str]]:
    with (folder / "findings.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _check(proofs: Path) -> subprocess.CompletedProcess[str]:
    """The one-page checker on some proofs."""
    command = [sys.executable, ROOT / "conformance" / "check.py", ROOT / "src" / "forbear" / "rulebook" / "law", proofs]
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)


def test_a_night_call_is_found_with_its_clause(tmp_path):
    """A call at 23:30 where the consumer is breaks the hours of Regulation F; the same call at noon breaks nothing."""
    ran = _audit(_history(tmp_path, NIGHT, DAY), "--law", "us", "--holds", "all", "--out", tmp_path / "out")

    assert ran.exit_code == 0, ran.output
    (found,) = [row for row in _findings(tmp_path / "out") if row["verdict"] == "breach"]
    assert (found["contact_id"], found["rule"], found["measured"]) == ("n1", "us.reg-f.hours", "23:30:00")
    assert found["clause"].startswith("12 CFR 1006.6(b)(1)(i)")
    assert "11:30" in found["sentence"] or "23:30" in found["sentence"]


def test_the_words_of_a_message_are_found_and_quoted(tmp_path):
    """A text that threatens breaks the clause that forbids it, and the sentence has its words; a polite one does not."""
    head = HEAD.replace(",tags,", ",text,")
    threat = DAY.replace("call", "sms").replace("no-answer", "delivered").replace("no-tags", '"Pay today, or we will have you arrested"')
    polite = threat.replace("d1", "d2").replace("Pay today, or we will have you arrested", "We never have anyone arrested for a debt.")
    answer = threat.replace("d1", "d3").replace("outbound", "inbound")
    file = tmp_path / "contacts.csv"
    file.write_text(head + threat + polite + answer, encoding="utf-8")

    for lang, quoted in (("en", "in the words “have you arrested”"), ("zh", "（原话：“have you arrested”）")):
        ran = _audit(file, "--law", "us", "--holds", "all", "--lang", lang, "--out", tmp_path / lang)
        assert ran.exit_code == 0, ran.output
        found = [row for row in _findings(tmp_path / lang) if row["rule"] == "us.reg-f.threat" and row["verdict"] == "breach"]
        assert [row["contact_id"] for row in found] == ["d1"]
        assert quoted in found[0]["sentence"]
    assert (tmp_path / "en" / "proofs.jsonl").read_bytes() == (tmp_path / "zh" / "proofs.jsonl").read_bytes()


def test_the_last_line_says_what_became_of_every_row(tmp_path):
    """Read = judged + quarantined, and the findings by verdict, in one line that a program can read."""
    ran = _audit(_history(tmp_path, NIGHT, BROKEN), "--law", "us", "--holds", "all", "--max-quarantine", "100%", "--out", tmp_path / "out")

    assert ran.output.splitlines()[-1] == "read 2  judged 1  quarantined 1  breach 1  departure 0  unclear 0"
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert (summary["counts"]["read"], summary["counts"]["breach"]) == (2, 1)
    assert "b1,2026-13-03" not in ran.output


def test_what_no_source_holds_is_said_first(tmp_path):
    """Without a word on the sources, the first lines name the kinds of fact that are silent, and hours become unclear."""
    ran = _audit(_history(tmp_path, NIGHT), "--law", "us", "--out", tmp_path / "out")

    assert "consent" in ran.output.splitlines()[0]
    assert {row["settles"] for row in _findings(tmp_path / "out") if row["rule"] == "us.reg-f.hours"} == {"kind=consent"}


def test_all_files_are_there_and_agree(tmp_path):
    """findings.csv and findings.parquet hold the same rows under the promised columns; the other files lie beside, leads only if wanted."""
    _audit(_history(tmp_path, NIGHT, DAY, BROKEN), "--law", "us", "--holds", "all", "--out", tmp_path / "out")

    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert names == {"findings.csv", "findings.parquet", "leads.csv", "proofs.jsonl", "quarantine.csv", "summary.json", "report.html"}
    table = pq.read_table(tmp_path / "out" / "findings.parquet")
    assert tuple(table.column_names) == COLUMNS
    rows = [{name: str(value) for name, value in row.items()} for row in table.to_pylist()]
    assert rows == _findings(tmp_path / "out")
    _audit(_history(tmp_path, NIGHT), "--law", "us", "--no-leads", "--out", tmp_path / "out")
    assert not (tmp_path / "out" / "leads.csv").exists()
    assert json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["leads"] is None


def test_the_order_of_rows_and_files_changes_no_byte(tmp_path):
    """Findings, proofs and quarantine are the same bytes whatever the order of rows and of files."""
    (tmp_path / "a.csv").write_text(HEAD + NIGHT + DAY, encoding="utf-8")
    (tmp_path / "b.csv").write_text(HEAD + NIGHT.replace("n1", "n2").replace("23:30", "23:40"), encoding="utf-8")
    (tmp_path / "c.csv").write_text(HEAD + DAY + NIGHT, encoding="utf-8")
    _audit(tmp_path / "a.csv", tmp_path / "b.csv", "--law", "us", "--holds", "all", "--out", tmp_path / "one")
    _audit(tmp_path / "b.csv", tmp_path / "c.csv", "--law", "us", "--holds", "all", "--out", tmp_path / "two")

    for name in ("findings.csv", "findings.parquet", "proofs.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--fail-on", "breach"], 1),
        (["--fail-on", "departure"], 0),
        (["--law", "atlantis"], 2),
        (["--mapping", "nowhere.toml"], 2),
        (["--holds", "rumours"], 2),
        (["--lang", "fr"], 2),
        (["--max-quarantine", "a few"], 2),
        (["--fail-on", "sorrow"], 2),
        (["--max-quarantine", "10%"], 3),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_exit_codes(tmp_path, words, code, capsys, monkeypatch):
    """0 done, 1 `--fail-on` met, 2 the input or the call is wrong, 3 too much in quarantine; and no traceback in any case."""
    history = _history(tmp_path, NIGHT, BROKEN) if code == 3 else _history(tmp_path, NIGHT)
    base = ["forbear", "audit", str(history), "--out", str(tmp_path / "out"), "--holds", "all"]
    law = [] if "--law" in words else ["--law", "us"]
    monkeypatch.setattr(sys, "argv", [*base, *law, *words])
    with pytest.raises(SystemExit) as ended:
        main()

    said = capsys.readouterr()
    assert (ended.value.code or 0) == code
    assert "Traceback" not in said.err + said.out


def test_a_missing_file_is_one_line_that_says_what_to_do(tmp_path):
    """The error names the file, what is wrong and what to do; exit code 2, nothing written."""
    ran = subprocess.run(
        [sys.executable, "-m", "forbear.doors.cli", "audit", str(tmp_path / "nothing.csv"), "--law", "us", "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 2
    assert re.fullmatch(r"\S*nothing\.csv: there is no such file; .+\n", ran.stderr)
    assert not (tmp_path / "out").exists()


def test_a_run_that_breaks_leaves_the_last_results_untouched(tmp_path, monkeypatch):
    """Results appear only when all is written: after a failure the folder holds what it held before, and nothing half-written."""
    history = _history(tmp_path, NIGHT)
    _audit(history, "--law", "us", "--holds", "all", "--out", tmp_path / "out")
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    monkeypatch.setattr("forbear.doors.audit.audit.report.render", lambda *_: 1 / 0)
    ran = _audit(_history(tmp_path, NIGHT, DAY), "--law", "us", "--holds", "all", "--out", tmp_path / "out")

    assert isinstance(ran.exception, ZeroDivisionError)
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before


def test_ones_own_rules_judge_beside_the_law(tmp_path):
    """A folder given with --rules is judged wholly, whatever --law names; a fault in it is told with file and line."""
    policy = (
        (ROOT / "tests" / "nowhere" / "XX" / "rapid.toml").read_text(encoding="utf-8").replace('"XX"', '"US"').replace("xx.test", "us.mine")
    )
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "rapid.toml").write_text(policy, encoding="utf-8")
    second = NIGHT.replace("n1", "n2").replace("23:30:00", "23:33:00")
    ran = _audit(_history(tmp_path, NIGHT, second), "--rules", tmp_path / "mine", "--holds", "all", "--out", tmp_path / "out")

    assert ran.exit_code == 0, ran.output
    assert [(row["rule"], row["verdict"], row["settles"]) for row in _findings(tmp_path / "out")] == [
        ("us.mine.rapid", "unclear", "address")
    ]
    (tmp_path / "mine" / "rapid.toml").write_text(policy.replace("limit  = 1", "limit  = 0"), encoding="utf-8")
    ran = _audit(_history(tmp_path, NIGHT), "--rules", tmp_path / "mine", "--out", tmp_path / "out")
    assert re.search(r"rapid\.toml:\d+: cap.limit: at least 1", str(ran.exception))


def test_the_proofs_are_accepted_by_the_checker(tmp_path):
    """Each breach that the audit writes is proven by the one-page checker, which shares no code with us."""
    _audit(_history(tmp_path, NIGHT, DAY), "--law", "us", "--holds", "all", "--out", tmp_path / "out")
    ran = _check(tmp_path / "out" / "proofs.jsonl")

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "us.reg-f.hours" in ran.stdout


def test_one_day_can_lend_its_law_to_all_days(tmp_path):
    """A text to a New Yorker without consent in March 2026 breaks the rule of January 2027 only where that day's law is asked for.

    Sentence, report and summary say so, and the checker proves it by that law alone.
    """
    row = DAY.replace("call", "sms").replace("no-answer", "delivered").replace(",US\n", ",US-NYC\n")
    options = ("--law", "us-nyc", "--holds", "all")
    for name, words in (("own", ()), ("lent", ("--law-of", "2027-01-01"))):
        ran = _audit(_history(tmp_path, row), *options, *words, "--out", tmp_path / name)
        assert ran.exit_code == 0, ran.output
    assert [found["rule"] for found in _findings(tmp_path / "own")] == []
    rules = {found["rule"]: found["sentence"] for found in _findings(tmp_path / "lent")}
    assert "by the law of 1 Jan 2027" in rules["us-nyc.6-rcny-5-77.electronic-without-consent"]
    assert json.loads((tmp_path / "lent" / "summary.json").read_text())["settings"]["law_of"] == "2027-01-01"
    assert "as of 1 Jan 2027" in (tmp_path / "lent" / "report.html").read_text(encoding="utf-8")
    checked = _check(tmp_path / "lent" / "proofs.jsonl")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "by the law of 2027-01-01" in checked.stdout
    proofs = (tmp_path / "lent" / "proofs.jsonl").read_text().replace(',"law_of":"2027-01-01"', "")
    (tmp_path / "forged.jsonl").write_text(proofs)
    assert _check(tmp_path / "forged.jsonl").returncode == 1
    before = _audit(_history(tmp_path, row), *options, "--law-of", "2020-01-01", "--out", tmp_path / "none")
    assert isinstance(before.exception, RulebookError)
    assert "no law us-nyc was in force on 2020-01-01" in str(before.exception)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_stands_alone_in_both_languages(tmp_path, lang):
    """report.html is written in the language asked for and fetches nothing from anywhere."""
    _audit(_history(tmp_path, NIGHT, DAY), "--law", "us", "--lang", lang, "--out", tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")

    assert f'<html lang="{lang}' in page
    assert not re.search(r'(?:src|href)\s*=\s*"(?:https?:)?//', page)


def test_init_proposes_a_mapping_that_the_audit_takes(tmp_path):
    """`forbear init` writes what `forbear audit --mapping` reads, and never over a file that is there."""
    (tmp_path / "calls.csv").write_text("呼叫时间,客户编号,呼叫结果\n2026-03-02 09:05:00+08:00,C001,未接通\n", encoding="utf-8")
    wanted = tmp_path / "calls.toml"
    assert CliRunner().invoke(app, ["init", str(tmp_path / "calls.csv"), "--out", str(wanted)]).exit_code == 0
    assert CliRunner().invoke(app, ["init", str(tmp_path / "calls.csv"), "--out", str(wanted)]).exit_code == 2
    wanted.write_text(wanted.read_text(encoding="utf-8").replace("[given]\n", '[given]\nchannel = "call"\n'), encoding="utf-8")
    ran = _audit(tmp_path / "calls.csv", "--mapping", wanted, "--law", "cn", "--out", tmp_path / "out")

    assert ran.exit_code == 0, ran.output
    assert ran.output.splitlines()[-1].startswith("read 1  judged 1  quarantined 0")
