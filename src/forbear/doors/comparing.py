"""`forbear rules diff`, the command: light, so that the command line stays so. What `forbear rules` itself does stands in `cli`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from forbear.doors import options
from forbear.doors.options import Lang, example

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog=example("forbear rules diff examples/house-rules"))
def diff(
    one: Annotated[Path | None, typer.Argument(metavar="A", help="A folder of law, or one file of it.")] = None,
    other: Annotated[Path | None, typer.Argument(metavar="B", help="Another; if left out, A is compared with the shipped law.")] = None,
    dated: Annotated[
        bool, typer.Option("--dated", help="Compare each rule of A (of the shipped law if left out) with its next date.")
    ] = False,
    form: Annotated[str, typer.Option("--format", metavar="text|json", help="How the answer is printed.")] = "text",
    lang: Lang = "en",
) -> None:
    """Show what a change of law text means.

    Out: for each rule that changed, its keys before and after, and a smallest diary that the two versions judge otherwise; or that none was
    found, and how many were tried. Rules that only one side has, and those that only have another title or other examples, are named.

    Exit codes: 0 no rule means anything else; 1 some rule does, or only one side has it; 2 a rule cannot be read.
    """
    from forbear.doors import differences as door

    if form not in ("text", "json"):
        raise typer.BadParameter("write text or json", param_hint="--format")
    if dated and other:
        raise typer.BadParameter("rules are compared with their own next date: name one folder, or leave --dated out", param_hint="B")
    if one is None and not dated:
        raise typer.BadParameter("name a folder of law, or compare by --dated", param_hint="A")
    said = options.language(lang)
    found = door.between(one, other, said) if one and not dated else door.by_date(one, said)
    for line in found.told("json" if form == "json" else "text", said):
        typer.echo(line)
    if found.found:
        raise typer.Exit(1)
