"""What a text says, and how sure that is: a phrase is enough, since it can be pointed at; the model adds what no phrase tells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import compress
from typing import Final, NamedTuple

from forbear.signals.fold import fold, places
from forbear.signals.model import Weights, language, weights
from forbear.signals.phrases import Kind
from forbear.signals.scan import hits, standing
from forbear.signals.turns import turns

_SENTENCE: Final = re.compile(r"[^。！？!?;；\n]+[。！？!?;；\n]?|[。！？!?;；\n]")
_QUOTED: Final = 3
_MOST_SPANS: Final = 20
"""Places shown for one tag."""


class Found(NamedTuple):
    """One tag of a text: how sure, where, and why."""

    tag: str
    confidence: float
    """How often a tag found like this was right, on texts that were set aside for that: 0 to 1."""
    spans: tuple[tuple[int, int], ...]
    """Offsets into the original text, in its order, none inside another."""
    reason: str
    """The phrase and its source, or the model with its weight."""


def tags(text: str, kind: Kind = "utterances") -> frozenset[str]:
    """What `text` does and holds, or reports: words of `terms.TAGS`."""
    plain = fold(text)
    met = standing(hits(plain, kind, once=True))
    learned = weights(kind, language(plain))
    if learned.silent:
        return frozenset(met)
    _, sure = learned.score(plain, met)
    return frozenset(compress(learned.tags, (sure >= learned.cut).tolist())) | met


def read(text: str, kind: Kind) -> list[Found]:
    """The tags of `text`, the surest first, each with the words that earned it."""
    plain, where = fold(text), places(text)
    all_met = sorted(hits(plain, kind), key=lambda hit: (hit.start, -hit.end))
    met = standing(all_met)
    learned = weights(kind, language(plain))
    logits, confidence = learned.score(plain, met)
    found = []
    for at, (tag, sure) in enumerate(zip(learned.tags, confidence.tolist(), strict=True)):
        said = tag in met
        if sure < learned.cut and not said:
            continue
        if said:
            of_tag = [hit for hit in all_met if hit.phrase.tag == tag]
            spans = _apart((where[hit.start][0], where[hit.end - 1][1]) for hit in of_tag)
            words = " ".join(text[slice(*spans[0])].split())
            reason = f"phrase “{words}”: {of_tag[0].phrase.why}"
        else:
            spans = (_weightiest(text, at, learned),)
            reason = f"model, weight {logits[at]:+.1f}"
        found.append(Found(tag, sure if learned.silent else max(sure, learned.cut), spans, reason))
    return sorted(found, key=lambda each: (-each.confidence, each.tag))


def heard(text: str, spoken: bool = False) -> frozenset[str] | None:
    """The tags of what a collector wrote; of a text in which several speak (`spoken`), those of his turns, or None if it shows no turns."""
    said = _collector(text, spoken=spoken)
    return None if said is None else frozenset[str]().union(*map(tags, said))


def where(text: str, wanted: Collection[str], *, spoken: bool = False) -> list[str]:
    """The words of a collector's text that earned any of these tags, at most `_QUOTED` of them."""
    parts = _collector(text, spoken=spoken)
    earned = ((part, found) for part in parts or () for found in _utterance(part) if found.tag in wanted)
    said = [part[start:end] for part, found in earned for start, end in found.spans]
    return list(dict.fromkeys(" ".join(each.split()) for each in said))[:_QUOTED]


@lru_cache(maxsize=1 << 10)
def _utterance(text: str) -> tuple[Found, ...]:
    """`read`, remembered: one text breaks several rules, and is sent many times."""
    return tuple(read(text, "utterances"))


def _collector(text: str, *, spoken: bool) -> list[str] | None:
    """What of a text is the collector's: all, or where several speak his turns; None if it shows no turns."""
    if not spoken:
        return [text]
    said = turns(text)
    return [text[each.start : each.end] for each in said if each.speaker == "collector"] if said else None


def _apart(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Of spans in order those that do not overlap; of two that do, the first."""
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return tuple(kept[:_MOST_SPANS])


def _weightiest(text: str, at: int, learned: Weights) -> tuple[int, int]:
    """The sentence that speaks most for a tag."""
    sentences = [found.span() for found in _SENTENCE.finditer(text)]
    return max(sentences, key=lambda span: float(learned.score(fold(text[slice(*span)]), ())[0][at]), default=(0, len(text)))
