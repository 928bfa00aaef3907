"""What two logs of one person's contacts show together: which are the same, which the lender's records do not hold, what cannot be said."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

import numpy as np

from forbear.leads.reconcile import offset as clocks
from forbear.leads.reconcile.align import REACH, Habits, Pair, pairs
from forbear.leads.reconcile.offset import Offset
from forbear.leads.reconcile.sightings import Log, Sighting

SURE: Final = 0.9
"""From here a match, or its absence, is shown as such; between, it is open."""
_FORGED: Final = 0.99
"""How likely a call that shows a number of the lender's is his: a number can be forged."""
_BEFOREHAND: Final = 0.05
"""Odds that a number of the person's log is the lender's, before anything is compared."""
_LIKELY: Final = 0.5
"""From here something is likelier than not; of pairs that share a contact at most one is."""
Doubt = Literal["empty", "no-common-time", "no-offset", "no-common-numbers"]
"""Why nothing, or less, can be concluded: a log holds nothing; they cover no common time; nothing shows how far clocks lie apart; no number
stands in both, so that only times tell."""


class Unmatched(NamedTuple):
    """A contact that the person's log holds and the lender's does not."""

    sighting: Sighting
    probability: float
    """That it is the lender's, and not in his records."""
    absent: float
    """That the records do not hold it, whoever called."""
    agency: str
    """Whose number it is, as far as the lender's log tells."""


class Compared(NamedTuple):
    """Of one person."""

    offsets: tuple[Offset, ...]
    habits: Habits | None
    matched: tuple[tuple[Sighting, Sighting, float], ...]
    """The person's, the lender's, the probability that they are one: the likeliest pairs."""
    hidden: tuple[Unmatched, ...]
    """Leads: from numbers of the lender, the likeliest first."""
    strangers: int
    """Contacts from numbers that nothing ties to the lender."""
    unseen: tuple[Sighting, ...]
    """The lender's that the person's log lacks: deleted, blocked, or never placed."""
    outside: int
    """Contacts of the person at times that the lender's log does not cover, or of which its clock cannot be told."""
    doubts: tuple[Doubt, ...]


def compare(theirs: Log, lenders: Log) -> Compared:
    """The person's log beside the lender's. An unmatched contact is a lead, not proof: records may have gaps that nobody meant."""
    nothing = Compared((), None, (), (), 0, (), len(theirs.sightings), ())
    if not theirs.sightings or not lenders.sightings:
        return nothing._replace(doubts=("empty",))
    held = clocks.offsets(_times(theirs.sightings), _times(lenders.sightings))
    if not held:
        far = theirs.since - clocks.FARTHEST > lenders.until or lenders.since - clocks.FARTHEST > theirs.until
        return nothing._replace(doubts=("no-common-time" if far else "no-offset",))
    seen, mine, others = _in_common(theirs, lenders, held)
    found, habits = pairs(mine, others)
    common = {each.number for each in mine if each.number} & {each.number for each in others if each.number}
    hidden, strangers = _unmatched(seen, mine, found, _ties(found, habits, mine, others) | _his(lenders))
    met = {pair.lenders for pair in found if pair.probability >= 1 - SURE}
    return Compared(
        tuple(held),
        habits,
        tuple((seen[each.theirs], others[each.lenders], each.probability) for each in found if each.probability >= _LIKELY),
        hidden,
        strangers,
        tuple(each for n, each in enumerate(others) if n not in met and theirs.since <= each.at + held[0].seconds <= theirs.until),
        len(theirs.sightings) - len(mine),
        () if common else ("no-common-numbers",),
    )


def _in_common(theirs: Log, lenders: Log, held: Sequence[Offset]) -> tuple[list[Sighting], list[Sighting], list[Sighting]]:
    """(as the person saw them, the same by the lender's clock, the lender's): what lies in the time that both logs cover, in order."""
    both = [(each, each._replace(at=each.at - clocks.at(held, each.at))) for each in theirs.sightings]
    both = [pair for pair in both if lenders.since - REACH <= pair[1].at <= lenders.until + REACH]
    both.sort(key=lambda pair: pair[1].at)  # a clock that was set back tells some hours twice
    begins, ends = both[0][1].at - REACH, both[-1][1].at + REACH
    return [pair[0] for pair in both], [pair[1] for pair in both], [each for each in lenders.sightings if begins <= each.at <= ends]


def _unmatched(
    seen: Sequence[Sighting], mine: Sequence[Sighting], found: Sequence[Pair], ties: Mapping[str, tuple[float, str]]
) -> tuple[tuple[Unmatched, ...], int]:
    """The person's contacts that are likelier the lender's, and not in his records, than not; and how many others have no partner."""
    partnered = defaultdict[int, float](float)
    for pair in found:
        partnered[pair.theirs] += pair.probability
    hidden, strangers = list[Unmatched](), 0
    for n, each in enumerate(mine):
        absent = max(0.0, 1.0 - partnered[n])
        tie, agency = ties.get(each.number, (0.0, ""))
        strangers += tie < _LIKELY and absent >= SURE
        if tie * absent >= _LIKELY:
            hidden.append(Unmatched(seen[n], tie * absent, absent, agency))
    return tuple(sorted(hidden, key=lambda each: (-each.probability, each.sighting))), strangers


def _times(sightings: tuple[Sighting, ...]) -> np.ndarray:
    return np.array([each.at for each in sightings], np.int64)


def _ties(found: list[Pair], habits: Habits, mine: list[Sighting], others: list[Sighting]) -> dict[str, tuple[float, str]]:
    """Number -> (how likely it is the lender's, whose), by how many contacts from it are in his log under another number.

    Two readings are weighed: it is his, and as many as of his others are there; it is not, and as many as chance brings.
    """
    calls = Counter(each.number for each in mine if each.number)
    met = defaultdict[str, float](float)
    for pair in found:
        met[mine[pair.theirs].number] += pair.probability
    span = max(1, others[-1].at - others[0].at) if others else 1
    chance = min(0.5, len(others) * 4 * habits.spread / span)
    ties = dict[str, tuple[float, str]]()
    for number, times in calls.items():
        share = min(max(habits.share, chance), 0.98)
        odds = math.log(_BEFOREHAND) + met[number] * math.log(share / chance) + (times - met[number]) * math.log((1 - share) / (1 - chance))
        ties[number] = (1 / (1 + math.exp(-max(-700.0, min(700.0, odds)))), "")
    return ties


def _his(lenders: Log) -> dict[str, tuple[float, str]]:
    """The numbers of the lender's own log, each with the agency that uses it most."""
    agencies = Counter((each.number, each.agency) for each in lenders.sightings if each.number)
    return {number: (_FORGED, agency) for (number, agency), _ in reversed(agencies.most_common())}
