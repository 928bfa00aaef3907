"""The pages of the rules: the table across places, and a page for each rule and rate cap, in both languages, with nothing around them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from forbear import __version__
from forbear.doors.rules import strips
from forbear.doors.rules.listing import Law, dated
from forbear.doors.rules.places import ABOUT, Stack, jurisdictions, silent
from forbear.doors.rules.strips import NARROW, WIDE, draw
from forbear.doors.rules.words import words
from forbear.engines.trial import diaries
from forbear.findings import dates
from forbear.findings.charts import PALETTE
from forbear.findings.plainly import brief, plainly
from forbear.findings.wording import Wording
from forbear.rulebook.book import Book
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule
from forbear.terms import CONDUCT, FIELDS, FORCE, KIND, STATUS, VERIFIED, Language

LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
_ASSUMED: Final = frozenset({"kind", "jurisdiction", "direction"})
"""Fields that every record has."""


def write(book: Book, rules: Sequence[Rule], caps: Sequence[RateCap], out: Path, on: dt.date, *, drafts: bool = False) -> int:
    """Writes `index.html` and `index.zh.html` and the pages that they lead to; how many. Pages of the same name are replaced.

    `on`: the day whose law the table shows. Raises `OSError` where the folder cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    laws = [law for law in dated(book) if law in rules or law in caps]
    newest = {law.id: law for law in laws}
    for lang in LANGUAGES:
        stack = Stack(book, rules, on, lang, drafts=drafts)
        (out / name("index", lang)).write_text(_index(stack, laws, on), encoding="utf-8")
        for law in newest.values():
            (out / name(law.id, lang)).write_text(_page(stack, law, [one for one in laws if one.id == law.id]), encoding="utf-8")
    return len(LANGUAGES) * (1 + len(newest))


def name(page: str, lang: Language) -> str:
    """The file of a page: `us.reg-f.hours.html`, and `us.reg-f.hours.zh.html`."""
    return f"{page}.zh.html" if lang == "zh" else f"{page}.html"


def _index(stack: Stack, laws: Sequence[Law], on: dt.date) -> str:
    codes = sorted({code for law in laws for code in jurisdictions(law)})
    by_place = {code: [law for law in laws if code in jurisdictions(law)] for code in codes}
    rows = list(stack)
    said = {"rows": rows, "silent": partial(silent, rows, words(stack.lang)), "groups": {"numbers": ABOUT[:3], "people": ABOUT[3:]}}
    listed = {"by_place": by_place, "linked": {law.id for law in laws}, "n": len(laws)}
    return _render("index.html.j2", stack, page="index", on=dates.date(on, stack.lang), **said, **listed)


def _page(stack: Stack, law: Law, versions: Sequence[Law]) -> str:
    book, lang = stack.book, stack.lang
    rule = law if isinstance(law, Rule) else None
    tried = diaries(book, rule) if rule else []
    return _render(
        "rule.html.j2",
        stack,
        page=law.id,
        law=law,
        clauses=[(clause, book.link(law, clause)) for clause in law.clauses],
        rule=rule,
        plain=plainly(law, book, lang),
        clock=Wording(book, lang).zone(rule.clock) if rule else "",
        place=[(code, stack.name(code)) for code in jurisdictions(law)],
        versions=[(one, brief(one, book, lang)) for one in reversed(versions)],
        exempt=[Wording(book, lang).noun(match) for match in rule.unless.any] if rule else [],
        standings=[book.standings[each] for each in book.reach(rule)] if rule else [],
        limits=comment(book.file_of(law)),
        fields=[FIELDS[each].name.say(lang) for each in FIELDS if each in (book.fields([rule]) if rule else loan(law)) - _ASSUMED],
        kinds=[KIND[each].say(lang) for each in KIND if rule and each in book.kinds([rule])],
        examples=[(each.example, [draw(book, rule, each, lang, width) for width in (WIDE, NARROW)]) for each in tried if rule],
        legend=dict.fromkeys(strips.kind(rule, line) for each in tried for line in each.lines if rule),
    )


def loan(law: Law) -> set[str]:
    """The fields that a rate cap asks of a loan."""
    return {test.field for test in law.applies.tests}


def comment(file: Path) -> str:
    """What stands on top of a law file, before its first key: what is doubtful, missing, or read in one of several ways."""
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines)


def _render(template: str, stack: Stack, **said: object) -> str:
    lists = {"forces": FORCE, "statuses": STATUS, "verified": VERIFIED, "conducts": CONDUCT}
    shared = {"lang": stack.lang, "t": words(stack.lang), "other": "en" if stack.lang == "zh" else "zh", "file": name}
    made = {"colours": PALETTE, "version": __version__, "place_name": stack.name}
    return _room().get_template(template).render(**lists, **shared, **made, **said)


@cache
def _room() -> Environment:
    room = Environment(
        loader=PackageLoader("forbear.doors.rules", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    room.filters["day"] = dates.date
    return room
