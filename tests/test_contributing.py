"""CONTRIBUTING.md teaches by a rule; the rule must be right, or it teaches wrongly."""

import re
from pathlib import Path

from documents import blocks

from forbear.engines.mutation import fates
from forbear.engines.trial import diaries, failures
from forbear.rulebook.book import Book
from forbear.rulebook.load import load

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def taught(folder: Path, text: str) -> Book:
    """The rulebook that a reader has who follows the page: each block of TOML under the name that the page gives it."""
    for block in blocks(text):
        if block.language == "toml":
            file = folder / block.file.removeprefix("src/forbear/rulebook/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
    return load([folder])


def test_the_taught_rule_is_right(tmp_path: Path):
    """A reader who copies the files of "Add a rule in ten minutes" gets one rule, and every line of its diary is marked as it is judged."""
    book = taught(tmp_path, TEXT)
    (rule,) = book.rules
    assert rule.id == "xx.courtesy-act.messages-a-day"
    assert list(failures(book, rule, diaries(book, rule))) == []


def test_the_taught_diary_notices_every_change(tmp_path: Path):
    """As the page promises, the diary notices each number moved by a step and each condition taken away; nothing needs an excuse."""
    book = taught(tmp_path, TEXT)
    found = list(fates(book, list(book.laws)))
    assert len(found) >= 11  # two steps each of date, limit and window; three conditions, two keys
    assert [fate.mutant for fate in found if not fate.killed] == []


def test_a_wrong_mark_would_be_seen(tmp_path: Path):
    """The tests above do judge the page: with its one `!` taken away, the taught rule fails."""
    book = taught(tmp_path, re.sub(r"!  -> 2026-01-02 00:00", "", TEXT))
    (rule,) = book.rules
    assert list(failures(book, rule, diaries(book, rule)))
