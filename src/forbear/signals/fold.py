"""One spelling for what looks or reads the same: width, case, accents, hidden characters, gaps between letters, digits in words.

Phrases are folded by the same function as texts, so neither needs to know how the other was written.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

import opencc

# Marks that are written in several ways; apostrophes go, so that don't and dont are one word.
_MARKS: Final = {"'": "", "’": "", "‘": "", "`": "", "´": "", "“": '"', "”": '"', "—": "-", "–": "-", "•": "*", "·": "*", "‧": "*"}
_VARIANTS: Final = {"著": "着", "甦": "苏", "敍": "叙", "衹": "只"}
"""Traditional characters that stand for a simplified one in some words only, and in ours."""
_TO_SIMPLIFIED: Final = opencc.OpenCC("t2s")
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn", "Sk", "So"})
# Marks, and markup. One mark comes first, and what it is a part of is asked after, since that is faster.
_GAP: Final = re.compile(r"[ \t.*_~|/\\^+=\-<](?:(?<!<)|/?[a-z][^<>\n]{0,200}>)(?:[ \t.*_~|/\\^+=\-]|</?[a-z][^<>\n]{0,200}>)*")
_LATIN: Final = re.compile("[a-z]")
_AGAIN: Final = re.compile(r"(.)\1{3,}")
_SPACED: Final = re.compile(r"([ .*_\-])(?<=(?<![a-z0-9])[a-z][ .*_\-])[a-z](?:\1[a-z])+(?![a-z0-9])")
# What is published of complaints is often cut into words before a clitic: do n't, I 've.
_CLITIC: Final = re.compile(r" (?<=[a-z] )(?=(?:nt|ve|ll|re|m|s|d)(?![a-z0-9\-]))")
# Between letters; before a word; behind one. What is rare comes first and what stands before it is asked after, since that is faster.
_FIGURES: Final = re.compile(
    r"[0134578@$!](?:(?<=[a-z].)[0134578@$!]*+(?=[a-z])|(?<![a-z0-9@$!].)(?<!!)[0134578@$]*+(?=[a-z][a-z0-9@$])"
    r"|(?<=[a-z]{2}[013457])[013457]*+(?![a-z0-9.,]))"
)
_LETTERS: Final = str.maketrans("034578@$!", "oeastbasi")


class _Spelling(dict[int, str]):
    """Code of a character -> how it is compared, filled as characters are met, so that a text costs one look-up a character."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFKD", chr(code).casefold()).casefold()
        shown = "".join(_shown(each) for each in apart)
        if code < 0x10000:  # what lies beyond is rare, and too much to keep
            self[code] = shown
        return shown


def _shown(char: str) -> str:
    if char.isspace():
        return "\n" if char in "\n\r\u2028\u2029" else " "
    if unicodedata.category(char) in _HIDDEN:
        return ""
    return _TO_SIMPLIFIED.convert(_VARIANTS.get(char, char)) if _han(char) else _MARKS.get(char, char)


_SPELLING: Final = _Spelling()


def fold(text: str) -> str:
    """`text` as it is compared."""
    plain = _without_drops(text.translate(_SPELLING))
    if plain.isascii():
        return plain
    chinese, latin = _evasions()
    plain = chinese.sub(_is_meant, plain)
    return latin.sub(_is_meant, plain) if _LATIN.search(plain) else plain


def places(text: str) -> list[tuple[int, int]]:
    """For each character of `fold(text)`, from where to where in `text` it comes from."""
    pieces = [_SPELLING[ord(char)] for char in text]
    where = [(at, at + 1) for at, piece in enumerate(pieces) for _ in piece]
    plain = "".join(pieces)
    where = [each for start, end in _kept(plain) for each in where[start:end]]
    plain = _without_drops(plain)
    for evasions in () if plain.isascii() else _evasions():
        found, last = list[tuple[int, int]](), 0
        for evasion in evasions.finditer(plain):
            start, end = evasion.span()
            found += where[last:start]
            found += [(where[start][0], where[end - 1][1])] * len(_is_meant(evasion))
            last = end
        where = [*found, *where[last:]]
        plain = evasions.sub(_is_meant, plain)
    return where


@cache
def _meant() -> dict[str, str]:
    """Spelling -> what it is read as."""
    raw = tomllib.loads(files("forbear.signals").joinpath("spellings.toml").read_text("utf-8"))
    return {written: meant for table in raw.values() for written, meant in table.items()}


@cache
def _evasions() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Any spelling, the longest first: those in Chinese, then those in Latin letters as whole words."""
    each = sorted(_meant(), key=len, reverse=True)
    latin = "|".join(filter(str.isascii, each))
    return re.compile("|".join(word for word in each if not word.isascii())), re.compile(rf"\b(?:{latin})\b", re.ASCII)


def _is_meant(evasion: re.Match[str]) -> str:
    return _meant()[evasion[0]]


def _without_drops(plain: str) -> str:
    kept = list(_kept(plain))
    plain = plain if kept == [(0, len(plain))] else "".join([plain[start:end] for start, end in kept])
    return _FIGURES.sub(_as_letters, plain) if _LATIN.search(plain) else plain


def _kept(plain: str) -> Iterator[tuple[int, int]]:
    """The pieces between what is dropped."""
    last = 0
    for start, end in _drops(plain):
        if start > last:
            yield last, start
        last = max(last, end)
    yield last, len(plain)


def _drops(plain: str) -> list[tuple[int, int]]:
    """What stands between the letters of one word."""
    drops = [(found.start() + 3, found.end()) for found in _AGAIN.finditer(plain) if not found[1].isdigit()]
    if _LATIN.search(plain):
        drops += [(at, at + 1) for found in _SPACED.finditer(plain) for at in range(found.start(), found.end(), 2)]
        drops += [found.span() for found in _CLITIC.finditer(plain)]
    if plain.isascii():
        return sorted(drops)
    for found in _GAP.finditer(plain):
        start, end = found.span()
        before, after = start > 0 and _han(plain[start - 1]), end < len(plain) and _han(plain[end])
        # Beside Chinese a space says nothing, even next to a Latin letter; other marks do, unless Chinese stands on both sides.
        if (before and after) or ((before or after) and found[0].isspace()):
            drops.append((start, end))
    return sorted(drops)


def _as_letters(found: re.Match[str]) -> str:
    """Figures inside a word as the letters they stand for, one for one, so that places stay.

    A 1 is an l after a vowel, unless an l follows; else an i.
    """
    before, after = found.string[found.start() - 1 : found.start()], found.string[found.end() : found.end() + 1]
    return found[0].replace("1", "l" if before and before in "aeiou" and after != "l" else "i").translate(_LETTERS)


def _han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"
