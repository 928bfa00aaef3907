"""`forbear rules` and `forbear rule ID`: what the rulebook holds, for people and for pipes."""

from __future__ import annotations

from collections.abc import Iterator

from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule
from forbear.rulebook.say import limit, words
from forbear.terms import CONDUCT, EFFECT, FORCE, STATUS, VERIFIED, Language

COLUMNS = ("rule", "version", "status", "verb", "limit", "force", "effect", "verified", "from", "until", "title")
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
    "standings": "状态",
    "changes": "历次规定",
    "example": "示例",
}


def table(rules: list[Rule]) -> Iterator[tuple[str, ...]]:
    """One line a rule, the columns of `COLUMNS`."""
    for rule in rules:
        until = str(rule.until or "")
        line = (
            rule.id,
            str(rule.version),
            rule.status,
            rule.verb,
            limit(rule),
            rule.force,
            rule.effect,
            rule.verified,
            str(rule.from_),
            until,
        )
        yield (*line, rule.title.en)


def page(book: Book, rule_id: str, lang: Language) -> Iterator[str]:
    """All that is known of a rule, newest version in force first. Yields nothing if there is no such rule."""

    def say(label: str, text: str) -> str:
        name = _LABELS[label] if lang == "zh" else label
        # A Chinese character is two columns wide.
        return f"  {name}{' ' * (12 - sum(2 if ord(c) > 255 else 1 for c in name))}{text}"

    dated = [rule for rule in book.rules if rule.id == rule_id][::-1]
    for rule in dated[:1]:
        yield f"{rule.id}  v{rule.version}  {STATUS[rule.status].say(lang)}"
        yield f"  {rule.title.say(lang)}"
        for clause in rule.clauses:
            yield say("clause", clause.cite + (f"  {clause.url}" if clause.url else ""))
            if clause.quote:
                yield say("quote", f"“{clause.quote}”")
        yield say("how sure", f"{VERIFIED[rule.verified].say(lang)} ({rule.verified})")
        yield say("force", f"{FORCE[rule.force].say(lang)}; {EFFECT[rule.effect].say(lang)}")
        yield say("conduct", CONDUCT[rule.conduct].say(lang))
        yield say("row", rule.row)
        yield say("applies to", words(rule.applies))
        for exemption in rule.unless.any:
            yield say("unless", words(exemption))
        yield say("limit", limit(rule))
        for name in book.reach(rule):
            yield say("standings", f"{name}: {book.standings[name].title.say(lang)}")
    for rule in dated:
        until = rule.until or ""
        yield say("in force" if rule is dated[0] else "changes", f"{rule.from_} - {until}: {limit(rule)}")
    for example in dated[0].example if dated else ():
        yield say("example", example.name)
        yield from (f"    {line}" for line in example.diary.strip().splitlines())
