"""The command `forbear oversight`, as it is typed, on invented contacts of which we know who gets rougher."""

import csv
import random
import re

import pytest
from typer.testing import CliRunner

from forbear.doors.cli import app

DAY = 86_400
BEGIN = 1_770_000_000


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """Two agencies, sixty people each; one insults the more the longer a debt is due, the other hardly ever. A debt is worked by both."""
    folder, rng = tmp_path_factory.mktemp("history"), random.Random(5)
    contacts, facts = [], []
    for agency, rise in (("hilltop", 0.004), ("riverside", 0.0)):
        for person in range(60):
            who = f"{agency}-{person}"
            facts.append((BEGIN - 40 * DAY, who, who, "due"))
            for _ in range(8):
                late = rng.randrange(100)
                tags = "insult" if rng.random() < 0.02 + rise * late else "identifies-caller"
                contacts.append((BEGIN + (late - 40) * DAY + 40_000, who, who, agency, f"x{person % 4}", tags))
    contacts += [(BEGIN, "both", "both", "hilltop", "x1", ""), (BEGIN + DAY, "both", "both", "riverside", "x1", "")]
    with (folder / "contacts.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        known = ("channel", "direction", "jurisdiction", "agency_kind")
        writer.writerow(("occurred_at", "consumer", "debt", "agency", "collector", "tags", *known))
        writer.writerows((*row, "call", "outbound", "US", "third-party-agency") for row in contacts)
    with (folder / "facts.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("occurred_at", "consumer", "debt", "kind"))
        writer.writerows(facts)
    told = "company,month,complaints,conduct,reported,share\nhilltop,2026-03,7,threat,5,0.7\nhilltop,2026-03,7,insult,2,0.3\n"
    (folder / "companies.csv").write_text(told, encoding="utf-8")
    return folder


def run(folder, *words):
    """(what is printed, the page)."""
    out = folder / "page.html"
    facts = ("--facts", folder / "facts.csv", "--law", "us", "--out", out)
    result = CliRunner().invoke(app, ["oversight", *map(str, (folder / "contacts.csv", *facts, *words))])
    assert result.exit_code == 0, result.output
    return result.output, out.read_text(encoding="utf-8")


def test_who_gets_rougher_with_days_past_due_is_told_first(history):
    """By name, with the slope and its interval; the steady agency is not."""
    said, page = run(history)
    assert re.search(r"hilltop: breaches rise with days past due, by \d+\.\d per thousand contacts in 30 days \(95 %:", said)
    assert "riverside: breaches rise" not in said
    assert "debts that two agencies worked within a week: 1" in said
    assert page.count("<svg") >= 4
    assert "<script" not in page
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", page)


def test_the_page_speaks_chinese_and_counts_complaints_once(history):
    """A table with a row for each conduct says the same complaints again."""
    said, page = run(history, "--lang", "zh", "--complaints", history / "companies.csv")
    assert "逾期越久违规越多" in said
    assert '<html lang="zh-Hans">' in page
    assert '<td class="num">7</td>' in page
