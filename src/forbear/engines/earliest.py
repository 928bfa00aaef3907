"""When a contact becomes lawful: the first instant at which all rules together are clear and nothing else happens before (section 10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from forbear.engines.plain import Judge
from forbear.records.coverage import COMPLETE, Coverage
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule
from forbear.terms import AFTER

HORIZON_S = 10 * 366 * 86400
"""Beyond ten years an instant is as good as never."""
ROUND_S = 400 * 86400
"""Where only the hours of the day change, what is not lawful within a year never is."""


def unsettled(entry: Entry) -> Entry:
    """The entry as the gate is asked about it: what only its outcome will tell is unknown."""
    if not entry.is_contact or entry.fields.get("direction") == ("inbound",):
        return entry
    return entry.but(**dict.fromkeys(AFTER))


Before = Callable[[Rule], Sequence[Entry]]
"""What came before, as far as a rule can see it."""


def earliest(
    book: Book, rules: Iterable[Rule], before: Sequence[Entry] | Before, asked: Entry, coverage: Coverage = COMPLETE
) -> int | None:
    """The first second from `asked.at` on at which every rule is clear; None for never.

    It is not the latest of the rules' own earliest instants: each rule moves the instant on until none moves it any more.
    """
    rules = list(rules)
    at = asked.at
    while True:
        later = at
        for rule in rules:
            seen = before(rule) if callable(before) else before
            found = _clear(book, rule, seen, asked, later, asked.at + HORIZON_S, coverage)
            if found is None:
                return None
            later = found
        if later == at:
            return at
        at = later


def _clear(book: Book, rule: Rule, before: Sequence[Entry], asked: Entry, at: int, horizon: int, coverage: Coverage) -> int | None:
    """The first second from `at` on at which one rule is clear, jumping from edge to edge."""
    judge = Judge(book, before, coverage)
    times, changed = judge.times, at
    while True:
        # What the last judgement rests on stays as it is until one of its own edges.
        times.edges.clear()
        times.daily.clear()
        moved = msgspec.structs.replace(asked, at=at, known_at=at)
        if judge.judge(rule, moved, len(before), gate=True).value is False:
            return at
        once = min((edge for edge in times.edges if edge > at), default=horizon + 1)
        again = min((edge for edge in times.daily if edge > at), default=horizon + 1)
        at = min(once, again) if again <= changed + ROUND_S else once
        changed = at if at == once else changed
        if at > horizon:
            return None
