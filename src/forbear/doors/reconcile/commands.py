"""`forbear reconcile`: two logs that one person may see, or two that were sealed for somebody who may see neither."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
import typer

from forbear.doors import screen
from forbear.doors.reconcile import logs, tables, tell
from forbear.leads.reconcile import Log, compare
from forbear.leads.reconcile.sealed import Sealed, agree, seal
from forbear.records import mapping as mappings
from forbear.records.errors import InputError
from forbear.terms import Language

_SEALED = ".sealed"
_KEY = 32
"""Bytes of a key that is made here."""


def run(
    consumer: Path | None,
    lender: Path | None,
    who: str,
    mapping: Sequence[Path],
    key: Path | None,
    out: Path | None,
    lang: Language,
) -> None:
    """Compares two logs, or seals one."""
    if key is not None:
        if (consumer is None) == (lender is None) or out is None:
            raise typer.BadParameter("seal one log at a time: --consumer or --lender, and --out for the sealed file", param_hint="--seal")
        _seal(consumer, lender, who, mapping, key, out)
        typer.echo(str(out))
        return
    if consumer is None or lender is None:
        raise typer.BadParameter("name the person's log and the lender's", param_hint="--consumer, --lender")
    if consumer.suffix == lender.suffix == _SEALED:
        for line in tell.sealed(agree(_opened(consumer, "person"), _opened(lender, "lender")), lang):
            typer.echo(line)
        return
    loaded = [mappings.load(each) for each in mapping]
    with screen.progress() as progress:
        mine = logs.person([consumer], who, loaded, lambda done, total: progress("read", done, total))
        theirs = logs.lender([lender], loaded, lambda done, total: progress("read", done, total))
    nobody = Log((), 0, 0)
    found = {one: compare(log, theirs.people.get(one, nobody)) for one, log in sorted(mine.people.items())}
    for side in (mine, theirs):
        for line in screen.unread(len(side.read.quarantine), side.read.rows, lang):
            typer.echo(line, err=True)
    for line in tell.lines(found, lang):
        typer.echo(line)
    if out is not None:
        for table in tables.write(found, out):
            typer.echo(str(table))


def _seal(consumer: Path | None, lender: Path | None, who: str, mapping: Sequence[Path], key: Path, out: Path) -> None:
    loaded = [mappings.load(each) for each in mapping]
    side = logs.person([consumer], who, loaded) if consumer else logs.lender([lender], loaded)  # type: ignore[list-item]
    if who and not consumer:
        side = side._replace(people={one: log for one, log in side.people.items() if one == who})
    if len(side.people) != 1:
        named = consumer or lender
        assert named is not None
        raise InputError(named, f"holds contacts of {len(side.people)} people", "say whose with --who: a sealed log is of one person")
    if not key.exists():
        with os.fdopen(os.open(key, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(_KEY))
    try:
        sealed = seal(next(iter(side.people.values())), "person" if consumer else "lender", key.read_bytes())
    except ValueError as error:
        raise InputError(key, str(error), "take a key that forbear made: name a file that is not there yet") from error
    out.write_bytes(msgspec.msgpack.encode(sealed))


def _opened(path: Path, side: str) -> Sealed:
    try:
        found = msgspec.msgpack.decode(path.read_bytes(), type=Sealed)
    except msgspec.DecodeError as error:
        raise InputError(path, "is no sealed log", "make it with forbear reconcile --seal") from error
    if found.side != side:
        do = "name the person's with --consumer, the lender's with --lender"
        raise InputError(path, f"was sealed as the log of the {found.side}", do)
    return found
