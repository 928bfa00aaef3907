"""Where the cases of the suite come from: diaries, edges of time, special days, chance, and the law of a place as a whole."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from forbear.engines.plain import Judge
from forbear.engines.suite.case import Case
from forbear.engines.trial import Diary, diaries
from forbear.records.clock import NoSuchTime, changes, local, settle
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry, order
from forbear.records.timelines import timelines
from forbear.rulebook.book import Book, covers
from forbear.rulebook.rule import Rule

EDGES: Final = 4
"""Edges of each rule that are walked over, each by two cases."""
MOVED: Final = 3
"""Cases of each rule that lie on a special day."""
CHANCE: Final = 3
"""Random timelines of each rule."""
STACKED: Final = 3
"""Timelines of each rule that are judged by all the law of its place."""
_TRIES: Final = 150
_OFFICIAL: Final = re.compile(r"official|after (comment|the|a|an) ")
_DAY: Final = 86400
_FAR: Final = 400 * _DAY


class Story(NamedTuple):
    """A timeline of a diary, and what its example is called."""

    name: str
    says: str
    entries: list[Entry]
    coverage: Coverage
    marked: list[int]
    """Positions of the lines that are marked as not clear."""


def of_rule(book: Book, rule: Rule) -> Iterator[Case]:
    """The cases of one rule."""
    stories = [story for n, diary in enumerate(diaries(book, rule), 1) for story in _stories(f"{rule.id}/{rule.from_}/{n}", diary)]
    for story in stories:
        kind = "official" if _OFFICIAL.match(story.says) else "diary"
        yield Case.ask(story.name, kind, story.says, [rule.id], story.entries, story.coverage)
    dice = random.Random(f"{rule.id} {rule.from_}")  # noqa: S311 (the same suite each time; nothing here is a secret)
    for kind, made, most in (("boundary", _edges, 2 * EDGES), ("moved", _moved, MOVED), ("random", _chance, CHANCE)):
        for n, (says, entries, coverage) in enumerate(_some(made(book, rule, stories, dice), most), 1):
            yield Case.ask(f"{rule.id}/{rule.from_}/{kind}-{n}", kind, says, [rule.id], entries, coverage)


def of_place(book: Book, rules: Sequence[Rule]) -> Iterator[Case]:
    """Timelines of diaries under all rules of the place, federal and local, statute and standard: all that apply are judged."""
    for rule in rules:
        place = rule.id.partition(".")[0]
        stack = sorted({each.id for each in rules if covers(each.id.partition(".")[0], place)})
        if len(stack) == len({each.id for each in rules if each.id.startswith(f"{place}.")}) and "-" in place:
            continue
        for n, diary in enumerate(diaries(book, rule)[: STACKED if "-" in place else 1], 1):
            for story in _stories(f"{rule.id}/{rule.from_}/stack-{n}", diary):
                yield Case.ask(story.name, "stack", story.says, stack, story.entries, story.coverage)


Told = tuple[str, list[Entry], Coverage]


def _stories(name: str, diary: Diary) -> Iterator[Story]:
    """A diary as timelines; what is about nobody known is left out."""
    lines = [line for line in diary.lines if "consumer" in line.entry.fields]
    marks = {line.entry.entry_id for line in lines if line.mark}
    found = timelines(line.entry for line in lines)
    for k, line in enumerate(found):
        entries = list(line.entries)
        marked = [i for i, entry in enumerate(entries) if entry.entry_id in marks]
        yield Story(name if len(found) == 1 else f"{name}{chr(97 + k)}", diary.example.name, entries, diary.coverage, marked)


def _some(made: Iterable[Told], most: int) -> Iterator[Told]:
    for n, told in enumerate(made):
        if n == most:
            return
        yield told


def _verdict(book: Book, rule: Rule, entries: Sequence[Entry], coverage: Coverage) -> bool | None:
    """What the rule says of the last entry: by the gate, but of what is owed by the audit."""
    i = len(entries) - 1
    judge = Judge(book, entries if rule.owe else entries[:i], coverage)
    return judge.judge(rule, entries[i], i, gate=not rule.owe).value


def _edges(book: Book, rule: Rule, stories: Sequence[Story], dice: random.Random) -> Iterator[Told]:  # noqa: ARG001
    """The last second before an edge and the first at it, wherever the verdict changes there."""
    seen = set[int]()
    for story in stories:
        for i in story.marked:
            entry, before = story.entries[i], story.entries[:i]
            judge = Judge(book, before, story.coverage)
            judge.judge(rule, entry, i, gate=True)
            near = {edge for edge in judge.times.edges | judge.times.daily if abs(edge - entry.at) < _FAR} - seen
            for edge in sorted(near, key=lambda edge: (abs(edge - entry.at), edge)):
                pair = [[*before, _at(entry, edge + step)] for step in (-1, 0)]
                if any(sorted(line, key=order) != line for line in pair):
                    continue
                said = [_verdict(book, rule, line, story.coverage) for line in pair]
                if said[0] is not said[1]:
                    seen.add(edge)
                    yield f"{story.says}: one second before an edge", pair[0], story.coverage
                    yield f"{story.says}: at the edge", pair[1], story.coverage
                    break


def _moved(book: Book, rule: Rule, stories: Sequence[Story], dice: random.Random) -> Iterator[Told]:
    """Diaries moved by whole days, so that a marked line falls on a day on which time or law does something unusual."""
    found = [(story, i) for story in stories for i in story.marked]
    dice.shuffle(found)
    for story, i in found:
        zone = (story.entries[i].fields.get("zone") or ("Etc/UTC",))[0]
        days = _special(book, rule, zone)
        dice.shuffle(days)
        for why, day in days[:1]:
            shift = day - local(story.entries[i].at, zone).day
            try:
                entries = [_shifted(entry, shift, zone) for entry in story.entries]
            except NoSuchTime:
                continue
            if sorted(entries, key=order) == entries:
                until = story.coverage.records_until
                coverage = story.coverage._replace(records_until=None if until is None else until + shift * _DAY)
                yield f"{story.says}; moved to {why}", entries, coverage


def _special(book: Book, rule: Rule, zone: str) -> list[tuple[str, int]]:
    """Days on which clocks are moved, months end, holidays are, the rule begins or ends."""
    year = max(rule.from_.year, 2026) if rule.until is None else rule.until.year
    first = dt.date(year, 1, 1).toordinal()
    found = [("a day on which the clock is moved", day) for day in range(first, first + 365) if changes(day, zone)]
    found += [(f"the end of a month, {text}", dt.date.fromisoformat(text).toordinal()) for text in (f"{year}-01-31", f"{year}-02-28")]
    found += [("a leap day", dt.date(2028, 2, 29).toordinal()), ("the end of a year", dt.date(year, 12, 31).toordinal())]
    place = book.place(rule.calendar) if rule.calendar else None
    for held in place.calendar.years if place and place.calendar else ():
        found += [("a holiday", day.toordinal()) for day in (held.holidays[0], held.holidays[-1])]
        found += [("a day that is perhaps a holiday", day.toordinal()) for day in held.perhaps[-1:]]
    found.append(("the first day in force", rule.from_.toordinal()))
    return found + ([("the day after its last", rule.until.toordinal() + 1)] if rule.until else [])


def _shifted(entry: Entry, days: int, zone: str) -> Entry:
    """The entry, so many days later by the clock of its place."""

    def moved(at: int) -> int:
        day, second = local(at, zone)
        wall = dt.datetime.fromordinal(day + days) + dt.timedelta(seconds=second)
        return settle(wall, zone)

    later = [(dt.date.fromisoformat(day) + dt.timedelta(days)).isoformat() for day in entry.fields.get("until", ())]
    entry = entry.but(until=tuple(later)) if later else entry
    return msgspec.structs.replace(entry, at=moved(entry.at), known_at=moved(entry.known_at))


def _chance(book: Book, rule: Rule, stories: Sequence[Story], dice: random.Random) -> Iterator[Told]:
    """Entries of all diaries thrown together at random times; kept where the last is a breach, without what it does not need."""
    pool = [entry for story in stories for entry in story.entries]
    times = sorted({entry.at for entry in pool})
    seen = set[tuple[object, ...]]()
    for _ in range(_TRIES if not rule.owe and len(times) > 1 else 0):
        near = dice.randrange(len(times))
        some = [_at(dice.choice(pool), dice.choice(times[max(0, near - 6) : near + 6]) + dice.choice((0, 0, 60, 3600))) for _ in range(9)]
        entries = sorted((msgspec.structs.replace(e, entry_id=f"{n:04}") for n, e in enumerate(some)), key=order)
        coverage = stories[0].coverage._replace(records_until=None, silent=frozenset())
        while entries and _verdict(book, rule, entries, coverage) is not True:
            entries.pop()
        if entries and len(timelines(entries)) == 1:
            left = _smallest(book, rule, entries, coverage)
            entries = [msgspec.structs.replace(entry, entry_id=f"{n:04}") for n, entry in enumerate(left)]
            shape = tuple((e.one("kind"), e.one("channel"), e.one("party"), e.one("outcome")) for e in entries)
            if shape not in seen:
                seen.add(shape)
                yield f"a random timeline of {len(entries)}", entries, coverage


def _smallest(book: Book, rule: Rule, entries: list[Entry], coverage: Coverage) -> list[Entry]:
    """The breach at the end with one entry less as long as it stays one; of the rest, one that does not matter stays."""
    for entry in entries[:-1]:
        less = [each for each in entries if each is not entry]
        if len(entries) > 3 and _verdict(book, rule, less, coverage) is True and len(timelines(less)) == 1:
            entries = less
    return entries


def _at(entry: Entry, at: int) -> Entry:
    return msgspec.structs.replace(entry, at=at, known_at=at)
