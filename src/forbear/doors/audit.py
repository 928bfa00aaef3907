"""The audit door: a contact history in, clause-cited findings out."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from forbear.engines.judgement import judge_timeline
from forbear.findings import report
from forbear.findings.finding import findings_of
from forbear.findings.run import Run, Timing, asked
from forbear.findings.summary import Summary, render, summary
from forbear.findings.tally import Tally
from forbear.findings.writer import Writer
from forbear.records import mapping as mappings
from forbear.records import quarantine
from forbear.records.entry import Coverage
from forbear.records.history import History, read
from forbear.records.timelines import timelines
from forbear.rulebook.book import Book
from forbear.rulebook.load import load, shipped
from forbear.terms import Language

Progress = Callable[[str, int, int], None]
"""Called with the stage ("read" in bytes, "judge" in entries), how much is done and how much there is."""


class Request(NamedTuple):
    """What is to be audited, under which law, and where the results go."""

    paths: Sequence[Path]
    out: Path
    laws: Sequence[str]
    rules: Sequence[Path] = ()
    """Folders of one's own rules, beside the shipped law."""
    drafts: bool = False
    mapping: Sequence[Path] = ()
    facts: Sequence[Path] = ()
    holds: Iterable[str] | Literal["all"] = ()
    records_until: dt.date | None = None
    lang: Language = "en"


class Audit:
    """One run: read, then judge. Between the two, what is silent can be said before the long part begins."""

    def __init__(self, request: Request, progress: Progress = lambda *_: None) -> None:
        """Loads the law and reads the history. Raises `RulebookError` and `InputError`."""
        self.request, self._progress = request, progress
        self._started = dt.datetime.now(dt.UTC)
        self.book: Book = load([shipped(), *request.rules])
        self.rules = self.book.select(request.laws, request.rules, drafts=request.drafts)
        given = [mappings.load(path) for path in request.mapping] or mappings.PLAIN
        self.history: History = read(
            request.paths, request.facts, given, request.holds, request.records_until, lambda done, total: progress("read", done, total)
        )
        self.silent = self.history.coverage.silent_kinds(asked(self.book, self.rules))

    def run(self) -> Summary:
        """Judges everything and writes findings, quarantine, summary and report into `out`, which is only changed once all is done."""
        out = self.request.out
        out.mkdir(parents=True, exist_ok=True)
        work = out / ".unfinished"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        try:
            found = self._judge(work)
            for file in sorted(work.iterdir()):
                file.replace(out / file.name)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return found

    def _judge(self, folder: Path) -> Summary:
        history, request = self.history, self.request
        tally = Tally(self.book)
        coverage = self._coverage()
        done, total = 0, len(history.entries)
        with Writer(folder, request.lang, self.book) as writer:
            for line in timelines(history.entries):
                judged = judge_timeline(self.book, self.rules, line.entries, coverage)
                findings = list(findings_of(line.entries, judged))
                tally.timeline(line.entries, findings)
                writer.write(findings)
                done += len(line.entries)
                self._progress("judge", done, total)
        quarantine.write(folder / "quarantine.csv", history.quarantine, request.lang)
        took = (dt.datetime.now(dt.UTC) - self._started).total_seconds()
        run = Run.of(
            msgspec.structs.replace(history, coverage=coverage),
            self.book,
            self.rules,
            laws=(*request.laws, *(path.name for path in request.rules)),
            drafts=request.drafts,
            engine="plain",
            timing=Timing(self._started, took),
        )
        found = summary(run, tally)
        (folder / "summary.json").write_bytes(render(found))
        (folder / "report.html").write_text(report.render(found, tally, request.lang), encoding="utf-8")
        return found

    def _coverage(self) -> Coverage:
        """Where nobody says how far the records reach, they reach to their last entry."""
        coverage = self.history.coverage
        last = max((entry.known_at for entry in self.history.entries), default=None)
        return coverage if coverage.records_until is not None else coverage._replace(records_until=last)
