"""What is written to be read by people and not by programs is read alike."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forbear.signals import read, tags
from forbear.signals.fold import fold, places

ZH = ["再不还钱就弄死你全家", "你这个老赖还要不要脸", "我们会联系你的通讯录", "等着坐牢吧", "你去别的平台借一点先还"]
EN = ["you will go to jail", "you are a liar", "we will have you arrested", "take out a payday loan to pay"]


def wide(text: str) -> str:
    """ASCII in full width."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else "\u3000" if each == " " else each for each in text)


@pytest.mark.parametrize("text", ZH + EN)
@pytest.mark.parametrize(
    "disguise",
    [
        wide,
        str.upper,
        "\u200b".join,
        "\u00ad".join,
        "\u2060".join,
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "  "),
        lambda text: f"*{text}*",
    ],
    ids=["wide", "upper", "zero-width", "soft-hyphen", "word-joiner", "no-break", "double", "starred"],
)
def test_a_disguise_changes_nothing(text, disguise):
    """Width, case, hidden characters and odd spaces leave the tags as they are."""
    assert tags(text)
    assert tags(disguise(text)) == tags(text)


@pytest.mark.parametrize("text", ZH)
@pytest.mark.parametrize("between", [" ", "  ", "*", ".", "-", "_", "·", "🙂", "…"])
def test_gaps_inside_chinese_change_nothing(text, between):
    """Chinese with something between its characters is the same Chinese."""
    assert tags(between.join(text)) == tags(text)


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("再不還錢就弄死你全家", ZH[0]),
        ("你這個老賴還要不要臉", ZH[1]),
        ("我們會聯繫你的通訊錄", ZH[2]),
        ("等著坐牢吧", ZH[3]),
        ("再不还钱就弄屎你全佳", ZH[0]),
        ("亻尔这个老赖还要不要脸", ZH[1]),
        ("你这个老癞还要不要脸", ZH[1]),
        ("我们会联系你的通训录", ZH[2]),
        ("我们会联系你的txl", ZH[2]),
        ("等着坐劳吧", ZH[3]),
        ("等着 zuolao 吧", ZH[3]),
        ("You will go to j4il", EN[0]),
        ("you will go to ja1l", EN[0]),
        ("You are a l1ar", EN[1]),
        ("you are a l.i.a.r", EN[1]),
        ("we will have you @rr3st3d", EN[2]),
        ("wé wïll hâve yoü arrested", EN[2]),
        ("you b1tch", "you bitch"),
        ("you 1d1ot", "you idiot"),
        ("pay, a$$hole", "pay, asshole"),
    ],
)
def test_other_script_and_figures(disguised, plain):
    """Traditional script, same sounds, split characters, pinyin, accents, dots and figures are read as what they mean."""
    assert tags(plain)
    assert tags(disguised) == tags(plain)


@pytest.mark.parametrize("text", ["pay $50 by 9:30", "ref 401k, 24h", "2026-03-01 10:15", "call 555-0100", "http://a.b/c1"])
def test_figures_that_are_figures_stay(text):
    """Amounts, times, dates and phone numbers keep their digits."""
    assert re.findall(r"[0-9$]+", fold(text)) == re.findall(r"[0-9$]+", text)


@given(st.text(max_size=200))
def test_every_folded_character_has_a_place(text):
    """The map has one place in the text for each folded character, never out of it and never backwards."""
    where = places(text)
    assert len(where) == len(fold(text))
    assert where == sorted(where)
    assert all(0 <= start < end <= len(text) for start, end in where)


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    """No text, however odd, breaks the reading; what is tagged is what is pointed at."""
    for kind in ("utterances", "reports"):
        found = read(text, kind)
        assert all(0 <= start < end <= len(text) for each in found for start, end in each.spans)
        assert {each.tag for each in found} == tags(text, kind)


@given(
    st.sampled_from([*" .-_*·@$1a我的你欠逾期告http【您", "🙂", "\u200b", "\ud800", "e\u0301", "you ", "not ", "if anyone ", "会"]),
    st.integers(1, 10_000),
)
def test_long_runs_can_be_read(unit, times):
    """Ten thousand times the same thing is read too (each step of the walk is bounded, so the work grows with the length)."""
    text = (unit * times)[:10_000]
    for kind in ("utterances", "reports"):
        assert {each.tag for each in read(text, kind)} == tags(text, kind)


@pytest.mark.parametrize("text", ZH + EN)
def test_a_long_text_hides_nothing(text):
    """What stands at the end of ten thousand other characters is found, at its place."""
    before = "您好。" * 3_333 if not text.isascii() else "hello. " * 1_428
    assert tags(before + text) >= tags(text)
    assert min(start for each in read(before + text, "utterances") for start, _ in each.spans if "phrase" in each.reason) >= len(before) - 3


@pytest.mark.parametrize("text", [" 好", "\x0c好", "　你好", " 好 ", "- 好"])
def test_what_is_dropped_at_the_very_beginning_moves_no_place(text):
    """A gap before the first Chinese character is dropped like any other; each character that stays has its place."""
    assert len(fold(text)) == len(places(text))
    assert [text[start:end] for start, end in places(text)] == list(fold(text))
