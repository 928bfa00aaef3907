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


CREDIT = """\
occurred_at,consumer,kind,debt,creditor,amount,fact_id
2026-02-09T10:00+08:00,C-1,disbursed,D-1,invented bank,1000,f1
2026-02-09T10:00+08:00,C-1,repaid,D-1,invented bank,200,f2
2026-03-09T10:00+08:00,C-1,extended,D-1,invented bank,100,f3
2026-04-09T10:00+08:00,C-1,repaid,D-1,invented bank,1000,f4
"""


def test_credit_that_costs_too_much_is_told_with_its_cap(tmp_path):
    """800 got, 100 for an extension, 1,000 back after two months: what was counted and the cap, in both languages, and no made-up odds."""
    contacts, facts, mapping, out = (tmp_path / name for name in ("contacts.csv", "facts.csv", "map.toml", "leads.csv"))
    contacts.write_text("occurred_at,consumer,channel,direction\n2026-03-01T10:00+08:00,C-1,call,outbound\n", encoding="utf-8")
    facts.write_text(CREDIT, encoding="utf-8")
    mapping.write_text('[given]\njurisdiction = "CN"\ncreditor_kind = "bank"\n', encoding="utf-8")
    words = ("leads", contacts, "--facts", facts, "--mapping", mapping)
    said = run(*words, "--law", "cn", "--out", out)
    assert "invented bank  C-1  2026-02-09..2026-04-09  (4)" in said
    assert (
        "of debt D-1 1,000.00 were paid out, 200.00 of it kept or paid back at once, and 1,100.00 paid later (100.00 for extensions)"
        in said
    )
    assert "above the cap of 最高人民法院 法发〔2017〕22号 第2项: 24 %" in said
    assert "may touch: cn.court-finance2017.rate, " in said
    assert "times likelier" not in said
    assert "cost of credit 1" in said
    chinese = run(*words, "--law", "cn", "--lang", "zh")
    assert "综合融资成本：债务 D-1 放款 1,000.00，其中当日扣收或收回 200.00" in chinese
    with out.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["tactic"], row["base_rate"], row["ratio"], row["entries"].count("+")) == ("cost-of-credit", "", "", 3)
    assert "cost of credit 0" in run(*words)
