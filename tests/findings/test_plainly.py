"""Rules in plain words."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import msgspec
import pytest
from timelines import book

from forbear.findings.phrases import phrases
from forbear.findings.plainly import __file__ as room
from forbear.findings.plainly import aside, brief, plainly
from forbear.findings.wording import fact
from forbear.rulebook.match import Match, Matches
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule
from forbear.terms import EFFECT, FIELDS

LAWS: list[Rule | RateCap] = [*book().rules, *book().rate_caps]
SAID = tomllib.loads((Path(__file__).parent / "plainly.toml").read_text("utf-8"))
SHIPPED = [law for law in LAWS if not law.id.startswith("xx.")]
WORDS = {*FIELDS, "cap", "rate", "list", "zone"}
"""Sections that hold words: where Chinese says them as the vocabulary does, they are not repeated."""
OWN = {"s", "case", "lead", "may", "must_not"}
"""Places that one language fills and the other does not need."""
ABBREVIATIONS = re.compile(r"FAQ|LPR")


def find(name: str) -> Rule | RateCap:
    """The newest version of a rule."""
    return [law for law in LAWS if law.id == name][-1]


@pytest.mark.parametrize("law", SHIPPED, ids=lambda law: law.id)
def test_every_rule_is_said_in_both_languages_without_a_word_of_code(law):
    """Whole sentences: no field name, no place left open, no double space, and nothing English in the Chinese."""
    for lang in ("en", "zh"):
        said = plainly(law, book(), lang)
        assert said.endswith("。" if lang == "zh" else ".")
        assert not re.search(r"[_{}|=]| {2}| [,.;:]|[a-z]-only\b", said), said
        words = {word for field in FIELDS.values() for word in field.words if "-" in word and word not in ("co-borrower", "opt-out")}
        assert not [word for word in words if re.search(rf"(?<![\w-]){word}(?![\w-])", said)] or lang == "en", said
        if lang == "zh":
            assert not re.search(r"[A-Za-z]{2,}", ABBREVIATIONS.sub("", said)), said
        else:
            assert not re.search(r"[一-鿿]", said)
            assert said[0].isupper()


def test_rules_of_ones_own_are_said_too():
    """Constructs that no shipped rule uses: every rule of nowhere."""
    for law in LAWS:
        assert plainly(law, book(), "en")
        assert plainly(law, book(), "zh")


@pytest.mark.parametrize("name", SAID)
def test_a_rule_is_said_as_one_would_say_it(name):
    """A rule of each verb, and a rate cap."""
    assert {lang: plainly(find(name), book(), lang) for lang in ("en", "zh")} == SAID[name]


APPLIES = {"jurisdiction": "US", "direction": "outbound", "party": "consumer"}


@pytest.mark.parametrize(
    ("applies", "verb", "who", "whom"),
    [
        ({"agency_kind": {"not": ["creditor"]}}, {}, "Any collector but the creditor's own staff", "contacting the consumer"),
        ({"party": {"not": ["consumer"]}}, {"party": "spouse"}, "A collector", "contacting anyone but the consumer, that is: the spouse"),
        ({"direction": "inbound"}, {}, "A collector", "contacting the consumer with this on record: direction by the other side"),
        ({}, {"outcome": "answered"}, "A collector", "contacting the consumer with the outcome: picked up"),
        ({"debt_kind": "card", "channel": "call"}, {}, "A collector", "calling the consumer about credit card debts"),
        ({"creditor": "L"}, {}, "A collector", "contacting the consumer with this on record: creditor L"),
    ],
)
def test_what_no_shipped_rule_says_is_still_said_rightly(applies, verb, who, whom):
    """Rules of one's own: whom it binds by exception, two tests of one field, calls by the other side, an outcome that is forbidden."""
    given = find("us.reg-f.insult")
    tests = Match.parse({**APPLIES, **applies})
    rule = msgspec.structs.replace(given, applies=tests.looking(), unless=Matches(), forbid=Matches.parse({"tags": "insult", **verb}))
    assert plainly(rule, book(), "en") == f"{who} must not insult when {whom}."


def test_several_kinds_of_fact_are_all_named():
    """Not the first alone; and no kind is one that is excluded."""
    rule = find("cn.rectification141.extensions")
    both = msgspec.structs.replace(rule, applies=Match.parse({"kind": ["extended", "repaid"]}))
    assert "put “repayment or loan extended” on record" in plainly(both, book(), "en")
    assert fact(Match.parse({"kind": {"not": [kind for kind in FIELDS["kind"].words if kind != "extended"]}}).tests) == ("extended",)


def test_days_with_the_same_hours_are_named_together():
    """Days that follow one another, and holidays beside the Sunday."""
    hours = find("co.ley-2300.hours")
    assert brief(hours, book(), "en") == "Mon to Fri 07:00 to 19:00; Sat 08:00 to 15:00; Sun and holidays never"
    assert "：周一至周五07:00至19:00；周六08:00至15:00；周日和法定节假日全天不可。" in plainly(hours, book(), "zh")


def test_a_number_is_said_with_its_window_and_for_whom_it_is_counted():
    """In a cell of a table."""
    weekly, daily = find("us-wa.rcw-19-16.workplace-once-a-week"), find("th.debt-collection.once-a-day")
    assert brief(weekly, book(), "en") == "at most once in a week (Sunday to Saturday)"
    assert aside(weekly, book(), "en") == [
        "any contact",
        "at work",
        "by a third-party agency or a debt buyer",
        "only counted: conversation, picked up or delivered",
        "for each consumer and agency",
        "with exceptions",
    ]
    assert brief(daily, book(), "zh") == "一天内至多1次"
    assert aside(daily, book(), "zh") == ["任何方式", "只计通话、接起但未见通话、已送达或留言", "按每个被联系人和债务计", "有例外"]


def test_both_languages_say_the_same_keys():
    """Sentences in both; words of the vocabulary only where one says them otherwise."""
    en, zh = (phrases(lang, "plainly").texts for lang in ("en", "zh"))
    assert zh.keys() <= en.keys()
    assert {key.partition(".")[0] for key in en.keys() - zh.keys()} <= WORDS
    for key, text in zh.items():
        assert places(text) - OWN == places(en[key]) - OWN, key


def test_every_effect_that_needs_it_is_explained():
    """A prohibition and a duty speak for themselves."""
    said = {key.removeprefix("effect.") for key in phrases("en", "plainly").texts if key.startswith("effect.")}
    assert said == set(EFFECT) - {"prohibited", "duty"}


def test_no_phrase_is_left_over():
    """Every sentence is asked for somewhere in the code."""
    code = "\n".join((Path(room).parent / f"{name}.py").read_text("utf-8") for name in ("plainly", "wording"))
    whole = {"list.comma", *re.findall(r'"([a-z]+\.[a-z-]+)"', code)}
    begun = tuple(re.findall(r'"([a-z]+\.(?:[a-z]+-)?)\{', code))
    left = [key for key in phrases("en", "plainly").texts if key not in whole and not key.startswith((*begun, *(f"{f}." for f in FIELDS)))]
    assert left == []


def places(text: str) -> set[str]:
    """The places of a text that are to be filled."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}
