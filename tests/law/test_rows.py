"""The page of mainland China's law, row by row, and the rules that are shipped say the same of each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from forbear.rulebook.load import load

PAGE = (Path(__file__).parents[2] / "docs" / "law-china.md").read_text(encoding="utf-8")
RULES = {rule.id: rule for rule in load().rules if rule.id.startswith("cn.")}
STABLE = {"A": {"clause", "secondary"}, "A-": {"clause", "secondary"}, "B": {"secondary"}}
"""How a stable rule may be verified, by how sure the page is of its row."""


class Row(NamedTuple):
    """A row of the page: how well its text is known, and what stands in its last column."""

    id: str
    sure: str
    text: str

    @property
    def rules(self) -> dict[str, bool]:
        """The rules that encode it -> whether they are marked as drafts; one that a reason merely mentions is none of them."""
        listed = self.text.partition(";")[0] if self.text.startswith("`") else ""
        return {name: bool(draft) for name, draft in re.findall(r"`(cn\.[a-z0-9.-]+)`( \(draft\))?", listed)}


ROWS = [Row(*found) for found in re.findall(r"^\| `(cn\.[a-z0-9.-]+)` \| (\S+) \| (.+) \|$", PAGE, flags=re.MULTILINE)]


def test_the_page_has_every_row_once():
    """118 rows, as the page says of itself; none twice, and none with an empty last column."""
    assert len({row.id for row in ROWS}) == len(ROWS) == int(re.search(r"(\d+) rows", PAGE)[1]) == 118
    assert len(ROWS) == len(re.findall(r"^\| `", PAGE, flags=re.MULTILINE))


def test_every_rule_stands_in_the_row_that_it_names():
    """No rule of mainland China is missing from the page, and none hangs on a row that is not there."""
    listed = {(row.id, name) for row in ROWS for name in row.rules}
    assert {(rule.row, name) for name, rule in RULES.items()} - listed == set()


def test_every_rule_on_the_page_exists():
    """Whatever the page names, in a list or in a reason, is a row, or a rule that is shipped."""
    named = set(re.findall(r"`(cn\.[a-z0-9.-]+)`", PAGE))
    assert named - RULES.keys() - {row.id for row in ROWS} == set()


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_a_row_is_no_surer_than_its_text(row: Row):
    """What was told by one weak voice or stands in memory alone is a draft and is marked so; what was not found is no rule."""
    assert {name: RULES[name].status == "draft" for name in row.rules} == row.rules
    if row.sure == "none":
        assert not row.rules
    for name, draft in row.rules.items():
        assert draft or RULES[name].verified in STABLE.get(row.sure, set()), name
        assert (RULES[name].verified == "memory") == (row.sure == "C"), name
