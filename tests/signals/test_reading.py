"""Two kinds of text, never mixed: what a collector says does it, what a person tells reports it."""

import tracemalloc

import pytest

from forbear.signals import read, tags
from forbear.terms import CONDUCT, TAGS


def found(text, kind="reports"):
    """Conduct that a text tells."""
    return tags(text, kind) & set(CONDUCT)


@pytest.mark.parametrize(
    ("text", "conduct"),
    [
        ("他们每天给我打几十个电话，还打给我父母", {"frequency", "third-party"}),
        ("催收威胁我说不还就上门", {"threat"}),
        ("催收员辱骂我，把我的个人信息泄露给第三方", {"insult", "data-misuse"}),
        ("冒充法院工作人员给我打电话", {"impersonation"}),
        ("他們每天打幾十個電話騷擾", {"frequency"}),
        ("They call me ten times a day and they called my mother.", {"frequency", "third-party"}),
        ("The agent was rude and threatened to have me arrested.", {"insult", "threat"}),
    ],
)
def test_what_is_told_is_reported(text, conduct):
    """Each conduct that a person tells of, in both languages and scripts."""
    assert found(text) >= conduct


@pytest.mark.parametrize(
    "text",
    [
        "没有打给我家人，催收态度也很好",
        "请不要联系我的家人",
        "我很担心他们会骚扰我家人",
        "根据规定，催收人员不得恐吓、辱骂债务人",
        "我想问一下怎么提前还款",
        "客服很耐心，谢谢",
        "They never called my family.",
        "I would like to know how to pay my loan early.",
        "The representative was polite and helped me set up a plan.",
    ],
)
def test_denials_wishes_fears_and_rules_are_no_reports(text):
    """What did not happen is not reported: a denial, a wish, a fear, what the law forbids, and ordinary business."""
    assert not found(text)


def test_the_kinds_are_never_mixed():
    """A threat is done by who says it and not reported by it; a report is not done by who tells it."""
    assert "threat" in tags("再不还就打断你的腿", "utterances")
    assert "third-party" in tags("他们打给我妈妈催收", "reports")
    assert "third-party" not in tags("他们打给我妈妈催收", "utterances")
    assert tags("您的账单已出，请按时还款", "reports") <= set(CONDUCT)


@pytest.mark.parametrize("kind", ["utterances", "reports"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\ud800\udfff lone",
        "🙂" * 50,
        "مرحبا يجب أن تدفع",
        "\u202eyap uoy",
        "<p>They <b>threatened</b> me</p>",
        "\ufffd" * 20,
        "\0\1\2",
        "ﷺ" * 30,
        "a\u0300\u0301\u0302" * 40,
    ],
)
def test_odd_texts_are_read(text, kind):
    """Empty, half characters, emoji, right to left, markup, damage: no error, and spans lie in the text."""
    for each in read(text, kind):
        assert each.tag in TAGS
        assert 0 <= each.confidence <= 1
        assert all(0 <= start < end <= len(text) for start, end in each.spans)
    assert {each.tag for each in read(text, kind)} == tags(text, kind)


@pytest.mark.parametrize("unit", ["打", "a", "call ", "电话", "!", "<", "一天"])
def test_a_very_long_text_takes_memory_in_proportion(unit):
    """Two hundred thousand characters are read in memory of some hundred bytes a character, whatever they repeat."""
    text = unit * (200_000 // len(unit))
    tags("好 a", "reports")
    tracemalloc.start()
    tags(text, "reports")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300 * len(text)


def test_a_reason_names_the_words_or_the_model():
    """Whoever is told of a tag is told why: the words and the reason of the phrase, or the weight of the model."""
    for each in read("他们每天打几十个电话骚扰我，利息也太高了，客服答应减免结果没有", "reports"):
        assert each.reason.startswith(("phrase “", "model, weight "))
