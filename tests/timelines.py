"""Books, rules and random timelines for tests of the engines."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
from hypothesis import strategies as st

from forbear.engines.trial import diaries
from forbear.records.coverage import COMPLETE, Coverage
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


LAWS = {law: [book().rules[n] for n in rules_where(lambda rule, law=law: rule.id.startswith(law))] for law in ("xx.", "us.", "cn.")}
COVERAGES = (
    COMPLETE._replace(records_until=1 << 40),
    COMPLETE._replace(records_until=1 << 40, silent=frozenset({"consent", "recalled", "verified", "assigned"})),
    Coverage(),
)


@st.composite
def crowded(draw: st.DrawFn, law: str) -> list[Entry]:
    """A timeline of entries from several rules' diaries, with holes, candidates, several debts, `*`, and facts learned late."""
    numbers = rules_where(lambda rule: rule.id.startswith(law))
    found: list[Entry] = []
    start = None
    for _ in range(draw(st.integers(1, 3))):
        _, entries = draw(timelines(rules=numbers, most=8))
        start = start or entries[0].at
        shift = (start - entries[0].at) // DAY * DAY
        found += [msgspec.structs.replace(e, at=e.at + shift, known_at=e.at + shift) for e in entries]
    told = []
    for n, entry in enumerate(found):
        changed: dict[str, tuple[str, ...] | None] = {}
        if draw(st.integers(0, 5)) == 0:
            changed[draw(st.sampled_from(HOLES))] = None
        odd = draw(st.integers(0, 30))
        if odd < 6:
            changed |= (
                {"zone": ("America/New_York", "Asia/Shanghai")},
                {"agency": ("X", "Y")},
                {"debt": ("1", "2")},
                {"person": ("A", "bob")},
                {"outcome": ("conversation", "no-answer")},
                {} if entry.is_contact else {"agency": ("*",)},
            )[odd]
        late = 0 if entry.is_contact else draw(st.sampled_from((0, 0, DAY)))
        told.append(msgspec.structs.replace(entry.but(**changed), entry_id=f"{n:03}", known_at=entry.at + late))
    return sorted(told, key=order)
