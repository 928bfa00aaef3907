"""One module for each tactic: what of it a timeline shows, as a score. The higher the score, the less it is like lawful collection.

A score is no probability. How often lawful operators reach it, and how often those who use the tactic, is measured (`leads.rates`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from forbear.leads.seen import Seen
from forbear.leads.tactics import bridge, cap, fanout, infiltration, permits, timing, tones
from forbear.records.entry import Entry

Look = Callable[[Sequence[Entry]], list[Seen]]
"""What shows a tactic in the entries of one timeline, in their order; at most one for each agency."""
TACTICS: Final[Mapping[str, Look]] = {
    "timed-dialling": timing.seen,
    "address-book": fanout.seen,
    "manufactured-permits": permits.seen,
    "alternating-tones": tones.seen,
    "bridge-loan": bridge.seen,
    "riding-the-cap": cap.seen,
    "group-infiltration": infiltration.seen,
}
"""Tactic -> what shows it."""
