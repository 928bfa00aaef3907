"""The table across places: how often, at which hours, whom, and what has to end contact. Its columns are conducts, its rows places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from forbear.doors.rules.words import words
from forbear.findings.phrases import Phrases
from forbear.findings.plainly import aside, brief
from forbear.rulebook.book import Book
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule
from forbear.terms import FORCE, STATUS, VERIFIED, Language

ABOUT: Final = ("often", "hours", "visits", "persons", "stop")
"""The columns."""
TSV: Final = ("place", "name", "about", "limit", "notes", "rule", "law")
_CONDUCT: Final = {"frequency": "often", "hours": "hours", "visit": "visits", "third-party": "persons", "ignored-stop": "stop"}
"""What a rule is about -> its column, where visits have one of their own; all other conduct is what is said and how, and has none."""


class Line(NamedTuple):
    """A rule in a cell. `text`: the number, the hours, or what is caught; `notes`: of what it holds, and how much it weighs."""

    rule: Rule
    text: str
    notes: tuple[str, ...]


Cells = dict[str, list[Line]]
"""Column -> lines."""


class Row(NamedTuple):
    """A place: what its own law says, and what the law of each place around it (by its code) says there too."""

    code: str
    name: str
    own: Cells
    around: dict[str, Cells]
    drafts: int
    """Rules that are not shown, since they are drafts."""

    def says(self, columns: Sequence[str]) -> bool:
        """Whether any of these columns holds anything."""
        return any(cells[about] for cells in (self.own, *self.around.values()) for about in columns)


class Stack:
    """The rules that are in force on a day, by place; drafts only if asked for.

    `rules` decide which places have a row; what holds there is the law of the whole book.
    """

    def __init__(self, book: Book, rules: Sequence[Rule], on: dt.date, lang: Language, *, drafts: bool = False) -> None:
        self.book, self.lang, self.t = book, lang, words(lang)
        self.codes = sorted({code for rule in rules for code in jurisdictions(rule)})
        held = [rule for rule in book.rules if rule.from_ <= on and (rule.until is None or on <= rule.until)]
        self.rules = [rule for rule in held if drafts or rule.status != "draft"]
        self.left = [rule for rule in held if rule not in self.rules]

    def __iter__(self) -> Iterator[Row]:
        """The places that the law names, each country before what lies in it."""
        known = {code for rule in self.rules for code in jurisdictions(rule)}
        for code in self.codes:
            around = {wider: self.of(wider) for wider in sorted(known) if code.startswith(f"{wider}-")}
            yield Row(code, self.name(code), self.of(code), around, sum(code in jurisdictions(rule) for rule in self.left))

    def name(self, code: str) -> str:
        """What people call a place; its code where its folder says no name."""
        place = self.book.places.get(code)
        return place.name.say(self.lang) if place and place.name else code

    def of(self, code: str) -> Cells:
        """What the law of one place itself says."""
        found: Cells = {about: [] for about in ABOUT}
        for rule in self.rules:
            if code in jurisdictions(rule) and (about := column(rule)):
                found[about].append(self.line(rule))
        return found

    def line(self, rule: Rule) -> Line:
        """A rule as a cell says it."""
        if rule.hours or rule.cap:
            return Line(rule, brief(rule, self.book, self.lang), (*aside(rule, self.book, self.lang), *weight(rule, self.lang)))
        text = self.t("cell.departure" if rule.warns else "cell.breach", title=rule.title.say(self.lang))
        return Line(rule, text, tuple(weight(rule, self.lang)))


def rows(stack: Stack) -> Iterator[tuple[str, ...]]:
    """The table for pipes, the columns of `TSV`: a line for each rule that holds in a place, its own or that of a place around it."""
    for row in stack:
        for about in ABOUT:
            found = [(code, line) for code, cells in {row.code: row.own, **row.around}.items() for line in cells[about]]
            for code, line in found:
                yield row.code, row.name, stack.t(f"about.{about}"), line.text, " · ".join(line.notes), line.rule.id, code
            if not found:
                yield row.code, row.name, stack.t(f"about.{about}"), stack.t("cell.none"), "", "", ""


def silent(rows: Sequence[Row], t: Phrases, columns: Sequence[str]) -> str:
    """The places of which none of these columns holds anything, each with the number of drafts that are not shown."""
    named = [(row.name, row.drafts) for row in rows if not row.says(columns)]
    noted = [t("list.place", name=name, drafts=t("table.drafts", n=drafts)) if drafts else name for name, drafts in named]
    return t("list.places").join(noted)


def jurisdictions(law: Rule | RateCap) -> tuple[str, ...]:
    """The places whose law it is."""
    return next((test.values for test in law.applies.tests if test.field == "jurisdiction" and not test.negated), ())


def column(rule: Rule) -> str:
    """Where a rule stands in the table; empty where it stands nowhere: it speaks of facts, or of what is said and how."""
    facts = any(test.field == "kind" and test.values != ("contact",) for test in rule.applies.tests)
    found = "" if facts else _CONDUCT.get(rule.conduct, "")
    door = any(test.field == "channel" and test.values == ("visit",) and not test.negated for test in rule.applies.tests)
    return "visits" if door and found in ("often", "hours") else found


def weight(rule: Rule, lang: Language) -> Iterator[str]:
    """What makes a rule weigh less, or otherwise, than a prohibition whose text was read: its effect, force, source and status."""
    if rule.effect not in ("prohibited", "duty"):
        yield words(lang)(f"weight.{rule.effect}")
    if rule.force not in ("statute", "regulation"):
        yield FORCE[rule.force].say(lang)
    if rule.verified != "clause":
        yield VERIFIED[rule.verified].say(lang)
    if rule.status != "stable":
        yield STATUS[rule.status].say(lang)
