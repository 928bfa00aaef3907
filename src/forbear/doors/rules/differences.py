"""`forbear rules diff`: what became of each rule between two editions of law, or between its own dates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

from forbear.engines.apart.versions import Change, change, changes, successions
from forbear.findings.versions import Names, as_table, lines
from forbear.rulebook.edition import Edition
from forbear.rulebook.load import load
from forbear.terms import Language, Word

_COUNTS = Word(
    "compared {all}  changed {changed}  only in {0} {removed}  only in {1} {added}",
    "比对 {all}  有变化 {changed}  仅见于 {0} {removed}  仅见于 {1} {added}",
)
_NAMES: Final = ("A", "B")
_SHIPPED = Word("the shipped law", "随附法规")
_DATED = Word("each rule", "每条规定")
_NEXT = Word("the same rule from its next date on", "其下一施行日期起的规定")


class Differences(NamedTuple):
    """What is compared, rule by rule, and which two sides there are."""

    sides: Names
    changes: list[Change]

    @property
    def found(self) -> bool:
        """Whether some rule means something else, or is on one side alone."""
        return any(each.means for each in self.changes)

    def told(self, form: Literal["text", "json"], lang: Language) -> Iterator[str]:
        """Line by line; rules of which nothing changed are only counted."""
        shown = [each for each in self.changes if each.means or each.aside]
        if form == "json":
            yield json.dumps([as_table(each, _NAMES) for each in shown], ensure_ascii=False, indent=2)
            return
        yield from (f"{name}: {side}" for name, side in zip(_NAMES, self.sides, strict=True))
        for each in shown:
            yield from ("", *lines(each, _NAMES, lang))
        added, removed = (sum(getattr(each, side) is None for each in self.changes) for side in ("old", "new"))
        changed = sum(bool(each.keys) for each in self.changes)
        yield ""
        yield _COUNTS.say(lang).format(*_NAMES, all=len(self.changes), changed=changed, removed=removed, added=added)


def between(one: Path, other: Path | None, lang: Language) -> Differences:
    """Two folders or files; one alone is compared with the shipped law, which has many rules that are of no interest then.

    Standings and places that they do not hold are those of the shipped law. Raises `RulebookError`.
    """
    law = load()
    new = Edition(load([other or one], law))
    if other is None:
        found = changes(Edition(law), new)
        return Differences((_SHIPPED.say(lang), str(one)), [each for each in found if each.new])
    old = Edition(load([one], law))
    if one.is_file() and other.is_file() and len(old.dated()) == len(new.dated()) == 1:
        # Two files are compared, whatever their ids.
        (before,), (after,) = old.dated(), new.dated()
        return Differences((str(one), str(other)), [change(old, before, new, after)])
    return Differences((str(one), str(other)), list(changes(old, new)))


def by_date(folder: Path | None, lang: Language) -> Differences:
    """Rules of one id, each with the next by date. Raises `RulebookError`."""
    return Differences((_DATED.say(lang), _NEXT.say(lang)), list(successions(Edition(load([folder], load()) if folder else load()))))
