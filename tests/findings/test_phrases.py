from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

from forbear import findings
from forbear.findings.phrases import phrases
from forbear.findings.spans import __file__ as room
from forbear.terms import EFFECT, WARNS

OWN = {"s", "are", "unit"}
"""Places that one language fills and the other does not need."""


def places(text: str) -> set[str]:
    """The places of a text that are to be filled."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys():
    """No text exists in one language only, and they stand in the same order, so that the two files can be read side by side."""
    assert findings.__doc__
    assert list(phrases("en").texts) == list(phrases("zh").texts)


def test_both_languages_fill_the_same_places():
    """A number or name that is said in one language is said in the other."""
    for key, text in phrases("en").texts.items():
        assert places(text) - OWN == places(phrases("zh").texts[key]) - OWN, key


def test_every_effect_has_its_phrase_and_no_other():
    """The effects that findings explain are exactly those of the vocabulary; only those that warn are told apart from breaches."""
    for lang in ("en", "zh"):
        assert {key.removeprefix("effect.") for key in phrases(lang).texts if key.startswith("effect.")} == set(EFFECT)
    assert {effect for effect in EFFECT if "违规" in phrases("zh")(f"effect.{effect}")} == WARNS | {"presumed-violation"}


def test_no_phrase_is_left_over():
    """Every key is asked for somewhere in the code or the page, as a whole or by its section."""
    folder = Path(room).parent
    code = "\n".join(file.read_text("utf-8") for file in sorted(folder.glob("*.py")) + sorted(folder.glob("*.j2")))
    whole = set(re.findall(r'"([a-z]+\.[a-z-]+)"', code))
    open_ended = set(re.findall(r'f?"([a-z]+\.(?:[a-z]+-)?)(?:\{|" ~)', code))
    left = [key for key in phrases("en").texts if key not in whole and not any(key.startswith(start) for start in open_ended)]
    assert left == []


def test_chinese_texts_are_punctuated_as_chinese():
    """Between Chinese characters stand Chinese commas, colons, brackets and quotation marks."""
    for key, text in phrases("zh").texts.items():
        assert not re.search(r"[一-鿿][,;:!?()\"]|[,;:!?(\"][一-鿿]", text.replace('"PingFang', "")), (key, text)
