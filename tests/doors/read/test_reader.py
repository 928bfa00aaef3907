"""`forbear read`: the conduct in a text, its words, and the clauses it touches."""

from __future__ import annotations

import json

import pytest

from forbear.doors.read import say
from forbear.doors.read.reader import clauses, reading
from forbear.doors.read.texts import UNCLEAR, decode, unclear
from forbear.rulebook.load import load, shipped

BOOK = load([shipped()])
CN, US = BOOK.select(["cn"]), BOOK.select(["us"])
ARTICLE = """催收用软件定时给欠款人打电话，让人烦躁不安。再就是通讯录骚扰，打给父母和同事。
还会推荐欠款人去利息更高的平台借款，把自己平台的钱还了。
一会来软的一会来硬的，用恐吓、威胁的软暴力。被拉黑了就换着号码打，催收人员必备N个手机号码。
有的催收冒名混入欠款人的群，谎称已经还债。
监管明令禁止“通过暴力、恐吓、侮辱、诽谤和骚扰等方式催收贷款”。"""


def conducts(text, how="auto"):
    """The conduct that is in a text."""
    return {each.conduct for each in reading(text, how=how).conducts}


def test_every_tactic_of_an_article_is_found_and_nothing_that_it_only_cites():
    """Timed calls, the address book, a bridge loan, soft violence, numbers, an infiltrated group, a lie; not what a rule forbids."""
    assert conducts(ARTICLE) == {"frequency", "third-party", "steering", "threat", "number-rotation", "impersonation", "false-claim"}


@pytest.mark.parametrize("rules", [CN, US], ids=["cn", "us"])
def test_a_conduct_comes_with_the_rules_that_speak_of_it(rules):
    """Each is about the conduct, or forbids its tag; in force today; the strongest force first; each once."""
    touched = clauses("threat", rules)
    assert touched
    by_id = {rule.id: rule for rule in rules}
    forces = ["statute", "regulation", "standard", "self-regulation", "policy"]
    assert [forces.index(each.force) for each in touched] == sorted(forces.index(each.force) for each in touched)
    assert len({each.rule for each in touched}) == len(touched)
    for each in touched:
        rule = by_id[each.rule]
        tests = [test for match in (rule.forbid.any if rule.forbid else ()) for test in match.tests]
        assert rule.conduct == "threat" or any(test.field == "tags" and "threat" in test.values for test in tests)


def test_a_rule_that_is_over_is_not_named():
    """The public security law of 2012 gave way to that of 2025."""
    named = {each.rule for each in clauses("threat", CN)}
    assert "cn.psal2025.messages" in named
    assert "cn.psal2012.messages" not in named


def test_a_transcript_is_read_as_what_the_collector_says():
    """Without being told so; offsets are into the whole text."""
    text = "Agent: You will go to jail, you liar\nCustomer: leave my mother alone you idiot"
    found = reading(text)
    assert found.kind == "utterances"
    assert {each.conduct for each in found.conducts} == {"threat", "false-claim", "insult"}
    assert all(end < text.index("Customer") for each in found.conducts for _, end in each.spans)


def test_who_calls_it_a_report_is_believed():
    """`--as` decides; a transcript too may be told."""
    assert reading("Agent: hello\nCustomer: they threatened me", how="reports").kind == "reports"
    assert reading("再不还就打断你的腿", how="utterances").conducts[0].conduct == "threat"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("... 123 !!!", "empty"),
        ("🙂🙂", "empty"),
        ("مرحبا يجب أن تدفع المال الآن", "other-language"),
        ("Вы должны заплатить деньги", "other-language"),
        ("th\ufffdy c\ufffdlled \ufffd\ufffd me", "damaged"),
        ("they called me", ""),
        ("催收打电话", ""),
    ],
)
def test_what_cannot_be_read_is_unclear_and_not_clean(text, why):
    """Nothing found in no words, in another language or in damage proves nothing, and says so."""
    assert unclear(text) == why
    assert not why or UNCLEAR[why].say("zh") in "\n".join(say.lines(reading(text), "zh", law=False))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_encodings_of_exports_are_read(encoding):
    """UTF-8 with or without mark, UTF-16 with its mark, GB18030."""
    assert decode("催收每天打电话".encode(encoding)) == "催收每天打电话"


def test_mixed_encodings_are_read_line_by_line():
    """Each line as what it is; what is nothing becomes a mark of damage in its place."""
    assert decode("催收\n".encode() + "骚扰\n".encode("gb18030") + b"\xff\xff\xff!").split("\n")[:2] == ["催收", "骚扰"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_marks_the_words_and_nothing_else(lang):
    """Without its marks the page holds the text as it was; what a text says cannot become markup."""
    text = "<script>alert(1)</script> They called my mother & threatened me"
    page = say.page(reading(text, US), lang, law=True)
    assert "<script>" not in page
    assert "<mark" in page
    assert "".join(piece.text for piece in say.pieces(reading(text, US))) == text


@pytest.mark.parametrize("text", ["他们打给我妈妈\ud800，威胁我", "他们打给我妈妈，威\ud800胁我"])
def test_json_says_all_that_the_page_says(text):
    """Spans are offsets into the text it gives; half a character, also amid the words quoted as the reason, does not make it invalid."""
    said = json.loads(say.json(reading(text, CN)))
    assert {each["conduct"] for each in said["conducts"]} == {"third-party", "threat"}
    for each in said["conducts"]:
        assert each["clauses"]
        assert [said["text"][start:end] for start, end in each["spans"]] == each["words"]
