"""What shows only across contacts, of one part of a run or of all: leads, what oversight counts, and who called or wrote from where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from forbear.engines.judgement import BREACH, Verdicts
from forbear.findings.watched import Watched, by_agency, watched
from forbear.leads import adding, callers, second
from forbear.leads.find import Against, Lead, of_rows
from forbear.leads.numbers import Totals
from forbear.leads.rows import Rows
from forbear.leads.second import Answer, Asked
from forbear.leads.tactics import infiltration
from forbear.leads.tactics.infiltration import NONE, Accounts
from forbear.records.columns.lines import Lines


class Across(msgspec.Struct):
    """Parts can be added up."""

    leads: list[Lead] = []
    """In no order, until `finished`."""
    watched: Watched = msgspec.field(default_factory=Watched)
    callers: dict[str, Totals] = {}
    accounts: Accounts = NONE
    talk: int = 0
    """Messages that were written in groups."""

    @classmethod
    def of(cls, lines: Lines, verdicts: Verdicts, against: Against) -> Across:
        """What whole timelines show."""
        rows = Rows(lines)
        leads, positions = of_rows(rows, against)
        breached = np.unique(verdicts.position[verdicts.verdict == BREACH])
        talk = int(infiltration.talk(rows).sum())
        counted = watched(rows, breached, positions, leads)
        return cls(leads, counted, callers.totals(rows), infiltration.accounts_of(rows), talk)

    def asked(self) -> Asked | None:
        """What every part is to be asked once more, if anything."""
        return Asked.of(self.callers, self.accounts, self.talk)

    def finished(self, answers: Iterable[Answer], against: Against) -> Across:
        """With what all parts together show, and the leads in their order."""
        more = second.leads(self.callers, self.accounts, answers, against)
        whole = self.watched + Watched(leads=by_agency(more))
        return msgspec.structs.replace(self, leads=sorted([*self.leads, *more], key=Lead.rank), watched=whole)


def added(parts: Sequence[Across]) -> Across:
    """All parts as one."""
    whole, accounts = Watched(), NONE
    for part in parts:
        whole, accounts = whole + part.watched, accounts.plus(part.accounts)
    totals = adding.added(part.callers for part in parts)
    return Across([lead for part in parts for lead in part.leads], whole, totals, accounts, sum(part.talk for part in parts))
