"""`forbear check`: every example in audit and gate mode, then every change of the law that some example must notice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from forbear.engines.apart.versions import change
from forbear.engines.apart.void import unopened, void
from forbear.engines.mutation import Fate, fates
from forbear.engines.trial import Diary, diaries, failures
from forbear.findings.versions import lines
from forbear.records.toml import line_of
from forbear.records.toml import lines as lines_of
from forbear.rulebook.book import Book, Law, RulebookError
from forbear.rulebook.diary import diary_line
from forbear.rulebook.edition import Edition
from forbear.rulebook.load import find, load, shipped
from forbear.rulebook.lock import LOCK, broken, changed, locked, render
from forbear.rulebook.rate import RateCap
from forbear.rulebook.rule import Rule, Standing


class Report(NamedTuple):
    """What a check found. It passes when `wrong`, `void`, `survivors` and `unlocked` are empty."""

    rules: int
    examples: int
    mutants: int
    killed: int
    excused: int
    wrong: list[str]
    void: list[str]
    """Rules that never or always fire, standings that nobody opens or asks."""
    survivors: list[str]
    unlocked: list[str]
    calendars: list[str]
    """Which years' holidays are known, which rules are unclear in all others, and until when published rates are known: no fault."""

    @property
    def passed(self) -> bool:
        """Whether every example is right and every mutant killed or excused, all law says something, and the lock holds."""
        return not self.complaints

    @property
    def complaints(self) -> list[str]:
        """All that is wrong, a line each."""
        return [*self.wrong, *self.void, *self.survivors, *self.unlocked]

    @property
    def line(self) -> str:
        """The closing line."""
        return f"rules {self.rules}  examples {self.examples}  mutants {self.mutants}  killed {self.killed}  excused {self.excused}"


def check(folder: Path | None = None) -> Report:
    """Checks the shipped law, or the law in `folder` on top of it. Raises `RulebookError` if it cannot be loaded."""
    folder = folder.resolve() if folder else shipped()
    inside = folder.is_relative_to(shipped())
    book = load([folder] if inside else [shipped(), folder])
    files = [file for file in find([folder]) if file in book.laws]
    rules = [law for file in files if isinstance(law := book.laws[file], Rule)]
    tried = [(rule, diaries(book, rule)) for rule in rules]
    wrong = [text for rule, examples in tried for text in _wrong(book, rule, examples)]
    unlocked = list(_unlocked(book, files)) if inside else []
    # Mutants of a rule whose examples are wrong already would all seem noticed.
    all_fates = list(fates(book, [] if wrong else files))
    return Report(
        rules=len(rules),
        examples=sum(len(rule.example) for rule in rules),
        mutants=len(all_fates),
        killed=sum(fate.killed for fate in all_fates),
        excused=sum(fate.excused and not fate.killed for fate in all_fates),
        wrong=wrong,
        void=[*(text for rule, examples in tried for text in _void(book, rule, examples) if not wrong), *_standings(book, files)],
        survivors=[*_survivors(all_fates), *(_stale(book, files, all_fates) if not wrong else ())],
        unlocked=unlocked,
        calendars=[*_calendars(book, rules), *_published(book, files)],
    )


def _calendars(book: Book, rules: list[Rule]) -> list[str]:
    found = []
    leaning: dict[str, dict[str, None]] = {}
    for rule in rules:
        for name in {law.calendar for law in book.behind([rule])} - {""}:
            leaning.setdefault(name, {})[rule.id] = None
    for name, ids in sorted(leaning.items()):
        place = book.place(name)
        assert place is not None
        assert place.calendar, "the book sees to that"
        years = ", ".join(str(held.year) for held in place.calendar.years)
        held = f"holds the holidays of {years}; in any other year" if years else "holds the holidays of no year; in every year"
        found.append(f"{book.file_of(place)}: {held} these can be unclear: {', '.join(ids)}")
    return found


def _published(book: Book, files: list[Path]) -> list[str]:
    caps = [(file, law) for file in files if isinstance(law := book.laws[file], RateCap)]
    return [
        f"{file}: {rate.id} is known until {rate.until}; no loan first paid out later is compared with {cap.id}"
        for file, cap in caps
        if (rate := book.followed(cap))
    ]


def _wrong(book: Book, rule: Rule, examples: list[Diary]) -> Iterator[str]:
    file = book.file_of(rule)
    text = file.read_text(encoding="utf-8")
    for wrong in failures(book, rule, examples):
        yield f"{file}:{diary_line(text, wrong.example, wrong.line)}: {rule.id}: {wrong.what}; correct the line, or the rule"
    if rule.status != "draft" and not rule.example:
        yield f"{file}:1: {rule.id}: a stable rule needs examples; add [[example]] diaries"


def _void(book: Book, rule: Rule, examples: list[Diary]) -> Iterator[str]:
    for found in void(book, rule, examples):
        yield f"{_place(book.file_of(rule), found.path)}: {rule.id}: {found.what}"


def _standings(book: Book, files: list[Path]) -> Iterator[str]:
    """Standings in these files that no rule asks, or that no entry can open."""
    asked = {name for rule in book.rules for name in book.reach(rule)}
    for file in files:
        law = book.laws[file]
        if not isinstance(law, Standing):
            continue
        if law.id not in asked:
            yield f"{_place(file, 'id')}: {law.id}: no rule asks this standing; ask it by while, or remove the file"
        if closed := unopened(law):
            yield f"{_place(file, closed.path)}: {law.id}: {closed.what}"


def _place(file: Path, path: str) -> str:
    return f"{file}:{line_of(path, lines_of(file.read_text(encoding='utf-8')))}"


def _survivors(all_fates: list[Fate]) -> Iterator[str]:
    for fate in all_fates:
        if not fate.killed and not fate.excused:
            yield f"{fate.file}: no example notices: {fate.mutant}"


def _stale(book: Book, files: list[Path], all_fates: list[Fate]) -> Iterator[str]:
    alive = {(fate.file, fate.mutant) for fate in all_fates if not fate.killed}
    for file in files:
        law = book.laws[file]
        for excuse in law.excused if isinstance(law, Rule | Standing) else ():
            if (file, excuse.mutant) not in alive:
                yield f"{file}: excused, but an example notices it or no such mutant exists: {excuse.mutant}"


def _unlocked(book: Book, files: list[Path]) -> Iterator[str]:
    """What the lock does not know as it is, and what was changed of it."""
    for fault in broken(book, shipped()):
        if fault.file in files:
            yield str(fault)
            yield from _told(book, book.laws[fault.file])[1:]


def _told(book: Book, law: Law) -> list[str]:
    """What changed of a law since it was locked, and a diary that shows what that means."""
    if not isinstance(law, Rule | RateCap):
        return []
    try:
        before = locked(book, shipped())
    except RulebookError:
        # The rule language is another one since: what was locked can no longer be judged.
        return []
    old = next((old for old in before.dated() if (old.id, old.from_) == (law.id, law.from_)), None)
    return list(lines(change(before, old, Edition(book), law), ("locked", "now"), "en")) if old else []


def since_locked() -> Iterator[str]:
    """What has changed of the shipped law since its lock was written, and what that means."""
    book = load()
    for law in changed(Edition(book), shipped()):
        yield from _told(book, law)


def write_lock() -> int:
    """Writes the lock of the shipped law; returns how many rules it holds. Raises `RulebookError` where a version was to be raised."""
    book = load()
    text = render(book, shipped())
    (shipped() / LOCK).write_text(text, encoding="utf-8")
    return len(book.rules)
