"""Whole messages and the tags they earn: `messages.toml`, all invented."""

import tomllib
from pathlib import Path

import pytest

from forbear.signals import read, tags
from forbear.terms import CONDUCT, TAGS

MESSAGES = tomllib.loads(Path(__file__).with_name("messages.toml").read_text("utf-8"))["message"]
TEXTS = [message["text"] for message in MESSAGES]
NOT_TOLD_BY_WORDS = {"identification", "duty"}


@pytest.mark.parametrize("message", MESSAGES, ids=[f"{at}-{text[:12]}" for at, text in enumerate(TEXTS)])
def test_a_message_earns_exactly_its_tags(message):
    """Each message of the corpus has the tags that a reader gives it, no more and no fewer."""
    assert tags(message["text"]) == set(message["tags"])


@pytest.mark.parametrize("text", TEXTS)
def test_spans_and_tags_agree(text):
    """What is tagged can be pointed at, and nothing else is."""
    assert {found.tag for found in read(text, "utterances")} == tags(text)


@pytest.mark.parametrize("text", TEXTS)
def test_spans_lie_in_the_text(text):
    """A span is a piece of the original text, and those of one tag stand in its order and do not overlap."""
    for found in read(text, "utterances"):
        assert all(0 <= start < end <= len(text) for start, end in found.spans)
        assert [before for _, before in found.spans[:-1]] <= [start for start, _ in found.spans[1:]]


def test_the_corpus_shows_every_tag_that_words_can_tell():
    """Every tag that is given at all is given to some message, and both kinds, lawful and unlawful, are there in both languages."""
    shown = {tag for message in MESSAGES for tag in message["tags"]}
    assert shown == set(TAGS) - NOT_TOLD_BY_WORDS
    for english in (True, False):
        of_language = [set(message["tags"]) for message in MESSAGES if message["text"].isascii() is english]
        assert sum(bool(tagged & set(CONDUCT)) for tagged in of_language) >= 15
        assert sum(not tagged & set(CONDUCT) for tagged in of_language) >= 15


@pytest.mark.parametrize(
    ("text", "tag", "guilty"),
    [
        ("你好。再不还就打断你的腿！", "threat", "打断你的腿"),
        ("Hello. We will have you arrested, sir.", "false-claim", "have you arrested"),
        ("Ｐａｙ ｎｏｗ， ｙｏｕ ｌｉａｒ！", "insult", "ｙｏｕ ｌｉａｒ"),
        ("等着坐 \u200b牢 吧", "false-claim", "等着坐 \u200b牢"),
        ("You are going to j a i l tomorrow", "threat", "going to j a i l"),
        ("你這個老賴，還錢", "insult", "你這個老賴"),
    ],
)
def test_a_span_points_at_the_guilty_words(text, tag, guilty):
    """Offsets are those of the text as it was sent, whatever was folded away to read it."""
    assert guilty in [text[start:end] for found in read(text, "utterances") if found.tag == tag for start, end in found.spans]


@pytest.mark.parametrize(
    "text",
    [
        "我们绝不会爆您的通讯录。",
        "欠款不会因此坐牢。",
        "严禁催收人员冒充公安局民警，也不得骚扰您的通讯录。",
        "如有人自称法院工作人员说您要坐牢，请报警。",
        "We will never have you arrested.",
        "Nobody can go to jail for a debt.",
        "Beware of callers who say you will be arrested.",
        "You should not borrow from family to pay this.",
    ],
)
def test_a_denial_or_a_warning_is_not_the_deed(text):
    """Who says that something will not be done, or warns of others who do it, does not do it."""
    assert not tags(text) & set(CONDUCT)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("If you do not pay you will go to jail", "threat"),
        ("No, you will be arrested", "threat"),
        ("Don't be an idiot", "insult"),
        ("你不能还钱就等着坐牢", "threat"),
        ("我们不会放过你", "threat"),
        ("不是吓你，弄死你", "threat"),
    ],
)
def test_a_not_elsewhere_excuses_nothing(text, tag):
    """Only a denial of the deed itself takes it away; a condition, a comma or an idiom does not."""
    assert tag in tags(text)


@pytest.mark.parametrize(
    "text",
    [
        "You have been unsubscribed. You owe $90.",
        "您已退订。点击链接还款 https://a.example/b",
        "This is an attempt to collect a debt.",
        "债权转让通知：点击链接还款 https://a.example/b",
    ],
)
def test_an_exempting_tag_is_not_had_for_a_word(text):
    """A dunning message is neither a confirmed opt-out nor a legal notice because it also says so."""
    assert not tags(text) & {"confirms-opt-out", "legal-notice"}


def test_no_text_no_tags():
    """An empty text says nothing."""
    assert tags("") == frozenset()
    assert read("", "utterances") == []
