"""Books, rules and random timelines for tests of the engines."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
from hypothesis import strategies as st

from forbear.engines.trial import diaries
from forbear.records.entry import Entry, order
from forbear.rulebook.book import Book
from forbear.rulebook.load import load, shipped
from forbear.rulebook.rule import Rule

NOWHERE = Path(__file__).parent / "nowhere"
DAY = 86400


@cache
def book() -> Book:
    """The shipped law and the law of nowhere in one book."""
    return load([shipped(), NOWHERE])


@cache
def pool(number: int) -> tuple[Entry, ...]:
    """The entries of all diaries of a rule: the material of its random timelines."""
    return tuple(line.entry for diary in diaries(book(), book().rules[number]) for line in diary.lines)


def rules_where(wanted: Callable[[Rule], bool]) -> list[int]:
    """The numbers of the rules with diaries that are as wanted."""
    return [n for n, rule in enumerate(book().rules) if pool(n) and wanted(rule)]


@st.composite
def timelines(draw: st.DrawFn, rules: list[int] | None = None, most: int = 10) -> tuple[Rule, list[Entry]]:
    """A rule and a timeline of entries like those of its diaries, at random times: close together, with ties, over some weeks."""
    number = draw(st.sampled_from(rules or rules_where(lambda _: True)))
    entries = pool(number)
    last = max(entry.at for entry in entries) // DAY * DAY
    chosen = draw(
        st.lists(
            st.tuples(st.sampled_from(entries), st.integers(-9, 3), st.sampled_from((0, 6, 8, 9, 12, 20, 22)), st.integers(0, 3)),
            min_size=1,
            max_size=most,
        )
    )
    moved = []
    for n, (entry, day, hour, second) in enumerate(chosen):
        at = last + day * DAY + hour * 3600 + second
        moved.append(msgspec.structs.replace(entry, entry_id=f"{n:03}", at=at, known_at=at))
    return book().rules[number], sorted(moved, key=order)


HOLES = (
    "outcome",
    "debt",
    "agency",
    "zone",
    "tags",
    "person",
    "place",
    "direction",
    "address",
    "party",
    "channel",
    "number",
    "creditor",
    "form",
    "scope",
)
