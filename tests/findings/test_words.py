"""Sentences are compared whole; they stand in `sentences.toml`, to be proof-read."""

from __future__ import annotations

import tomllib
from functools import cache
from itertools import product
from pathlib import Path

import msgspec
import pytest
from timelines import book as every_book

from forbear.engines.judgement import judge_timeline
from forbear.engines.trial import diaries
from forbear.findings import spans
from forbear.findings.finding import Finding, findings_of
from forbear.findings.phrases import ordinal, phrases
from forbear.findings.words import Sentences, need, sentence
from forbear.rulebook.window import Span, Window
from forbear.terms import FIELDS, KIND, Verdict
from tests.findings import history

SAID = {
    (one["rule"], one["entry"], one["verdict"]): (one["en"], one["zh"])
    for one in tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))["said"]
}


@cache
def hard() -> dict[tuple[str, str, str], Finding]:
    """All findings of one consumer's history by rule, entry and verdict."""
    timeline = history.entries(history.HARD, consumer="A")
    return {(f.rule.id.rpartition(".")[2], f.entry.entry_id, f.verdict.value): f for f in history.judged(timeline)}


@pytest.mark.parametrize("key", SAID, ids="-".join)
def test_each_verb_and_verdict_is_said_exactly_so_in_both_languages(key):
    """For every verb, effect and verdict there is one sentence in English and one in Chinese, and these are they."""
    english, chinese = SAID[key]
    assert sentence(hard()[key], "en", history.book()) == english
    assert sentence(hard()[key], "zh", history.book()) == chinese


def test_no_verb_verdict_or_effect_goes_unread():
    """The sentences above hold every verb, every effect and every verdict that is found."""
    read = [hard()[key] for key in SAID]
    assert {f.rule.verb for f in read} == {"hours", "forbid", "require", "cap", "owe"}
    assert {f.rule.effect for f in read} == {"prohibited", "presumed-violation", "duty", "advised-against", "protection-lost"}
    assert {f.verdict for f in read} == {Verdict.BREACH, Verdict.DEPARTURE, Verdict.UNCLEAR}


@pytest.mark.parametrize(
    ("zone", "english", "chinese"),
    [
        (("Asia/Urumqi",), "7 Apr 2026 08:00 (Asia/Urumqi)", "2026年4月7日08:00（Asia/Urumqi）的"),
        (
            ("Asia/Urumqi", "Asia/Shanghai"),
            "7 Apr 2026 08:00 (Asia/Urumqi) or 7 Apr 2026 10:00 (Beijing time)",
            "2026年4月7日08:00（Asia/Urumqi）或2026年4月7日10:00（北京时间）的",
        ),
        (None, "7 Apr 2026 02:00 UTC (local time unknown)", "协调世界时2026年4月7日02:00（当地时间不详）的"),
    ],
)
def test_a_local_time_is_only_said_where_the_place_is_known(zone, english, chinese):
    """One candidate or two are named; where nothing is known of the place the time is that of UTC, and says so."""
    finding = hard()["threat", "A-0006", "breach"]
    finding = finding._replace(entry=finding.entry.but(zone=zone, jurisdiction=None))
    assert english in sentence(finding, "en")
    assert chinese in sentence(finding, "zh")


def test_a_rule_with_a_clock_of_its_own_is_told_by_that_clock():
    """A rule that reads one fixed clock shows that clock, wherever the consumer was."""
    finding = hard()["night", "A-0005", "breach"]
    assert "22:30 (Beijing time)" in sentence(finding._replace(entry=finding.entry.but(zone=("America/New_York",))), "en")


def test_a_count_that_may_be_higher_is_called_at_least():
    """Where blanks leave room above a breach, the sentence claims no more than the sure count."""
    finding = hard()["month", "A-0006", "breach"]._replace(measured="5..9")
    assert ": at least the 5th in that calendar month" in sentence(finding, "en")
    assert "当月至少第5次" in sentence(finding, "zh")


