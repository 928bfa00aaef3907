"""One module for each tactic: what of it a timeline shows, as a score. The higher the score, the less it is like lawful collection.

A score is no probability. How often lawful operators reach it, and how often those who use the tactic, is measured (`leads.rates`).

`seen` is the meaning, of one timeline. `may` says of very many which could reach a score at all, by what columns show at once; it may
let too many through, and never too few.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from forbear.leads.rows import Rows
from forbear.leads.seen import Seen
from forbear.leads.tactics import bridge, cap, fanout, infiltration, permits, swap, timing, tones
from forbear.records.columns.texts import Mask
from forbear.records.entry import Entry


class Tactic(NamedTuple):
    """How a tactic is looked for."""

    seen: Callable[[Sequence[Entry]], list[Seen]]
    """What shows it in the entries of one timeline, in their order; at most one for each agency."""
    may: Callable[[Rows, float], Mask]
    """Timelines that may reach a score."""
    looks_at: Callable[[Rows], Mask]
    """Entries without which `seen` would see something else; all others may be left out."""


TACTICS: Final[Mapping[str, Tactic]] = {
    "timed-dialling": Tactic(timing.seen, timing.may, timing.looks_at),
    "address-book": Tactic(fanout.seen, fanout.may, fanout.looks_at),
    "manufactured-permits": Tactic(permits.seen, permits.may, permits.looks_at),
    "alternating-tones": Tactic(tones.seen, tones.may, tones.looks_at),
    "bridge-loan": Tactic(bridge.seen, bridge.may, bridge.looks_at),
    "riding-the-cap": Tactic(cap.seen, cap.may, cap.looks_at),
    "number-after-block": Tactic(swap.seen, swap.may, swap.looks_at),
}
"""Tactics that one timeline shows by itself."""
SEEN: Final[Mapping[str, Callable[[Sequence[Entry]], list[Seen]]]] = {
    **{tactic: each.seen for tactic, each in TACTICS.items()},
    "group-infiltration": infiltration.seen,
}
"""All that have a score; whose an account is, other timelines may tell."""
