"""`forbear dossier FILES`, `forbear dossier propose` and `forbear dossier verify`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from forbear.doors import options, screen
from forbear.doors.options import Lang, Mappings, example
from forbear.records.entry import Entry
from forbear.records.exports.item import Export, Item
from forbear.terms import Language


class _Plain(TyperGroup):
    """`forbear dossier FILES` is short for `forbear dossier make FILES`, and `--open` is a command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 (the class's own type is private to Typer)
        """Puts `make` before what is no command; `--open` is one that looks like an option, wherever it stands."""
        if "--open" in args:
            return super().parse_args(ctx, ["--", "--open", *(arg for arg in args if arg != "--open")])
        known = not args or args[0] in self.commands or args[0] in self.get_help_option_names(ctx)
        return super().parse_args(ctx, args if known else ["make", *args])


app = typer.Typer(cls=_Plain, no_args_is_help=True, rich_markup_mode=None)

Files = Annotated[list[Path], typer.Argument(help="Backups and exports of the telephone, as its program wrote them.")]
Log = Annotated[
    list[Path] | None, typer.Option("--lender-log", help="The lender's own record of contacts, if you have it; may be repeated.")
]


@app.callback(
    epilog=example(
        "forbear dossier propose examples/phone/*.xml --out out/proposed.toml",
        "forbear dossier examples/phone/*.xml \\",
        "  --case examples/phone/case.toml --out out/dossier",
        given="in a copy of the examples",
    )
)
def dossier() -> None:
    """Make a pack of evidence from what a telephone holds.

    First `propose` looks for collectors' numbers and writes a case file; you read it, correct it and confirm it. Then
    `forbear dossier FILES --case CASE --out FOLDER` makes the pack, and `verify` tells anybody whether it stands.

    `forbear dossier --open` leads through all of it on a page of this machine.

    It works offline. What is found is shown with its clause, its force and its record. It is no legal advice.
    """


@app.command(
    epilog=example(
        "forbear dossier propose examples/phone/*.xml --law us \\",
        "  --zone America/New_York --out out/proposed.toml",
        given="in a copy of the examples",
    )
)
def propose(
    paths: Files,
    out: Annotated[Path, typer.Option("--out", help="The case file to write.")],
    law: Annotated[str, typer.Option("--law", metavar="cn|us|us-ma", help="Whose law.")] = "cn",
    zone: Annotated[str, typer.Option("--zone", help="The clock of the telephone; of the law's place if left out.")] = "",
    lang: Lang = "en",
) -> None:
    """Propose a case: which numbers may be collectors'.

    Out: a case file with each number that may be a collector's and why it seems so. It is a proposal: read it, correct it, say who lent
    and who collects, and write confirmed = true.
    """
    from forbear.doors.dossier import propose as door
    from forbear.doors.dossier.words import words
    from forbear.records.errors import InputError

    t, said = words(options.language(lang)), options.language(lang)
    if law not in ("cn", "us", "us-ma"):
        raise typer.BadParameter("write cn, us or us-ma", param_hint="--law")
    if out.exists():
        raise typer.BadParameter(f"{out} exists; name another file, or remove it", param_hint="--out")
    clock = zone or {"cn": "Asia/Shanghai"}.get(law, "America/New_York")
    census = door.Census()
    export = _read(paths, clock, law.partition("-")[0].upper(), census.note)
    found = door.proposed(census, export.items, clock, said)
    if not found:
        raise InputError(", ".join(map(str, paths)), t("propose.none"), t("propose.none-do"))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(door.render(found, law, clock, said), encoding="utf-8")
    typer.echo(t("propose.made", n=len(found), path=out))


@app.command(
    epilog=example(
        "forbear dossier make examples/phone/*.xml \\",
        "  --case examples/phone/case.toml --out out/dossier",
        given="in a copy of the examples",
    )
)
def make(
    paths: Files,
    case: Annotated[Path, typer.Option("--case", help="The case file that you confirmed; `propose` writes a first one.")],
    out: Annotated[Path, typer.Option("--out", help="A folder for the pack.")],
    lender_log: Log = None,
    mapping: Mappings = None,
    unredacted: Annotated[bool, typer.Option("--unredacted", help="Show numbers and names of other people.")] = False,
) -> None:
    """Make the pack: a PDF, the same as HTML, and a table.

    In: the telephone's files, and the case that you confirmed. Language and law are the case's.

    Out: dossier.pdf and dossier.html with page one in plain words, each breach with its clause and what shows it, what is missing, where
    to turn, and drafts; findings.csv; case.toml; manifest.json, by which `verify` checks all. Numbers and names of other people are
    replaced by marks.
    """
    from forbear.doors.dossier import case as cases
    from forbear.doors.dossier import files
    from forbear.doors.dossier import make as door

    said = cases.load(case)
    export = _read(paths, said.zone, said.dialling, cases.wanted(said))
    made = door.make(export, said, case, _log(lender_log or (), mapping or (), said.lang), redacted=not unredacted)
    text = case.read_text(encoding="utf-8-sig")
    manifest = files.write(out, text, said, made.evidence, made.derived, made.pack, lender_log or ())
    for line in (made.pack.headline, *made.pack.summary, str(out / "dossier.pdf"), str(out / "dossier.html"), f"SHA-256 {manifest.mark}"):
        typer.echo(line)


@app.command(
    epilog=example(
        "forbear dossier examples/phone/*.xml \\",
        "  --case examples/phone/case.toml --out out/dossier",
        "forbear dossier verify out/dossier examples/phone/*.xml",
        given="in a copy of the examples",
    )
)
def verify(
    pack: Annotated[Path, typer.Argument(help="The folder of the pack.")],
    paths: Files,
    lender_log: Log = None,
    mapping: Mappings = None,
) -> None:
    """Derive a pack anew from the files, and say whether it stands.

    Out: each difference (a changed file, a record that is not there, a law that changed since, a finding that comes out otherwise), and
    whether the pack stands. Exit codes: 0 it stands; 1 it does not; 2 the input or the call is wrong.
    """
    from forbear.doors.dossier import verify as door
    from forbear.doors.dossier.words import words

    manifest, case = door.opened(pack)
    t = words(case.lang)
    export = _read(paths, case.zone, case.dialling, door.wanted(manifest, case))
    found = door.verify(pack, export, lender_log or (), _log(lender_log or (), mapping or (), case.lang))
    for line in (*found.faults, *found.notes):
        typer.echo(line)
    if found.faults:
        typer.echo(t("verify.fails", n=len(found.faults)))
        raise typer.Exit(1)
    typer.echo(t("verify.stands", findings=found.findings, records=found.records, sources=len(manifest.sources)))


@app.command("--open", epilog=example("forbear dossier --open --no-browser"))
def page(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders to begin with, such as the whole backup of an iPhone.")
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="en or zh; the browser's if left out.", metavar="en|zh")] = "",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page, or print its address only.")] = True,
) -> None:
    """Make the pack on a page of this machine.

    In: files that you drop there, and what you say on five short pages, in English or Chinese.

    Out: the same pack, to be downloaded. The page can be reached from this machine only, by an address that nobody can guess. Nothing
    is sent anywhere. Ctrl-C ends it, and deletes what was brought.
    """
    from forbear.doors.dossier.web.serve import serve

    serve(paths or (), options.language(lang) if lang else None, typer.echo, browser=browser)


def _read(paths: Sequence[Path], zone: str, region: str, only: Callable[[Item], bool]) -> Export:
    from forbear.records.exports.export import read

    with screen.progress() as update:
        found: Export = read(paths, zone=zone, region=region, only=only, progress=lambda done, total: update("read", done, total))
    return found


def _log(paths: Sequence[Path], mapping: Sequence[Path], lang: Language) -> list[Entry] | None:
    return list(screen.history(paths, (), mapping, lang).entries) if paths else None
