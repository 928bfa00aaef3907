"""The pages of the law, row by row, and the rules that are shipped say the same of each other."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from forbear.rulebook.load import load

PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[2] / "docs").glob("law-*.md"))}
RULES = {rule.id: rule for rule in load().rules}
WITHOUT_PAGE = {"us", "us-ma"}
"""Jurisdictions of which no page was written."""
STABLE = {"A": {"clause", "secondary"}, "A-": {"clause", "secondary"}, "B": {"secondary"}}
"""How a stable rule may be verified, by how sure the page is of its row."""
RULE = r"`([a-z]{2}(?:-[a-z]{2})?\.[a-z0-9._-]+)`"


class Row(NamedTuple):
    """A row of a page: how well its text is known, and what stands in its last column."""

    page: str
    id: str
    sure: str
    text: str

    @property
    def rules(self) -> dict[str, bool]:
        """The rules that encode it -> whether they are marked as drafts; one that a reason merely mentions is none of them."""
        listed = self.text.partition(";")[0] if self.text.startswith("`") else ""
        return {name: bool(draft) for name, draft in re.findall(rf"{RULE}( \(draft\))?", listed)}


ROWS = [
    Row(page, *found)
    for page, text in PAGES.items()
    for found in re.findall(r"^\| `([a-z0-9._-]+)` \| (\S+) \| (.+) \|$", text, flags=re.MULTILINE)
]


def test_the_pages_have_every_row_once():
    """As many rows as each page says of itself; none twice, and none with an empty last column."""
    said = {page: int(re.search(r"(\d+)\s+rows", text)[1]) for page, text in PAGES.items()}
    assert Counter(row.page for row in ROWS) == said
    assert {page: len(re.findall(r"^\| `", text, flags=re.MULTILINE)) for page, text in PAGES.items()} == said
    assert len({row.id for row in ROWS}) == len(ROWS)
    assert said["law-china"] == 118
    assert said["law-world"] == 42


def test_every_rule_stands_in_the_row_that_it_names():
    """No rule of a place that has a page is missing from it, and none hangs on a row that is not there."""
    listed = {(row.id, name) for row in ROWS for name in row.rules}
    paged = {(rule.row, name) for name, rule in RULES.items() if name.partition(".")[0] not in WITHOUT_PAGE}
    assert paged - listed == set()


def test_every_rule_on_a_page_exists():
    """Whatever a page names, in a list or in a reason, is a row, or a rule that is shipped."""
    named = {name for text in PAGES.values() for name in re.findall(RULE, text)}
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
