"""Bridge loans: somebody who cannot pay is told to borrow elsewhere, pays here with that, and borrows here again; the debt has grown.

People refinance, repay and borrow again for their own reasons, so dates alone say nothing: without words that steer, or a link to a lender,
there is no lead at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from forbear.leads.rows import Rows
from forbear.leads.seen import Seen, of_each
from forbear.records.columns.texts import Mask
from forbear.records.entry import Entry, order

_SOON: Final = 7 * 86_400
"""Seconds within which a loan elsewhere, a payment here or a new loan here follows from what was said."""


def seen(entries: Sequence[Entry]) -> list[Seen]:
    """What a timeline shows of it."""
    facts = [each for each in entries if not each.is_contact]
    return of_each(entries, lambda agency, made: _of_agency(agency, made, facts))


def looks_at(rows: Rows) -> Mask:
    """Entries that `seen` needs."""
    return (rows.made & rows.holds("tags", "steering", "lender-link")) | ~rows.contact


def may(rows: Rows, at_least: float) -> Mask:
    """Timelines that may reach a score: as if all that was paid and lent came at the right time."""
    words, links = rows.count(rows.made & rows.holds("tags", "steering")), rows.count(rows.made & rows.holds("tags", "lender-link"))
    lent, paid = rows.count(rows.says("kind", "disbursed")), rows.count(rows.says("kind", "repaid"))
    score = np.minimum(words, 3) + 0.5 * np.minimum(links, 2) + 2 * np.minimum(paid, lent) + lent
    found: Mask = (words + links > 0) & (score >= at_least)
    return found


def _of_agency(agency: str, made: list[Entry], facts: list[Entry]) -> Seen | None:
    said = [each for each in made if not {"steering", "lender-link"}.isdisjoint(each.fields.get("tags", ()))]
    if not said:
        return None
    words = [each for each in said if "steering" in each.fields["tags"]]
    links = [each for each in said if "lender-link" in each.fields["tags"]]
    elsewhere, paid, again = list[Entry](), list[Entry](), list[Entry]()
    for each in said:
        after = [fact for fact in facts if 0 <= fact.at - each.at <= _SOON]
        own = set(each.fields.get("creditor", ()))
        lent = [fact for fact in after if fact.one("kind") == "disbursed"]
        elsewhere += [fact for fact in lent if own and own.isdisjoint(fact.fields.get("creditor", own))]
        here = [fact for fact in after if fact.one("kind") == "repaid" and fact not in paid]
        paid += here
        if here:
            begun = min(fact.at for fact in here)
            again += [
                fact
                for fact in facts
                if fact.one("kind") == "disbursed" and fact not in elsewhere and 0 <= fact.at - begun <= _SOON and fact not in again
            ]
    observed = {
        "steering": len(words),
        "links": len(links),
        "elsewhere": len({fact.entry_id for fact in elsewhere}),
        "repaid": len(paid),
        "again": len(again),
    }
    rounds = min(observed["repaid"], max(observed["again"], observed["elsewhere"]))
    score = min(len(words), 3) + 0.5 * min(len(links), 2) + 2 * rounds + observed["elsewhere"]
    shown = {each.entry_id: each for each in (*said, *elsewhere, *paid, *again)}
    return Seen(agency, float(score), observed, tuple(each.entry_id for each in sorted(shown.values(), key=order)))
