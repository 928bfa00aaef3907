"""What became of a rule between two versions, in lines for people: keys, then a diary that tells the versions apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from forbear.engines.apart.search import Said, Search
from forbear.engines.apart.versions import Change
from forbear.rulebook.edition import Key
from forbear.rulebook.rule import Rule
from forbear.terms import VERDICT, Language, Word

Names = tuple[str, str]
"""What the two versions are called."""

_ADDED: Final = Word("only in {1}", "仅见于 {1}")
_REMOVED: Final = Word("only in {0}", "仅见于 {0}")
_ASIDE: Final = Word("means the same; other words in: {keys}", "含义未变，仅文字不同：{keys}")
_SAME: Final = Word("the same", "无变化")
_CHANGED: Final = Word("changed", "有变化")
_NOT: Final = Word("(not there)", "（无）")
_NO_VERDICT: Final = Word("no verdict changes by this", "不影响任何判定")
_NONE: Final = Word(
    "no timeline found on which they differ, in {tried} tried: the examples of both up to each line, and those with one or two changes "
    "(an entry at an instant at which an answer may change, repeated, taken away or added; a field as a test names it or otherwise)",
    "试过 {tried} 条时间线，未发现两者结论不同。所试包括：双方示例截至每一行，以及在此基础上的一两处改动"
    "（将某条移至结论可能改变的时刻，重复、删去或添加某条，将某字段改为条件所列的值或其他值）",
)
_SILENT: Final = Word("no source holds: {kinds}", "没有来源保存：{kinds}")
_GATE: Final = {
    "denies": Word("the gate denies", "闸口拒绝"),
    "warns": Word("the gate warns", "闸口警告"),
    "allows": Word("the gate allows", "闸口放行"),
}


def lines(change: Change, names: Names, lang: Language) -> Iterator[str]:
    """All that is to be said of a change. The diary, its comments with it, is read by `rulebook.diary`."""
    yield f"{change.law.id} {change.law.from_}: {_head(change).say(lang).format(*names, keys=', '.join(change.aside))}"
    yield from (f"  {_key(key, lang)}" for key in change.keys)
    if not change.keys or not isinstance(change.old, Rule) or not isinstance(change.new, Rule):
        return
    yield from (f"  {line}" for line in told(change, names, lang))


def told(change: Change, names: Names, lang: Language) -> Iterator[str]:
    """A timeline on which both say different things of an entry; or that there is none, or how long it was looked for."""
    search = change.search
    if search is None:
        yield _NO_VERDICT.say(lang)
    elif search.found is None:
        yield _NONE.say(lang).format(tried=search.tried)
    else:
        yield from _diary(change, search, names, lang)


def as_table(change: Change, names: Names) -> dict[str, Any]:
    """The same for programs."""
    found = change.search.found if change.search else None
    return {
        "rule": change.law.id,
        "from": str(change.law.from_),
        "change": "removed"
        if change.new is None
        else "added"
        if change.old is None
        else "meaning"
        if change.keys
        else "words"
        if change.aside
        else "none",
        "keys": [key._asdict() for key in change.keys],
        "words": list(change.aside),
        "tried": change.search.tried if change.search else 0,
        "given": dict(change.old.given) if isinstance(change.old, Rule) else {},
        "silent": sorted(found.timeline.silent) if found else [],
        "diary": change.search.diary().splitlines() if change.search else [],
        "entry": found.judged if found else None,
        "said": [{"version": name, "audit": said.verdict, "gate": gate(said)} for name, said in zip(names, found.said, strict=True)]
        if found
        else [],
    }


def gate(said: Said) -> str:
    """What the gate does: allows, warns, denies."""
    return "allows" if not said.refused else "warns" if said.warns else "denies"


def _head(change: Change) -> Word:
    if change.old is None or change.new is None:
        return _ADDED if change.old is None else _REMOVED
    return _CHANGED if change.keys else _ASIDE if change.aside else _SAME


def _key(key: Key, lang: Language) -> str:
    old, new = (_NOT.say(lang) if value is None else value for value in (key.old, key.new))
    return f"{key.path}: {old} -> {new}"


def _diary(change: Change, search: Search, names: Names, lang: Language) -> Iterator[str]:
    found, rule = search.found, change.old
    assert found
    assert isinstance(rule, Rule)
    if rule.given:
        yield f"# {' '.join(f'{name}={value}' for name, value in rule.given.items())}"
    if found.timeline.silent:
        yield f"# {_SILENT.say(lang).format(kinds=', '.join(sorted(found.timeline.silent)))}"
    colon, semicolon = ("：", "；") if lang == "zh" else (": ", "; ")
    said = semicolon.join(f"{name}{colon}{_said(one, rule, lang)}" for name, one in zip(names, found.said, strict=True))
    yield from search.diary(said).splitlines()


def _said(said: Said, rule: Rule, lang: Language) -> str:
    comma = "，" if lang == "zh" else ", "
    return VERDICT[said.verdict].say(lang) + ("" if rule.owe else comma + _GATE[gate(said)].say(lang))
