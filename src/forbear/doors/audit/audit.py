"""The audit door: a contact history in, clause-cited findings out."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, Literal, NamedTuple

import msgspec

from forbear import __version__
from forbear.doors.audit import folder
from forbear.doors.audit.folder import Work
from forbear.doors.audit.judging import Again, Job, Judging, Task, ask_part, judge_part
from forbear.doors.audit.spread import ask_bucket, judge_bucket, read_piece
from forbear.engines import local
from forbear.engines.kernel.warm import warm
from forbear.findings import leads, report, writer
from forbear.findings.across import Across
from forbear.findings.parts import Finished
from forbear.findings.run import Run, Timing, fields
from forbear.findings.summary import Summary, render, summary
from forbear.leads.find import ASKED, Against
from forbear.leads.rows import Rows
from forbear.leads.second import Answer, Asked, answer
from forbear.records import mapping as mappings
from forbear.records import quarantine
from forbear.records.columns.block import join, of_arrow
from forbear.records.columns.kept import keep
from forbear.records.columns.lines import Ids
from forbear.records.columns.parts import Parts
from forbear.records.columns.read import Columns
from forbear.records.columns.whole import Whole
from forbear.records.coverage import coverage_of
from forbear.records.files import find
from forbear.records.history import History, Intake, merged, take_in
from forbear.records.timelines import timelines
from forbear.rulebook.book import Book
from forbear.rulebook.choice import Choice
from forbear.rulebook.unlike import Judges
from forbear.signals import heard
from forbear.terms import Language

Progress = Callable[[str, int, int], None]
"""Called with the stage ("read" in bytes, "judge" in entries, "write" in findings), how much is done and how much there is."""
Engine = Literal["kernel", "plain", "spark"]
GIGABYTE = 1 << 30
_ROW_BYTES: Final = 400
"""What a row takes while its part is judged, about."""
_BUCKET: Final = 250_000
"""Rows that a Spark task should judge."""
_LEAST_BUCKETS: Final = 4
_SHARE: Final = 8
"""A part may take this fraction of the memory: two or three are judged at once, beside what is read."""


class Request(NamedTuple):
    """What is to be audited, under which law, and where the results go."""

    paths: Sequence[Path]
    out: Path
    law: Choice
    mapping: Sequence[Path] = ()
    facts: Sequence[Path] = ()
    holds: Iterable[str] | Literal["all"] = ()
    records_until: dt.date | None = None
    lang: Language = "en"
    engine: Engine = "kernel"
    master: str = ""
    """The URL of a Spark cluster."""
    brief: bool = False
    """Verdicts alone."""
    across: bool = True
    """Look for leads and oversee agencies, too; not where verdicts alone are asked for."""
    threads: int = 0
    """Parts that are judged at once; 0: as many as the machine has cores."""
    memory: int = 2 * GIGABYTE
    """Bytes that the run may take, about; what does not fit waits on disk."""
    second: Choice | None = None
    """A change of `law` (same folders) to be compared with it: then `whatif` leads, and there are no findings."""


class Read(NamedTuple):
    """What was read, beside the entries."""

    history: History
    duplicates: int
    """Ids that several rows bring."""
    found: Finished
    across: Across
    repeated: int = 0
    """Rows told for everyone that say the same as another; what else is repeated is counted where it is judged."""


class Audit:
    """One run: law first, so that what is silent can be said before the long part begins; then `run`."""

    def __init__(self, request: Request, progress: Progress = lambda *_: None) -> None:
        """Loads the law and looks for the files. Raises `RulebookError` and `InputError`."""
        self.request, self._progress = request, progress
        self._started = dt.datetime.now(dt.UTC)
        self.book: Book = request.law.book()
        self._against = Against.of(self.book, request.law)
        self.rules = self._against.rules
        self.second: Judges | None = None
        if request.second:
            book = request.second.of(self.book)
            self.second = Judges(book, request.second.rules(book))
        read_as = [mappings.load(path) for path in request.mapping] or [mappings.PLAIN]
        holds = request.holds if request.holds == "all" else tuple(request.holds)
        self._across = request.across and not request.brief
        laws = [Judges(self.book, self.rules), *([self.second] if self.second else [])]
        asked = frozenset(ASKED if self._across else ()).union(*(fields(*law) for law in laws))
        self._intake = Intake(request.paths, request.facts, read_as, holds, request.records_until, asked, heard)
        self._files = list(dict.fromkeys([*find(request.paths).files, *find(request.facts).files]))
        self.coverage = coverage_of(read_as, holds, request.records_until)
        self.silent = self.coverage.silent_kinds(set[str]().union(*(law.book.kinds(law.rules) for law in laws)))

    def run(self) -> Summary:
        """Reads and judges everything and puts what was found into `out`, which is only changed once all is done.

        A run that was broken off goes on where it stopped, if nothing that matters was changed meanwhile.
        """
        with self.read() as (work, read):
            found = self._results(work, read)
            work.publish()
        return found

    def look(self) -> tuple[Across, History]:
        """Reads and judges everything and leaves nothing in `out`: what shows across contacts, and what was read."""
        self.request = self.request._replace(brief=True)  # verdicts are enough
        with self.read() as (_, read):
            return read.across, read.history

    @contextmanager
    def read(self) -> Iterator[tuple[Work, Read]]:
        """Reads and judges everything: where results go, and what was found."""
        request = self.request
        self._rows = rows_about(self._files)
        self._parts = 1 + self._rows * _ROW_BYTES // (request.memory // _SHARE)
        count = min(self._parts, request.threads or local.threads()) if request.engine == "kernel" else 1
        with folder.told(request.out), Work(request.out, self._identity()) as work, local.Workers(count, warm) as workers:
            if request.engine == "plain":
                read = self._plainly(work)
            elif request.engine == "spark":
                read = self._spread(work)
            else:
                read = self._in_parts(work, workers)
            yield work, read

    def _plainly(self, work: Work) -> Read:
        """One part, by the plain engine."""
        history = take_in(self._intake, partial(self._progress, "read"))
        entries = len(history.entries)
        job = self._job(max((entry.known_at for entry in history.entries), default=None))
        lines = Whole(timelines(history.entries), len(history.repeated))
        Judging(job, self.book, self.rules).part(lines, lambda done: self._progress("judge", done, entries)).write(work.found / "0.arrow")
        finished = self._finished(work, lambda asked: [answer(Rows(lines), asked)])
        return Read(msgspec.structs.replace(history, coverage=job.coverage), len(history.duplicate_ids), *finished)

    def _in_parts(self, work: Work, workers: local.Workers) -> Read:
        """Reads into parts on disk, which are then judged in no order; those that an earlier run finished are left as they are."""
        columns = Columns(self._intake, partial(self._progress, "read"))
        parts = Parts(self._parts, work.parts, self.request.memory // 16)
        for block in columns.blocks(threads=2):
            parts.add(block)
        parts.close()
        kept = keep(parts, work.parts)
        job = self._job(kept.last)
        tasks = [Task(job, work.parts, number, rows, work.found / f"{number}.arrow") for number, rows in kept.rows.items()]
        # The largest first, so that none of them is waited for at the end.
        tasks = sorted((task for task in tasks if not task.found.exists()), key=lambda task: -task.rows)
        done, total = kept.total - sum(task.rows for task in tasks), kept.total
        for rows in workers.each(judge_part, tasks):
            done += rows
            self._progress("judge", done, total)

        def again(asked: Asked) -> Iterator[Answer]:
            return workers.each(ask_part, [Again(work.parts, number, asked) for number in kept.rows])

        history = msgspec.structs.replace(columns.history(), coverage=job.coverage)
        return Read(history, len(kept.shared), *self._finished(work, again), kept.repeated)

    def _spread(self, work: Work) -> Read:
        """The same on the executors of a Spark cluster. A file is read by one of them."""
        from forbear.engines.spark.host import gathered
        from forbear.engines.spark.session import session

        request = self.request
        told = set(find(request.facts).files)
        pieces = [self._intake._replace(paths=[] if path in told else [path], facts=[path] if path in told else []) for path in self._files]
        buckets = max(_LEAST_BUCKETS, self._rows // _BUCKET)
        with session(request.master) as spark, gathered(spark, pieces, read_piece, buckets) as spread:
            job = self._job(spread.shared.last)
            for number, packed in enumerate(spread.judge(partial(judge_bucket, job=job))):
                (work.found / f"{number}.arrow").write_bytes(packed)
                self._progress("judge", number + 1, buckets)
            finished = self._finished(work, lambda asked: spread.judge(partial(ask_bucket, asked=asked)))
            history = merged(spread.notes, find(request.paths).skipped)
        shared, everyone = spread.shared, [of_arrow(batch) for batch in spread.shared.everyone]
        repeated = Ids(join(everyone), shared.shared, shared.taken).repeated
        return Read(msgspec.structs.replace(history, coverage=job.coverage), len(shared.shared), *finished, repeated)

    def _finished(self, work: Work, again: Callable[[Asked], Iterable[Answer]]) -> tuple[Finished, Across]:
        """All parts together. `again`: one more pass, where one part cannot tell."""
        found = Finished(sorted(work.found.glob("*.arrow")), self.book)
        asked = found.across.asked()
        return found, found.across.finished(again(asked) if asked else (), self._against)

    def _job(self, last: int | None) -> Job:
        """Where nobody says how far the records reach, they reach to their last entry."""
        request, coverage = self.request, self.coverage
        return Job(
            law=request.law,
            coverage=coverage if coverage.records_until is not None else coverage._replace(records_until=last),
            lang=request.lang,
            engine=request.engine,
            brief=request.brief,
            across=self._across,
            second=request.second,
        )

    def written(self, rows: int) -> Callable[[int], None]:
        """Hears of rows that are written, of so many."""
        written = 0

        def wrote(more: int) -> None:
            nonlocal written
            written += more
            self._progress("write", written, rows)

        return wrote

    def ran(self, read: Read) -> Run:
        """The run as it is told, now that all is judged."""
        run = Run.of(
            read.history,
            self.book,
            self.rules,
            law=self.request.law,
            engine=self.request.engine,
            timing=Timing(self._started, (dt.datetime.now(dt.UTC) - self._started).total_seconds()),
        )
        found = read.found
        left = found.share.whole + found.share.partly
        return msgspec.structs.replace(run, duplicate_ids=read.duplicates, repeated=read.repeated + found.repeated, left_to_plain=left)

    def _results(self, work: Work, read: Read) -> Summary:
        request, history, found, across = self.request, read.history, read.found, read.across
        (writer.write_verdicts if request.brief else writer.write)(work.results, found, self.written(len(found)))
        quarantine.write(work.results / "quarantine.csv", history.quarantine, request.lang)
        counted = summary(self.ran(read), found.tally, across if self._across else None)
        (work.results / "summary.json").write_bytes(render(counted))
        if self._across:
            leads.write(work.results / "leads.csv", across.leads, request.lang)
        if not request.brief:
            (work.results / "report.html").write_text(report.render(counted, found.tally, request.lang, across.leads), encoding="utf-8")
        return counted

    def _identity(self) -> bytes:
        """All that decides what a run makes: what it was asked, every law file, and the size and date of every input."""
        request = self.request
        books = [self.book, *([self.second.book] if self.second else [])]
        law = hashlib.blake2b(b"".join(file.read_bytes() for book in books for file in sorted(book.laws)))
        said = msgspec.structs.replace(request.law, folders=())
        second = request.second and msgspec.structs.replace(request.second, folders=(), draft=())
        asked = request._replace(
            paths=(), law=said, second=second, facts=(), mapping=(), out=Path(), threads=0, holds=sorted(request.holds)
        )
        inputs = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in (*self._files, *request.mapping)]
        return msgspec.json.encode([__version__, law.hexdigest(), asked, sorted(inputs)], enc_hook=str)


def rows_about(files: Sequence[Path]) -> int:
    """How many rows some files have, about: Parquet says it, of text a row is taken to have a hundred bytes."""
    from pyarrow import ArrowException, parquet

    found = 0
    for path in files:
        try:
            found += parquet.read_metadata(path).num_rows if path.suffix == ".parquet" else path.stat().st_size // 100
        except (ArrowException, OSError):
            continue  # whoever reads it will say what is wrong
    return found
