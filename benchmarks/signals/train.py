"""`make model`: labelled texts -> `weights.npz`. The same texts and the same seed give the same file.

Only texts that may be given away train the weights (`data.OPEN`); the others tell how far phrases and evidence are to be believed (the mix
and the cut), which is four numbers a tag.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from benchmarks.signals.data import OPEN, Text, labelled
from forbear.signals.fold import fold
from forbear.signals.loops import BUCKETS
from forbear.signals.model import SILENT, buckets
from forbear.signals.phrases import Kind, book
from forbear.signals.scan import hits, standing
from forbear.terms import CONDUCT, CONTENT, Language

SEED: Final = 20261126
FEWEST: Final = 12
"""Texts that must have a tag for the model to learn it."""
_NOT_IN_WORDS: Final = ("identification", "duty")
NARROW: Final = frozenset(
    {"legal-notice", "confirms-opt-out", "asks-location", "identifies-caller", "identifies-creditor", "offers-opt-out"}
)
"""Tags that exempt or meet a duty: phrases alone give them, since whoever writes the text would gain from a generous reading."""
STRENGTH: Final = 20.0
"""How far the weights follow the texts, against how far they stay small."""
_EQUAL: Final = 0.003
"""Micro-F1 that is not worth a tag which nobody can point at."""
_CUTS: Final = np.arange(0.50, 0.96, 0.05)  # more likely than not


def main() -> None:
    """Trains on the texts below a folder."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the texts of others")
    options.add_argument("--out", type=Path, default=Path("src/forbear/signals/weights.npz"))
    chosen = options.parse_args()
    texts = labelled(chosen.data)
    kept: dict[str, NDArray] = {}
    for kind, lang in ((kind, lang) for kind in ("utterances", "reports") for lang in ("zh", "en")):
        mine = [text for text in texts if (text.kind, text.lang) == (kind, lang)]
        kept |= {f"{kind}.{lang}.{name}": values for name, values in train(mine, kind).items()}
    np.savez_compressed(chosen.out, **kept)
    print(f"{chosen.out}: {chosen.out.stat().st_size / 1e6:.2f} MB")


def train(texts: list[Text], kind: Kind) -> dict[str, NDArray]:
    """What `model.weights` reads, for texts of one kind and language."""
    tags = told(kind)
    mine = [text for text in texts if text.part == "train" and text.source in OPEN]
    mine += counters(kind, texts[0].lang)
    # What the weights have not seen.
    held = [text for text in texts if text.part == "tune" or (text.part == "train" and text.source not in OPEN)]
    met = phrased(mine, kind, tags)
    x, y = hstack([matrix(mine), csr_matrix(met.astype(float))]).tocsr(), wanted(mine, tags)
    rows, unit, bias = np.zeros((BUCKETS, len(tags)), np.int8), np.ones(len(tags)), np.full(len(tags), -6.0)
    said = np.zeros((len(tags), len(tags)))
    for at, tag in enumerate(tags):
        if tag not in NARROW and y[:, at].sum() >= FEWEST:
            fitted = LogisticRegression(C=STRENGTH, max_iter=500, solver="liblinear", random_state=SEED).fit(x, y[:, at])
            learned = fitted.coef_[0, :BUCKETS]
            unit[at] = np.abs(learned).max() / 127
            rows[:, at] = np.round(learned / unit[at])
            said[:, at] = fitted.coef_[0, BUCKETS:]
            bias[at] = fitted.intercept_[0]
    met, truth = phrased(held, kind, tags), wanted(held, tags)
    logits = matrix(held) @ (rows * unit) + bias + met @ said
    mix = np.array([mixed(logits[:, at], met[:, at], truth[:, at], tag in NARROW) for at, tag in enumerate(tags)])
    sure = 1 / (1 + np.exp(-(mix[:, 0] + mix[:, 1] * met + mix[:, 2] * logits)))
    scores = [f1(met | (sure >= cut), truth) for cut in _CUTS]
    said_alone, together = f1(met, truth), max(scores)
    cut = float(max(cut for cut, score in zip(_CUTS, scores, strict=True) if score >= together - _EQUAL))  # the most careful
    if together - said_alone < _EQUAL:  # nothing was learned that phrases do not tell: they speak alone
        rows, cut, together = np.zeros_like(rows), SILENT, said_alone
    print(f"{kind} {texts[0].lang}: {len(mine)} texts, cut {cut:.2f}, micro-F1 of phrases {said_alone:.3f}, with the model {together:.3f}")
    return {"tags": np.array(tags), "rows": rows, "unit": unit, "bias": bias, "said": said, "mix": mix, "cut": np.array(cut)}


def counters(kind: Kind, lang: Language) -> list[Text]:
    """What phrases are told apart from, as texts without conduct but for what other phrases find: near to it, and not it."""
    found = []
    for tag, group in book(kind, lang).groups:
        labels = standing(hits(fold(group.counter), kind)) - {tag}
        found.append(Text(group.counter, frozenset(labels), kind, lang, "invented", sure=True))
    return found


def matrix(texts: list[Text]) -> csr_matrix:
    """A row a text: the runs that it touches, weighed as `model.evidence` does."""
    found = [buckets(fold(text.text)) for text in texts]
    sizes = np.array([len(each) for each in found])
    values = np.concatenate([np.full(size, 1 / np.sqrt(size)) for size in sizes if size])
    return csr_matrix((values, np.concatenate(found), np.concatenate([[0], np.cumsum(sizes)])), (len(texts), BUCKETS))


def told(kind: Kind) -> list[str]:
    """The tags that words of this kind of text can tell, in the order of every table here."""
    return [tag for tag in (*CONDUCT, *(CONTENT if kind == "utterances" else ())) if tag not in _NOT_IN_WORDS]


def flags(found: Iterable[Collection[str]], tags: list[str]) -> NDArray[np.bool_]:
    """bool[texts, tags]: which of the tags each text has."""
    return np.array([[tag in each for tag in tags] for each in found])


def wanted(texts: list[Text], tags: list[str]) -> NDArray[np.bool_]:
    """bool[texts, tags]: the labels."""
    return flags((text.labels for text in texts), tags)


def phrased(texts: list[Text], kind: Kind, tags: list[str]) -> NDArray[np.bool_]:
    """bool[texts, tags]: what phrases alone find."""
    return flags((standing(hits(fold(text.text), kind, once=True)) for text in texts), tags)


def mixed(logits: NDArray, said: NDArray, truth: NDArray, narrow: bool) -> NDArray:
    """How phrase and evidence make a confidence; a guess that is drawn to the middle where there are few texts."""
    usual = np.array([-3.0, 4.0, 0.0 if narrow else 0.3])
    if truth.sum() < FEWEST or narrow:
        right, of = (truth & said).sum() + 8.0, said.sum() + 10.0
        return np.array([-3.0, 3.0 + np.log(right / (of - right)), usual[2]])
    fitted = LogisticRegression(C=1.0, max_iter=500, random_state=SEED).fit(np.column_stack([said, logits]), truth)
    return np.array([fitted.intercept_[0], fitted.coef_[0, 0], max(fitted.coef_[0, 1], 0.0)])


def f1(found: NDArray, truth: NDArray) -> float:
    """Micro-F1."""
    return 2 * (found & truth).sum() / max(1, found.sum() + truth.sum())


if __name__ == "__main__":
    main()
