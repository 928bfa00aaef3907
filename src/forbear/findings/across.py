"""What shows only across contacts, of one part of a run or of all: leads, what oversight counts, and who called from which number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from forbear.engines.judgement import BREACH, Verdicts
from forbear.findings.watched import Watched, by_agency, watched
from forbear.leads import callers
from forbear.leads.callers import Totals
from forbear.leads.find import Against, Lead, of_link, of_rows
from forbear.leads.numbers import Link
from forbear.leads.rows import Rows
from forbear.records.columns.lines import Lines


class Across(msgspec.Struct):
    """Parts can be added up."""

    leads: list[Lead] = []
    """In no order."""
    watched: Watched = msgspec.field(default_factory=Watched)
    callers: dict[str, Totals] = {}

    @classmethod
    def of(cls, lines: Lines, verdicts: Verdicts, against: Against) -> Across:
        """What whole timelines show."""
        rows = Rows(lines)
        leads, positions = of_rows(rows, against)
        breached = np.unique(verdicts.position[verdicts.verdict == BREACH])
        return cls(leads, watched(rows, breached, positions, leads), callers.totals(rows))

    def linked(self, links: Iterable[Link], against: Against) -> Across:
        """With numbers that follow one another, and the leads in their order."""
        more = [of_link(link, against) for link in links]
        whole = self.watched + Watched(leads=by_agency(more))
        return Across(sorted([*self.leads, *more], key=Lead.rank), whole, self.callers)


def added(parts: Sequence[Across]) -> Across:
    """All parts as one."""
    whole = Watched()
    for part in parts:
        whole += part.watched
    return Across([lead for part in parts for lead in part.leads], whole, callers.added(part.callers for part in parts))
