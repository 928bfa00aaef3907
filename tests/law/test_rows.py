"""The pages of the law, row by row, and the rules that are shipped say the same of each other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from forbear.rulebook.load import load

DOCS = Path(__file__).parents[2] / "docs"
RULES = {rule.id: rule for rule in load().rules}
STABLE = {"A": {"clause", "secondary"}, "A-": {"clause", "secondary"}, "B": {"secondary"}}
"""How a stable rule may be verified, by how sure the page is of its row."""
ID = r"`([a-z]{2}(?:-[a-z0-9]+)?\.[a-z0-9._-]+)`"


class Row(NamedTuple):
    """A row of a page: how well its text is known, and what stands in its last column."""

    id: str
    sure: str
    text: str

    @property
    def rules(self) -> dict[str, bool]:
        """The rules that encode it -> whether they are marked as drafts; one that a reason merely mentions is none of them."""
        listed = self.text.partition(";")[0] if self.text.startswith("`") else ""
        return {name: bool(draft) for name, draft in re.findall(ID + r"( \(draft\))?", listed)}

    @property
    def parts(self) -> set[str]:
        """How sure its parts are: one letter, or two where they are not known alike."""
        return set(self.sure.split("/"))


class Page(NamedTuple):
    """A page: its file, how many rows it must have, and the ids of the rules that must stand on it."""

    file: str
    rows_of_the_notes: int
    holds: str

    @property
    def text(self) -> str:
        """The whole page."""
        return (DOCS / self.file).read_text(encoding="utf-8")

    @property
    def rows(self) -> list[Row]:
        """Its rows, in their order."""
        return [Row(*found) for found in re.findall(r"^\| `([a-z0-9._-]+)` \| (\S+) \| (.+) \|$", self.text, flags=re.MULTILINE)]


PAGES = [
    Page("law-china.md", 118, r"cn\."),
    Page("law-americas.md", 21, r"us\.(?!reg-f\.)|us-|ca-|mx\.|cl\.|co\.|br[.-]"),
    Page("law-world.md", 42, r"(?!cn\.|us|ca-|mx\.|cl\.|co\.|br[.-])"),
]
EACH = pytest.mark.parametrize("page", PAGES, ids=[page.file for page in PAGES])
ROWS = [row for page in PAGES for row in page.rows]


@EACH
def test_the_page_has_every_row_once(page: Page):
    """As many rows as the page says of itself; none twice, and none with an empty last column."""
    said = re.search(r"(\d+)\srows", page.text)
    assert len({row.id for row in page.rows}) == len(page.rows) == int(said[1]) == page.rows_of_the_notes
    assert len(page.rows) == len(re.findall(r"^\| `", page.text, flags=re.MULTILINE))


@EACH
def test_every_rule_stands_in_the_row_that_it_names(page: Page):
    """No rule of these places is missing from the page, and none hangs on a row that is not there."""
    listed = {(row.id, name) for row in page.rows for name in row.rules}
    assert {(rule.row, name) for name, rule in RULES.items() if re.match(page.holds, name)} - listed == set()


@EACH
def test_every_rule_on_the_page_exists(page: Page):
    """Whatever the page names, in a list or in a reason, is a row, or a rule or a rate cap that is shipped."""
    named = set(re.findall(ID, page.text)) - {"us.reg-f"}
    assert named - RULES.keys() - {cap.id for cap in load().rate_caps} - {row.id for row in page.rows} == set()


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_a_row_is_no_surer_than_its_text(row: Row):
    """What was told by one weak voice or stands in memory alone is a draft and is marked so; what was not found is no rule."""
    assert {name: RULES[name].status == "draft" for name in row.rules} == row.rules
    if row.sure == "none":
        assert not row.rules
    for name, draft in row.rules.items():
        assert draft or any(RULES[name].verified in STABLE.get(part, set()) for part in row.parts), name
        assert row.parts & {"C"} if RULES[name].verified == "memory" else row.parts - {"C"}, name
