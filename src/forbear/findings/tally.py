"""What a report counts, taken in part by part, whatever the parts: what it keeps grows with rules and agencies only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from forbear.engines.judgement import BREACH, DEPARTURE, GRAVITY, Judgement, Verdicts
from forbear.findings import hours, marks
from forbear.findings.agencies import Sums
from forbear.findings.finding import Told
from forbear.findings.worst import RuleKey, Sent, Worst, key_of, pack, unpack, worst
from forbear.leads.adding import added
from forbear.records.columns.lines import Lines
from forbear.records.columns.texts import Mask
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule
from forbear.terms import Verdict

WORST = 5
"""How many timelines are kept whole, to be drawn."""

Hour = tuple[int, int]
"""A weekday (0 = Monday) and an hour of the day, by the clock of the consumer's place."""


class Tally:
    """Counts that can be added up: `Tally(book) + other` is what one tally would have counted of both parts, in either order.

    `book` gives the zone of a place that has only one, for contacts that name none.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        self.timelines = 0
        self.contacts = 0
        self.facts = 0
        self.verdicts: Counter[tuple[RuleKey, Verdict]] = Counter()
        self.contacts_by_verdict: Counter[Verdict] = Counter()
        """Contacts by the gravest verdict that any rule gives them; those with none are clear."""
        self.settles: Counter[tuple[RuleKey, str]] = Counter()
        """Unclear findings by rule and by what would settle them; one finding may need several."""
        self.needed: Counter[str] = Counter()
        """Unclear findings by what would settle them, whatever the rule."""
        self.alone: Counter[str] = Counter()
        """Unclear findings that this alone would settle."""
        self.silenced = 0
        """Unclear findings that wait, among other things, for facts of a kind that no source holds."""
        self.agencies: dict[str, Sums] = {}
        self.heat: Counter[Hour] = Counter()
        """All contacts whose local hour is known."""
        self.heat_breached: Counter[Hour] = Counter()
        self.hour_unknown = 0
        self.worst: list[Worst] = []

    def part(self, lines: Lines, rules: Sequence[Rule], verdicts: Verdicts, told: Sequence[Told] = ()) -> None:
        """Takes in whole timelines with all that was found in them under these rules.

        `told`: the same in full. Without it, nothing is counted of what would settle what is unclear, and no timeline is kept.
        """
        self.timelines += len(lines.names)
        kinds = len(GRAVITY)
        for pair, times in zip(*_counted(verdicts.rule * kinds + verdicts.verdict), strict=True):
            self.verdicts[key_of(rules[pair // kinds]), GRAVITY[pair % kinds]] += times
        contact = marks.contacts(lines)
        number = int(contact.sum())
        self.contacts += number
        self.facts += len(contact) - number
        gravest = marks.gravest(len(contact), verdicts)
        for verdict, times in zip(*_counted(gravest[contact]), strict=True):
            self.contacts_by_verdict[(*GRAVITY, Verdict.CLEAR)[verdict]] += times
        exposed = marks.exposed(len(contact), verdicts, rules)
        self._agencies(lines, contact, (gravest == BREACH, exposed, gravest == DEPARTURE))
        self._hours(lines, contact, gravest == BREACH)
        for _, judgements in told:
            for found in judgements:
                if found.settles:
                    self._needs(found)
        self._worst(lines, told, contact)

    def total(self, verdict: Verdict) -> int:
        """Findings of this verdict."""
        return sum(n for (_, found), n in self.verdicts.items() if found is verdict)

    def __add__(self, other: Tally) -> Tally:
        both = Tally(self.book)
        for name, mine in vars(self).items():
            its = getattr(other, name)
            if isinstance(mine, Counter | int):
                setattr(both, name, mine + its)
        both.agencies = added((self.agencies, other.agencies))
        both._keep(self.worst + other.worst)
        return both

    def dump(self) -> bytes:
        """All that it counted, to be kept or sent."""
        said: dict[str, Any] = {"agencies": self.agencies, "worst": [pack(one) for one in self.worst]}
        said |= {name: value for name, value in vars(self).items() if isinstance(value, int)}
        said |= {name: list(value.items()) for name, value in vars(self).items() if isinstance(value, Counter)}
        return msgspec.json.encode(_Dump(**said))

    @classmethod
    def load(cls, raw: bytes, book: Book) -> Tally:
        """What was dumped under the law of `book`."""
        found, dump = cls(book), msgspec.json.decode(raw, type=_Dump)
        for name, value in vars(found).items():
            if isinstance(value, Counter):
                value.update(dict(getattr(dump, name)))
            elif isinstance(value, int):
                setattr(found, name, getattr(dump, name))
        found.agencies = dump.agencies
        rules = {key_of(rule): rule for rule in book.rules}
        found.worst = [unpack(one, rules) for one in dump.worst]
        return found

    def _needs(self, found: Judgement) -> None:
        key = key_of(found.rule)
        needs = [need for need in found.settles if need]
        for need in needs:
            self.settles[key, need] += 1
            self.needed[need] += 1
        self.silenced += any(need.startswith("kind=") for need in needs)
        if len(needs) == 1:
            self.alone[needs[0]] += 1

    def _agencies(self, lines: Lines, contact: Mask, marked: Sequence[Mask]) -> None:
        """Sums by agency over its share of each timeline."""
        shares = marks.by_agency(lines, contact)
        self.agencies = added((self.agencies, shares.sums(*(mark[contact] for mark in marked))))

    def _hours(self, lines: Lines, contact: Mask, breached: Mask) -> None:
        """Contacts by the hour that the clock of their place showed; where its zones do not agree, the hour is unknown."""
        week = hours.of_week(lines.block.at, marks.column(lines, "zone"), marks.column(lines, "jurisdiction"), self.book)[lines.row]
        self.hour_unknown += int((week[contact] < 0).sum())
        for heat, chosen in ((self.heat, contact), (self.heat_breached, contact & breached)):
            shown = week[chosen]
            for hour, times in enumerate(np.bincount(shown[shown >= 0], minlength=7 * 24).tolist()):
                if times:
                    heat[divmod(hour, 24)] += times

    def _worst(self, lines: Lines, told: Sequence[Told], contact: Mask) -> None:
        """Keeps the worst of these timelines: only what is drawn of them is made."""
        guilty = []
        for line, judgements in told:
            breaches = [found for found in judgements if found.verdict is Verdict.BREACH]
            if breaches:
                hit = len({found.position for found in breaches})
                guilty.append(((-hit, -len(breaches), lines.names[line]), line, breaches))
        self._keep([worst(lines, line, breaches, contact) for _, line, breaches in sorted(guilty, key=itemgetter(0))[:WORST]])

    def _keep(self, more: list[Worst]) -> None:
        self.worst = sorted(self.worst + more, key=Worst.rank)[:WORST]


class _Dump(msgspec.Struct, kw_only=True):
    """A tally as JSON: counters as lists of pairs."""

    timelines: int
    contacts: int
    facts: int
    silenced: int
    hour_unknown: int
    verdicts: list[tuple[tuple[RuleKey, Verdict], int]]
    contacts_by_verdict: list[tuple[Verdict, int]]
    settles: list[tuple[tuple[RuleKey, str], int]]
    needed: list[tuple[str, int]]
    alone: list[tuple[str, int]]
    heat: list[tuple[Hour, int]]
    heat_breached: list[tuple[Hour, int]]
    agencies: dict[str, Sums]
    worst: list[Sent]


def _counted(numbers: NDArray[Any]) -> tuple[list[int], list[int]]:
    """Each number that is there, and how often."""
    found, times = np.unique(numbers, return_counts=True)
    return found.tolist(), times.tolist()
