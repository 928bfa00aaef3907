"""The rivals of the benchmark answer as the plain engine does: a faster wrong answer would be no rival."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from benchmarks import answers, entries, make_contacts, sample, sql, state
from forbear.doors.audit.audit import Audit, Request
from forbear.doors.check import check
from forbear.rulebook.choice import Choice
from forbear.rulebook.load import load


@pytest.fixture(scope="module")
def contacts(tmp_path_factory):
    """Some contacts, the giant not among them."""
    folder = tmp_path_factory.mktemp("contacts")
    make_contacts.write(40_000, folder)
    few = folder / "few.parquet"
    sample.write(str(folder / "contacts.parquet"), 4000, str(few))
    return few


@pytest.fixture(scope="module")
def meant(contacts):
    """What the plain engine says of them."""
    out = contacts.parent / "plain"
    Audit(Request([contacts], out, Choice((), (entries.RULES,)))).run()
    return answers.digest(str(out / "findings.parquet"))


def test_the_eight_rules_are_good_law():
    """`forbear check` accepts them: every diary right, and every number, date and part noticed by one."""
    found = check(entries.RULES)
    assert found.passed
    assert found.rules == len(answers.RULES) == 8
    ids = [rule.id for rule in load([entries.RULES]).rules]
    assert sorted(ids) == sorted(f"zz.bench.{name}" for name in answers.RULES)


def test_the_sample_asks_every_rule_something(meant):
    """Each rule finds breaches, and where a hole matters something is unclear; else equality would say little."""
    assert all(meant[f"{rule} breach"][0] for rule in answers.RULES)
    assert meant["cooling-off unclear"][0]
    assert meant["third-person unclear"][0]


@pytest.mark.parametrize("query", [sql.best, sql.natural])
def test_sql_says_what_plain_says(query, contacts, meant):
    """Breaches and unclear ones alike, contact by contact, under all eight rules."""
    out = contacts.parent / f"{query.__name__}.parquet"
    duckdb.sql(f"COPY ({query(str(contacts))}) TO '{out}' (FORMAT parquet)")
    assert answers.digest(str(out)) == meant


def test_the_counts_given_to_event_engines_are_right(contacts, meant):
    """The state kept in Python, with the rules as plain comparisons, gives the same answer."""
    found = {}
    for f in state.told(str(contacts)):
        call, third = f.call, f.party in ("family", "colleague", "friend")
        tests = (
            call and f.rolling > 7,
            call and f.dates > 7,
            call and f.talked < 7,
            call and f.today > 3,
            call and f.numbers > 3,
            f.out and not 28800 <= f.second < 75600,
            f.out and third,
            call and f.number not in make_contacts.LINES,
        )
        unclear = ((2, call and f.unsaid < 7 and f.talked >= 7), (6, f.out and f.party == "?"))
        found[f.contact_id] = [sum(test << n for n, test in enumerate(tests)), sum(test << n for n, test in unclear)]
    out = contacts.parent / "state.parquet"
    state.write(found, str(out))
    assert answers.digest(str(out)) == meant


@pytest.mark.parametrize(("package", "words"), [("polars", ["frames"]), ("zen", ["events", "zen"]), ("durable", ["events", "durable"])])
def test_peers_say_what_plain_says(package, words, contacts, meant):
    """Where a peer is installed (`make bench` does it), its answer is the same."""
    pytest.importorskip(package)
    out = contacts.parent / f"{words[-1]}.parquet"
    command = [sys.executable, "-m", f"benchmarks.{words[0]}", *words[1:], str(contacts), str(out)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])
    assert answers.digest(str(out)) == meant


def test_a_missing_contact_changes_the_digest(contacts, meant):
    """Counts alone could agree by chance; which contacts they are is compared, too."""
    out = contacts.parent / "wrong.parquet"
    duckdb.sql(f"COPY (SELECT contact_id + 1 AS contact_id, breach, unclear FROM ({sql.best(str(contacts))})) TO '{out}' (FORMAT parquet)")
    wrong = answers.digest(str(out))
    assert wrong["hours breach"][0] == meant["hours breach"][0]
    assert wrong["hours breach"] != meant["hours breach"]
