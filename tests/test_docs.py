"""The pages lead where they say."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings make, as they are made where the pages are read."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path):
    """Each link to another page or place in the repository finds it there, and its heading too."""
    wrong = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if "://" not in link and (not target.exists() or (anchor and anchor not in anchors(target))):
            wrong.append(link)
    assert not wrong


def test_a_broken_link_would_be_seen():
    """The pages are found, and hold links."""
    assert len(LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))) > 5


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_first_page_names_the_two_commands(name: str):
    """Both first pages fit a screen, and a newcomer finds `make demo` and `make test` on them."""
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    assert {"make demo", "make test"} <= set(re.findall(r"^make \w+", text, flags=re.MULTILINE))
