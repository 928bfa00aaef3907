"""Rate caps: how they are read, refused, chosen and locked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from small import RATE_HEAD

from forbear.doors.check import check
from forbear.rulebook.book import RulebookError
from forbear.rulebook.edition import Edition, Key, keys
from forbear.rulebook.load import load
from forbear.rulebook.lock import broken, render
from forbear.rulebook.rate import Ceiling, RateCap

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
PLACE = """\
zones = ["Etc/UTC"]
[[rates]]
id      = "base"
name.en = "the base rate"
name.zh = "基准利率"
version = 1
[[rates.announced]]
day     = 2026-01-01
annual  = 3.85
sources = ["a paper", "another"]
[[rates.announced]]
day     = 2026-01-20
annual  = 3
sources = ["a paper", "another"]
[[rates.announced]]
day     = 2026-02-20
annual  = 3
sources = ["a paper", "another"]
"""


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
        ("annual  = 24\n", "", "rate.toml:15: rate.annual: write either it, or times and of"),
        ("annual  = 24", "annual = 24\ntimes = 4", "rate.toml:16: rate.annual: write either it, or times and of"),
        ("annual  = 24", "times = 4", "rate.toml:15: rate.annual: write either it, or times and of"),
        ("annual  = 24", 'annual = 24\nof = "base"', "rate.toml:16: rate.annual: write either it, or times and of"),
        ("annual  = 24", 'times = 0\nof = "base"', "rate.toml:16: rate.times: no cap; write how many times the rate, such as 4"),
        ("annual  = 24", 'times = 4\nof = "base"', "rate.toml:17: rate.of: no place.toml of ZZ has a rate 'base'; add it there"),
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


@pytest.fixture
def following(folder: Path) -> Path:
    """The same cap, of four times a rate of its place."""
    change(folder, "annual  = 24", 'times   = 4\nof      = "base"')
    (folder / "ZZ").mkdir()
    (folder / "ZZ" / "place.toml").write_text(PLACE, encoding="utf-8")
    return folder


def ceiling(folder: Path, day: dt.date | None = None) -> Ceiling:
    """The one cap there, in numbers."""
    book = load([folder])
    book = book.of_day(day) if day else book
    return book.ceiling(*book.rate_caps)


def test_a_cap_that_follows_a_published_rate_is_a_number_of_each_day(following):
    """An announcement holds until the next; the day after the last one that was read, and on, the cap is not known, and is no guess."""
    found = ceiling(following)
    assert found.since == ((DAY, 15.4), (dt.date(2026, 1, 20), 12), (dt.date(2026, 2, 21), None))
    days = ("2026-01-05", "2026-01-19", "2026-01-20", "2026-02-20", "2026-02-21", "2027-01-01")
    assert [found.on(dt.date.fromisoformat(day)) for day in days] == [15.4, 15.4, 12, 12, None, None]


def test_a_cap_of_a_number_is_that_number_always(folder):
    """From its first day on."""
    assert ceiling(folder).since == ((DAY, 24),)


def test_numbers_are_told_for_the_days_in_force(following):
    """None after the last day; not known before the first announcement that was read."""
    text = CAP.replace("annual  = 24", 'times = 4\nof = "base"').replace("2026-01-05", "2025-12-01\nuntil = 2026-01-10")
    (following / "rate.toml").write_text(text, encoding="utf-8")
    assert ceiling(following).since == ((dt.date(2025, 12, 1), None), (dt.date(2026, 1, 1), 15.4))


def test_the_law_of_one_day_has_the_rate_of_that_day(following):
    """Whenever a loan was paid out; nothing is known of it where the rate of that day is not."""
    assert ceiling(following, DAY).on(dt.date(2030, 1, 1)) == 15.4
    assert ceiling(following, dt.date(2026, 3, 1)).on(DAY) is None


def test_what_a_cap_follows_is_that_of_its_place_or_of_one_around_it(following):
    """Its id says where; another place's rate of that name is another rate."""
    (following / "ZZ").rename(following / "YY")
    with pytest.raises(RulebookError, match=r"no place\.toml of ZZ has a rate 'base'"):
        load([following])
    (following / "YY").rename(following / "ZZ")
    rate = following / "rate.toml"
    rate.write_text(rate.read_text(encoding="utf-8").replace('"zz.test.rate"', '"zz-a.test.rate"'), encoding="utf-8")
    assert ceiling(following).on(DAY) == 15.4


def test_a_rate_that_was_announced_otherwise_is_shown_as_a_change(following):
    """By the day of the announcement."""
    one = Edition(load([following]))
    place = following / "ZZ" / "place.toml"
    place.write_text(PLACE.replace("3.85", "3.8"), encoding="utf-8")
    other = Edition(load([following]))
    assert keys(one, *one.dated(), other, *other.dated()) == [Key("base: 2026-01-01", "3.85", "3.8")]


def test_a_check_says_until_when_a_published_rate_is_known(following):
    """It is no fault."""
    report = check(following)
    assert report.passed
    (said,) = report.calendars
    assert said.endswith("rate.toml: base is known until 2026-02-20; no loan first paid out later is compared with zz.test.rate")
