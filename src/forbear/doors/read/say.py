"""A reading as people and programs want it: text for a terminal, JSON, a page with the words marked."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final, NamedTuple

import msgspec
from jinja2 import Environment, StrictUndefined, Template

from forbear.doors.read.reader import Conduct, Reading, Touched
from forbear.doors.read.texts import why
from forbear.terms import CONDUCT, EFFECT, FORCE, STATUS, VERIFIED, Language, Word

WORDS: Final = {
    "title": Word("What the text says", "文中所述行为"),
    "reports": Word("read as what a person tells: each conduct is reported, not proven", "按当事人讲述来读：所列行为系其讲述，未经证明"),
    "utterances": Word("read as what a collector says: each conduct is done by the words", "按催收方言语来读：所列行为即由这些话构成"),
    "none": Word(
        "No conduct was found. That proves nothing: only what words tell was looked for.",
        "未发现所列行为。这不证明没有：只看了字面能说明的内容。",
    ),
    "unclear": Word("Unclear", "无法判断"),
    "reason": Word("why", "依据"),
    "no-clause": Word("no rule of the chosen law speaks of it", "所选法律中没有与之对应的规则"),
    "no-law": Word("name a law with --law to see clauses", "用 --law 指定法律即可列出条款"),
    "clauses": Word("Clauses it touches", "涉及条款"),
    "text": Word("The text", "原文"),
    "sure": Word("confidence", "置信度"),
    "advice": Word(
        "Whether a clause was broken depends on dates, persons and facts that a text does not prove. This is not legal advice.",
        "条款是否被违反取决于日期、对象和事实，文字本身不能证明。本结果不是法律意见。",
    ),
    "more": Word("more places", "处未列出"),
}
_SHOWN: Final = 5
"""Places quoted for one conduct in a terminal."""


class Piece(NamedTuple):
    """A part of the text, the conduct that it tells, empty between, and the conduct whose words end with it."""

    text: str
    conducts: tuple[str, ...]
    ends: tuple[str, ...]


def lines(found: Reading, lang: Language, *, law: bool) -> Iterator[str]:
    """For a terminal."""
    yield WORDS[found.kind].say(lang)
    if found.unclear:
        yield f"{WORDS['unclear'].say(lang)}: {why(found.unclear, lang)}"
    elif not found.conducts:
        yield WORDS["none"].say(lang)
    for conduct in found.conducts:
        yield ""
        name = CONDUCT[conduct.conduct].say(lang)
        yield f"{conduct.conduct}{f'  {name}' if lang == 'zh' else ''}  {conduct.confidence:.2f}"
        for start, end in conduct.spans[:_SHOWN]:
            yield f"    “{_flat(found.text[start:end])}”"
        if len(conduct.spans) > _SHOWN:
            yield f"    + {len(conduct.spans) - _SHOWN} {WORDS['more'].say(lang)}"
        yield f"  {WORDS['reason'].say(lang)}: {conduct.reason}"
        for clause in conduct.clauses:
            yield f"  {clause.cite}"
            yield f"      {_title(clause, lang)} · {_weight(clause, lang)} · {clause.rule}"
        if not conduct.clauses:
            yield f"  {WORDS['no-clause' if law else 'no-law'].say(lang)}"
    if found.conducts:
        yield ""
        yield WORDS["advice"].say(lang)


def json(found: Reading) -> str:
    """For a program; spans are offsets into `text`, in characters. Half of a character, which JSON cannot hold, becomes a question mark."""
    text = _whole(found.text)
    said = {
        "kind": found.kind,
        "unclear": found.unclear or None,
        "conducts": [
            {
                "conduct": each.conduct,
                "confidence": round(each.confidence, 4),
                "spans": [list(span) for span in each.spans],
                "words": [text[start:end] for start, end in each.spans],
                "reason": _whole(each.reason),
                "clauses": [clause._asdict() for clause in each.clauses],
            }
            for each in found.conducts
        ],
        "text": text,
    }
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode()


def page(found: Reading, lang: Language, *, law: bool) -> str:
    """One page that stands alone: the text with its words marked, beside what they tell."""
    conducts = CONDUCT
    said = _template().render(
        found=found,
        pieces=list(pieces(found)),
        words={name: word.say(lang) for name, word in WORDS.items()},
        name=lambda tag: conducts[tag].say(lang),
        title=lambda clause: _title(clause, lang),
        weight=lambda clause: _weight(clause, lang),
        why=why(found.unclear, lang) if found.unclear else "",
        lang=lang,
        law=law,
    )
    return _whole(said)


def pieces(found: Reading) -> Iterator[Piece]:
    """The text cut where a marked word begins or ends."""
    edges = sorted({0, len(found.text), *(edge for each in found.conducts for span in each.spans for edge in span)})
    opens: dict[int, list[Conduct]] = {}
    closes: dict[int, list[Conduct]] = {}
    for each in found.conducts:
        for start, end in each.spans:
            opens.setdefault(start, []).append(each)
            closes.setdefault(end, []).append(each)
    here: list[str] = []
    for start, end in pairwise(edges):
        for each in closes.get(start, ()):
            here.remove(each.conduct)
        here += [each.conduct for each in opens.get(start, ())]
        yield Piece(found.text[start:end], tuple(dict.fromkeys(here)), tuple(each.conduct for each in closes.get(end, ())))


def _title(clause: Touched, lang: Language) -> str:
    return clause.title_zh if lang == "zh" else clause.title_en


def _weight(clause: Touched, lang: Language) -> str:
    said = [FORCE[clause.force].say(lang), EFFECT[clause.effect].say(lang), VERIFIED[clause.verified].say(lang)]
    if clause.status != "stable":
        said.append(STATUS[clause.status].say(lang))
    return " · ".join(said)


def _whole(text: str) -> str:
    """A text of as many characters, each one whole."""
    return text.encode("utf-8", "replace").decode()


def _flat(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 120 else f"{flat[:117]}..."


@cache
def _template() -> Template:
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.from_string(files("forbear.doors.read").joinpath("page.html.j2").read_text("utf-8"))
