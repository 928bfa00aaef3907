"""Two editions of law side by side: which rules changed, in which keys, and a timeline that shows what it means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple

import msgspec

from forbear.engines.apart.search import MOST, Search, search
from forbear.engines.apart.variations import Side
from forbear.rulebook.edition import Dated, Edition, Key, aside, keys
from forbear.rulebook.rule import Rule

_SAID: Final = frozenset({"id", "conduct", "force", "verified", "status", "row", "clause"})
"""Keys that a finding repeats and that change no verdict."""


class Change(NamedTuple):
    """A rule or rate cap in two editions: None where it is not.

    `keys`: what changed of its meaning; `aside`: what changed besides. `search`: None where no verdict can differ, or nothing is judged.
    """

    old: Dated | None
    new: Dated | None
    keys: tuple[Key, ...] = ()
    aside: tuple[str, ...] = ()
    search: Search | None = None

    @property
    def law(self) -> Dated:
        """The newer one there is."""
        found = self.new or self.old
        assert found
        return found

    @property
    def means(self) -> bool:
        """Whether it means something else, or is in one edition alone."""
        return bool(self.keys) or self.old is None or self.new is None


def change(one: Edition, old: Dated, other: Edition, new: Dated, most: int = MOST) -> Change:
    """What became of one rule or rate cap."""
    changed = tuple(keys(one, old, other, new))
    found = None
    if isinstance(old, Rule) and isinstance(new, Rule) and any(_top(key) not in _SAID for key in changed):
        found = search(Side(one.book, old), Side(other.book, new), most)
    return Change(old, new, changed, tuple(aside(one, old, other, new)), found)


def changes(one: Edition, other: Edition) -> Iterator[Change]:
    """All rules and rate caps of both, by id and date. Those of one id whose dates differ are paired in their order."""
    before, after = _by_id(one), _by_id(other)
    for name in sorted({*before, *after}):
        old, new = before.get(name, []), after.get(name, [])
        both = {law.from_ for law in old} & {law.from_ for law in new}
        pairs = [(a, b) for a in old for b in new if a.from_ == b.from_]
        left = zip_longest((law for law in old if law.from_ not in both), (law for law in new if law.from_ not in both))
        for a, b in [*pairs, *left]:
            yield change(one, a, other, b) if a and b else Change(a, b)


def successions(edition: Edition) -> Iterator[Change]:
    """Rules and rate caps of one id that follow one another, as if both were in force at all times: what is different but for the date."""
    for laws in _by_id(edition).values():
        for old, new in pairwise(laws):
            yield _timeless(edition, old, new)


def _timeless(edition: Edition, old: Dated, new: Dated) -> Change:
    first, second = (
        msgspec.structs.replace(law, from_=old.from_, until=None, status="draft" if law.status == "draft" else "stable")
        for law in (old, new)
    )
    tables = {id(changed): edition.table(law) for changed, law in ((first, old), (second, new))}
    held = Edition(edition.book, tables)
    found = change(held, first, held, second)
    return found._replace(old=old, new=new)


def _by_id(edition: Edition) -> dict[str, list[Dated]]:
    found: dict[str, list[Dated]] = defaultdict(list)
    for law in edition.dated():
        found[law.id].append(law)
    return found


def _top(key: Key) -> str:
    """The outermost table of a key of the rule; of a key of a standing, its whole path."""
    return key.path if ": " in key.path else key.path.partition(".")[0].partition("[")[0]
