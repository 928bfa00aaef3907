"""`forbear conform`: our engines as a program that the runner of the conformance suite can ask, like any other."""

from __future__ import annotations

import sys

import typer

from forbear.doors import options
from forbear.doors.options import Engine, Master, example

app = typer.Typer()


@app.command(
    epilog=example(
        "python conformance/run.py --rules us.reg-f -- forbear conform",
        given="in a checkout of forbear",
    )
)
def conform(
    engine: Engine = "kernel",
    master: Master = "local[*]",
) -> None:
    """Answer cases of the conformance suite, one a line.

    In: cases on standard input, as conformance/suite.json has them. Out: an answer for each, on standard output: what the audit finds, and
    what the gate would say (Spark only audits). conformance/run.py asks and compares; conformance/README.md says what a case means.
    """
    from forbear.engines.suite import answers
    from forbear.engines.suite.speech import heard, line

    cases = heard(sys.stdin.buffer, "standard input")
    if options.engine(engine) == "spark":
        from forbear.engines.suite.spread import spark

        found = spark(cases, master)
    else:
        from forbear.rulebook.load import load

        found = map(getattr(answers, engine)(load()), cases)
    for answer in found:
        typer.echo(line(answer))
