"""One part of a run, judged: whole timelines in, what was found in them out. Every engine and every host does it by this."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa

from forbear.engines.judgement import Verdicts, judge_timeline
from forbear.engines.kernel.found import Share
from forbear.engines.kernel.host import Kernel
from forbear.findings.across import Across
from forbear.findings.changed import Changed, Said, changed
from forbear.findings.finding import Told
from forbear.findings.parts import Judged, brief, rows
from forbear.findings.tally import Tally
from forbear.leads.find import Against
from forbear.leads.rows import Rows
from forbear.leads.second import Answer, Asked, answer
from forbear.records.columns.kept import Kept
from forbear.records.columns.lines import Lines
from forbear.records.coverage import Coverage
from forbear.rulebook.book import Book
from forbear.rulebook.choice import Choice
from forbear.rulebook.rule import Rule
from forbear.rulebook.unlike import Judges, Unlike
from forbear.terms import Language

_AHEAD = 256
"""Timelines whose findings are made together."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """By what law all parts of a run are judged, and what is to be told: small enough to be sent anywhere."""

    law: Choice
    coverage: Coverage
    lang: Language
    engine: str
    brief: bool
    """Verdicts alone: no witness, no measured value, no sentence."""
    across: bool
    """Whether leads are looked for, and agencies overseen."""
    second: Choice | None = None
    """A change of `law` to be compared with it: what both say otherwise is told instead of findings."""


class Judging:
    """A job, ready to judge any part."""

    def __init__(self, job: Job, book: Book, rules: Sequence[Rule]) -> None:
        self.job, self.book, self.rules = job, book, list(rules)
        self.against = Against(self.rules, job.law.ceilings(book))
        self._kernel = Kernel(book, rules, job.coverage) if job.engine != "plain" else None
        self._second = Second.of(job, Judges(book, self.rules)) if job.second else None

    @classmethod
    def of(cls, job: Job) -> Judging:
        """Loads the law of a job. Raises `RulebookError`."""
        book = job.law.book()
        return cls(job, book, job.law.rules(book))

    def part(self, lines: Lines, done: Callable[[int], None] = lambda _: None) -> Judged:
        """Judges all timelines of a part. `done` hears how many entries plain has judged: the kernel is quick."""
        told, verdicts, share = self._judge(lines, done)
        tally = Tally(self.book)
        tally.part(lines, self.rules, verdicts, told)
        across = Across.of(lines, verdicts, self.against) if self.job.across else Across()
        tables, changes = self._tables(lines, told, verdicts)
        return Judged(tables, tally, share, lines.ids.repeated, across, changes)

    def verdicts(self, lines: Lines) -> Verdicts:
        """Verdicts alone, of all timelines of a part."""
        return self._judge(lines, lambda _: None)[1]

    def _tables(self, lines: Lines, told: list[Told], verdicts: Verdicts) -> tuple[list[pa.Table], Changed]:
        """The rows of what is told: what another rulebook says otherwise, verdicts alone, or findings in full."""
        if self._second:
            return self._second.changed(lines, Said(verdicts, self.rules))
        return (brief(lines, self.rules, verdicts) if self.job.brief else self._rows(lines, told)), Changed()

    def _judge(self, lines: Lines, done: Callable[[int], None]) -> tuple[list[Told], Verdicts, Share]:
        """What was found, how grave it is, and how much of it plain judged. Where verdicts are enough, nothing is told in full."""
        share = Share(timelines=len(lines.names))
        if self._kernel:
            found = self._kernel.find(lines.block, lines.row, lines.start)
            share = found.share
            if self.job.brief:
                return [], self._kernel.verdicts(found, lines.entries), share
            told: list[Told] = [*self._kernel.tell(found, lines.entries)]
        else:
            told = [*self._plain(lines, done)]
        verdicts = Verdicts.of([one for _, judgements in told for one in judgements], self.rules)
        return [] if self.job.brief else told, verdicts, share

    def _rows(self, lines: Lines, told: list[Told]) -> list[pa.Table]:
        made, tables = iter(told), list[pa.Table]()
        while some := list(islice(made, _AHEAD)):
            tables.append(rows(lines, some, self.job.lang, self.book))
            lines.forget()
        return tables

    def _plain(self, lines: Lines, done: Callable[[int], None]) -> Iterator[Told]:
        for line, (first, last) in enumerate(zip(lines.start.tolist(), lines.start[1:].tolist(), strict=False)):
            entries = lines.entries(range(first, last))
            judged = list(judge_timeline(self.book, self.rules, entries, self.job.coverage))
            if judged:
                yield line, [j._replace(position=first + j.position, witness=tuple(first + k for k in j.witness)) for j in judged]
            lines.forget()
            done(last)


class Second(NamedTuple):
    """The rulebook that is compared with the first, ready to judge what it does not share with that."""

    judging: Judging
    unlike: Unlike

    @classmethod
    def of(cls, job: Job, first: Judges) -> Second:
        """Makes it of the first rulebook of a job. Raises `RulebookError`."""
        assert job.second
        book = job.second.of(first.book)
        unlike = Unlike.of(first, Judges(book, job.second.rules(book)))
        alone = msgspec.structs.replace(job, law=job.second, second=None, brief=True, across=False)
        return cls(Judging(alone, book, unlike.after), unlike)

    def changed(self, lines: Lines, before: Said) -> tuple[list[pa.Table], Changed]:
        """What it says otherwise of a part, of which the first said all this."""
        return changed(lines, self.judging.book, before, self.judging.verdicts(lines), self.unlike)


@lru_cache(maxsize=1)
def judging(job: Job) -> Judging:
    """The judging of a job, made once in every process."""
    return Judging.of(job)


class Task(NamedTuple):
    """A part to be judged: where it lies, how many rows it has, and where what is found goes."""

    job: Job
    folder: Path
    number: int
    rows: int
    found: Path


def judge_part(task: Task) -> int:
    """Judges a part that was kept on disk, in whatever process; the number of its rows."""
    lines = Kept(task.folder).lines(task.number)
    judging(task.job).part(lines).write(task.found)
    return task.rows


class Again(NamedTuple):
    """A part that is asked once more."""

    folder: Path
    number: int
    asked: Asked


def ask_part(task: Again) -> Answer:
    """What a part that was kept on disk tells."""
    return answer(Rows(Kept(task.folder).lines(task.number)), task.asked)