def test_every_finding_of_every_example_can_be_said():
    """None leaves a place unfilled, an id of a rule or standing in it, or English in Chinese; said among others it is the same."""
    book = every_book()
    told, many = 0, {lang: Sentences(lang, book) for lang in ("en", "zh")}
    for rule in book.rules:
        for diary in diaries(book, rule):
            timeline = [line.entry for line in diary.lines]
            for finding in findings_of(
                lambda places, line=timeline: [line[k] for k in places], judge_timeline(book, [rule], timeline, diary.coverage)
            ):
                for lang in ("en", "zh"):
                    said = sentence(finding, lang, book)
                    assert many[lang].say(finding) == said
                    told += 1
                    assert "{" not in said, said
                    assert rule.id not in said, said
                    assert not any(name in said for name in book.standings), said
                    assert said.count("（") == said.count("）"), said
    assert told > 200


def test_a_sentence_is_the_same_whatever_was_said_before_it():
    """Also where entries differ in nothing but their text, their channel, or what was heard in them."""
    many = Sentences("en", every_book())
    told = {rule.id: rule for rule in every_book().rules}["us.reg-f.threat"]
    texts = ("If you do not pay we will have you arrested.", "Collector: you will be arrested.\nConsumer: no.", "")
    base = next(each for each in hard().values() if each.entry.is_contact)._replace(
        rule=told, verdict=Verdict.BREACH, settles=(), witness=()
    )
    said = set()
    for text, channel, tags in product(texts, ("sms", "call"), (("threat",), ("threat", "insult"), ())):
        entry = msgspec.structs.replace(base.entry.but(channel=(channel,), tags=tags), text=text)
        finding = base._replace(entry=entry)
        assert many.say(finding) == sentence(finding, "en", every_book())
        said.add(many.say(finding))
    assert len(said) > 6


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("1 day", "on that day", "当日"),
        ("7 days", "in 7 days", "7日内"),
        ("5 days after", "on that day and the 5 days before", "当日及此前5日内"),
        ("1 business day after", "on that day and the 1 business day before", "当日及此前1个工作日内"),
        ("3 months", "in 3 months", "3个月内"),
        ("5 minutes", "within 5 minutes", "5分钟内"),
        ("week from sunday", "in that week (from Sunday)", "当周（自周日起算）"),
        ("calendar month", "in that calendar month", "当月"),
        ("ever", "in all", "累计"),
        ("while xx.test.held", "while “An agency holds the mandate” held", "在“委托有效”期间"),
    ],
)
def test_each_kind_of_window_has_its_words(text, english, chinese):
    """All windows of the language can be said, a standing by its title."""
    assert spans.window(Window.parse(text), phrases("en"), history.book()) == english
    assert spans.window(Window.parse(text), phrases("zh"), history.book()) == chinese


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("7 days", "within 7 days, that day included", "自当日起7日内"),
        ("5 days after", "within 5 days after that day", "其后5日内"),
        ("3 business days after", "within 3 business days after that day", "其后3个工作日内"),
        ("1 month", "within 1 month", "1个月内"),
        ("5 minutes", "within 5 minutes", "5分钟内"),
    ],
)
def test_each_kind_of_deadline_has_its_words(text, english, chinese):
    """All spans in which something may be owed can be said, the singular too."""
    assert spans.deadline(Span.parse(text), phrases("en")) == english
    assert spans.deadline(Span.parse(text), phrases("zh")) == chinese


def test_everything_that_settles_a_finding_has_words():
    """Fields, kinds of fact, calendars and later records are named as people name them, in both languages."""
    for lang in ("en", "zh"):
        for one in (*FIELDS, *(f"kind={kind}" for kind in KIND)):
            assert "=" not in need(one, lang)
            assert "_" not in need(one, lang)
        assert "XX" in need("calendar XX", lang)
    assert need("records until", "en") == "records that reach the due date"
    assert need("records until", "zh") == "截至到期日的记录"
    assert need("earlier entries", "en") == "blanks in earlier records"


@pytest.mark.parametrize(("n", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st")])
def test_ordinals(n, said):
    """English counts 1st, 2nd, 3rd and 11th as people do."""
    assert ordinal(n) == said
