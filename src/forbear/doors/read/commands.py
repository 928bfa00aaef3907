"""`forbear read`: one text, or an inbox of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import cast, get_args

import typer

from forbear.doors import screen
from forbear.doors.read import say
from forbear.doors.read.reader import As, reading
from forbear.doors.read.texts import decode
from forbear.doors.read.triage import Triage, tables
from forbear.doors.read.triage import triage as read_inbox
from forbear.terms import CONDUCT, Language

_FORMS = ("text", "json", "html")


def run(  # noqa: PLR0913, PLR0917 (as the command has options)
    file: Path | None,
    law: list[str],
    own: Iterable[Path],
    how: str,
    form: str,
    lang: Language,
    inbox: Path | None,
    out: Path | None,
    folder: Path | None,
) -> None:
    """Reads what was asked for, and prints or writes the answer."""
    side = _side(how)
    if form not in _FORMS:
        raise typer.BadParameter(f"write {', '.join(_FORMS)}", param_hint="--format")
    if (file is None) == (inbox is None):
        raise typer.BadParameter("name one text, or - for standard input, or an inbox with --jsonl", param_hint="FILE")
    if inbox is not None:
        if out is None:
            raise typer.BadParameter("say where the lines go", param_hint="--out")
        _inbox(inbox, out, "reports" if side == "auto" else side, folder, lang)
        return
    if folder is not None:
        raise typer.BadParameter("only an inbox is ranked; name one with --jsonl", param_hint="--triage")
    rules = []
    if law or own:
        from forbear.rulebook.choice import Choice

        asked = Choice(tuple(law), tuple(own))
        rules = asked.rules(asked.book())
    assert file is not None
    found = reading(decode(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()), rules, side)
    if form == "text":
        text = "\n".join(say.lines(found, lang, law=bool(rules))) + "\n"
    else:
        text = say.json(found) + "\n" if form == "json" else say.page(found, lang, law=bool(rules))
    if out is None:
        typer.echo(text.encode("utf-8", "replace"), nl=False)
    else:
        out.write_text(text, encoding="utf-8", errors="replace")


def _side(how: str) -> As:
    if how not in get_args(As):
        raise typer.BadParameter(f"write {', '.join(get_args(As))}", param_hint="--as")
    return cast(As, how)


def _inbox(inbox: Path, out: Path, how: As, folder: Path | None, lang: Language) -> None:
    with screen.progress() as progress:
        said = "逐件阅读" if lang == "zh" else "reading"
        found = read_inbox(inbox, out, how, lambda done, total: progress(said, done, total))
    for line in _told(found, lang):
        typer.echo(line)
    if folder is not None:
        for table in tables(found, folder):
            typer.echo(str(table))


def _told(found: Triage, lang: Language) -> Iterable[str]:
    many = [size for size in found.campaigns.values() if size > 1]
    counts = {tag: sum(tag in each.conducts for each in found.read) for tag in CONDUCT}
    if lang == "zh":
        yield f"共 {len(found.read):,} 件；其中 {sum(many):,} 件出自 {len(many):,} 份相同的模板"
    else:
        yield f"{len(found.read):,} complaints; {sum(many):,} of them are copies of {len(many):,} templates"
    for tag, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        if count:
            yield f"{count:>9,}  {tag}  {CONDUCT[tag].say(lang)}"
