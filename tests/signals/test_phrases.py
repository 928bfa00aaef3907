"""The data files: read strictly, and every phrase does what it says."""

import re
from importlib.resources import files
from itertools import islice

import pytest

from forbear.signals import tags
from forbear.signals.fold import fold
from forbear.signals.patterns import examples, regex
from forbear.signals.phrases import BadPhrases, book, read
from forbear.signals.scan import hits
from forbear.terms import CONDUCT, TAGS

KINDS = ("utterances", "reports")
BOOKS = {(kind, lang): book(kind, lang) for kind in KINDS for lang in ("zh", "en")}
PHRASES = [(kind, lang, phrase) for (kind, lang), words in BOOKS.items() for phrase in words.phrases]
GROUPS = [(kind, tag, group) for (kind, _), words in BOOKS.items() for tag, group in words.groups]
_MOST = 60
"""Readings of one phrase that are tried: a list of relatives makes many that are alike."""
GUARD = '[guard]\nbefore = ["never"]\nfillers = ["be"]\nsayings = ["if anyone says"]\n'


@pytest.mark.parametrize(
    ("kind", "lang", "phrase"),
    PHRASES,
    ids=[f"{kind}-{lang}-{phrase.tag}-{phrase.said[:20]}" for kind, lang, phrase in PHRASES],
)
def test_a_phrase_is_found_by_itself(kind, lang, phrase):
    """Every reading of every phrase, with only what it needs, earns its tag; what exempts may be taken back by what else it says."""
    needed = ""
    if phrase.also:
        group = next(each for _, each in BOOKS[kind, lang].groups if each.why == phrase.why)
        needed = phrase.also.search(fold(group.example))[0]
    if phrase.only_with:
        others = (each for each in BOOKS[kind, lang].phrases if each.tag in phrase.only_with and not (each.only_with or each.also))
        needed = next(examples(next(others).whole, lang))
    for text in islice(examples(phrase.whole, lang), _MOST):
        found = tags(f"{text}\n{needed}", kind)
        assert phrase.tag in found or phrase.not_with & found, text


@pytest.mark.parametrize(("kind", "tag", "group"), GROUPS, ids=[f"{kind}-{tag}-{group.why[:20]}" for kind, tag, group in GROUPS])
def test_a_group_has_an_example_and_a_counter_example(kind, tag, group):
    """Its example is found by one of its own phrases; its counter-example is near and does not earn the tag."""
    assert any(hit.phrase.tag == tag and hit.phrase.why == group.why for hit in hits(fold(group.example), kind))
    assert tag not in tags(group.counter, kind)


def test_the_files_hold_known_tags_and_both_languages_the_same():
    """Only words of terms.TAGS are given; what Chinese can say, English can say; what takes a tag away does so in both."""
    for kind in KINDS:
        given = {lang: {phrase.tag for phrase in BOOKS[kind, lang].phrases} for lang in ("zh", "en")}
        assert given["zh"] == given["en"] == set(TAGS if kind == "utterances" else CONDUCT) - {"identification", "duty"}
        away = [{phrase.tag: phrase.not_with for phrase in BOOKS[kind, lang].phrases if phrase.not_with} for lang in ("zh", "en")]
        assert away[0] == away[1]


def test_phrases_are_found_by_their_heads():
    """Every phrase stands under what each of its readings begins with."""
    for kind, lang, phrase in PHRASES:
        starts = [head for head, begun in BOOKS[kind, lang].heads.items() if phrase in begun]
        for text in islice(examples(phrase.whole, lang), _MOST):
            assert fold(text).startswith(tuple(starts)), text


def test_what_a_phrase_needs_is_in_all_that_it_matches():
    """No reading of a phrase lacks all of the pieces without which it is not tried."""
    for _, lang, phrase in PHRASES:
        for text in islice(examples(phrase.whole, lang), _MOST):
            assert not phrase.needs or any(need in fold(text) for need in phrase.needs), text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[rudeness]]\nwhy = "x"\nexample = "x"\ncounter = "x"\nsay = ["you there"]\n', "x.toml: rudeness is no tag"),
        (
            '[[insult]]\nwhy = "x"\nexample = "x"\ncounter = "x"\nsay = ["you there", "you there"]\n',
            "x.toml: insult: 'you there' stands twice",
        ),
        (
            '[[insult]]\nwhy = "x"\nexample = "x"\ncounter = "x"\nsay = ["you (there"]\n',
            "x.toml: insult: 'you (there' cannot be read at character 5",
        ),
        ('[[insult]]\nwhy = "x"\nexample = "x"\ncounter = "x"\nsay = ["… there"]\n', "x.toml: insult: '… there' must begin with a word"),
        ('[[insult]]\nsay = ["you there"]\n', "x.toml: .*why"),
        ('[[insult]]\nwhy = "x"\nexample = "x"\ncounter = "x"\nsay = ["you"]\nunless = "y"\n', "x.toml: .*unless"),
        ('[not_with]\ninsult = ["rudeness"]\n', "x.toml: rudeness is no tag"),
        ("[[insult]\n", "x.toml: "),
    ],
)
def test_a_bad_file_is_refused(text, told):
    """An unknown tag or key, a double, a bracket left open or a phrase without a beginning is an error that names file and key."""
    with pytest.raises(BadPhrases, match=told.replace("(", r"\(")):
        read(GUARD + text, "en", "x.toml")


def test_a_file_without_guard_is_refused():
    """Without denials a promise would be read as a threat."""
    with pytest.raises(BadPhrases, match=r"x\.toml: .*guard"):
        read("", "en", "x.toml")


def test_what_stands_beside_a_phrase_can_take_it_away():
    """`unless_before` and `unless_after` are looked at right beside the phrase."""
    words = read(
        f'{GUARD}[[insult]]\nwhy = "x"\nexample = "x"\ncounter = "x"\nsay = ["you rat"]\n'
        'unless_before = ["hello"]\nunless_after = ["catcher"]\n',
        "en",
        "x.toml",
    )
    (phrase,) = words.phrases
    assert phrase.before.stands("hello ", 0, 6)
    assert not phrase.before.stands("hello, dear ", 0, 12)
    assert phrase.after.match(" catcher")


@pytest.mark.parametrize(
    ("said", "lang", "matches", "misses"),
    [
        ("pay (now|today)", "en", ["pay now", "pay  today"], ["payable now", "pay nowhere"]),
        ("pay…now", "en", ["pay now", "pay it right now"], ["pay. now", "pay " + "x" * 60 + " now"]),
        ("owe $#", "en", ["owe $1,200.50"], ["owe $x"]),
        ("_ bank", "en", ["acme bank"], [" bank"]),
        ("欠…钱", "zh", ["欠钱", "欠我们钱"], ["欠。钱"]),
        ("傻b", "zh", ["傻b", "傻b你"], ["傻bc"]),
    ],
)
def test_marks(said, lang, matches, misses):
    """The marks of a phrase mean what patterns.py says."""
    for text in matches:
        assert re.match(regex(said, lang), text), text
    for text in misses:
        assert not re.match(regex(said, lang), text), text


def test_the_files_say_why_and_what_they_are():
    """Each file begins by saying that its abusive words are for recognition only."""
    for kind, lang in BOOKS:
        text = files("forbear.signals").joinpath(f"{kind}.{lang}.toml").read_text("utf-8")
        assert "recognition material only" in "\n".join(text.splitlines()[:5])
