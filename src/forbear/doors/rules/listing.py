"""`forbear rules` and `forbear rule ID`: rules and rate caps as lines, and one of them whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forbear.findings.plainly import plainly
from forbear.rulebook.book import Book
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule
from forbear.rulebook.say import limit, words
from forbear.terms import CONDUCT, EFFECT, FORCE, STATUS, VERIFIED, Language

Law = Rule | RateCap
COLUMNS = ("rule", "version", "status", "verb", "limit", "force", "effect", "verified", "from", "until", "title")
SHOWN = ("rule", "limit", "force", "effect", "verified", "status")
_LABELS = {
    "clause": "条款",
    "quote": "原文摘引",
    "row": "法规表行",
    "conduct": "行为",
    "force": "效力",
    "how sure": "条文依据",
    "in force": "施行",
    "applies to": "适用",
    "unless": "除外",
    "limit": "限制",
    "in words": "白话",
    "standings": "状态",
    "changes": "历次规定",
    "example": "示例",
}


def dated(book: Book) -> list[Law]:
    """All rules and rate caps, by id and date."""
    return sorted([*book.rules, *book.rate_caps], key=lambda law: (law.id, law.from_))


def table(laws: Iterable[Law]) -> Iterator[tuple[str, ...]]:
    """One line a rule or rate cap, the columns of `COLUMNS`."""
    for law in laws:
        verb, effect = (law.verb, law.effect) if isinstance(law, Rule) else ("rate", "")
        dates = (str(law.from_), str(law.until or ""))
        yield law.id, str(law.version), law.status, verb, limit(law), law.force, effect, law.verified, *dates, law.title.en


def page(book: Book, rule_id: str, lang: Language) -> Iterator[str]:
    """All that is known of a rule or a rate cap, newest version in force first. Yields nothing if there is no such rule."""

    def say(label: str, text: str) -> str:
        name = _LABELS[label] if lang == "zh" else label
        # A Chinese character is two columns wide.
        return f"  {name}{' ' * (12 - sum(2 if ord(c) > 255 else 1 for c in name))}{text}"

    versions = [law for law in dated(book) if law.id == rule_id][::-1]
    for rule in versions[:1]:
        yield f"{rule.id}  v{rule.version}  {STATUS[rule.status].say(lang)}"
        yield f"  {rule.title.say(lang)}"
        for clause in rule.clauses:
            yield say("clause", "  ".join(filter(None, (clause.cite, book.link(rule, clause)))))
            if clause.quote:
                yield say("quote", f"“{clause.quote}”")
        yield say("how sure", f"{VERIFIED[rule.verified].say(lang)} ({rule.verified})")
        yield say("force", "; ".join([FORCE[rule.force].say(lang), *([EFFECT[rule.effect].say(lang)] if isinstance(rule, Rule) else [])]))
        if isinstance(rule, Rule):
            yield say("conduct", CONDUCT[rule.conduct].say(lang))
        yield say("row", rule.row)
        yield say("applies to", words(rule.applies))
        for exemption in rule.unless.any if isinstance(rule, Rule) else ():
            yield say("unless", words(exemption))
        yield say("limit", limit(rule))
        yield say("in words", plainly(rule, book, lang))
        for name in book.reach(rule) if isinstance(rule, Rule) else ():
            yield say("standings", f"{name}: {book.standings[name].title.say(lang)}")
    for rule in versions:
        until = rule.until or ""
        yield say("in force" if rule is versions[0] else "changes", f"{rule.from_} - {until}: {limit(rule)}")
    for rule in versions[:1]:
        for example in rule.example if isinstance(rule, Rule) else ():
            yield say("example", example.name)
            yield from (f"    {line}" for line in example.diary.strip().splitlines())
