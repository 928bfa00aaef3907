"""What oversight shows, and what to look at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from forbear.findings import oversight
from forbear.findings.oversight import Rate, Trend
from forbear.findings.phrases import Phrases, phrases
from forbear.findings.watched import Shared, Watched
from forbear.terms import Language

_MONTH: Final = 30
"""Days for which a slope is told."""


class Overseen(NamedTuple):
    """What there is to tell."""

    contacts: int
    agencies: Sequence[Rate]
    in_leads: Sequence[Rate]
    collectors: Sequence[Rate]
    by_time: Sequence[Trend]
    by_age: Sequence[Trend]
    shared: Sequence[Shared]
    """Debts that two agencies work, some of them."""
    shared_debts: int
    leads: Mapping[str, Mapping[str, int]]
    """Agency -> tactic -> leads."""
    complaints: Mapping[str, int]

    @classmethod
    def of(cls, counted: Watched, complaints: Mapping[str, int] | None = None) -> Overseen:
        """What was counted, as it is told."""
        return cls(
            contacts=counted.contacts,
            agencies=oversight.rates(counted.breaches),
            in_leads=oversight.rates(counted.in_leads),
            collectors=oversight.rates(counted.collectors),
            by_time=oversight.trends(counted.by_time, _MONTH),
            by_age=oversight.trends(counted.by_age, _MONTH),
            shared=counted.shared,
            shared_debts=counted.shared_debts,
            leads=counted.leads,
            complaints=complaints or {},
        )

    def warnings(self, lang: Language) -> list[str]:
        """What to look at first, each with its interval."""
        t = phrases(lang)
        hits, contacts = sum(each.hits for each in self.agencies), sum(each.contacts for each in self.agencies)
        usual = 1000 * hits / contacts if contacts else 0.0
        said = [t("oversight.age", **_named(each, t)) for each in self.by_age if each.warns]
        said += [t("oversight.time", **_named(each, t)) for each in self.by_time if each.warns]
        said += [t("oversight.above", **_named(each, t), usual=usual) for each in self.agencies if each.low > usual]
        if self.shared:
            said.append(t("oversight.shared", n=self.shared_debts))
        return said or [t("oversight.none")]


def _named(each: Rate | Trend, t: Phrases) -> dict[str, object]:
    return {**each._asdict(), "name": each.name or t("oversight.unknown")}
