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
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from forbear.leads.seen import reached, without_figures
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
    """Whom: told apart and never shown."""
    said: str = ""
    """What stands for its words: equal for the same template; empty if nothing is known of them."""
    agency: str = ""
    entry_id: str = ""


class Totals(NamedTuple):
    """What was done from a number, in a part of a history or in all of it. A person lies in one part."""

    first: tuple[int, str]
    """Unix second and id of the first contact."""
    last: tuple[int, str]
    agency: str
    """That of the first contact."""
    calls: int
    persons: int
    """How many people were contacted."""
    words: int
    """Contacts of which the words are known."""

    def plus(self, other: Totals) -> Totals:
        """Both together."""
        early = min(self, other, key=lambda each: each.first)
        sums = (self.calls + other.calls, self.persons + other.persons, self.words + other.words)
        return Totals(early.first, max(self.last, other.last), early.agency, *sums)


class Caller(NamedTuple):
    """A number, whom it contacted and what it said."""

    totals: Totals
    people: Counter[Hashable]
    """Contacts with each person; of a number that is nobody's successor, only of those whom a new number contacts too."""
    said: Counter[Hashable]


class Link(NamedTuple):
    """A number and the one that seems to follow it. A lead: a caseload can also be handed to another."""

    old: str
    new: str
    agency: str
    """Of the new number."""
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
    entries: tuple[str, ...]
    """Ids of the last contact from the old number and the first from the new one, each between its number's first and last."""


def uses(entries: Iterable[Entry]) -> list[Use]:
    """Outbound contacts of which the number is known, but for numbers at which anybody was reached."""
    known = list(entries)
    theirs = reached(known)
    return [
        Use(
            each.at,
            each.one("number"),
            f"{each.one('consumer')}\n{each.one('person') or each.one('address')}",
            template(each.text),
            each.one("agency"),
            each.entry_id,
        )
        for each in known
        if each.is_contact and each.one("direction") == "outbound" and each.one("number") and each.one("number") not in theirs
    ]


def links(made: Iterable[Use]) -> list[Link]:
    """The links that are sure enough to be shown, the surest first; each number has at most one successor and one predecessor."""
    of_number = defaultdict[str, list[Use]](list)
    for each in made:
        of_number[each.number].append(each)
    return follow({number: _caller(some) for number, some in of_number.items()})


def _caller(some: Sequence[Use]) -> Caller:
    people = Counter[Hashable](each.person for each in some)
    said = Counter[Hashable](each.said for each in some if each.said)
    first = min(some, key=lambda each: (each.at, each.entry_id))
    last = max((each.at, each.entry_id) for each in some)
    return Caller(Totals((first.at, first.entry_id), last, first.agency, len(some), len(people), said.total()), people, said)


def changed(callers: Mapping[str, Totals]) -> tuple[set[str], list[str]]:
    """(numbers that end within the records, numbers that begin within them), of those that called enough people to be told by."""
    since, until = min(each.first[0] for each in callers.values()), max(each.last[0] for each in callers.values())
    known = {number: each for number, each in callers.items() if each.persons >= _FEWEST}
    return (
        {number for number, each in known.items() if each.last[0] < until - _SILENT},
        [number for number, each in known.items() if each.first[0] > since + _SILENT],
    )


def follow(callers: Mapping[str, Caller]) -> list[Link]:
    """As `links`, of what was done from each number."""
    if not callers:
        return []
    ended, began = changed({number: each.totals for number, each in callers.items()})
    network = _Network(callers)
    possible = [link for new in began for link in network.before(new, ended)]
    followed, following = dict[str, Link](), set[str]()
    for link in sorted(possible, key=lambda each: (-each.probability, -each.ratio, each.old, each.new)):
        if link.probability >= SURE and link.old not in followed and link.new not in following:
            followed[link.old] = link
            following.add(link.new)
    return list(followed.values())


class _Network:
    """All callers, and how often each person was contacted and each thing said by any of them."""

    def __init__(self, callers: Mapping[str, Caller]) -> None:
        self._callers = callers
        self._calls = sum(each.totals.calls for each in callers.values())
        self._words = sum(each.totals.words for each in callers.values())
        self._often, self._everywhere = Counter[Hashable](), Counter[Hashable]()
        self._who = defaultdict[Hashable, list[str]](list)
        for number, each in callers.items():
            self._often.update(each.people)
            self._everywhere.update(each.said)
            for person in each.people:
                self._who[person].append(number)

    def before(self, new: str, ended: set[str]) -> list[Link]:
        """The numbers that a new one may follow, each with its probability."""
        mine = self._callers[new]
        numbers = sorted({number for person in mine.people for number in self._who[person]} - {new})
        others = {number: self._callers[number] for number in numbers}
        fits = {number: self._people(other, mine) for number, other in others.items()}
        beside = max((number for number, other in others.items() if _together(other, mine)), key=fits.__getitem__, default="")
        odds = {
            old: _ALIKE * (fits[old] - fits.get(beside, 0.0)) + self._said(others[old], mine)
            for old in numbers
            if old in ended and -_OVERLAP <= mine.totals.first[0] - others[old].totals.last[0] <= _APART
        }
        if not odds:
            return []
        prior, most = _CHANGED / len(odds), max(0.0, *odds.values())
        whole = (1 - _CHANGED) * math.exp(-most) + sum(prior * math.exp(each - most) for each in odds.values())
        return [
            Link(
                old,
                new,
                mine.totals.agency,
                others[old].totals.last[0],
                mine.totals.first[0],
                len(mine.people.keys() & others[old].people.keys()),
                mine.totals.persons,
                len(mine.people.keys() & others[beside].people.keys()) if beside else 0,
                round(each / math.log(10), 1),
                prior * math.exp(each - most) / whole,
                tuple(dict.fromkeys(end[1] for each in (others[old], mine) for end in each.totals[:2])),
            )
            for old, each in odds.items()
        ]

    def _people(self, old: Caller, new: Caller) -> float:
        """Log of how much likelier the new number's calls are if it goes on with the old one's people than if it calls just anybody."""
        return sum(
            min(times, _MOST) * math.log(_KEPT * old.people[person] / old.totals.calls * self._calls / self._often[person] + 1 - _KEPT)
            for person, times in new.people.items()
        )

    def _said(self, old: Caller, new: Caller) -> float:
        """Log likelihood ratio of the same words; how often a caller repeats himself says no more than a few messages do."""
        words = old.totals.words
        if not words or not new.said:
            return 0.0
        each = [
            math.log(_SAME_WORDS * old.said[text] / words * self._words / self._everywhere[text] + 1 - _SAME_WORDS) for text in new.said
        ]
        return max(-5.0, min(10.0, sum(each)))


def _together(one: Caller, other: Caller) -> bool:
    """Whether both were in use for a day at the same time, so that neither follows the other."""
    last, first = min(one.totals.last[0], other.totals.last[0]), max(one.totals.first[0], other.totals.first[0])
    return last - first > _SILENT / 2


def template(text: str) -> str:
    """What stands for the words of a message."""
    return without_figures(" ".join(text.split()))[:200]
