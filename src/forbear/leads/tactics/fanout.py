"""Working through the address book: many third persons in a short time, in the same words, told of the debt, after they refused.

That one or two people are asked where somebody can be reached is lawful in places and common; each contact may be allowed by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np

from forbear.leads.rows import Rows
from forbear.leads.seen import Seen, elsewhere, of_each, without_figures
from forbear.records.columns.texts import Mask
from forbear.records.entry import Entry

_SPAN: Final = 3 * 86_400
"""Seconds within which people who are contacted count together."""
_HOUR: Final = 3600


def seen(entries: Sequence[Entry]) -> list[Seen]:
    """What a timeline shows of it."""
    return of_each(entries, _of_agency)


def looks_at(rows: Rows) -> Mask:
    """Entries that `seen` needs."""
    return rows.made & rows.elsewhere


def may(rows: Rows, at_least: float) -> Mask:
    """Timelines that may reach a score: as if each contact with others were with another one, within the hour, in the same words."""
    others = rows.made & rows.elsewhere & (rows.known("person") | rows.known("address"))
    place = rows.together(others)
    whose, at = rows.whose[place], rows.at[place] - rows.at.min(initial=0)
    ends = whose * (int(at.max(initial=0)) + _SPAN + 1) + at
    within = np.searchsorted(ends, ends + _SPAN, side="right") - np.arange(len(place))
    people = rows.most(rows.line[place], within)
    same = np.minimum(people, rows.count(others & rows.texts))
    told = np.minimum(people, rows.count(others & rows.holds("tags", "disclosure")))
    again = np.where(rows.count(others & rows.says("outcome", "rejected")) > 0, people - 1, 0)
    score = 1.5 * (people - 1) + 0.5 * np.maximum(0, same - 1) + told + again
    found: Mask = (people > 0) & (score >= at_least)
    return found


def _of_agency(agency: str, made: list[Entry]) -> Seen | None:
    others = [each for each in made if elsewhere(each) and _who(each)]
    if not others:
        return None
    first, last = max(_windows(others), key=lambda span: len({_who(each) for each in others[span[0] : span[1]]}))
    within = others[first:last]
    people = {_who(each) for each in within}
    same = max(Counter(without_figures(each.text) for each in within if each.text).values(), default=0)
    told = sum("disclosure" in each.fields.get("tags", ()) for each in within)
    hour = max(len({_who(other) for other in within if 0 <= other.at - each.at <= _HOUR}) for each in within)
    refused = _after_refusal(within)
    score = len(people) - 1 + 0.5 * max(0, hour - 1) + 0.5 * max(0, same - 1) + told + refused
    if score <= 0:
        return None
    observed = {"people": len(people), "hour": hour, "same_words": same, "told": told, "after_refusal": refused}
    return Seen(agency, score, observed, tuple(each.entry_id for each in within))


def _windows(others: list[Entry]) -> list[tuple[int, int]]:
    spans, end = list[tuple[int, int]](), 0
    for begin, each in enumerate(others):
        while end < len(others) and others[end].at - each.at <= _SPAN:
            end += 1
        spans.append((begin, end))
    return spans


def _who(entry: Entry) -> str:
    return entry.one("person") or entry.one("address")


def _after_refusal(within: list[Entry]) -> int:
    """Contacts with people who had declined one before."""
    refused, again = set[str](), 0
    for each in within:
        again += _who(each) in refused
        if each.one("outcome") == "rejected":
            refused.add(_who(each))
    return again
