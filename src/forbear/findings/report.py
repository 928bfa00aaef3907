"""`report.html`: one page that stands alone, in one language, drawn from the summary and the worst timelines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from forbear.findings import charts, dates
from forbear.findings.charts import both
from forbear.findings.drawn import shown
from forbear.findings.leads import lines
from forbear.findings.pages import template
from forbear.findings.phrases import phrases
from forbear.findings.story import tell
from forbear.findings.summary import Need, RuleLine, Summary
from forbear.findings.tally import Tally
from forbear.findings.words import need
from forbear.leads.find import Lead
from forbear.records.quarantine import REASONS
from forbear.terms import DAYS, FIELDS, FORCE, KIND, STATUS, TACTIC, VERIFIED, Language

MOST_LEADS = 12
"""How many leads are told in words; all are in leads.csv."""
MOST_AGENCIES = 40
"""How many agencies are drawn and listed; all are in `summary.json`."""


class NeedLine(NamedTuple):
    """What would settle unclear findings, how many it holds up, and under how many rules."""

    words: str
    need: Need
    rules: int


def render(found: Summary, tally: Tally, lang: Language, leads: Sequence[Lead] = ()) -> str:
    """The whole page. `tally` gives the timelines that are drawn, `leads` those that are told; every number is the summary's."""
    agencies = found.agencies[:MOST_AGENCIES]
    return template("report.html.j2").render(
        t=phrases(lang),
        lang=lang,
        s=found,
        c=found.counts,
        colours=charts.PALETTE,
        breaches=_most(found.rules, lambda rule: rule.breach),
        departures=_most(found.rules, lambda rule: rule.departure),
        unclear=_most(found.rules, lambda rule: rule.unclear),
        quiet=[rule for rule in found.rules if not rule.breach + rule.departure + rule.unclear],
        needs=[NeedLine(need(one.need, lang), one, sum(one.need in rule.needs for rule in found.rules)) for one in found.needs],
        agencies=agencies,
        agencies_left=len(found.agencies) - len(agencies),
        agency_chart=both(lambda width: charts.agencies(agencies, _axis(lang, width), lang, width)) if agencies else None,
        heat_chart=both(lambda width: charts.heat(found.hours, lang, width)) if found.hours else None,
        heat={(cell.weekday, cell.hour): cell for cell in found.hours},
        tactics=[(TACTIC[tactic].say(lang), n) for tactic, n in (found.leads or {}).items()],
        leads=[lines(lead, lang) for lead in leads[:MOST_LEADS]],
        leads_left=max(0, len(leads) - MOST_LEADS),
        overseen=shown(found.oversight, lang) if found.oversight else None,
        stories=[tell(worst, n, tally.book, lang) for n, worst in enumerate(tally.worst)],
        fields=FIELDS,
        kinds=KIND,
        forces=FORCE,
        verified=VERIFIED,
        statuses=STATUS,
        reasons=REASONS,
        days=DAYS,
        said=lambda *sentences: phrases(lang)("list.sentence").join(filter(None, sentences)),
        need=lambda one: need(one, lang),
        day=lambda day: dates.date(day, lang),
        instant=lambda at: _instant(at, found, lang),
        given_words=lambda given: _value(given.field, given.value, lang),
        started=dates.instant(int(found.timing.started.timestamp()), "Etc/UTC", lang),
    )


def _axis(lang: Language, width: int) -> str:
    return phrases(lang)("agency.axis" if width >= charts.WIDE else "agency.axis-short")


def _most(rules: list[RuleLine], count: Callable[[RuleLine], int]) -> list[tuple[RuleLine, int]]:
    """The rules of which there is something to count, the most first."""
    return sorted(((rule, count(rule)) for rule in rules if count(rule)), key=lambda pair: (-pair[1], pair[0].rule, pair[0].since))


def _value(field: str, value: str, lang: Language) -> str:
    """A constant in words: candidates apart by `|`, several values by `+`."""
    words = FIELDS[field].words
    for mark, joint in (("|", "list.or"), ("+", "list.and")):
        if mark in value and words:
            return phrases(lang).listed([_value(field, one, lang) for one in value.split(mark)], joint)
    return words[value].say(lang) if value in words else value


def _instant(at: int, found: Summary, lang: Language) -> str:
    """An instant of the whole run: by the one zone that its mappings name, else in UTC."""
    zones = {given.value for given in found.givens if given.field == "zone"}
    zones |= {reading.detail for reading in found.readings if reading.code == "clock"}
    zone = zones.pop() if len(zones) == 1 else ""
    if zone and "|" not in zone:
        return dates.placed(at, (zone,), lang)
    return phrases(lang)("time.utc", time=dates.instant(at, "Etc/UTC", lang))
