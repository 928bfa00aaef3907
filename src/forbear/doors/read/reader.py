"""One text is read: who speaks in it, what conduct is in it, and which clauses of the chosen law speak of that conduct."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from forbear.doors.read.texts import unclear
from forbear.rulebook.rule import Rule
from forbear.signals import Found, Kind, Turn, read, transcript, turns
from forbear.terms import CONDUCT

As = Literal["auto", "reports", "utterances"]


class Touched(NamedTuple):
    """A rule whose clause speaks of a conduct. Whether it was broken depends on dates, persons and facts that a text does not prove."""

    rule: str
    title_en: str
    title_zh: str
    cite: str
    force: str
    effect: str
    verified: str
    status: str


class Conduct(NamedTuple):
    """A conduct that is in a text, the words, and the clauses."""

    conduct: str
    confidence: float
    spans: tuple[tuple[int, int], ...]
    reason: str
    clauses: tuple[Touched, ...]


class Reading(NamedTuple):
    """What a text says. `unclear`: why nothing can be said of it (`texts.UNCLEAR`), empty if it could be read."""

    text: str
    kind: Kind
    conducts: tuple[Conduct, ...]
    unclear: str


def reading(text: str, rules: Iterable[Rule] = (), how: As = "auto") -> Reading:
    """Reads a text. `auto`: a transcript holds utterances, any other text is a report.

    In a transcript only the collector's turns count. Offsets are into `Reading.text`, which for a vCon is its turns written as lines.
    """
    written = transcript(text)
    text = text if written is None else written
    spoken = turns(text) if how != "reports" else []
    kind: Kind = "utterances" if spoken or how == "utterances" else "reports"
    touched = list(rules)
    said = [_moved(found, turn) for turn in spoken if turn.speaker == "collector" for found in read(text[turn.start : turn.end], kind)]
    found = _joined(said) if spoken else read(text, kind)
    return Reading(
        text,
        kind,
        tuple(
            Conduct(each.tag, each.confidence, each.spans, each.reason, tuple(clauses(each.tag, touched)))
            for each in found
            if each.tag in CONDUCT
        ),
        unclear(text),
    )


def clauses(conduct: str, rules: Iterable[Rule]) -> list[Touched]:
    """The rules in force today about a conduct, or that forbid its tag."""
    today = dt.date.today()  # noqa: DTZ011 (the reader's day)
    newest = {rule.id: rule for rule in sorted(rules, key=lambda rule: rule.from_) if _about(rule, conduct) and rule.in_force(today)}
    return [
        Touched(rule.id, rule.title.en, rule.title.zh, rule.cite, rule.force, rule.effect, rule.verified, rule.status)
        for rule in sorted(newest.values(), key=lambda rule: (_FORCE.index(rule.force), rule.id))
    ]


_FORCE: Final = ("statute", "regulation", "standard", "self-regulation", "policy")


def _about(rule: Rule, conduct: str) -> bool:
    tests = [test for match in (rule.forbid.any if rule.forbid else ()) for test in match.tests]
    return rule.conduct == conduct or any(test.field == "tags" and conduct in test.values and not test.negated for test in tests)


def _moved(found: Found, turn: Turn) -> Found:
    return found._replace(spans=tuple((start + turn.start, end + turn.start) for start, end in found.spans))


def _joined(found: list[Found]) -> list[Found]:
    """Each tag once: the surest reason, and all places."""
    best: dict[str, Found] = {}
    for each in found:
        held = best.setdefault(each.tag, each)
        if held is not each:
            surer = max(held, each, key=lambda one: one.confidence)
            best[each.tag] = surer._replace(spans=tuple(sorted(held.spans + each.spans)))
    return sorted(best.values(), key=lambda each: (-each.confidence, each.tag))
