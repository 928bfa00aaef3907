"""`whatif.html`: one page that stands alone, in one language, drawn from the numbers of a comparison."""

from __future__ import annotations

from forbear.findings import charts, dates
from forbear.findings.changed import WORDS, Moves
from forbear.findings.charts import both
from forbear.findings.pages import template
from forbear.findings.phrases import Phrases, phrases
from forbear.findings.whatif import WhatIf
from forbear.terms import FORCE, STATUS, VERDICT, Language

MOST_AGENCIES = 40
"""How many agencies are drawn and listed; all are in `summary.json`."""
MOST_EXAMPLES = 30
"""How many changes are shown one by one; more are in `summary.json`, and all in changes.csv."""


def render(found: WhatIf, lang: Language) -> str:
    """The whole page."""
    t = phrases(lang)
    changing = [row for row in found.agencies if row.changes]
    largest = sorted(changing, key=lambda row: -row.contacts)[:MOST_AGENCIES]
    agencies = [row for row in changing if row in largest]
    drawn = [row for row in agencies if row.caught or row.unclear]
    return template("whatif.html.j2").render(
        t=t,
        lang=lang,
        s=found,
        c=found.contacts,
        colours=charts.PALETTE,
        agencies=agencies,
        agencies_left=len(changing) - len(agencies),
        agencies_alike=len(found.agencies) - len(changing),
        agency_chart=both(lambda width: charts.agencies(drawn, _axis(t, width), lang, width)) if drawn else None,
        month_chart=both(lambda width: charts.months(found.months, lang, width)) if _moving(found) else None,
        examples=found.examples[:MOST_EXAMPLES],
        verdicts=WORDS,
        say=lambda verdict: VERDICT[verdict].say(lang),
        moves=lambda moves: _moves(moves, lang),
        titles={rule.rule: rule.title.say(lang) for rule in found.rules},
        forces=FORCE,
        statuses=STATUS,
        said=lambda *sentences: t("list.sentence").join(filter(None, sentences)),
        day=lambda day: dates.date(day, lang),
        started=dates.instant(int(found.timing.started.timestamp()), "Etc/UTC", lang),
    )


def lines(found: WhatIf, lang: Language) -> list[str]:
    """What is printed: how many contacts the second rulebook would have judged otherwise."""
    t, c = phrases(lang), found.contacts
    return [
        t("whatif.said-caught", n=c.caught),
        t("whatif.said-freed", n=c.freed),
        t("whatif.said-departure", n=c.newly_departure),
        t("whatif.said-unclear", n=c.newly_unclear),
    ]


def _moving(found: WhatIf) -> bool:
    """Whether there is anything to draw of months."""
    return any(each.caught or each.freed or each.newly_unclear for each in found.months.values())


def _axis(t: Phrases, width: int) -> str:
    return t("whatif.axis-agency" if width >= charts.WIDE else "agency.axis-short")


def _moves(moves: Moves, lang: Language) -> list[tuple[str, int, str]]:
    """(what went to what, how many, what it is now), those first of which there are most."""
    found = []
    for pair, n in sorted(moves.items(), key=lambda item: (-item[1], item[0])):
        old, new = pair.split(">")
        found.append((phrases(lang)("whatif.move", before=VERDICT[old].say(lang), after=VERDICT[new].say(lang)), n, new))
    return found
