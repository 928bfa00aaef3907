"""A change of a rule, in lines for people and in a table for programs."""

from __future__ import annotations

import json

import pytest
from random_law import law
from small import rule

from forbear.engines.apart.search import search
from forbear.engines.apart.variations import Side
from forbear.engines.apart.versions import Change
from forbear.findings.versions import as_table, lines
from forbear.rulebook.diary import read
from forbear.rulebook.edition import Key

NAMES = ("A", "B")
CAP = {"limit": 1, "within": "1 day", "per": ["consumer"]}


def changed(one: dict, other: dict, most: int = 300) -> tuple[Change, Side]:
    """A change of a rule of one's own, and the first version."""
    laws = [law(rule(given={"jurisdiction": "ZZ"}, **parts)) for parts in (one, other)]
    first, second = (Side(found.book, found.judged) for found in laws)
    return Change(first.rule, second.rule, (Key("cap.limit", "1", "2"),), (), search(first, second, most)), first


WARNED = {"cap": CAP, "effect": "advised-against"}
OWED = {"applies": {"kind": "dispute"}, "owe": {"entry": {"kind": "verified"}, "within": "2 days", "per": ["consumer"]}}


@pytest.mark.parametrize(
    ("one", "other", "en", "zh"),
    [
        (
            {"cap": CAP},
            {"cap": {**CAP, "limit": 2}},
            "# A: breach, the gate denies; B: clear, the gate allows",
            "# A：违规，闸口拒绝；B：合规，闸口放行",
        ),
        ({"cap": CAP}, WARNED, "# A: breach, the gate denies; B: departure, the gate warns", "# A：违规，闸口拒绝；B：偏离，闸口警告"),
        (OWED, {**OWED, "owe": {**OWED["owe"], "within": "3 days"}}, "# A: breach; B: clear", "# A：违规；B：合规"),
    ],
)
def test_the_guilty_line_says_what_each_version_finds(one, other, en, zh):
    """As a comment, so that the diary still reads; of a duty the gate is not asked."""
    found, first = changed(one, other)
    for lang, remark in (("en", en), ("zh", zh)):
        head, key, given, *diary = lines(found, NAMES, lang)
        assert head.startswith("zz.test.rule 2020-01-01")
        assert key == "  cap.limit: 1 -> 2"
        assert given == "  # jurisdiction=ZZ"
        assert sum(remark in line for line in diary) == 1
        again = read("\n".join(line.strip() for line in diary), first.rule.given, first.book)
        assert [line.entry.at for line in again] == [entry.at for entry in found.search.found.timeline.entries]


def test_a_search_in_vain_is_described():
    """How many were tried, and how they were made, in both languages."""
    found, _ = changed({"cap": CAP}, {"cap": CAP})
    assert f"in {found.search.tried} tried: the examples of both" in "\n".join(lines(found, NAMES, "en"))
    assert f"试过 {found.search.tried} 条时间线" in "\n".join(lines(found, NAMES, "zh"))
    assert as_table(found, NAMES)["said"] == []


@pytest.mark.parametrize(
    ("lost", "en", "zh"),
    [({"old": None}, "only in B", "仅见于 B"), ({"new": None}, "only in A", "仅见于 A")],
)
def test_a_rule_of_one_side_is_one_line(lost, en, zh):
    """Which side it is."""
    found = changed({"cap": CAP}, {"cap": CAP}, most=1)[0]._replace(keys=(), search=None, **lost)
    assert list(lines(found, NAMES, "en")) == [f"zz.test.rule 2020-01-01: {en}"]
    assert list(lines(found, NAMES, "zh")) == [f"zz.test.rule 2020-01-01: {zh}"]


def test_what_is_only_said_changes_no_verdict():
    """A title, or a clause."""
    found = changed({"cap": CAP}, {"cap": CAP}, most=1)[0]._replace(search=None)
    words = found._replace(keys=(), aside=("title",))
    assert list(lines(words, NAMES, "en")) == ["zz.test.rule 2020-01-01: means the same; other words in: title"]
    clause = found._replace(keys=(Key("clause.cite", "s. 1", None),))
    assert list(lines(clause, NAMES, "en"))[1:] == ["  clause.cite: s. 1 -> (not there)", "  no verdict changes by this"]


def test_a_program_gets_the_same():
    """As JSON can hold it: the diary, the number of the entry in question, and what each side says."""
    found, first = changed({"cap": CAP}, {"cap": {**CAP, "limit": 2}})
    table = json.loads(json.dumps(as_table(found, NAMES)))
    assert (table["rule"], table["change"], table["given"]) == ("zz.test.rule", "meaning", {"jurisdiction": "ZZ"})
    assert [said["gate"] for said in table["said"]] == ["denies", "allows"]
    again = read("\n".join(table["diary"]), first.rule.given, first.book)
    assert again[table["entry"]].entry.at == found.search.found.timeline.entries[-1].at
