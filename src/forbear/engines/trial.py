"""Examples tried: every diary line in audit and in gate mode, and the marks that turn out wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from forbear.engines.earliest import earliest, unsettled
from forbear.engines.plain import Judge
from forbear.records.clock import say
from forbear.records.coverage import Coverage
from forbear.records.entry import Entry
from forbear.rulebook.book import Book, Fault, RulebookError
from forbear.rulebook.diary import DiaryError, Line, diary_line, read
from forbear.rulebook.rule import Rule
from forbear.rulebook.verbs import Example

EXPECTED = {
    "": (False, False),
    "!": (True, True),
    "?": (None, True),
    "!g": (False, True),
    "!a": (True, False),
    "?a": (None, False),
}
"""Mark -> (what the audit finds: breach, unclear, clear; whether the gate denies or warns)."""
_SAY = {True: "breach", None: "unclear", False: "clear"}


class Wrong(NamedTuple):
    """A diary line whose mark is not what the rule says. `line` counts from 1 within the diary of example number `example` (from 0)."""

    example: int
    line: int
    what: str


def audit(book: Book, rule: Rule, entries: list[Entry], coverage: Coverage) -> Iterator[bool | None]:
    """What happened, judged entry by entry."""
    judge = Judge(book, entries, coverage)
    for i, entry in enumerate(entries):
        yield judge.judge(rule, entry, i).value


def gate(book: Book, rule: Rule, lines: list[Line], coverage: Coverage) -> Iterator[tuple[bool, str]]:
    """Asked before each entry: whether it is denied or warned of, and the earliest lawful instant where the line speaks of it.

    What is denied does not happen; a rule that only warns lets it happen.
    """
    done: list[Entry] = []
    for line in lines:
        asked = unsettled(line.entry)
        denied = Judge(book, done, coverage).judge(rule, asked, len(done), gate=True).value is not False
        when = ""
        if denied and line.earliest:
            at = earliest(book, [rule], done, asked, coverage)
            when = "never" if at is None else say(at, line.zone)
        yield denied, when
        if not denied or rule.warns:
            done.append(line.entry)


class Diary(NamedTuple):
    """An example with its diary read."""

    example: Example
    lines: list[Line]

    @property
    def coverage(self) -> Coverage:
        """A diary holds everything but the kinds that it calls silent, and reaches to its last entry."""
        until = max((line.entry.known_at for line in self.lines), default=None)
        return Coverage(records_until=until, complete=True, silent=frozenset(self.example.silent))


def diaries(book: Book, rule: Rule) -> list[Diary]:
    """The examples of a rule, read. Raises `RulebookError` where a line cannot be read."""
    found = []
    for n, example in enumerate(rule.example):
        try:
            found.append(Diary(example, read(example.diary, {**rule.given, **example.given}, book)))
        except DiaryError as error:
            file = book.file_of(rule)
            line = diary_line(file.read_text(encoding="utf-8"), n, error.number)
            raise RulebookError([Fault(file, f"example[{n}].diary", error.what, line)]) from error
    return found


def failures(book: Book, rule: Rule, tried: list[Diary]) -> Iterator[Wrong]:
    """Every mark of these diaries that is not what the rule says."""
    for n, diary in enumerate(tried):
        entries = [line.entry for line in diary.lines]
        found_all, said_all = audit(book, rule, entries, diary.coverage), gate(book, rule, diary.lines, diary.coverage)
        for line, found, (denied, when) in zip(diary.lines, found_all, said_all, strict=True):
            if (found, denied) != EXPECTED[line.mark]:
                what = (
                    f"marked {line.mark or 'clear'!r}, but the audit finds {_SAY[found]} and the gate {'says no' if denied else 'allows'}"
                )
                yield Wrong(n, line.number, what)
            elif when and when not in (line.earliest, f"{line.earliest}:00"):
                yield Wrong(n, line.number, f"the earliest is {when}, not {line.earliest}")
            elif line.earliest and not denied:
                yield Wrong(n, line.number, "an earliest instant is said, but the gate allows")
