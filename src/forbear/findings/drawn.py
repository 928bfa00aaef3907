"""What oversight shows, drawn: a page of its own, and a part of the report of an audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from forbear.findings import charts
from forbear.findings.charts import PALETTE, Bar
from forbear.findings.overseen import Overseen
from forbear.findings.oversight import Rate, Trend
from forbear.findings.pages import template
from forbear.findings.phrases import phrases
from forbear.terms import TACTIC, Language

_MOST: Final = 40
"""Lines of one picture."""
Line = TypeVar("Line", Rate, Trend)


def _drawn(some: Sequence[Line]) -> list[Line]:
    """Those with most contacts, as many as a picture holds, in the order of their names."""
    return sorted(sorted(some, key=lambda each: -each.contacts)[:_MOST], key=lambda each: each.name)


def render(found: Overseen, lang: Language) -> str:
    """The page."""
    return template("oversight.html.j2").render(lang=lang, colours=PALETTE, **shown(found, lang))


def shown(found: Overseen, lang: Language) -> dict[str, object]:
    """What `across.html.j2` is given."""
    t = phrases(lang)
    unknown = t("oversight.unknown")

    def rates(some: Sequence[Rate], axis: str, name: str) -> str:
        usual = 1000 * sum(each.hits for each in some) / max(1, sum(each.contacts for each in some))
        bars = [
            Bar(each.name or t("oversight.unknown"), each.shrunk, each.low, each.high, each.raw, each.low > usual) for each in _drawn(some)
        ]
        return charts.forest(bars, t(f"oversight.{axis}"), t(f"oversight.{name}"), lang, name, usual) if bars else ""

    def slopes(some: Sequence[Trend], name: str) -> str:
        bars = [Bar(each.name or unknown, each.slope, each.low, each.high, None, each.warns) for each in _drawn(some)]
        return charts.forest(bars, t("oversight.axis-trend", unit=some[0].unit), t(f"oversight.{name}"), lang, name, 0.0) if bars else ""

    return {
        "t": t,
        "found": found,
        "most": _MOST,
        "warnings": found.warnings(lang),
        "pictures": [
            ("trend-age", slopes(found.by_age, "trend-age"), len(found.by_age)),
            ("trend-time", slopes(found.by_time, "trend-time"), len(found.by_time)),
            ("rates", rates(found.agencies, "axis", "rates"), len(found.agencies)),
            ("leads", rates(found.in_leads, "axis-leads", "leads"), len(found.in_leads)),
            ("collectors", rates(found.collectors, "axis", "collectors"), len(found.collectors)),
        ],
        "tactics": [tactic for tactic in TACTIC if any(each.get(tactic) for each in found.leads.values())],
        "listed": sorted({*(each.name for each in found.agencies), *found.leads}),
        "named": lambda tactic: TACTIC[tactic].say(lang),
    }
