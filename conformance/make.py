"""Write `conformance/suite.json` anew from the law: `make suite`. What is expected is what the plain engine says.

Where its cases come from: the diaries of each rule; the second before and the second of each instant at which a verdict changes; the same
diaries moved to days on which clocks change, months end, holidays are, and law comes into force; random timelines, made as small as they
can be; and timelines under all the law of a place together.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from forbear.engines.suite.answers import plain
from forbear.engines.suite.case import Case
from forbear.engines.suite.cases import of_place, of_rule
from forbear.rulebook.book import Book
from forbear.rulebook.load import load
from forbear.rulebook.lock import digest

SUITE = Path(__file__).parent / "suite.json"


def law(book: Book) -> dict[str, list[dict[str, object]]]:
    """Rule id -> what a reader of the suite must know of each version; `hash` changes when its meaning does."""
    found: dict[str, list[dict[str, object]]] = {}
    for rule in book.rules:
        if rule.status != "draft":
            said = {"version": rule.version, "from": rule.from_, "until": rule.until, "clause": rule.cite, "title": rule.title.en}
            said |= {"force": rule.force, "effect": rule.effect, "verified": rule.verified, "hash": digest(book, rule)}
            found.setdefault(rule.id, []).append(said)
    return found


def cases(book: Book) -> Iterator[Case]:
    """All cases, with what is expected."""
    answer = plain(book)
    rules = [rule for rule in book.rules if rule.status != "draft"]
    for case in [*(case for rule in rules for case in of_rule(book, rule)), *of_place(book, rules)]:
        yield msgspec.structs.replace(case, expect=msgspec.structs.replace(answer(case), id=""))


def render(book: Book) -> Iterator[str]:
    """The file, a case on each line, so that two of them can be compared."""
    yield f'{{"suite": 1, "law": {{\n{_lines(law(book))}\n}}, "cases": [\n'
    mark = ""
    for case in cases(book):
        yield mark + msgspec.json.encode(case).decode()
        mark = ",\n"
    yield "\n]}\n"


def _lines(found: dict[str, list[dict[str, object]]]) -> str:
    return ",\n".join(f"{msgspec.json.encode(name).decode()}: {msgspec.json.encode(said).decode()}" for name, said in found.items())


if __name__ == "__main__":
    SUITE.write_text("".join(render(load())), encoding="utf-8")
    sys.stdout.write(f"{SUITE}\n")
