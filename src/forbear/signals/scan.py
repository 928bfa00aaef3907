"""Walking a text once: where a phrase may begin, the few phrases that begin so are tried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from forbear.signals.phrases import Book, Kind, Phrase, book, guarded

_WORD: Final = re.compile(r"[a-z0-9]+")
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
    for hit in _all(plain, kind, known):
        if once and not hit.phrase.only_with:
            known.add(hit.phrase.tag)
        met.append(hit)
    sure = {hit.phrase.tag for hit in met if not hit.phrase.only_with}
    return [hit for hit in met if not (hit.phrase.only_with and hit.phrase.only_with.isdisjoint(sure))]


def standing(met: Iterable[Hit]) -> set[str]:
    """The tags of what was met, without those that another takes away."""
    not_with = {hit.phrase.tag: hit.phrase.not_with for hit in met}
    return {tag for tag, away in not_with.items() if away.isdisjoint(not_with)}


def _all(plain: str, kind: Kind, known: set[str]) -> Iterator[Hit]:
    english = book(kind, "en")
    said: dict[re.Pattern[str], bool] = {}  # what a phrase needs besides, so that the text is searched for it once
    for word in _WORD.finditer(plain):
        if word[0] in english.heads:
            yield from _at(plain, word.start(), english.heads[word[0]], english, known, said)
        if word[0][0] <= "9" and len(word[0]) > 1 and word[0][0] in english.heads:  # a phrase that begins with any number
            yield from _at(plain, word.start(), english.heads[word[0][0]], english, known, said)
    if plain.isascii():
        return
    chinese = book(kind, "zh")
    for head, at, _ in chinese.finder.find_matches_as_indexes(plain, overlapping=True):
        yield from _at(plain, at, chinese.begun[head], chinese, known, said)


def _at(plain: str, at: int, phrases: Iterable[Phrase], words: Book, known: set[str], said: dict[re.Pattern[str], bool]) -> Iterator[Hit]:
    for phrase in phrases:
        if phrase.tag in known:
            continue
        found = phrase.pattern.match(plain, at)
        if not found or _excused(phrase, plain, found, words):
            continue
        if phrase.also and phrase.also not in said:
            said[phrase.also] = phrase.also.search(plain) is not None
        if not phrase.also or said[phrase.also]:
            yield Hit(phrase, at, found.end())


def _excused(phrase: Phrase, plain: str, found: re.Match[str], words: Book) -> bool:
    """Whether what stands beside the phrase, or within it, takes its meaning away."""
    start, end = found.span()
    since = max(0, start - _BEFORE)
    return bool(
        (guarded(phrase) and words.guard.search(plain, since, start))
        or (phrase.before and phrase.before.search(plain, since, start))
        or (phrase.after and phrase.after.match(plain, end))
        or (phrase.within and phrase.within.search(plain, start, end))
    )
