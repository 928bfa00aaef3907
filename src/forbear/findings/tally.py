"""What a report counts, taken in one timeline after another, in any number of parts: what it keeps grows with rules and agencies only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from forbear.engines.times import Times
from forbear.findings.agencies import Sums
from forbear.findings.finding import Finding
from forbear.records.clock import local
from forbear.records.entry import Entry
from forbear.rulebook.book import Book
from forbear.rulebook.rule import Rule
from forbear.rulebook.window import weekday
from forbear.terms import Verdict

WORST = 5
"""How many timelines are kept whole, to be drawn."""

RuleKey = tuple[str, str]
"""A rule's id and the first date on which it is in force: the two together name one rule file."""
Hour = tuple[int, int]
"""A weekday (0 = Monday) and an hour of the day, by the clock of the consumer's place."""


class Worst(NamedTuple):
    """A timeline among those with the most entries in breach, kept whole."""

    breached: int
    findings: tuple[Finding, ...]
    entries: tuple[Entry, ...]

    @property
    def name(self) -> str:
        """The first of its consumers."""
        return min((v for entry in self.entries for v in entry.fields.get("consumer", ()) if v != "*"), default="")

    def rank(self) -> tuple[int, int, str, str]:
        """Sorts the worst first; ties go by name and then by the first entry, never by the order of arrival."""
        guilty = sum(finding.verdict is Verdict.BREACH for finding in self.findings)
        return (-self.breached, -guilty, self.name, min(entry.entry_id for entry in self.entries))


def key_of(rule: Rule) -> RuleKey:
    """The key under which a rule is counted."""
    return (rule.id, rule.from_.isoformat())


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

    def timeline(self, entries: Sequence[Entry], findings: Sequence[Finding]) -> None:
        """Takes in one whole timeline with all that was found in it."""
        self.timelines += 1
        gravest: dict[str, Verdict] = {}
        exposed: set[str] = set()
        for finding in findings:
            entry_id, verdict = finding.entry.entry_id, finding.verdict
            self._count(finding)
            gravest[entry_id] = min(verdict, gravest.get(entry_id, verdict), key=_GRAVITY.index)
            if verdict is Verdict.BREACH or (verdict is Verdict.UNCLEAR and not finding.rule.warns):
                exposed.add(entry_id)
        parts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        for entry in entries:
            if not entry.is_contact:
                self.facts += 1
                continue
            verdict = gravest.get(entry.entry_id, Verdict.CLEAR)
            breached = verdict is Verdict.BREACH
            self.contacts += 1
            self.contacts_by_verdict[verdict] += 1
            agency = entry.fields.get("agency", ())
            part = parts[agency[0] if len(agency) == 1 else ""]
            part[0] += 1
            part[1] += breached
            part[2] += entry.entry_id in exposed
            part[3] += verdict is Verdict.DEPARTURE
            self._heat(entry, breached)
        for name, (n, x, y, departed) in parts.items():
            self.agencies[name] = self.agencies.get(name, Sums()).plus(Sums.of_timeline(n, x, y, departed))
        if any(finding.verdict is Verdict.BREACH for finding in findings):
            hit = sum(verdict is Verdict.BREACH for verdict in gravest.values())
            self._keep([Worst(hit, tuple(findings), tuple(entries))])

    def total(self, verdict: Verdict) -> int:
        """Findings of this verdict."""
        return sum(n for (_, found), n in self.verdicts.items() if found is verdict)

    def __add__(self, other: Tally) -> Tally:
        both = Tally(self.book)
        for name, mine in vars(self).items():
            its = getattr(other, name)
            if isinstance(mine, Counter | int):
                setattr(both, name, mine + its)
        for agencies in (self.agencies, other.agencies):
            for agency, sums in agencies.items():
                both.agencies[agency] = both.agencies.get(agency, Sums()).plus(sums)
        both._keep(self.worst + other.worst)
        return both

    def _count(self, finding: Finding) -> None:
        key = key_of(finding.rule)
        self.verdicts[key, finding.verdict] += 1
        needs = [need for need in finding.settles if need]
        for need in needs:
            self.settles[key, need] += 1
            self.needed[need] += 1
        self.silenced += any(need.startswith("kind=") for need in needs)
        if len(needs) == 1:
            self.alone[needs[0]] += 1

    def _heat(self, entry: Entry, breached: bool) -> None:
        zones = entry.fields.get("zone") or Times(self.book).zones(entry, "consumer")
        shown = {(weekday(day), second // 3600) for day, second in (local(entry.at, zone) for zone in zones)}
        if len(shown) != 1:
            self.hour_unknown += 1
            return
        hour = shown.pop()
        self.heat[hour] += 1
        if breached:
            self.heat_breached[hour] += 1

    def _keep(self, more: list[Worst]) -> None:
        self.worst = sorted(self.worst + more, key=Worst.rank)[:WORST]


_GRAVITY = (Verdict.BREACH, Verdict.DEPARTURE, Verdict.UNCLEAR, Verdict.CLEAR)
