"""`make eval`: how well signals hears, on texts that nobody tuned by -> `docs/signals.md` with pictures, and `benchmarks/signals.json`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from benchmarks.signals import data, page, speed
from benchmarks.signals.data import Text
from benchmarks.signals.measure import Flags, calibration, confusion, scores
from benchmarks.signals.train import SEED, f1, flags, phrased, told, wanted
from forbear.signals import Kind, read, tags
from forbear.signals.fold import fold
from forbear.signals.model import language, weights
from forbear.terms import CONDUCT

ROOT: Final = Path(__file__).parents[2]
CONTACT: Final = ("threat", "insult", "third-party", "disclosure", "visit", "impersonation", "number-rotation")
"""What a complaint about fees or a service does not report as a rule."""


class Set(NamedTuple):
    """Texts that are scored together."""

    name: str
    kind: Kind
    texts: list[Text]


def main() -> None:
    """Scores the test part."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=ROOT / "../shared/data", help="folder with the texts of others")
    options.add_argument("--part", default="test", choices=["train", "tune", "test"], help="test is scored once a release")
    options.add_argument("--dry", action="store_true", help="print, and write nothing")
    chosen = options.parse_args()
    texts = data.labelled(chosen.data)
    report: dict[str, Any] = {"part": chosen.part, "sets": {}, "alarms": alarms(chosen.data)}
    for each in sets([text for text in texts if text.part == chosen.part]):
        train = [text for text in texts if text.part == "train" and text.kind == each.kind]
        report["sets"][each.name] = scored(each, train)
    report["speed"] = speed.measured(chosen.data)
    if chosen.dry:
        print(json.dumps(report, indent=1, ensure_ascii=False))
        return
    (ROOT / "benchmarks" / "signals.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page.write(report, ROOT / "docs")


def sets(texts: list[Text]) -> list[Set]:
    """Found and invented apart, languages apart; the found utterances of both languages also together."""
    found = []
    for kind in ("reports", "utterances"):
        for lang in ("zh", "en"):
            for own in (False, True):
                mine = [text for text in texts if (text.kind, text.lang, text.source == "invented") == (kind, lang, own)]
                if mine:
                    found.append(Set(f"{lang} {kind}, {'invented' if own else 'found'}", kind, mine))
    both = [text for text in texts if text.kind == "utterances" and text.source != "invented"]
    return [*found, Set("zh and en utterances, found", "utterances", both)] if both else found


def scored(each: Set, train: list[Text]) -> dict[str, Any]:
    """All that is told of one set."""
    names = told(each.kind)
    truth = wanted(each.texts, names)
    both = flags((tags(text.text, each.kind) for text in each.texts), names)
    said = phrased(each.texts, each.kind, names)
    bins, off = calibration(*sureness(each, truth, names))
    ways = {"phrases": said, "model": modelled(each), "both": both, "TF-IDF and a linear model": baseline(each, train, names)}
    return {
        "texts": len(each.texts),
        "readers": agreement(each, both, names),
        "scores": {tag: score._asdict() for tag, score in scores(both, truth, names)},
        "ways": {name: dict(scores(way, truth, names))["all"]._asdict() for name, way in ways.items()},
        "calibration": [one._asdict() for one in bins],
        "calibration_error": off,
        "confusion": confusion(both, truth, names),
    }


def agreement(each: Set, found: Flags, names: list[str]) -> dict[str, float] | None:
    """Micro-F1 between two readers, and between what was found and each of them, on texts that two read."""
    twice = np.array([len(text.readers) == 2 for text in each.texts])
    if not twice.any():
        return None
    one, other = (flags((text.readers[n] for text in each.texts if text.readers), names) for n in (0, 1))
    pairs = {"two readers": (one, other), "found, and the first": (found[twice], one), "found, and the second": (found[twice], other)}
    return {"texts": int(twice.sum()), **{name: round(f1(*both), 3) for name, both in pairs.items()}}


def sureness(each: Set, truth: Flags, names: list[str]) -> tuple[np.ndarray, Flags]:
    """The confidence of every tag that was found, and whether it was right."""
    sure, right = [], []
    for row, text in enumerate(each.texts):
        for one in read(text.text, each.kind):
            sure.append(one.confidence)
            right.append(bool(truth[row, names.index(one.tag)]))
    return np.array(sure), np.array(right, np.bool_)


def modelled(each: Set) -> Flags:
    """What the model finds without phrases."""
    found = []
    for text in each.texts:
        plain = fold(text.text)
        learned = weights(each.kind, language(plain))
        found.append(learned.score(plain, ())[1] >= learned.cut)
    return np.array(found)


def baseline(each: Set, train: list[Text], names: list[str]) -> Flags:
    """TF-IDF over characters and a linear model, trained on the whole train part, also on what may not be given away."""
    if not train:
        return np.zeros((len(each.texts), len(names)), np.bool_)
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True)
    x, y = vectorizer.fit_transform([text.text for text in train]), wanted(train, names)
    learned = [at for at in range(len(names)) if y[:, at].sum() >= 2]
    model = OneVsRestClassifier(LogisticRegression(C=30, class_weight="balanced", max_iter=300, random_state=SEED)).fit(x, y[:, learned])
    found = np.zeros((len(each.texts), len(names)), np.bool_)
    found[:, learned] = model.predict(vectorizer.transform([text.text for text in each.texts]))
    return found


def alarms(root: Path) -> dict[str, Any]:
    """How often conduct is found where there is none, or next to none: an upper bound, since nobody read them all."""
    sms = [row["text"] for row in data.rows(root / "zh_sms" / "telecom_fraud.jsonl") if row["label"] == "normal"]
    business = [text for text in sms if any(word in text for word in ("银行", "信用卡", "移动", "联通", "电信", "话费", "流量"))]
    calm = [row for row in data.rows(root / "zh_complaints" / "complaints.jsonl") if "催" not in row["text"]]
    fees, service = ([row["text"] for row in calm if row["stage"] == stage] for stage in ("pricing_fees", "customer_service"))
    calls = [
        turn["text"]
        for row in data.rows(root / "en_collection_calls" / "calls.jsonl")
        for turn in row["turns"]
        if turn["speaker"] == "Customer"
    ]
    conduct = set(CONDUCT)

    def count(texts: list[str], kind: Kind, of: set[str]) -> dict[str, Any]:
        hit = [text for text in texts if tags(text, kind) & of]
        return {"texts": len(texts), "alarms": len(hit), "per_1000": 1000 * len(hit) / max(1, len(texts))}

    return {
        "normal SMS, read as messages": count(sms, "utterances", conduct),
        "of these, notices of banks and carriers": count(business, "utterances", conduct),
        "normal SMS, read as reports": count(sms, "reports", conduct),
        "complaints about fees, contact conduct": count(fees, "reports", set(CONTACT)),
        "complaints about service, contact conduct": count(service, "reports", set(CONTACT)),
        "what customers say in calls, read as messages": count(calls, "utterances", conduct),
    }


if __name__ == "__main__":
    main()
