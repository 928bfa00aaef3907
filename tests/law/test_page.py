"""The diaries that the page of the rule language ends with hold for the rules that we ship."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from forbear.engines.trial import diaries, failures
from forbear.rulebook.load import load
from forbear.rulebook.verbs import Example

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("## 11.")[2].partition("## 12.")[0].partition("\n```\n")[2].partition("\n```")[0]
SHOWN = re.findall(r"# ([a-z0-9.-]+): (.+)\n((?:(?!# ).+\n?)+)", SECTION)
GIVEN = {"cn": {"jurisdiction": "CN", "debt_kind": "online-consumer"}, "us": {"jurisdiction": "US"}}


def test_the_page_shows_three_diaries():
    """Inconvenient hours, cooling off, calls a day."""
    assert [name for name, _, _ in SHOWN] == ["us.reg-f.inconvenient-hours", "us.reg-f.cooling-off", "cn.gbt45251.calls-a-day"]


@pytest.mark.parametrize(("name", "title", "diary"), SHOWN, ids=[name for name, _, _ in SHOWN])
def test_what_the_page_shows_is_so(name, title, diary):
    """Every mark and every earliest instant, in audit and gate mode."""
    book = load()
    (rule,) = [rule for rule in book.rules if rule.id == name]
    shown = msgspec.structs.replace(rule, given=GIVEN[name[:2]], example=[Example(name=title, diary=diary)])
    assert list(failures(book, rule, diaries(book, shown))) == []
