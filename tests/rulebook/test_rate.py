"""Rate caps: how they are read, refused, chosen and locked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from small import RATE_HEAD

from forbear.doors.check import check
from forbear.rulebook.book import RulebookError
from forbear.rulebook.load import load
from forbear.rulebook.lock import broken, render
from forbear.rulebook.rate import RateCap

CAP = (
    RATE_HEAD
    + """\
[applies]
jurisdiction = "ZZ"
debt_kind    = { not = ["card"] }
[rate]
annual  = 24
counted = "unsaid"
"""
)
DAY = dt.date(2026, 1, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one rate cap, locked."""
    (tmp_path / "rate.toml").write_text(CAP, encoding="utf-8")
    (tmp_path / "lock.jsonl").write_text(render(load([tmp_path]), tmp_path), encoding="utf-8")
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    """Has the file say something else."""
    assert old in CAP
    (folder / "rate.toml").write_text(CAP.replace(old, new), encoding="utf-8")


def test_a_rate_cap_is_no_rule(folder):
    """It stands beside the rules, and judges nothing."""
    book = load([folder])
    assert [type(law) for law in book.laws.values()] == [RateCap]
    assert book.rules == []
    (cap,) = book.rate_caps
    assert (cap.cite, cap.rate.annual, cap.rate.counted) == ("s. 1", 24, "unsaid")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("annual  = 24", "annual  = 0", "rate.toml:16: rate.annual: no cap; write per cent a year, such as 24"),
        ("annual  = 24", 'annual  = "24"', "rate.toml:16: rate.annual: a number belongs here, not a text; correct it"),
        ("annual  = 24\n", "", "rate.toml:15: rate: the key 'annual' is missing; add it"),
        ('"unsaid"', '"monthly"', "rate.toml:17: rate.counted: there is no 'monthly'; write one of effective, unsaid"),
        ("counted =", "count =", "rate.toml:17: rate.count: no key 'count' in the rule language; correct or remove it"),
        ('debt_kind    = { not = ["card"] }', 'channel = "sms"', "rate.toml:12: applies: channel says nothing of a loan here; test"),
        ('debt_kind    = { not = ["card"] }', "amount = { at_least = 2 }", "rate.toml:12: applies: amount says nothing of a loan here"),
        ('debt_kind    = { not = ["card"] }', 'while = "zz.test.x"', "rate.toml:12: applies: while says nothing of a loan here"),
        ('debt_kind    = { not = ["card"] }', 'debt_kind = "loan"', "rate.toml:14: applies.debt_kind: debt_kind has no value 'loan'"),
        ('jurisdiction = "ZZ"\n', "", "rate.toml:12: applies: no jurisdiction, so it would bind the world"),
        ('"statute"', '"custom"', "rate.toml:4: force: there is no 'custom'; write one of statute"),
        ('"clause"', '"memory"', "rate.toml:6: status: what is known from memory alone stays a draft"),
        ("2026-01-05", "2026-01-05\nuntil = 2026-01-04", "rate.toml:10: until: lies before from"),
        ('row      = "zz.rate"', 'effect = "prohibited"', "rate.toml:8: effect: no key 'effect' in the rule language"),
    ],
)
def test_a_rate_cap_that_cannot_be_is_refused(folder, old, new, said):
    """File, line, what is wrong, what to do."""
    change(folder, old, new)
    with pytest.raises(RulebookError) as error:
        load([folder])
    found = str(error.value).replace(f"{folder}/", "")
    assert found.startswith(said), found


def test_a_loan_is_bound_if_it_surely_is_what_the_cap_names(folder):
    """By every value that a field may have, between the first and the last day; `not` is met by what is known to be something else."""
    (cap,) = load([folder]).rate_caps
    loan = {"jurisdiction": {"ZZ-A"}, "debt_kind": {"payday"}}
    assert cap.binds(loan, DAY)
    assert not cap.binds(loan, DAY - dt.timedelta(1))
    assert not cap.binds(loan | {"jurisdiction": {"ZZ", "YY"}}, DAY)
    assert not cap.binds(loan | {"debt_kind": {"payday", "card"}}, DAY)
    assert not cap.binds(loan | {"debt_kind": set()}, DAY)
    assert not cap.binds({"jurisdiction": {"ZZ"}}, DAY)
    change(folder, "2026-01-05", "2026-01-05\nuntil = 2026-01-06")
    (cap,) = load([folder]).rate_caps
    assert cap.binds(loan, DAY + dt.timedelta(1))
    assert not cap.binds(loan, DAY + dt.timedelta(2))


def test_two_caps_of_one_id_may_not_hold_at_once(folder):
    """As with rules."""
    (folder / "later.toml").write_text(CAP.replace("2026-01-05", "2026-02-05"), encoding="utf-8")
    with pytest.raises(RulebookError, match=r"'zz\.test\.rate' is in force already since 2026-01-05"):
        load([folder])
    change(folder, "2026-01-05", "2026-01-05\nuntil = 2026-02-04")
    assert len(load([folder]).rate_caps) == 2


def test_caps_are_chosen_as_rules_are(folder):
    """By law or by folder; a draft only if it is asked for."""
    book = load([folder])
    assert book.select_rate_caps(["zz"]) == book.select_rate_caps([], [folder]) == book.rate_caps
    assert book.select_rate_caps(["yy"]) == []
    change(folder, '"stable"', '"draft"')
    book = load([folder])
    assert book.select_rate_caps(["zz"]) == []
    assert book.select_rate_caps(["zz"], drafts=True) == book.rate_caps


def test_a_cap_does_not_change_silently(folder):
    """Its number is held by the lock until the version is raised; its title is not."""
    change(folder, '"dear"', '"too dear"')
    assert list(broken(load([folder]), folder)) == []
    change(folder, "annual  = 24", "annual  = 36")
    (fault,) = broken(load([folder]), folder)
    assert fault.what == "its meaning is not what the lock holds; raise version to 2, then run `forbear check --lock`"
    with pytest.raises(RulebookError, match="raise version to 2"):
        render(load([folder]), folder)


def test_a_folder_of_caps_can_be_checked(folder):
    """They have no examples, and nothing that an example could miss."""
    report = check(folder)
    assert report.passed
    assert (report.rules, report.mutants) == (0, 0)
