"""The command line: `forbear COMMAND --help` teaches each. Exit codes are in `options.Exit`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from forbear import __version__
from forbear.doors import across, conform, ctrl_c, options
from forbear.doors.dossier import commands as dossier
from forbear.doors.gate import commands as gate
from forbear.doors.gate import ledger_commands as ledger
from forbear.doors.options import Engine, Exit, Holds, Lang, Law, LawOf, Master, Memory, RecordsUntil, Rules, Threads, example
from forbear.doors.rules import commands as rules
from forbear.terms import Verdict

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
app.add_typer(gate.app, name="gate")
app.add_typer(ledger.app, name="ledger")
app.add_typer(across.app)
app.add_typer(conform.app)
app.add_typer(rules.app)
app.add_typer(rules.group, name="rules")
app.add_typer(dossier.app, name="dossier")


@app.callback(
    invoke_without_command=True,
    epilog=example(
        "forbear rules --law us",
        "forbear init out/example/contacts.csv",
        "forbear audit --help",
        given="after `make demo`",
    ),
)
def forbear(version: Annotated[bool, typer.Option("--version", help="Say which forbear this is.")] = False) -> None:
    """Keep debt collection lawful: judge contacts by the law, and name the clause.

    `audit` reads a history of contacts and finds what broke the law. `gate` is asked before a contact is made. `ledger` proves what the
    gate decided. `read` finds conduct in a text. `leads` finds patterns that are no breach. `whatif` says what a draft would have caught.
    `reconcile` compares a person's own log with the lender's. `dossier` makes a pack of evidence of what a person's own telephone holds.
    Each command's --help ends with an example. Nothing here is legal advice.

    Exit codes of every command: 0 done; 1 something was found or did not pass; 2 the input or the call is wrong. `audit` has more.
    """
    ctrl_c.careful()
    if version:
        typer.echo(f"forbear {__version__}")
        raise typer.Exit


@app.command(
    epilog=example(
        "forbear audit out/example/contacts.csv --facts out/example/facts.csv \\",
        "  --mapping examples/mapping.toml --law cn,us --out out/report",
        given="after `make demo`",
    )
)
def audit(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of contacts: CSV, TSV, JSONL, Parquet, also .gz and .zst.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for findings, quarantine, summary and report.")],
    law: Law = "",
    mapping: Annotated[
        list[Path] | None, typer.Option("--mapping", help="What your columns mean; `forbear init FILE` proposes one.")
    ] = None,
    facts: Annotated[list[Path] | None, typer.Option("--facts", help="Files of facts: consents, stop requests, mandates ...")] = None,
    holds: Holds = "",
    records_until: RecordsUntil = None,
    rules: Rules = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Judge by rules that are still drafts, too.")] = False,
    law_of: LawOf = None,
    lang: Lang = "en",
    engine: Engine = "kernel",
    master: Master = "local[*]",
    threads: Threads = 0,
    memory: Memory = "2GB",
    brief: Annotated[bool, typer.Option("--brief", help="Verdicts alone, in verdicts.parquet: no witness, no report.")] = False,
    look_across: Annotated[
        bool, typer.Option("--leads/--no-leads", help="Look for leads and oversee agencies, too: patterns across contacts.")
    ] = True,
    fail_on: Annotated[
        str, typer.Option("--fail-on", help="Exit with 1 if there is a finding of this verdict.", metavar="breach|departure|unclear")
    ] = "",
    max_quarantine: Annotated[str, typer.Option("--max-quarantine", help="Exit with 3 if more of the rows could not be read.")] = "1%",
) -> None:
    """Find which contacts broke which clause, and what proves it.

    In: a table of contacts; beside it facts such as consents and stop requests (--facts), and what your columns mean (--mapping).

    Out: in the folder of --out, report.html to be read, findings.csv with one row a finding, leads.csv with patterns that are no breach,
    proofs.jsonl, quarantine.csv with the rows that could not be read, and summary.json. The last line printed says what became of every
    row.

    A run that was stopped goes on where it stopped when the same command is given again. With millions of rows, --brief counts first.

    Exit codes: 0 done; 1 --fail-on met; 2 the input or the call is wrong; 3 more in quarantine than --max-quarantine; 130 stopped by
    Ctrl-C.
    """
    from forbear.doors import screen
    from forbear.doors.audit.audit import Audit, Request

    share = options.share(max_quarantine, "--max-quarantine")
    if fail_on and fail_on not in (Verdict.BREACH, Verdict.DEPARTURE, Verdict.UNCLEAR):
        raise typer.BadParameter("write breach, departure or unclear", param_hint="--fail-on")
    request = Request(
        paths=paths,
        out=out,
        law=options.choice(law, rules, drafts=drafts, day=law_of.date() if law_of else None),
        mapping=mapping or (),
        facts=facts or (),
        holds=options.held(holds),
        records_until=records_until.date() if records_until else None,
        lang=options.language(lang),
        engine=options.engine(engine),
        master=master,
        brief=brief,
        across=look_across,
        threads=threads,
        memory=options.size(memory, "--memory"),
    )
    with screen.progress() as progress:
        found = screen.ran(Audit(request, progress), request.lang)
    for line in [*screen.unmet(found.unmet, request.lang), *screen.left(found, request.lang)]:
        typer.echo(line)
    counts = found.counts
    typer.echo(
        f"read {counts.read}  judged {counts.judged}  quarantined {counts.quarantined}  "
        f"breach {counts.breach}  departure {counts.departure}  unclear {counts.unclear}"
    )
    if counts.quarantined > share * counts.read:
        typer.echo(f"more than {max_quarantine} of the rows could not be read; {out / 'quarantine.csv'} says of each what to do", err=True)
        raise typer.Exit(Exit.QUARANTINE)
    if fail_on and getattr(counts, fail_on):
        raise typer.Exit(Exit.FOUND)


@app.command(epilog=example("forbear init out/example/contacts.csv --out out/contacts.toml", given="after `make demo`"))
def init(
    file: Annotated[Path, typer.Argument(help="The export whose columns are to be understood.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the mapping here instead of printing it.")] = None,
    lang: Lang = "en",
) -> None:
    """Propose a mapping: what the columns of your export mean.

    In: the export; its header and its first 5,000 rows are read.

    Out: a mapping for `forbear audit --mapping`, printed or written to --out. It loads as it is. Lines that begin with # are questions for
    you: whose clock do the times show, what is true of every row, and which kinds of fact would this source have told?
    """
    from forbear.records.propose import propose

    text = propose(file, options.language(lang))
    if out is None:
        typer.echo(text)
    elif out.exists():
        raise typer.BadParameter(f"{out} exists; name another file, or remove it", param_hint="--out")
    else:
        out.write_text(text, encoding="utf-8")


@app.command(
    epilog=example(
        "echo 'They called my mother every day.' | forbear read - --law us",
        "forbear read - --law cn --lang zh < examples/complaint.txt",
    )
)
def read(
    file: Annotated[Path | None, typer.Argument(help="A text, a transcript, a vCon file; - for standard input.", allow_dash=True)] = None,
    law: Annotated[str, typer.Option("--law", help="Whose clauses, joined by commas: cn,us. None if left out.")] = "",
    rules: Rules = None,
    how: Annotated[
        str, typer.Option("--as", metavar="auto|reports|utterances", help="What a person tells, or what a collector says.")
    ] = "auto",
    form: Annotated[str, typer.Option("--format", metavar="text|json|html", help="How the answer is printed.")] = "text",
    lang: Lang = "en",
    jsonl: Annotated[Path | None, typer.Option("--jsonl", help='An inbox instead of FILE: {"id", "text"} a line.')] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the answer goes: a file; needed with --jsonl.")] = None,
    triage: Annotated[
        Path | None, typer.Option("--triage", help="With --jsonl: a folder for ranked.csv, campaigns.csv, companies.csv.")
    ] = None,
) -> None:
    """Find conduct in a text, and the clauses it touches.

    In: a complaint, a chat log, a transcript, an article, in Chinese or English. A transcript (lines that begin with their speaker, or a
    vCon) is read as what a collector says: only his turns count. Any other text is read as what a person tells. --as says it for you.

    Out: each conduct with how sure that is, the words that led to it, and the clauses of --law. With --jsonl, a line for each complaint;
    with --triage also who reports most, templates sent by many, and companies by month (where lines have "company" and "date").

    It works offline and keeps nothing. Finding nothing proves nothing.
    """
    from forbear.doors import options as said
    from forbear.doors.read import commands as door

    door.run(file, said.listed(law), rules or (), how, form, said.language(lang), jsonl, out, triage)


@app.command(epilog=example("forbear check examples/house-rules"))
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="Your own rules, or a folder of the shipped law; all shipped law if left out.")
    ] = None,
    lock: Annotated[bool, typer.Option("--lock", help="Write the version lock of the shipped law instead.")] = False,
) -> None:
    """Prove that the examples of rules notice every change.

    In: a folder of rules. Each example is judged; then every number is moved by a step, and every condition taken away, and some example
    must notice.

    Out: which years' holidays are known and which rules are unclear in others; each example that is judged otherwise than marked, each
    rule that can never fire or is never content, each standing that nobody opens or asks, each change that nobody noticed, and a line of
    counts. Where a locked rule changed, a diary shows what that means.

    Exit codes: 0 all is proven; 1 something is not; 2 a rule cannot be read.
    """
    from forbear.doors import check as door

    if lock:
        for line in door.since_locked():
            typer.echo(line)
        typer.echo(f"{door.write_lock()} rules locked")
        return
    report = door.check(folder)
    for text in [*report.calendars, *report.complaints]:
        typer.echo(text)
    typer.echo(report.line)
    if not report.passed:
        raise typer.Exit(Exit.FOUND)


def main() -> None:
    """Runs the command line; what is wrong with law or input is said in one line each, with exit code 2."""
    from forbear.records.errors import UserError

    try:
        app()
    except UserError as error:
        typer.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        if error.filename is None:
            raise  # about no file that the user named: a fault of ours, to be seen whole
        do = "check the path and its permissions, and that the disk has room"
        typer.echo(f"{error.filename}: cannot be read or written ({error.strerror}); {do}", err=True)
        sys.exit(UserError.exit_code)


if __name__ == "__main__":
    main()
