"""Law that says nothing: a rule that never refuses anything, one that asks for something and is never content, a standing that none opens.

A ban may refuse all that it sees, so `[forbid]` is not asked whether it allows. The other verbs say what is lawful; a rule by which nothing
is (not even perhaps, where a calendar does not hold the year) is wrong, or is a ban. The marks of the examples are looked at first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from forbear.engines.apart.search import Search, search
from forbear.engines.apart.variations import Side
from forbear.engines.plain import Judge
from forbear.engines.trial import Diary
from forbear.rulebook.book import Book
from forbear.rulebook.match import Match, Matches, Test
from forbear.rulebook.rule import VERBS, Rule, Standing
from forbear.terms import FIELDS

_MOST = 1500
"""How many timelines are tried of a rule whose examples show nothing."""


class Void(NamedTuple):
    """What is wrong with a law, and the path of the key to look at."""

    path: str
    what: str


def void(book: Book, rule: Rule, tried: list[Diary]) -> Iterator[Void]:
    """What makes the rule say nothing. `tried`: its examples, whose marks are right."""
    if (plain := _written(rule)) is not None:
        yield plain
        return
    if all(line.mark == "" for diary in tried for line in diary.lines) and not _refuses(looked := _refusing(book, rule)):
        todo = "correct the tests, or show by an example what it refuses (a line with a mark)"
        yield Void("applies", f"can never fire: nothing was found that it refuses ({looked.tried} timelines tried); {todo}")
        return
    if not rule.forbid and not any(_allows(book, rule, diary) for diary in tried):
        looked = _unlike_a_ban(book, rule)
        if not _content(book, rule, looked):
            todo = "correct it, show by an example what it allows (a line without a mark, or with ?), or write a ban: [forbid]"
            yield Void(rule.verb, f"always fires: all that was found to concern it is a breach ({looked.tried} timelines tried); {todo}")


def unopened(standing: Standing) -> Void | None:
    """What keeps every opener of a standing from opening it."""
    why = _none([opener.match for opener in standing.opens])
    return why and Void(f"opens[0].{why[0]}", f"nobody can open this standing: {why[1]}; correct the test")


def _refusing(book: Book, rule: Rule) -> Search:
    """A timeline on which it differs from a rule that sees nothing."""
    nothing = msgspec.structs.replace(rule, applies=Match((Test("kind"),)))
    return search(Side(book, rule), Side(book, nothing), _MOST)


def _unlike_a_ban(book: Book, rule: Rule) -> Search:
    """A timeline on which it differs from a ban of all that it sees."""
    ban = msgspec.structs.replace(rule, **{**dict.fromkeys(VERBS), "forbid": Matches((Match(()),))})
    return search(Side(book, rule), Side(book, ban), _MOST)


def _refuses(looked: Search) -> bool:
    """Whether the rule surely refuses what was found: where not all is known of an entry, it may well be that nothing is refused."""
    return looked.found is not None and looked.found.said[0].value is True


def _content(book: Book, rule: Rule, looked: Search) -> bool:
    """Whether the rule allows what was found, or would in a year whose holidays were gazetted."""
    if looked.found is None or looked.found.said[0].value is not None:
        return looked.found is not None and looked.found.said[0].value is False
    timeline, i = looked.found.timeline, looked.found.judged
    need = Judge(book, timeline.entries, timeline.coverage).judge(rule, timeline.entries[i], i).need
    return all(one.startswith("calendar ") for one in need)


def _allows(book: Book, rule: Rule, diary: Diary) -> bool:
    """Whether the rule surely sees some entry of the diary, and does not surely refuse it."""
    judge = Judge(book, [line.entry for line in diary.lines], diary.coverage)
    return any(
        line.mark not in ("!", "!a") and judge.counted(rule, line.entry, i).value and judge.times.in_force(rule, line.entry).value
        for i, line in enumerate(diary.lines)
    )


def _written(rule: Rule) -> Void | None:
    """What can be told from the text alone."""
    if why := _impossible(rule.applies):
        return Void(f"applies.{why[0]}", f"can never fire: {why[1]}; correct the test")
    for n, match in enumerate(rule.unless.any):
        if not match.tests:
            return Void(f"unless[{n}]", "can never fire: a block without a test exempts everything; name what is exempt")
    if rule.forbid and (why := _none(rule.forbid.any)):
        return Void(f"forbid.{why[0]}", f"can never fire: {why[1]}; correct the test")
    if rule.require and (why := _none(rule.require.any)):
        return Void(f"require.{why[0]}", f"always fires: {why[1]}; correct the test, or write a ban: [forbid]")
    if rule.hours and not any(rule.hours.days.values()):
        return Void("hours", "always fires: no day has a lawful hour; name some, or write a ban: [forbid]")
    return None


def _none(matches: Sequence[Match]) -> tuple[str, str] | None:
    """A test that nothing passes, if each of the matches has one."""
    why = [_impossible(match) for match in matches]
    return why[0] if all(why) else None


def _impossible(match: Match) -> tuple[str, str] | None:
    """A field whose test nothing passes, and why."""
    for test in match.tests:
        words = FIELDS[test.field].words if test.field in FIELDS else {}
        if test.negated and words and words.keys() <= set(test.values):
            return test.field, f"{test.field} is none of all its words"
        if test.at_least is not None and test.at_most is not None and test.at_least > test.at_most:
            return test.field, f"no {test.field} is at least {test.at_least:g} and at most {test.at_most:g}"
    return None
