"""The model: how far the words of a text, taken together, speak for each tag. Its weights are data (`weights.npz`), made by `make model`.

A text is cut into tokens: a Chinese character, a word of letters, a figure (all figures are one token). Runs of one to three tokens are
hashed into `BUCKETS` rows of weights. The evidence for a tag, in logits, is the sum over the runs that occur, divided by the square root of
how many there are, and the weights of the phrases that were met, also those of other tags: who is told of contact with others is often told
of disclosure too. Sums are of whole numbers, so that the same text has the same evidence on every machine.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forbear.signals.loops import BUCKETS, LONGEST, runs, score
from forbear.signals.phrases import Kind
from forbear.terms import Language

Logits = NDArray[np.float64]
SILENT: Final = 2.0
"""A cut that no confidence reaches: of texts of this kind the model knows nothing that phrases do not tell."""
_MOST: Final = 1 << 16
"""Runs of one text that are looked at; the rest of a longer text is for the phrases alone."""


class Weights(NamedTuple):
    """What was learned for texts of one kind in one language."""

    tags: tuple[str, ...]
    rows: NDArray[np.int8]
    """int8[BUCKETS, tags]: evidence of a run, in units of `unit`."""
    unit: Logits
    """float64[tags]."""
    bias: Logits
    """float64[tags], in logits."""
    said: Logits
    """float64[tags, tags]: what a phrase of one tag (row) says for another (column), in logits."""
    mix: Logits
    """float64[tags, 3]: how a phrase of the tag and its evidence make a confidence: the logit is `mix @ (1, phrase, evidence)`."""
    cut: float
    """The confidence from which a tag is given."""

    @property
    def silent(self) -> bool:
        """Whether phrases speak alone."""
        return self.cut == SILENT

    def score(self, plain: str, met: Collection[str]) -> tuple[Logits, Logits]:
        """(evidence, confidence) float64[tags] of a folded text of which phrases of the tags `met` were met.

        Evidence is in logits; confidence is what share of tags was right that were found like this.
        """
        phrases = np.zeros(len(self.tags), np.bool_)
        for tag in met:
            phrases[self.tags.index(tag)] = True
        found: tuple[Logits, Logits] = score(_codes(plain), _MOST, phrases, self.rows, self.unit, self.bias, self.said, self.mix)
        return found


@cache
def weights(kind: Kind, lang: Language) -> Weights:
    """The weights that were shipped."""
    with np.load(str(files("forbear.signals").joinpath("weights.npz"))) as kept:
        rows, unit, bias, said, mix = (kept[f"{kind}.{lang}.{name}"] for name in ("rows", "unit", "bias", "said", "mix"))
        tags = tuple(str(tag) for tag in kept[f"{kind}.{lang}.tags"])
        assert rows.shape == (BUCKETS, len(tags))
        return Weights(tags, rows, unit, bias, said, mix, float(kept[f"{kind}.{lang}.cut"]))


def language(plain: str) -> Language:
    """The language whose weights read a folded text: Chinese if it holds any."""
    return "en" if plain.isascii() or not any("\u3400" <= char <= "\u9fff" for char in plain) else "zh"


def buckets(plain: str) -> NDArray[np.int64]:
    """int64[n]: the rows of weights that a folded text touches, each once, in the order of the text."""
    found: NDArray[np.int64] = runs(_codes(plain), np.empty(min(LONGEST * len(plain), _MOST), np.int64))
    return found


def _codes(plain: str) -> NDArray[np.uint32]:
    return np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), np.uint32)
