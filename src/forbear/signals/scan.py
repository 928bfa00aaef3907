"""Walking a text once: where a phrase may begin, the few phrases that begin so are tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from forbear.signals.fold import fold, places
from forbear.signals.phrases import Book, Phrase, book, guarded

_WORD: Final = re.compile(r"[a-z0-9]+")
_BEFORE: Final = 60
"""How far back a denial may begin."""


class Span(NamedTuple):
    """One place where a text says something: offsets into the original text, and the phrase of the data file that found it."""

    tag: str
    start: int
    end: int
    phrase: str


class _Hit(NamedTuple):
    phrase: Phrase
    start: int
    end: int


def tags(text: str) -> frozenset[str]:
    """What `text` does and holds: words of `terms.TAGS`."""
    found: dict[str, frozenset[str]] = {}
    for hit in _hits(fold(text), found):
        found[hit.phrase.tag] = hit.phrase.not_with
    return frozenset(tag for tag, not_with in found.items() if not_with.isdisjoint(found))


def spans(text: str) -> list[Span]:
    """Where `text` does and holds it, in the order of the text; of two that overlap under one tag, the longer."""
    hits = sorted(_hits(fold(text), {}), key=lambda hit: (hit.start, -hit.end))
    tagged = {hit.phrase.tag for hit in hits}
    where = places(text)
    reached: dict[str, int] = {}
    found = []
    for phrase, start, end in hits:
        if end > reached.get(phrase.tag, 0) and phrase.not_with.isdisjoint(tagged):
            reached[phrase.tag] = end
            found.append(Span(phrase.tag, where[start], where[end - 1] + 1, phrase.said))
    return found


def _hits(plain: str, known: dict[str, frozenset[str]]) -> Iterator[_Hit]:
    """Every phrase that stands in folded text, save those of tags that are already known."""
    english = book("en")
    for word in _WORD.finditer(plain):
        if word[0] in english.heads:
            yield from _at(plain, word.start(), word[0], english, known)
    if plain.isascii():
        return
    chinese = book("zh")
    heads = chinese.heads
    for at in [at for at, pair in enumerate(map(str.__add__, plain, plain[1:])) if pair in heads or pair[0] == "【"]:
        yield from _at(plain, at, plain[at] if plain[at] == "【" else plain[at : at + 2], chinese, known)


def _at(plain: str, at: int, head: str, words: Book, known: dict[str, frozenset[str]]) -> Iterator[_Hit]:
    for phrase in words.heads.get(head, ()):
        if phrase.tag in known:
            continue
        found = phrase.pattern.match(plain, at)
        if found and not _excused(phrase, plain, found, words):
            yield _Hit(phrase, at, found.end())


def _excused(phrase: Phrase, plain: str, found: re.Match[str], words: Book) -> bool:
    """Whether what stands beside the phrase takes its meaning away."""
    start, end = found.span()
    since = max(0, start - _BEFORE)
    return bool(
        (guarded(phrase) and words.guard.search(plain, since, start))
        or (phrase.before and phrase.before.search(plain, since, start))
        or (phrase.after and phrase.after.match(plain, end))
    )
