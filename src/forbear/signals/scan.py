"""Walking a text once: where a phrase may begin, the few phrases that begin so are tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple

from forbear.signals.phrases import Book, Kind, Phrase, book, guarded

_WORD: Final = re.compile(r"[a-z0-9]+")
_NUMBER: Final = re.compile(r"[0-9](?<![a-z0-9].)[a-z0-9]+")
_ANY: Final = frozenset[str]()
_BEFORE: Final = 60
"""How far back a denial may begin."""


class Hit(NamedTuple):
    """A phrase that a folded text says, and where in it."""

    phrase: Phrase
    start: int
    end: int


def hits(plain: str, kind: Kind, *, once: bool = False) -> list[Hit]:
    """Every phrase that stands in folded text and counts there. `once`: no more of a tag once it is sure, which is faster."""
    known: set[str] = set()
    met = []
    for hit in chain(_english(plain, book(kind, "en"), known), () if plain.isascii() else _chinese(plain, book(kind, "zh"), known)):
        if once and not hit.phrase.only_with:
            known.add(hit.phrase.tag)
        met.append(hit)
    sure = {hit.phrase.tag for hit in met if not hit.phrase.only_with}
    return [hit for hit in met if not (hit.phrase.only_with and hit.phrase.only_with.isdisjoint(sure))]


def standing(met: Iterable[Hit]) -> set[str]:
    """The tags of what was met, without those that another takes away."""
    not_with = {hit.phrase.tag: hit.phrase.not_with for hit in met}
    return {tag for tag, away in not_with.items() if away.isdisjoint(not_with)}


def _english(plain: str, words: Book, known: set[str]) -> Iterator[Hit]:
    """Phrases begin with a word, or with any number."""
    begun = [(word.start(), words.heads[word[0]]) for word in _WORD.finditer(plain) if word[0] in words.heads]
    begun += [(at.start(), words.heads[at[0][0]]) for at in _NUMBER.finditer(plain) if at[0][0] in words.heads]
    return _met(plain, begun, words.finder.find_matches_as_indexes(plain, overlapping=True), words, known) if begun else iter(())


def _chinese(plain: str, words: Book, known: set[str]) -> Iterator[Hit]:
    """Phrases begin anywhere."""
    found = words.finder.find_matches_as_indexes(plain, overlapping=True)
    return _met(plain, [(at, words.begun[word]) for word, at, _ in found if words.begun[word]], found, words, known)


def _met(
    plain: str, begun: Iterable[tuple[int, tuple[Phrase, ...]]], found: list[tuple[int, int, int]], words: Book, known: set[str]
) -> Iterator[Hit]:
    """The phrases that stand where some begin. `found`: which words of `finder` are in the text; `known`: tags that need no more."""
    awake = {_ANY}.union(*(words.wakes[word] for word, _, _ in found))
    also: dict[re.Pattern[str], bool] = {}  # so that the text is searched for it once
    for at, phrases in begun:
        tried, match = None, None
        for phrase in phrases:
            if phrase.needs not in awake or phrase.tag in known:
                continue
            if phrase.pattern is not tried:
                tried, match = phrase.pattern, phrase.pattern.match(plain, at)
            if not match or _excused(phrase, plain, match, words):
                continue
            if phrase.also and phrase.also not in also:
                also[phrase.also] = phrase.also.search(plain) is not None
            if not phrase.also or also[phrase.also]:
                yield Hit(phrase, at, match.end())


def _excused(phrase: Phrase, plain: str, found: re.Match[str], words: Book) -> bool:
    """Whether what stands beside the phrase, or within it, takes its meaning away."""
    start, end = found.span()
    since = max(0, start - _BEFORE)
    return bool(
        (guarded(phrase) and words.guard.stands(plain, since, start))
        or (phrase.before and phrase.before.stands(plain, since, start))
        or (phrase.after and phrase.after.match(plain, end))
        or (phrase.within and phrase.within.search(plain, start, end))
    )
