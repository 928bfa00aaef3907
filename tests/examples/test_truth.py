"""The example history: its planted truth is what the audit finds, no more and no less."""

import csv
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from examples import make_history
from forbear.doors.cli import app
from forbear.engines.judgement import judge_timeline
from forbear.records import mapping
from forbear.records.history import read
from forbear.records.timelines import timelines
from forbear.rulebook.load import load
from forbear.terms import CONDUCT, FIELDS, KIND

SCRIPT = Path(make_history.__file__)
RUN = CliRunner()


def stable():
    """The rules that judge the example."""
    return load().select(["cn", "us"])


def truth(folder):
    """(contact or fact, rule, verdict) as they were planted."""
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        return Counter((row["contact_id"], row["rule"], row["verdict"]) for row in csv.DictReader(file))


def rows(file):
    """The rows of a CSV file."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def judged(folder):
    """(contact or fact, rule, verdict) as the plain engine finds them."""
    history = read([folder / "contacts.csv"], [folder / "facts.csv"], mapping.load(folder / "mapping.toml"))
    assert history.quarantine == []
    coverage = history.coverage._replace(records_until=max(entry.known_at for entry in history.entries))
    book, rules = load(), stable()
    return Counter(
        (line.entries[found.position].brought_id, found.rule.id, found.verdict.value)
        for line in timelines(history.entries)
        for found in judge_timeline(book, rules, line.entries, coverage)
    )


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A history of three thousand contacts."""
    folder = tmp_path_factory.mktemp("history")
    assert make_history.make(folder, 3000, 7).written >= 3000
    return folder


def test_the_engine_finds_what_was_planted_and_nothing_else(history):
    """Over three thousand contacts every planted breach, departure and doubt is found, each once, and no other."""
    found, planted = judged(history), truth(history)
    assert found - planted == Counter()
    assert planted - found == Counter()


@pytest.mark.parametrize("seed", [1, 2])
def test_another_seed_plants_as_truly(seed, tmp_path):
    """Other people, weeks, zones and agencies change nothing: the truth of a smaller history is met as exactly."""
    make_history.make(tmp_path, 700, seed)
    assert judged(tmp_path) == truth(tmp_path)


def test_the_audit_writes_what_was_planted(history, tmp_path):
    """`forbear audit` over the files, as `make demo` calls it, ends with findings that are the planted truth, and none of its rows lost."""
    files = [str(history / "contacts.csv"), "--facts", str(history / "facts.csv"), "--mapping", str(SCRIPT.with_name("mapping.toml"))]
    run = RUN.invoke(app, ["audit", *files, "--law", "cn,us", "--out", str(tmp_path)])
    assert run.exit_code == 0, run.output
    found = Counter((row["contact_id"], row["rule"], row["verdict"]) for row in rows(tmp_path / "findings.csv"))
    planted = truth(history)
    assert found == planted
    verdicts = Counter(verdict for _, _, verdict in planted)
    told = len(rows(history / "contacts.csv")) + len(rows(history / "facts.csv"))
    assert f"read {told}  judged {told}  quarantined 0" in run.output
    for verdict, number in verdicts.items():
        assert f"{verdict} {number}" in run.output


def test_every_stable_rule_is_broken_somewhere(history):
    """No rule of the shipped law goes without a planted breach or departure, so that no conduct is left out."""
    broken = {rule for _, rule, verdict in truth(history) if verdict != "unclear"}
    assert {rule.id for rule in stable()} - broken == set()
    # Changing one's own numbers breaks no clause by itself: it is planted as seven numbers under one cap.
    assert {rule.conduct for rule in stable() if rule.id in broken} == set(CONDUCT) - {"number-rotation"}


def test_most_timelines_are_lawful(history):
    """The planted conducts stand among lawful lives that are the larger part, or finding nothing else would prove little."""
    guilty = {contact for contact, _, _ in truth(history)}
    consumers = {row["consumer"] for row in rows(history / "contacts.csv")}
    accused = {row["consumer"] for row in rows(history / "contacts.csv") if row["contact_id"] in guilty}
    assert len(accused) * 2 < len(consumers)


def test_no_story_says_a_word_that_forbear_does_not_know():
    """Fields, kinds and rules of the stories are those of the vocabulary and the law: a slip of the pen plants nothing by chance."""
    rules = {rule.id for rule in load().rules}
    for story in make_history.read_stories():
        for line in story.lines:
            assert set(line.fields) <= {*FIELDS, "known"}, story.name
            assert line.fields["kind"] in {"contact", *KIND}, story.name
            assert set(line.truth) <= rules, story.name


def test_the_truth_does_not_come_from_the_engine(tmp_path):
    """The generator runs on the standard library alone, where forbear cannot be imported."""
    bare = [sys.executable, "-S", "-E"]
    assert subprocess.run([*bare, "-c", "import forbear"], capture_output=True, check=False, cwd=tmp_path).returncode != 0
    subprocess.run([*bare, SCRIPT, "--contacts", "1", "--out", tmp_path], capture_output=True, check=True, cwd=tmp_path)
    assert truth(tmp_path)


def test_the_same_seed_makes_the_same_files(tmp_path):
    """The command writes the same bytes for the same seed, and others for another."""

    @cache
    def made(seed, again):
        folder = tmp_path / f"{seed}-{again}"
        run = subprocess.run(
            [sys.executable, SCRIPT, "--contacts", "500", "--seed", str(seed), "--out", folder], capture_output=True, text=True, check=True
        )
        assert re.fullmatch(rf"contacts \d+  facts \d+  timelines \d+  in {re.escape(str(folder))}\n", run.stdout)
        return {file.name: file.read_bytes() for file in folder.iterdir()}

    assert set(made(3, 1)) == {"contacts.csv", "facts.csv", "mapping.toml", "truth.csv"}
    assert made(3, 1) == made(3, 2)
    assert made(3, 1)["contacts.csv"] != made(4, 1)["contacts.csv"]


def test_every_number_is_one_that_nobody_has(history):
    """Telephone numbers are of the 555-01xx range or of a Chinese prefix that is not assigned."""
    for row in rows(history / "contacts.csv"):
        for number in (row["address"], row["number"]):
            assert re.fullmatch(r"\(\d{3}\) 555-01\d\d|\+1\d{3}55501\d\d|(\+86 )?154\d{8}", number)
