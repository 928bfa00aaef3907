"""The command line: `forbear COMMAND --help` teaches each."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="markdown", pretty_exceptions_enable=False)
BAD_INPUT = 2


@app.callback()
def forbear() -> None:
    """Keeps debt collection lawful: law as tested data, one engine, clause-cited findings."""


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Your own rules, or a folder of the shipped law; all shipped law if left out.")] = None,
    lock: Annotated[bool, typer.Option("--lock", help="Write the version lock of the shipped law instead.")] = False,
) -> None:
    """Try every example of the rules, then change every number and take every part away: some example must notice.

    Example: `forbear check my-rules/`
    """
    from forbear.doors import check as door

    if lock:
        typer.echo(f"{door.write_lock()} rules locked")
        return
    report = door.check(folder)
    for text in [*report.wrong, *report.survivors, *report.unlocked]:
        typer.echo(text)
    typer.echo(report.line)
    raise typer.Exit(0 if report.passed else 1)


def main() -> None:
    """Runs the command line. Exit codes: 0 done, 1 a check or `--fail-on` met, 2 the input or the call is wrong, 3 too much in quarantine."""
    from forbear.rulebook.book import RulebookError

    try:
        app()
    except RulebookError as error:
        typer.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
