"""`forbear conform`: our engines as a program that the runner of the conformance suite can ask, like any other."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from forbear.doors.options import example

app = typer.Typer()


@app.command(
    epilog=example(
        "python conformance/run.py --rules us.reg-f -- forbear conform",
        given="in a checkout of forbear",
    )
)
def conform(
    engine: Annotated[
        str, typer.Option("--engine", metavar="kernel|plain|spark", help="Which engine answers; `forbear gate conform` asks the gate.")
    ] = "kernel",
    master: Annotated[str, typer.Option("--master", help="With --engine spark: the URL of the cluster.")] = "local[*]",
) -> None:
    """Answer cases of the conformance suite, one a line.

    In: cases on standard input, as conformance/suite.json has them. Out: an answer for each, on standard output: what the audit finds, and
    what the gate would say (Spark only audits). conformance/run.py asks and compares; conformance/README.md says what a case means.
    """
    from forbear.engines.suite import answers
    from forbear.engines.suite.speech import heard, line

    cases = heard(sys.stdin.buffer, "standard input")
    if engine == "spark":
        from forbear.engines.suite.spread import spark

        found = spark(cases, master)
    elif engine in ("kernel", "plain"):
        from forbear.rulebook.load import load

        found = map(getattr(answers, engine)(load()), cases)
    else:
        raise typer.BadParameter("write kernel, plain or spark", param_hint="--engine")
    for answer in found:
        typer.echo(line(answer))
