"""`forbear whatif`: what two rulebooks say otherwise of one history is what two audits by them say otherwise."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from examples import make_history
from forbear.doors.audit.audit import Audit, Request
from forbear.doors.audit.whatif import Comparison
from forbear.doors.cli import app
from forbear.engines.judgement import GRAVITY
from forbear.engines.trial import diaries, failures
from forbear.findings.changed import COLUMNS, WORDS
from forbear.rulebook.choice import Choice
from forbear.rulebook.load import shipped

ROOT = Path(__file__).parents[2]
DRAFT = ROOT / "examples" / "draft-rule"
LAW = Choice(("cn", "us"))
SMALL = 1 << 22
"""So little memory that there are parts even of a small history."""
FILES = ("changes.csv", "changes.parquet", "quarantine.csv")


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The example history: three thousand contacts with everything in them."""
    folder = tmp_path_factory.mktemp("example")
    subprocess.run([sys.executable, make_history.__file__, "--out", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return folder


def request(folder: Path, out: Path, **other) -> Request:
    """What is asked of the example."""
    given = {
        "paths": [folder / "contacts.csv"],
        "facts": [folder / "facts.csv"],
        "mapping": [folder / "mapping.toml"],
        "law": LAW,
    }
    return Request(out=out, **{**given, **other})


def edited(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """A draft: a file of the shipped law in which something stands otherwise."""
    source = shipped() / name
    text = source.read_text(encoding="utf-8")
    for old, new in changes:
        assert re.search(old, text), old
        text = re.sub(old, new, text)
    target = folder / source.parent.name / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return folder


def by_hand(folder: Path, out: Path, second: Choice) -> tuple[list[tuple[str, ...]], Counter[tuple[str, str]]]:
    """What two audits say otherwise: (id, consumer, rule, before, after), and contacts by the gravest verdicts of both."""
    words = [verdict.value for verdict in GRAVITY]
    found = []
    for name, law in (("first", LAW), ("second", second)):
        Audit(request(folder, out / name, law=law, brief=True)).run()
        rows = pq.read_table(out / name / "verdicts.parquet").to_pylist()
        of_rule, of_entry = dict[tuple[str, ...], int](), dict[str, int]()
        for row in rows:
            key, place = (row["entry_id"], row["consumer"], row["rule"]), words.index(row["verdict"])
            of_rule[key] = min(place, of_rule.get(key, len(words)))
            of_entry[row["entry_id"]] = min(place, of_entry.get(row["entry_id"], len(words)))
        found.append((of_rule, of_entry))
    (old, old_entries), (new, new_entries) = found
    clear = len(words)
    pairs = ((key, old.get(key, clear), new.get(key, clear)) for key in {**old, **new})
    with (folder / "contacts.csv").open(encoding="utf-8", newline="") as file:
        ids = [row["contact_id"] for row in csv.DictReader(file)]
    moves = Counter((WORDS[old_entries.get(each, clear)], WORDS[new_entries.get(each, clear)]) for each in ids)
    return sorted((*key, WORDS[before], WORDS[after]) for key, before, after in pairs if before != after), moves


def changes(out: Path) -> list[tuple[str, ...]]:
    """The same of a comparison."""
    rows = pq.read_table(out / "changes.parquet").to_pylist()
    return sorted(tuple(row[name] for name in ("entry_id", "consumer", "rule", "before", "after")) for row in rows)


def stricter(folder: Path) -> dict[str, object]:
    """Two calls in seven days instead of seven."""
    return {"draft": (edited(folder, "US/reg-f/call-frequency.toml", ("limit  = 7", "limit  = 2")),)}


def looser(folder: Path) -> dict[str, object]:
    """Nine calls, and that is only advised."""
    return {
        "draft": (edited(folder, "US/reg-f/call-frequency.toml", ("limit  = 7", "limit  = 9"), ("presumed-violation", "advised-against")),)
    }


def several(folder: Path) -> dict[str, object]:
    """Everything at once."""
    return {**stricter(folder), "drafts": True, "day": dt.date(2024, 6, 1)}


SECOND = {
    "a stricter cap": stricter,
    "a looser cap that only advises": looser,
    "the shipped drafts": lambda folder: {"drafts": True},
    "the law of a day": lambda folder: {"day": dt.date(2024, 6, 1)},
    "all of them": several,
}


@pytest.mark.parametrize("name", SECOND)
def test_what_changes_is_what_two_audits_say_otherwise(name, example, tmp_path):
    """Row by row, and contact by contact: whatever makes the second rulebook, and although the rules that are alike are judged once."""
    second = Choice(LAW.laws, **SECOND[name](tmp_path / "draft"))
    found = Comparison(request(example, tmp_path / "out", second=second)).run()
    rows, moves = by_hand(example, tmp_path, second)

    assert changes(tmp_path / "out") == rows
    assert rows
    assert found.contacts.moves == {f"{old}>{new}": n for (old, new), n in moves.items()}
    assert sum(sum(rule.entries.values()) for rule in found.rules) == len(rows)
    assert {rule.rule for rule in found.rules if rule.total} == {row[2] for row in rows}


def test_a_standing_of_a_draft_changes_every_rule_that_asks_it(example, tmp_path):
    """And no other is judged twice."""
    book = LAW.book()
    standing = book.standings["us.reg-f.consented"]
    file = book.file_of(standing)
    draft = tmp_path / "draft"
    draft.mkdir()
    (draft / file.name).write_text(file.read_text(encoding="utf-8").replace('"more-calls"', '"hours"'), encoding="utf-8")
    second = Choice(LAW.laws, draft=(draft,))
    found = Comparison(request(example, tmp_path / "out", second=second)).run()
    assert {rule.rule for rule in found.rules} == {rule.id for rule in LAW.rules(book) if standing.id in book.reach(rule)}
    assert changes(tmp_path / "out") == by_hand(example, tmp_path, second)[0]


def test_a_draft_that_is_a_copy_of_the_law_changes_nothing(example, tmp_path):
    """All files of a jurisdiction that judge, with its place, its standings, and rules of which there are several versions."""
    shutil.copytree(shipped() / "CN", tmp_path / "draft" / "CN")
    for file in (tmp_path / "draft").rglob("*.toml"):
        if 'status   = "draft"' in file.read_text(encoding="utf-8"):
            file.unlink()
    found = Comparison(request(example, tmp_path / "out", second=Choice(LAW.laws, draft=(tmp_path / "draft",)))).run()
    assert (found.contacts.caught, found.contacts.freed, changes(tmp_path / "out")) == (0, 0, [])
    assert (found.rules, found.alike) == ([], len(LAW.rules(LAW.book())))
    assert set(found.contacts.moves) == {f"{word}>{word}" for word in WORDS}


def test_a_rule_of_a_draft_is_judged_as_if_it_had_always_been_in_force(example, tmp_path):
    """The draft takes force in years to come, and is a draft; the contacts were made long before."""
    found = Comparison(request(example, tmp_path / "out", second=Choice(LAW.laws, draft=(DRAFT,)))).run()
    (rule,) = found.rules
    assert (rule.after[0].since, rule.after[0].status) == (dt.date(2030, 1, 1), "draft")
    assert found.contacts.caught > 50
    assert max(found.months) < "2030"
    assert rule.before[0].hash != rule.after[0].hash


def test_the_draft_of_the_example_means_what_its_diaries_say():
    """They are judged where the draft stands in the place of the law."""
    book = Choice(LAW.laws, draft=(DRAFT,)).book()
    (rule,) = (rule for rule in book.rules if rule.id == "us.reg-f.call-frequency")
    assert rule.example
    assert list(failures(book, rule, diaries(book, rule))) == []


@pytest.mark.parametrize("how", [{"engine": "plain"}, {"memory": SMALL}, {"memory": SMALL, "threads": 2}], ids=["plain", "parts", "two"])
def test_engines_and_parts_change_no_byte(how, example, tmp_path):
    """Rows and page are the same, but for the name of the engine and the time it took."""
    second = Choice(LAW.laws, **several(tmp_path / "draft"))
    said = []
    for name, given in (("whole", {}), ("other", how)):
        out = tmp_path / name
        Comparison(request(example, out, second=second, **given)).run()
        page = re.sub(r"<footer>.*", "", (out / "whatif.html").read_text(encoding="utf-8"), flags=re.DOTALL)
        told = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        del told["timing"]
        for law in ("before", "after"):
            del told[law]["engine"]
        said.append(([(out / file).read_bytes() for file in FILES], page, json.dumps(told)))
    assert said[0] == said[1]


@pytest.mark.skipif(sys.platform != "linux", reason="a cluster is started")
def test_a_cluster_finds_the_same(example, tmp_path):
    """On Spark, with the draft where only the driver need look for it."""
    second = Choice(LAW.laws, draft=(DRAFT,))
    Comparison(request(example, tmp_path / "here", second=second)).run()
    Comparison(request(example, tmp_path / "spark", second=second, engine="spark", master="local[2]")).run()
    for file in FILES:
        assert (tmp_path / "here" / file).read_bytes() == (tmp_path / "spark" / file).read_bytes(), file


def run(folder: Path, out: Path, *words: object, law: str = "cn,us"):
    """The command as it is typed."""
    paths = (folder / "contacts.csv", "--facts", folder / "facts.csv", "--mapping", folder / "mapping.toml", "--law", law, "--out", out)
    return CliRunner().invoke(app, ["whatif", *map(str, (*paths, *words))])


def test_the_command_says_how_many_would_change(example, tmp_path):
    """Totals are printed; rows, summary and page lie in the folder, and nothing of an earlier audit."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "findings.csv").write_text("of an audit")
    result = run(example, tmp_path / "out", "--rules", DRAFT)
    assert result.exit_code == 0, result.output
    assert re.search(r"^\d+ contacts would newly be in breach$", result.output, flags=re.MULTILINE)
    assert re.search(r"^read (\d+)  judged \1  quarantined 0$", result.output, flags=re.MULTILINE)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == sorted([*FILES, "summary.json", "whatif.html"])
    with (tmp_path / "out" / "changes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert rows == pq.read_table(tmp_path / "out" / "changes.parquet").to_pylist()


@pytest.mark.parametrize(("lang", "words"), [("en", ("It is no finding", "newly in breach")), ("zh", ("不是违规认定", "新增违规"))])
def test_the_page_says_what_it_is_not(lang, words, example, tmp_path):
    """In both languages: a draft binds nobody. It stands alone, with its pictures."""
    assert run(example, tmp_path / "out", "--rules", DRAFT, "--lang", lang).exit_code == 0
    page = (tmp_path / "out" / "whatif.html").read_text(encoding="utf-8")
    assert all(word in page for word in words)
    assert page.count("<svg role") == 4
    assert "<script" not in page
    assert "us.reg-f.call-frequency" in page


def test_a_month_is_that_of_the_consumers_place(tmp_path):
    """The last evening of a month in UTC is the next month in China; where nobody knows the place, the month may be either."""
    rows = ("a,2026-03-31T18:00:00Z,CN,Asia/Shanghai", "b,2026-03-31T18:00:00Z,,", "c,2026-03-15T18:00:00Z,,")
    head = "contact_id,occurred_at,jurisdiction,zone,consumer,channel,direction,agency_kind,outcome\n"
    lines = [f"{row},{n},call,outbound,third-party-agency,no-answer\n" for n, row in enumerate(rows)]
    (tmp_path / "contacts.csv").write_text(head + "".join(lines), encoding="utf-8")
    draft = tmp_path / "draft.toml"
    text = (DRAFT / "calls-a-week.toml").read_text(encoding="utf-8")
    text = text.replace("us.reg-f.call-frequency", "us.invented.any").replace('jurisdiction = "US"\nagency', "agency")
    text = re.sub(r"\[\[unless\]\].*?\[given\]", '[forbid]\nchannel = "call"\n[given]', text, flags=re.DOTALL)
    draft.write_text(re.sub(r"(?m)^party .*\n", "", text), encoding="utf-8")
    Comparison(Request([tmp_path / "contacts.csv"], tmp_path / "out", LAW, second=Choice(LAW.laws, draft=(draft,)))).run()
    found = pq.read_table(tmp_path / "out" / "changes.parquet").to_pylist()
    assert {row["contact_id"]: row["month"] for row in found if row["rule"] == "us.invented.any"} == {
        "a": "2026-04",
        "b": "",
        "c": "2026-03",
    }


def test_a_place_of_a_draft_has_a_say_in_every_rule(tmp_path):
    """An hour that may be too early in one of a place's zones is lawful where the place has only another; so all is judged twice."""
    head = "contact_id,occurred_at,jurisdiction,consumer,channel,direction,agency_kind,outcome\n"
    row = "a,2026-04-01T16:00:00Z,US,1,call,outbound,third-party-agency,no-answer\n"
    (tmp_path / "contacts.csv").write_text(head + row, encoding="utf-8")
    (tmp_path / "draft" / "US").mkdir(parents=True)
    (tmp_path / "draft" / "US" / "place.toml").write_text('zones = ["America/New_York"]\n', encoding="utf-8")
    second = Choice(LAW.laws, draft=(tmp_path / "draft",))
    given = {"second": second, "holds": "all"}
    found = Comparison(Request([tmp_path / "contacts.csv"], tmp_path / "out", LAW, **given)).run()
    assert found.alike == 0
    (change,) = pq.read_table(tmp_path / "out" / "changes.parquet").to_pylist()
    assert (change["rule"], change["before"], change["after"]) == ("us.reg-f.hours", "unclear", "clear")


@pytest.mark.parametrize("engine", ["plain", "kernel"])
def test_a_history_of_nothing_changes_nothing(engine, tmp_path):
    """A table with a head alone has its page, too."""
    (tmp_path / "contacts.csv").write_text("occurred_at,consumer,channel,direction\n", encoding="utf-8")
    second = Choice(LAW.laws, draft=(DRAFT,))
    found = Comparison(Request([tmp_path / "contacts.csv"], tmp_path / "out", LAW, second=second, engine=engine)).run()
    assert (found.counts.judged, found.contacts.moves, changes(tmp_path / "out")) == (0, {}, [])
    assert "No contact moves into a breach" in (tmp_path / "out" / "whatif.html").read_text(encoding="utf-8")


def test_without_a_second_rulebook_there_is_nothing_to_compare(example, tmp_path):
    """Nor without a first; what to add is said."""
    result = run(example, tmp_path / "out")
    assert result.exit_code == 2
    assert "there is no second rulebook" in result.output
    result = run(example, tmp_path / "out", "--rules", DRAFT, law="")
    assert result.exit_code == 2
    assert "name the law that is compared with" in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"one.toml": 'effect   = "forbidden"'}, r"one\.toml:\d+: effect: there is no 'forbidden'"),
        ({"one.toml": "", "two.toml": ""}, r"one\.toml:3: id: stands twice in the draft; keep the version that is asked about"),
        ({"one.toml": 'while = "us.reg-f.nowhere"'}, r"one\.toml:1: no standing 'us\.reg-f\.nowhere'"),
        ({}, r"draft: there are no rule files"),
    ],
    ids=["a word", "twice", "a standing", "empty"],
)
def test_a_draft_that_cannot_be_used_is_told_by_file_and_line(texts, said, example, tmp_path):
    """As any other law file is."""
    draft = tmp_path / "draft"
    draft.mkdir()
    text = (DRAFT / "calls-a-week.toml").read_text(encoding="utf-8")
    for name, line in texts.items():
        key = line.partition("=")[0].strip()
        (draft / name).write_text(re.sub(rf"(?m)^{key}\s*=.*$", line, text) if key else text, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "forbear.doors.cli",
        "whatif",
        str(example / "contacts.csv"),
        "--law",
        "us",
        "--out",
        str(tmp_path / "out"),
    ]
    ran = subprocess.run([*command, "--rules", str(draft)], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert re.search(said, ran.stderr), ran.stderr
    assert len(ran.stderr.splitlines()) == 1
