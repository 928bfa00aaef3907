"""`forbear gate ...`: serve the gate, and keep its keys."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Annotated

import typer

from forbear.doors.gate.api import ROLES, instant
from forbear.terms import AGENCY_KIND

app = typer.Typer(no_args_is_help=True, help="The gate: asked before every contact; allow takes the slot, deny says why and when.")
key = typer.Typer(no_args_is_help=True, help="API keys: who may ask the gate, and what.")
app.add_typer(key, name="key")

_UNITS = {"s": 1, "m": 60, "h": 3600}
Store = Annotated[str, typer.Option("--store", help="sqlite:///gate.db (four slashes: an absolute path) or postgresql://USER@HOST/NAME.")]


@app.command()
def serve(  # noqa: PLR0913, PLR0917 (a command has as many options as people need)
    context: typer.Context,
    law: Annotated[str, typer.Option("--law", help="Whose law, joined by commas: cn,us. Empty with --rules alone.")] = "",
    store: Store = "sqlite:///gate.db",
    rules: Annotated[list[Path] | None, typer.Option("--rules", help="A folder of your own rules, beside the shipped law.")] = None,
    mapping: Annotated[Path | None, typer.Option("--mapping", help="What your words mean, and constants that requests leave out.")] = None,
    holds: Annotated[str, typer.Option("--holds", help="Kinds of fact that reach this gate completely, joined by commas, or all.")] = "",
    host: Annotated[str, typer.Option("--host", help="Where to listen. Put TLS before it if that is not this machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="0: any that is free.", min=0, max=65535)] = 8707,
    processes: Annotated[int, typer.Option("--processes", help="How many processes share the port.", min=1, max=256)] = 1,
    key_file: Annotated[Path, typer.Option("--key-file", help="The key that signs receipts and checkpoints; made if missing.")] = Path(
        "gate.key"
    ),
    lease: Annotated[str, typer.Option("--lease", help="How long an allowed contact may be cancelled.")] = "15m",
    skew: Annotated[str, typer.Option("--skew", help="How far an asker's clock may be from ours.")] = "30s",
    checkpoint_every: Annotated[str, typer.Option("--checkpoint-every", help="How often a checkpoint is signed.")] = "60s",
    lang: Annotated[str, typer.Option("--lang", help="en or zh.", metavar="en|zh")] = "en",
) -> None:
    """Serve the gate over HTTP until SIGTERM or Ctrl-C, then finish what was accepted.

    Example: `forbear gate serve --law us --store sqlite:///gate.db --holds all`

    Make a key first: `forbear gate key create`. Exit code 1: the store failed, and nothing was answered that is not durable.
    """
    from forbear.doors.gate.http.serve import Serving, serve
    from forbear.doors.gate.service import Opening

    if not law and not rules:
        raise typer.BadParameter("name a law such as cn or us, or a folder with --rules", param_hint="--law")
    if lang not in ("en", "zh"):
        raise typer.BadParameter("en or zh", param_hint="--lang")
    opening = Opening(
        store=store,
        laws=_list(law),
        rules=rules or (),
        mapping=mapping,
        holds="all" if holds == "all" else _list(holds),
        key_file=key_file,
        lease_s=_seconds(lease, "--lease"),
        skew_s=_seconds(skew, "--skew"),
    )
    every = max(1, _seconds(checkpoint_every, "--checkpoint-every"))
    raise typer.Exit(serve(Serving(opening, context.obj, host, port, processes, every, "zh" if lang == "zh" else "en")))


@app.command()
def openapi() -> None:
    """Print the OpenAPI 3.1 document of the gate's interface.

    Example: `forbear gate openapi > gate.json`
    """
    import json

    from forbear.doors.gate.http.openapi import document

    typer.echo(json.dumps(document(), indent=2, ensure_ascii=False))


@app.command()
def coverage(
    ledger: Annotated[Path, typer.Option("--ledger", help="A folder that `forbear ledger export` wrote.")],
    carrier: Annotated[list[Path], typer.Option("--carrier", help="The carrier's call records; may be repeated.")],
    mapping: Annotated[
        list[Path] | None, typer.Option("--mapping", help="What their columns mean: `forbear init FILE` proposes one.")
    ] = None,
    lease: Annotated[str, typer.Option("--lease", help="How long after its allow a call may be placed.")] = "15m",
    skew: Annotated[str, typer.Option("--skew", help="How far the carrier's clock may be from the gate's.")] = "30s",
    out: Annotated[Path | None, typer.Option("--out", help="Write the calls that went round the gate here, as CSV.")] = None,
    lang: Annotated[str, typer.Option("--lang", help="en or zh.", metavar="en|zh")] = "en",
) -> None:
    """Find calls that the carrier carried and the gate never allowed: somebody went round it. Exit code 1 if there is one.

    Example: `forbear gate coverage --ledger ledger/ --carrier cdr.csv --mapping cdr.toml --out round.csv`
    """
    from forbear.doors.gate.coverage import Tolerance, say, write
    from forbear.doors.gate.coverage import coverage as door

    if lang not in ("en", "zh"):
        raise typer.BadParameter("en or zh", param_hint="--lang")
    found = door(ledger, carrier, mapping or (), Tolerance(_seconds(skew, "--skew"), _seconds(lease, "--lease")))
    if out is not None:
        write(out, found)
    typer.echo(say(found, "zh" if lang == "zh" else "en"))
    if found.uncovered:
        raise typer.Exit(1)


@app.command()
def mcp(
    url: Annotated[str, typer.Option("--url", help="Where the gate listens.")] = "http://127.0.0.1:8707",
) -> None:
    """Give an AI agent the gate as MCP tools, over standard input and output. The key comes from the environment: FORBEAR_GATE_KEY.

    Example: `FORBEAR_GATE_KEY=fb_... forbear gate mcp --url http://127.0.0.1:8707`
    """
    import os

    from forbear.doors.gate.mcp_server import run

    secret = os.environ.get("FORBEAR_GATE_KEY", "")
    if not secret:
        raise typer.BadParameter("set it to a key that `forbear gate key create` printed", param_hint="FORBEAR_GATE_KEY")
    run(url, secret)


@key.command()
def create(
    agency: Annotated[str, typer.Option("--agency", help="For whom its holder speaks: the id of an agency, or of the creditor.")] = "",
    agency_kind: Annotated[str, typer.Option("--agency-kind", help=", ".join(AGENCY_KIND), metavar="KIND")] = "",
    roles: Annotated[str, typer.Option("--roles", help=f"Joined by commas: {', '.join(ROLES)}.")] = "decide,report,read",
    per_minute: Annotated[int, typer.Option("--per-minute", help="Requests a minute and process; 0: no limit.", min=0)] = 0,
    store: Store = "sqlite:///gate.db",
) -> None:
    """Make a key and print it, once: only its hash is kept.

    decide: ask, dry-run, plan, cancel. report: outcomes, facts, other contacts. read: one's own decisions. creditor: everything, for every
    agency. audit: every decision, and checkpoints.

    Example: `forbear gate key create --agency north --agency-kind third-party-agency --roles decide,report,read --per-minute 600`
    """
    from forbear.doors.gate.http.keys import make
    from forbear.doors.gate.store.opening import open_store

    wanted = _list(roles)
    if not wanted or (unknown := set(wanted) - set(ROLES)):
        raise typer.BadParameter(f"{', '.join(sorted(unknown)) if wanted else 'none'}: of {', '.join(ROLES)}", param_hint="--roles")
    if set(wanted) != {"audit"} and not (agency.strip() and agency_kind):
        raise typer.BadParameter(
            "--agency and --agency-kind say for whom it speaks; only an auditor's key needs neither", param_hint="--agency"
        )
    if agency_kind and agency_kind not in AGENCY_KIND:
        raise typer.BadParameter(f"one of {', '.join(AGENCY_KIND)}", param_hint="--agency-kind")
    text, kept = make(agency.strip(), agency_kind, wanted, per_minute)
    opened = open_store(store)
    try:
        opened.add_key(kept)
    finally:
        opened.close()
    typer.echo(text)


@key.command("list")
def list_keys(store: Store = "sqlite:///gate.db") -> None:
    """List the keys: id, agency, kind, roles, requests a minute, made, revoked. Tab-separated.

    Example: `forbear gate key list | cut -f1,2`
    """
    from forbear.doors.gate.store.opening import open_store

    opened = open_store(store)
    try:
        kept = opened.keys()
    finally:
        opened.close()
    typer.echo("id\tagency\tagency_kind\troles\tper_minute\tcreated\trevoked")
    for each in kept:
        revoked = "" if each.revoked is None else instant(each.revoked)
        line = (each.id, each.agency, each.agency_kind, ",".join(each.roles), str(each.per_minute), instant(each.created), revoked)
        typer.echo("\t".join(line))


@key.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `forbear gate key list` shows it, without the secret.")],
    store: Store = "sqlite:///gate.db",
) -> None:
    """Revoke a key: within a second no running gate takes it.

    Example: `forbear gate key revoke 3f9a0c6e1b2d`
    """
    from forbear.doors.gate.store.opening import open_store

    opened = open_store(store)
    try:
        revoked = opened.revoke_key(key_id, int(time.time()))
    finally:
        opened.close()
    if not revoked:
        raise typer.BadParameter("no key has this id that was not revoked before; `forbear gate key list` lists them", param_hint="ID")
    typer.echo(f"revoked {key_id}")


def _list(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _seconds(text: str, option: str) -> int:
    said = re.fullmatch(r"(\d{1,6})\s*([smh])", text.strip())
    if not said:
        raise typer.BadParameter(f"{text!r}: a number and s, m or h, such as 15m", param_hint=option)
    return int(said[1]) * _UNITS[said[2]]
