"""`forbear whatif`: one history by two rulebooks. The audit's own way through it; told is what they say otherwise."""

from __future__ import annotations

import typer

from forbear.doors import screen
from forbear.doors.audit.audit import Audit, Progress, Request
from forbear.findings import whatif_page, writer
from forbear.findings.summary import render
from forbear.findings.whatif import Compared, Examples, WhatIf, whatif
from forbear.records import quarantine
from forbear.rulebook.unlike import Judges


def compare(request: Request) -> None:
    """Compares as a command, and prints what changes. Raises `typer.Exit` where Ctrl-C stops it."""
    lang = request.lang
    with screen.progress() as progress:
        found = screen.ran(Comparison(request, progress), lang)
    counts = found.counts
    told = [*screen.unmet(found.unmet, lang), *whatif_page.lines(found, lang)]
    told.append(f"read {counts.read}  judged {counts.judged}  quarantined {counts.quarantined}")
    for line in [*told, str(request.out / "whatif.html")]:
        typer.echo(line)


class Comparison:
    """One run: laws first, then `run`."""

    def __init__(self, request: Request, progress: Progress = lambda *_: None) -> None:
        """Loads both laws and looks for the files. `request.second` is needed. Raises `RulebookError` and `InputError`."""
        self.audit = Audit(request._replace(brief=True, across=False), progress)
        self.silent = self.audit.silent
        assert request.second
        assert self.audit.second
        self._compared = Compared(Judges(self.audit.book, self.audit.rules), request.second, self.audit.second)

    def run(self) -> WhatIf:
        """Reads and judges everything and puts what changes into `out`, as `Audit.run` does with what it finds."""
        with self.audit.read() as (work, read):
            examples, lang = Examples(), self.audit.request.lang
            writer.write_changes(work.results, examples.through(read.found), self.audit.written(len(read.found)))
            quarantine.write(work.results / "quarantine.csv", read.history.quarantine, lang)
            found = whatif(self.audit.ran(read), self._compared, read.found.tally, read.found.changed, examples.rows)
            (work.results / "summary.json").write_bytes(render(found))
            (work.results / "whatif.html").write_text(whatif_page.render(found, lang), encoding="utf-8")
            work.publish()
        return found
