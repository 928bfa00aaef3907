"""Texts and their labels. Texts of others stay where they are: a folder that is named (`../shared/data`); labels know them by hash alone.

What we wrote ourselves is under `invented/`, with its labels. A text belongs to the part that its hash says: train, tune or test.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeVar

import msgspec

from forbear.signals.phrases import Kind
from forbear.terms import Language

HERE: Final = Path(__file__).parent
Part = Literal["train", "tune", "test"]
_PARTS: Final[tuple[Part, ...]] = ("train",) * 5 + ("tune",) * 2 + ("test",) * 3
OPEN: Final = frozenset({"invented", "en_cfpb"})
"""Sources whose texts may train the weights that ship: our own, and public domain. All others serve tuning and tests."""


T = TypeVar("T")


class Text(NamedTuple):
    """A labelled text."""

    text: str
    labels: frozenset[str]
    kind: Kind
    lang: Language
    source: str
    """The folder it came from, or `invented`."""
    sure: bool
    readers: tuple[frozenset[str], ...] = ()
    """What two readers found, each by himself, if two read it."""

    @property
    def part(self) -> Part:
        """Which part it belongs to, by its hash."""
        return _PARTS[int(key(self.text)[:8], 16) % 10]


class Label(msgspec.Struct, frozen=True):
    """What a reader found in a text of others."""

    sha256: str
    labels: list[str]
    """What holds: where two differed, what a third decided, if one did; else what the first found."""
    sure: bool = True
    readers: list[list[str]] = []


class Invented(msgspec.Struct, frozen=True):
    """A text of our own."""

    text: str
    labels: list[str]


def key(text: str) -> str:
    """How labels know a text."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def labelled(root: Path) -> list[Text]:
    """Every labelled text that is there; those whose folder is absent are left out."""
    found = []
    for kind, lang in ((kind, lang) for kind in ("utterances", "reports") for lang in ("zh", "en")):
        for each in _lines(HERE / "invented" / f"{lang}.{kind}.jsonl", Invented):
            found.append(Text(each.text, frozenset(each.labels), kind, lang, "invented", True))
        texts = {key(text): (text, source) for text, source in _found(root, kind, lang)}
        for label in _lines(HERE / "labels" / f"{lang}.{kind}.jsonl", Label):
            if label.sha256 in texts:
                text, source = texts[label.sha256]
                found.append(Text(text, frozenset(label.labels), kind, lang, source, label.sure, tuple(map(frozenset, label.readers))))
    return found


def _found(root: Path, kind: Kind, lang: Language) -> Iterator[tuple[str, str]]:
    """Texts of others that may have a label, and the folder of each."""
    if kind == "reports":
        yield from ((text, "zh_complaints" if lang == "zh" else "en_cfpb") for text in complaints(root, lang))
    elif lang == "zh":
        yield from ((row["text"], "zh_sms") for row in rows(root / "zh_sms" / "telecom_fraud.jsonl"))
        yield from ((text, "zh_complaints") for each in complaints(root, "zh") for text in _quoted_zh(each))
    else:
        yield from (
            (turn["text"], "en_collection_calls") for row in rows(root / "en_collection_calls" / "calls.jsonl") for turn in row["turns"]
        )
        yield from ((row["text"], "en_robocalls") for row in rows(root / "en_robocalls" / "transcripts.jsonl"))
        yield from ((text, "en_cfpb") for each in complaints(root, "en") for text in _quoted_en(each))


def complaints(root: Path, lang: Language) -> list[str]:
    """All complaints of a language."""
    if lang == "zh":
        return [row["text"] for row in rows(root / "zh_complaints" / "complaints.jsonl")]
    names = ("debt_collection_2015_2017", "payday_2023_jan_may", "other_products_2015_2017")
    return [row["narrative"] for name in names for row in rows(root / "en_cfpb" / f"{name}.jsonl")]


def rows(file: Path) -> Iterator[dict]:
    """The rows of JSONL or CSV; none if the file is not there."""
    if not file.exists():
        return
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as lines:
            yield from csv.DictReader(lines)
    else:
        yield from (msgspec.json.decode(line) for line in file.read_bytes().splitlines() if line.strip())


def _lines(file: Path, of: type[T]) -> list[T]:
    return [msgspec.json.decode(line, type=of) for line in file.read_bytes().splitlines()] if file.exists() else []


_SAID_EN: Final = re.compile(
    r"(?:said|told me|stated|says|saying|replied|threatened|message)[^\"'.]{0,40}(?:\"|'')\s*([^\"]{15,300}?)\s*(?:''|\")"
)
_SAID_ZH: Final = (
    re.compile(r"(?:说|称|道|讲|告诉我|回复|短信|微信|威胁)[^。“\"]{0,12}[：:，,]?\s*[“\"「]([^”\"」]{6,200})[”\"」]"),
    re.compile(r"(?:催收|客服|对方|工作人员|平台)[^。“\"]{0,20}(?:说|称)[：:，,]([^。！？\n“”\"]{8,80})[。！？\n]"),
)


def _quoted_en(text: str) -> list[str]:
    return [found[1] for found in _SAID_EN.finditer(text)]


def _quoted_zh(text: str) -> list[str]:
    return [found[1] for pattern in _SAID_ZH for found in pattern.finditer(text)]
