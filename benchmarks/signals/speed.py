"""How fast: one message, and many, beside what others do with the same texts in the same run."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.signals import data
from forbear.signals import tags
from forbear.signals.fold import fold
from forbear.signals.patterns import examples
from forbear.signals.phrases import book
from forbear.signals.scan import hits

_ROUNDS: Final = 5
_MESSAGES: Final = 4000


def measured(root: Path) -> dict[str, Any]:
    """Microseconds and ratios."""
    texts = [row["text"] for row in data.rows(root / "zh_sms" / "telecom_fraud.jsonl")]
    texts += [turn["text"] for row in data.rows(root / "en_collection_calls" / "calls.jsonl") for turn in row["turns"]]
    texts = texts[:: max(1, len(texts) // _MESSAGES)] or ["您的借款已逾期，请尽快还款。"] * _MESSAGES
    long = [(text * (500 // max(1, len(text)) + 1))[:500] for text in texts]
    tags("好 a")
    single = _each(tags, long)
    ways: dict[str, Callable[[str], Any]] = {
        "forbear, whole tagger": tags,
        "forbear, folding and phrases": lambda text: hits(fold(text), "utterances", once=True),
        **_rivals(),
    }
    times = {name: _batch(way, texts) for name, way in ways.items()}
    ours = times["forbear, whole tagger"]
    return {
        "messages": len(texts),
        "characters": sum(map(len, texts)) / len(texts),
        "one message of 500 characters, ms": {"p50": float(np.quantile(single, 0.5)) * 1e3, "p99": float(np.quantile(single, 0.99)) * 1e3},
        "many": {name: {"us": each * 1e6, "a_second": 1 / each, "whole tagger is slower by": ours / each} for name, each in times.items()},
    }


def _each(way: Callable[[str], Any], texts: list[str]) -> list[float]:
    found = []
    for text in texts:
        began = time.perf_counter()
        way(text)
        found.append(time.perf_counter() - began)
    return found


def _batch(way: Callable[[str], Any], texts: list[str]) -> float:
    """Seconds a message, the best of some rounds."""
    best = float("inf")
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        for text in texts:
            way(text)
        best = min(best, time.perf_counter() - began)
    return best / len(texts)


def _rivals() -> dict[str, Callable[[str], Any]]:
    """The same phrases as plain words for others: each phrase once, as short as it can be said."""
    phrases = [(phrase, lang) for lang in ("zh", "en") for phrase in book("utterances", lang).phrases]
    words = sorted({min(examples(phrase.whole, lang), key=len) for phrase, lang in phrases})
    union = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    found: dict[str, Callable[[str], Any]] = {"keywords, one union for re": union.findall}
    try:
        import ahocorasick

        automaton = ahocorasick.Automaton()
        for word in words:
            automaton.add_word(word, word)
        automaton.make_automaton()
        found["keywords, pyahocorasick"] = lambda text: list(automaton.iter(text))
    except ImportError:
        pass
    try:
        import hyperscan

        base = hyperscan.Database()
        patterns = [phrase.pattern.pattern for phrase, _ in phrases]
        plain = [re.sub(r"\(\?[!<][^()]*(?:\([^()]*\)[^()]*)*\)", "", pattern).replace("}+", "}") for pattern in patterns]
        usable = [each for each in plain if _compiles(hyperscan, each)]
        flags = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_SINGLEMATCH
        base.compile(expressions=[each.encode() for each in usable], ids=list(range(len(usable))), flags=[flags] * len(usable))

        def scan(text: str) -> list[int]:
            met: list[int] = []
            base.scan(text.encode("utf-8", "replace"), match_event_handler=lambda number, *_: met.append(number))
            return met

        found[f"hyperscan alone, {len(usable)} of {len(plain)} phrases"] = scan
    except ImportError:
        pass
    return found


def _compiles(hyperscan: Any, pattern: str) -> bool:  # noqa: ANN401 (a module)
    try:
        hyperscan.Database().compile(expressions=[pattern.encode()], ids=[0], flags=[hyperscan.HS_FLAG_UTF8])
    except hyperscan.error:
        return False
    return True
