"""Which of the callers' new numbers follows which of their old ones: numbers are swapped when people block them.

A number ends, another begins, and the new one calls the people of the old one and says what the old one said. That is compared with what
chance brings: numbers that were in use at the same time cannot be one another's successors, so the best of them shows what colleagues
share anyway.

Only numbers from which outbound contacts were made are ever linked. A number at which anybody was reached is nobody's old or new number
here: whom a consumer or a third person becomes is not to be found out.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from forbear.leads.seen import without_figures
from forbear.records.entry import Entry

SURE: Final = 0.9
"""From here a link is shown."""
_DAY: Final = 86_400
_SILENT: Final = _DAY
"""Seconds of silence, at the beginning or the end of the records, from which a number is taken to begin or to end within them."""
_APART: Final = 7 * _DAY
"""Seconds that may lie between the last use of the old number and the first of the new one."""
_OVERLAP: Final = 3600
"""Seconds for which both may be in use."""
_FEWEST: Final = 5
"""People whom a number must have called, for a successor to be told by them."""
_KEPT: Final = 0.7
"""Of the calls of a changed number, how many go to the people of the old one, as often as before."""
_ALIKE: Final = 0.25
"""What a further person in common is worth, beside a first one: caseloads come in blocks."""
_MOST: Final = 3
"""Calls to one person that are counted: who calls twenty times says no more by it."""
_SAME_WORDS: Final = 0.7
"""How often the same caller says what he said before."""
_CHANGED: Final = 0.2
"""How often a number that begins is a changed one, before anything is compared."""


class Use(NamedTuple):
    """One contact made from a number."""

    at: int
    number: str
    person: str
    """Whom: the person or the address; told apart and never shown."""
    said: str = ""
    """What stands for its words: equal for the same template; empty if nothing is known of them."""


class Link(NamedTuple):
    """A number and the one that seems to follow it. A lead: a caseload can also be handed to another."""

    old: str
    new: str
    ended: int
    """Unix second of the last use of the old number."""
    began: int
    shared: int
    """People whom both called."""
    of: int
    """People whom the new one called."""
    colleagues: int
    """How many of them were called from the number that fits best and cannot be its predecessor, since both were in use."""
    ratio: float
    """Likelihood ratio, as a power of ten: how much likelier this is if one follows the other."""
    probability: float


class _Line(NamedTuple):
    """A number, and what was done from it."""

    first: int
    last: int
    people: Counter[str]
    said: Counter[str]


def uses(entries: Iterable[Entry]) -> list[Use]:
    """Outbound contacts of which the number is known, but for numbers at which anybody was reached."""
    contacts = [each for each in entries if each.is_contact]
    reached = {each.one("address") for each in contacts} | {each.one("number") for each in contacts if each.one("direction") == "inbound"}
    return [
        Use(each.at, each.one("number"), each.one("person") or each.one("address") or each.one("consumer"), _template(each.text))
        for each in contacts
        if each.one("direction") == "outbound" and each.one("number") and each.one("number") not in reached
    ]


def links(made: Sequence[Use]) -> list[Link]:
    """The links that are sure enough to be shown, the surest first; each number has at most one successor and one predecessor."""
    if not made:
        return []
    since, until = min(each.at for each in made), max(each.at for each in made)
    lines = _lines(made)
    often, everywhere = Counter(each.person for each in made), Counter(each.said for each in made if each.said)
    ended = {number for number, line in lines.items() if line.last < until - _SILENT and len(line.people) >= _FEWEST}
    began = [number for number, line in lines.items() if line.first > since + _SILENT and len(line.people) >= _FEWEST]
    possible = [link for new in began for link in _of(new, ended, lines, often, everywhere)]
    followed, following = dict[str, Link](), set[str]()
    for link in sorted(possible, key=lambda each: (-each.probability, -each.ratio, each.old, each.new)):
        if link.probability >= SURE and link.old not in followed and link.new not in following:
            followed[link.old] = link
            following.add(link.new)
    return list(followed.values())


def _lines(made: Iterable[Use]) -> dict[str, _Line]:
    of_number = defaultdict[str, list[Use]](list)
    for each in made:
        of_number[each.number].append(each)
    return {
        number: _Line(
            min(each.at for each in some),
            max(each.at for each in some),
            Counter(each.person for each in some),
            Counter(each.said for each in some if each.said),
        )
        for number, some in of_number.items()
    }


def _of(new: str, ended: set[str], lines: dict[str, _Line], often: Counter[str], everywhere: Counter[str]) -> list[Link]:
    """The numbers that a new one may follow, each with its probability."""
    line = lines[new]
    others = {number: other for number, other in lines.items() if number != new and not line.people.keys().isdisjoint(other.people)}
    fits = {number: _people(other, line, often) for number, other in others.items()}
    beside = max((number for number, other in others.items() if _together(other, line)), key=fits.__getitem__, default="")
    odds = {
        old: _ALIKE * (fits[old] - fits.get(beside, 0.0)) + _words(lines[old].said, line.said, everywhere)
        for old in ended & others.keys()
        if -_OVERLAP <= line.first - lines[old].last <= _APART
    }
    if not odds:
        return []
    prior, most = _CHANGED / len(odds), max(0.0, *odds.values())
    whole = (1 - _CHANGED) * math.exp(-most) + sum(prior * math.exp(each - most) for each in odds.values())
    return [
        Link(
            old,
            new,
            lines[old].last,
            line.first,
            len(line.people.keys() & lines[old].people.keys()),
            len(line.people),
            len(line.people.keys() & lines[beside].people.keys()) if beside else 0,
            round(each / math.log(10), 1),
            prior * math.exp(each - most) / whole,
        )
        for old, each in odds.items()
    ]


def _together(one: _Line, other: _Line) -> bool:
    """Whether both were in use for a day at the same time, so that neither follows the other."""
    return min(one.last, other.last) - max(one.first, other.first) > _SILENT / 2


def _people(old: _Line, new: _Line, often: Counter[str]) -> float:
    """Log of how much likelier the new number's calls are if it goes on with the people of the old one than if it calls just anybody."""
    calls, all_calls = old.people.total(), often.total()
    return sum(
        min(times, _MOST) * math.log(_KEPT * old.people[person] / calls * all_calls / often[person] + 1 - _KEPT)
        for person, times in new.people.items()
    )


def _words(old: Counter[str], new: Counter[str], everywhere: Counter[str]) -> float:
    """Log likelihood ratio of the same words; how often a caller repeats himself says no more than a few messages do."""
    said, all_said = sum(old.values()), sum(everywhere.values())
    if not said or not new:
        return 0.0
    each = [math.log(_SAME_WORDS * old[text] / said * all_said / everywhere[text] + 1 - _SAME_WORDS) for text in new]
    return max(-5.0, min(10.0, sum(each)))


def _template(text: str) -> str:
    return without_figures(" ".join(text.split()))[:200]
