"""A worst timeline told: the breaches that are shown, the picture of them, and the entries behind each with their times and ids."""

from __future__ import annotations

from typing import NamedTuple

from forbear.findings import charts, dates
from forbear.findings.finding import Finding
from forbear.findings.phrases import phrases
from forbear.findings.words import sentence, what, zones
from forbear.findings.worst import Worst
from forbear.records.clock import EPOCH_DAY, local
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule
from forbear.terms import OUTCOME, Language

MOST_ROWS = 10
"""How many witness entries of one breach are listed; all are in the findings file."""


class Row(NamedTuple):
    """An entry of a breach. `role`: guilty or witness."""

    when: str
    what: str
    outcome: str
    entry_id: str
    role: str


class Step(NamedTuple):
    """A breach that is shown. `more`: how many of its witness entries are not listed."""

    number: int
    sentence: str
    rows: list[Row]
    more: int


class Story(NamedTuple):
    """A timeline for the page. `more`: how many of its breaches are not shown."""

    name: str
    breaches: int
    contacts: int
    steps: list[Step]
    more: int
    wide: str
    narrow: str


def tell(worst: Worst, number: int, book: Book, lang: Language) -> Story:
    """The story of one timeline; `number` keeps its pictures apart from those of others."""
    wide, narrow = (_picture(worst, book, lang, width, f"t{number}w{width}") for width in (charts.WIDE, charts.NARROW))
    return Story(
        name=worst.name,
        breaches=worst.breaches,
        contacts=worst.contacts,
        steps=[_step(n, finding, book, lang) for n, finding in enumerate(worst.findings, 1)],
        more=worst.breaches - len(worst.findings),
        wide=wide,
        narrow=narrow,
    )


def _step(number: int, finding: Finding, book: Book, lang: Language) -> Step:
    listed = finding.witness[-MOST_ROWS:]
    rows = [_row(entry, finding.rule, "witness", book, lang) for entry in listed]
    rows.append(_row(finding.entry, finding.rule, "guilty", book, lang))
    return Step(number, sentence(finding, lang, book), rows, len(finding.witness) - len(listed))


def _row(entry: Entry, rule: Rule, role: str, book: Book, lang: Language) -> Row:
    outcome = phrases(lang).listed([OUTCOME[v].say(lang) for v in entry.fields.get("outcome", ())], "list.or")
    return Row(dates.placed(entry.at, zones(entry, rule, book), lang), what(entry, lang), outcome, entry.entry_id, role)


def _picture(worst: Worst, book: Book, lang: Language, width: int, name: str) -> str:
    t = phrases(lang)
    everything = t("timeline.all")
    marks: list[charts.Mark] = []
    for number, finding in enumerate(worst.findings, 1):
        for entry in finding.witness:
            marks.append(charts.Mark(str(number), _wall(entry, finding.rule, book), "witness" if entry.is_contact else "fact"))
        marks.append(charts.Mark(str(number), _wall(finding.entry, finding.rule, book), "guilty"))
    first, last = charts.period(marks)
    walls = [_wall(entry, None, book) for entry in worst.others]
    # Two contacts that would stand on the same pixel are drawn once.
    pixel = max(1, (last - first) // (2 * width))
    others = sorted({(wall - first) // pixel: wall for wall in walls if first <= wall <= last}.values())
    marks += [charts.Mark(everything, wall, "other") for wall in others]
    rows = [everything, *(str(number) for number in range(1, len(worst.findings) + 1))]
    return charts.timeline(marks, rows, t("timeline.alt", name=worst.name, n=len(worst.findings)), lang, width, name)


def _wall(entry: Entry, rule: Rule | None, book: Book) -> int:
    """What the wall clock shows, in milliseconds as if it were UTC; the first candidate where the place is not exact."""
    day, second = local(entry.at, (*zones(entry, rule, book), "Etc/UTC")[0])
    return ((day - EPOCH_DAY) * 86_400 + second) * 1000
