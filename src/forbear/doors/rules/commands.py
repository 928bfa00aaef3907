"""`forbear rules`, `forbear rules diff` and `forbear rule`."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forbear.doors import options
from forbear.doors.options import Lang, Rules, example

if TYPE_CHECKING:
    from forbear.doors.rules.places import Stack

app, group = typer.Typer(), typer.Typer(rich_markup_mode=None)


@group.callback(
    invoke_without_command=True,
    epilog=example(
        "forbear rules --law us",
        "forbear rules --table --law us --on 2026-08-31",
        "forbear rules --pages out/rules",
    ),
)
def list_rules(
    called: typer.Context,
    law: Annotated[str, typer.Option("--law", help="Whose law, joined by commas; all if left out.")] = "",
    rules: Rules = None,
    table: Annotated[bool, typer.Option("--table", help="Across places instead: how often, when, whom, and what ends contact.")] = False,
    pages: Annotated[Path | None, typer.Option("--pages", help="Write that table and a page for each rule into this folder.")] = None,
    on: Annotated[
        dt.datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day whose law the table shows; today if left out.")
    ] = None,
    drafts: Annotated[bool, typer.Option("--drafts", help="Show drafts in the table, marked, too.")] = False,
    lang: Lang = "en",
) -> None:
    """List the rules: limit, force, and how sure we are of the text.

    Out: one line a rule or rate cap; in a pipe tab-separated, with all columns. `forbear rule ID` explains it. verified says how we know
    the text: the clause itself was read (clause), a source that quotes it was (secondary), or it was written from memory.

    With --table a line for each rule that holds in a place, its own and those of the country around it; "no rule here" is no permission.
    --pages writes both languages.
    """
    if called.invoked_subcommand:
        return
    from forbear.doors.rules import listing
    from forbear.rulebook.load import load, shipped

    book = load([shipped(), *(rules or ())])
    chosen = book.select(options.listed(law), rules or (), drafts=True) if law else book.rules
    caps = book.select_rate_caps(options.listed(law), rules or (), drafts=True) if law else book.rate_caps
    if not table and pages is None:
        _print(listing.COLUMNS, listing.table(law for law in listing.dated(book) if law in chosen or law in caps), listing.SHOWN)
        return
    from forbear.doors.rules import places, site

    day = on.date() if on else dt.date.today()  # noqa: DTZ011 (the reader's day)
    if table:
        stack = places.Stack(book, chosen, day, options.language(lang), drafts=drafts)
        _show(stack) if sys.stdout.isatty() else _print(places.TSV, places.rows(stack), places.TSV)
    if pages:
        written = site.write(book, chosen, caps, pages, day, drafts=drafts)
        typer.echo(f"{written} pages: {pages / 'index.html'}", err=table)


@group.command(epilog=example("forbear rules diff examples/house-rules"))
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
    from forbear.doors.rules import differences as door

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


@app.command("rule", epilog=example("forbear rule us.reg-f.call-frequency", "forbear rule cn.gbt45251.calls-a-day --lang zh"))
def show_rule(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="As `forbear rules` lists it.")], rules: Rules = None, lang: Lang = "en"
) -> None:
    """Show one rule: its clause, its limits by date, its examples.

    In: the id of a rule or a rate cap. Out: a page for a lawyer: what the clause says and how sure we are of its text, to whom it applies,
    what it asks, and diaries in which each breach is marked.
    """
    from forbear.doors.rules import listing
    from forbear.rulebook.load import load, shipped

    book = load([shipped(), *(rules or ())])
    lines = list(listing.page(book, rule_id, options.language(lang)))
    if not lines:
        near = [law.id for law in listing.dated(book) if rule_id.split(".")[-1] in law.id]
        raise typer.BadParameter(
            f"no rule {rule_id!r}; " + (f"did you mean {', '.join(near)}?" if near else "`forbear rules` lists them"), param_hint="ID"
        )
    typer.echo("\n".join(lines))


def _print(columns: tuple[str, ...], lines: Iterable[tuple[str, ...]], shown: tuple[str, ...]) -> None:
    """Lines under their columns: all of them with tabs in a pipe, those that are `shown` on a terminal."""
    if not sys.stdout.isatty():
        typer.echo("\n".join("\t".join(line) for line in [columns, *lines]))
        return
    from rich.console import Console
    from rich.table import Table

    grid = Table(*shown, box=None, header_style="bold")
    for line in lines:
        grid.add_row(*(line[columns.index(name)] for name in shown))
    Console().print(grid)


def _show(stack: Stack) -> None:
    """The table on a terminal: a place, then what its law says of each thing, then what the places around it add."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from forbear.doors.rules.places import ABOUT

    grid = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for row in stack:
        grid.add_row(Text(row.code, style="bold"), Text(row.name, style="bold"))
        for about in ABOUT:
            said = Text()
            for code, line in [(code, line) for code, cells in {"": row.own, **row.around}.items() for line in cells[about]]:
                said.append(f"{'' if not said else chr(10)}{f'{code}: ' if code else ''}{line.text}")
                said.append(f"  {' · '.join(line.notes)}" if line.notes else "", style="dim")
            grid.add_row(f"  {stack.t(f'about.{about}')}", said or Text(stack.t("cell.none"), style="dim"))
        if row.drafts:
            grid.add_row("", Text(stack.t("table.drafts", n=row.drafts), style="dim"))
        grid.add_row("", "")
    Console().print(grid, Text(stack.t("page.honest")), Text(stack.t("page.advice")), sep="\n")
