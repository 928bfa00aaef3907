"""Does some example notice every change of the law? A rule whose numbers can be changed unseen proves nothing (section 11)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from forbear.engines.trial import Diary, diaries, failures
from forbear.rulebook.book import Book, RulebookError
from forbear.rulebook.load import build
from forbear.rulebook.mutants import Mutant, cuts, steps
from forbear.rulebook.rule import Rule, Standing


class Fate(NamedTuple):
    """What became of one changed law: noticed by an example, excused by the file, or neither."""

    file: Path
    mutant: str
    killed: bool
    excused: bool


def fates(book: Book, files: list[Path]) -> Iterator[Fate]:
    """The fate of every mutant of the laws in these files. Stable rules also lose their parts, drafts only shift their numbers."""
    prepared = {id(rule): diaries(book, rule) for rule in book.rules}
    for file in files:
        law = book.laws[file]
        if not isinstance(law, Rule | Standing):
            continue
        judges = [law] if isinstance(law, Rule) else [rule for rule in book.rules if law.id in book.reach(rule)]
        excuses = {excuse.mutant for excuse in law.excused}
        for mutant in _mutants(file, any(rule.status != "draft" for rule in judges)):
            yield Fate(file, mutant.text, _noticed(book, file, mutant, judges, prepared), mutant.text in excuses)


def _mutants(file: Path, stable: bool) -> Iterator[Mutant]:
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    yield from steps(raw)
    if stable:
        yield from cuts(raw)


def _noticed(book: Book, file: Path, mutant: Mutant, judges: list[Rule], prepared: dict[int, list[Diary]]) -> bool:
    try:
        law = build(mutant.raw, file)
        changed = book.replaced(file, law)
    except RulebookError:
        return True
    return any(any(failures(changed, law if isinstance(law, Rule) else rule, prepared[id(rule)])) for rule in judges)
