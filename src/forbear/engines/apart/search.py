"""A smallest timeline on which two versions of a rule say different things: what a change of the law means.

Searched, not solved: timelines of both versions' examples and small changes of them are judged by both, by the plain engine, until one
tells them apart; then whatever it does not need is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from forbear.engines.apart.simpler import simpler
from forbear.engines.apart.sketches import sketches
from forbear.engines.apart.variations import Material, Side, Timeline, by_turns, varied
from forbear.engines.earliest import unsettled
from forbear.engines.plain import Judge
from forbear.engines.trial import EXPECTED, diaries, gate
from forbear.rulebook.diary import UNSAID, DiaryError, read
from forbear.rulebook.write import Unwritable, write
from forbear.terms import Verdict

MOST = 4000
"""How many timelines are tried."""
_SURER = 1000
"""How many more, where one is found on which a version is unclear."""
_MARKS = {expected: mark for mark, expected in EXPECTED.items()}


class Said(NamedTuple):
    """What a version says of an entry: is it a breach (None: unclear), does the gate refuse it, and is both only a warning?"""

    value: bool | None
    refused: bool
    warns: bool

    @property
    def mark(self) -> str:
        """As a diary marks it."""
        return _MARKS[self.value, self.refused]

    @property
    def verdict(self) -> Verdict:
        """In a word of the audit."""
        if self.value is None:
            return Verdict.UNCLEAR
        return Verdict.CLEAR if not self.value else Verdict.DEPARTURE if self.warns else Verdict.BREACH


class Apart(NamedTuple):
    """A timeline, the position of the entry of which the versions say different things, and what each says."""

    timeline: Timeline
    judged: int
    said: tuple[Said, Said]

    @property
    def doubt(self) -> int:
        """0: one surely finds a breach, the other surely none, and the gates differ; 1: the gates say the same; 2, 3: one is unclear."""
        one, other = self.said
        definite = None not in (one.value, other.value) and (one.value != other.value or one.warns != other.warns)
        return 2 * (not definite) + ((one.refused, one.warns) == (other.refused, other.warns))

    @property
    def size(self) -> tuple[int, int, int]:
        """By which a smallest one is chosen."""
        return self.doubt, len(self.timeline.silent), len(self.timeline.entries)


class Search(NamedTuple):
    """What a search found, None if nothing, in so many timelines `tried`."""

    found: Apart | None
    one: Side
    """The version in whose book, and by whose `given`, the diary is read."""
    tried: int

    def diary(self, remark: str = "") -> str:
        """The timeline as text, with a remark behind the entry in question; empty if nothing is found."""
        if self.found is None:
            return ""
        entries = self.found.timeline.entries
        marks = [f"# {remark}" if remark and k == self.found.judged else "" for k in range(len(entries))]
        return write(entries, self.one.rule.given, self.one.book, marks)


def search(one: Side, other: Side, most: int = MOST) -> Search:
    """A smallest timeline on which `one` and `other` say different things, among at most `most` (and what shrinking takes).

    No entry of what is found can be left out.
    """
    looking = _Looking(one, other, most)
    found = looking.find()
    return Search(found and looking.shrunk(found), one, looking.tried)


def compared(one: Side, other: Side, timeline: Timeline) -> Apart | None:
    """The first entry of the timeline of which the two versions say different things; None if there is none.

    Only the last one is asked, unless one of the versions looks forward: what follows changes nothing of what came before.
    """
    count = len(timeline.entries)
    for i in range(count) if one.rule.owe or other.rule.owe else range(count)[-1:]:
        said = (_said(one, timeline, i), _said(other, timeline, i))
        if said[0] != said[1]:
            return Apart(timeline, i, said)
    return None


def _said(side: Side, timeline: Timeline, i: int) -> Said:
    book, rule = side
    entries, entry = timeline.entries, timeline.entries[i]
    judge = Judge(book, entries if rule.owe else entries[:i], timeline.coverage)
    value = judge.judge(rule, entry, i).value
    asked = unsettled(entry)
    refused = not rule.owe and (value if asked is entry else judge.judge(rule, asked, i, gate=True).value) is not False
    return Said(value, refused, rule.warns and (refused or value is not False))


def edges(sides: Iterable[Side], timeline: Timeline) -> set[int]:
    """Instants at which some answer about the timeline may change."""
    found: set[int] = set()
    for book, rule in sides:
        judge, count = Judge(book, timeline.entries, timeline.coverage), len(timeline.entries)
        for i in range(count) if rule.owe else range(count)[-1:]:
            judge.judge(rule, timeline.entries[i], i)
        found |= judge.times.edges | judge.times.daily
    return found


class _Looking:
    """One search: both versions, and how many timelines it has tried."""

    def __init__(self, one: Side, other: Side, most: int) -> None:
        self.sides, self.most, self.tried = (one, other), most, 0

    def find(self) -> Apart | None:
        """A timeline that tells the versions apart; one on which both are sure, if there is one."""
        examples = [prefix for side in self.sides for prefix in _prefixes(side)]
        found = self._best(examples)
        if found is None or found.doubt > 1:
            bases = sorted(examples, key=lambda base: len(base.entries))
            bases = [*(base for pair in (self.sides, self.sides[::-1]) for base in sketches(*pair)), *bases]
            found = self._first([found.timeline, *bases] if found else bases, Material.of(self.sides, bases)) or found
        return found

    def _best(self, timelines: Iterable[Timeline]) -> Apart | None:
        return min(filter(None, map(self.judged, timelines)), key=lambda found: found.size, default=None)

    def _first(self, bases: Sequence[Timeline], material: Material) -> Apart | None:
        """The first that is sure, of bases with one change and then with two; else the first."""
        unsure = None
        left = self.most
        for timeline in self._far(bases, material):
            if self.tried >= left:
                break
            found = self.judged(timeline)
            if found and found.doubt < 2:
                return found
            if found and not unsure:
                unsure, left = found, min(left, self.tried + _SURER)
        return unsure

    def _far(self, bases: Sequence[Timeline], material: Material) -> Iterator[Timeline]:
        def once(each: Iterable[Timeline]) -> Iterator[Timeline]:
            return by_turns(*(varied(base, edges(self.sides, base), material) for base in each))

        yield from bases
        changed = []
        for timeline in islice(once(bases), self.most // 2):
            changed.append(timeline)
            yield timeline
        yield from once(changed[:: max(len(changed) // 100, 1)])

    def judged(self, timeline: Timeline) -> Apart | None:
        """Whether it tells them apart once it is written down and read again; None if not."""
        self.tried += 1
        if compared(*self.sides, timeline) is None:
            return None
        one = self.sides[0]
        try:
            lines = read(write(timeline.entries, one.rule.given, one.book), one.rule.given, one.book)
        except (Unwritable, DiaryError):
            return None
        return compared(*self.sides, Timeline(tuple(line.entry for line in lines), timeline.silent))

    def shrunk(self, found: Apart) -> Apart:
        """Without what it does not need."""

        def shows(timeline: Timeline) -> Timeline | None:
            less = self.judged(timeline)
            return less.timeline if less and less.doubt <= found.doubt else None

        given = self.sides[0].rule.given
        usual = {name: (value,) if value else () for name, value in {**UNSAID, "person": UNSAID["consumer"], **given}.items()}
        return self.judged(simpler(found.timeline, usual, shows)) or found


def _prefixes(side: Side) -> Iterator[Timeline]:
    """Every beginning of every example; also without what its gate refused."""
    for diary in diaries(side.book, side.rule):
        entries = [line.entry for line in diary.lines]
        lines = [line._replace(earliest="") for line in diary.lines]
        refused = [denied and not side.rule.warns for denied, _ in gate(side.book, side.rule, lines, diary.coverage)]
        for silent in dict.fromkeys(((), tuple(diary.example.silent))):
            for i in range(len(entries)):
                yield Timeline.of(entries[: i + 1], silent)
                if any(refused[:i]):
                    yield Timeline.of((entry for k, entry in enumerate(entries[: i + 1]) if k == i or not refused[k]), silent)
