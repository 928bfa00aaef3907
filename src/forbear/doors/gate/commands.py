"""`forbear gate ...`: serve the gate, and keep its keys."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from forbear.doors import options
from forbear.doors.gate.api import ROLES, instant
from forbear.doors.options import Lang, Law, Rules, Store
from forbear.terms import AGENCY_KIND

app = typer.Typer(no_args_is_help=True, help="The gate: asked before every contact; allow takes the slot, deny says why and when.")
key = typer.Typer(no_args_is_help=True, help="API keys: who may ask the gate, and what.")
app.add_typer(key, name="key")


@app.command()
def serve(  # noqa: PLR0913, PLR0917 (a command has as many options as people need)
    law: Law = "",
    store: Store = "sqlite:///gate.db",
    rules: Rules = None,
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
    lang: Lang = "en",
) -> None:
    """Serve the gate over HTTP until SIGTERM or Ctrl-C, then finish what was accepted.

    Example: `forbear gate serve --law us --store sqlite:///gate.db --holds all`

    Make a key first: `forbear gate key create`. Exit code 1: the store failed, and nothing was answered that is not durable.
    """
    from forbear.doors.gate.http.serve import Serving, serve
    from forbear.doors.gate.service import Opening

    opening = Opening(
        store=store,
        laws=options.laws(law, rules),
        rules=rules or (),
        mapping=mapping,
        holds="all" if holds == "all" else options.listed(holds),
        key_file=key_file,
        lease_s=options.seconds(lease, "--lease"),
        skew_s=options.seconds(skew, "--skew"),
    )
    every = max(1, options.seconds(checkpoint_every, "--checkpoint-every"))
    raise typer.Exit(serve(Serving(opening, host, port, processes, every, options.language(lang))))


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
    lang: Lang = "en",
) -> None:
    """Find calls that the carrier carried and the gate never allowed: somebody went round it. Exit code 1 if there is one.

    Example: `forbear gate coverage --ledger ledger/ --carrier cdr.csv --mapping cdr.toml --out round.csv`
    """
    from forbear.doors.gate.coverage import Tolerance, say, write
    from forbear.doors.gate.coverage import coverage as door

    said = options.language(lang)
    found = door(ledger, carrier, mapping or (), Tolerance(options.seconds(skew, "--skew"), options.seconds(lease, "--lease")))
    if out is not None:
        write(out, found)
    typer.echo(say(found, said))
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

    wanted = options.listed(roles)
    if not wanted or (unknown := set(wanted) - set(ROLES)):
        raise typer.BadParameter(f"{', '.join(sorted(unknown)) if wanted else 'none'}: of {', '.join(ROLES)}", param_hint="--roles")
    if set(wanted) != {"audit"} and not (agency.strip() and agency_kind):
        raise typer.BadParameter(
            "--agency and --agency-kind say for whom it speaks; only an auditor's key needs neither", param_hint="--agency"
        )
    if agency_kind and agency_kind not in AGENCY_KIND:
        raise typer.BadParameter(f"one of {', '.join(AGENCY_KIND)}", param_hint="--agency-kind")
    text, kept = make(agency.strip(), agency_kind, wanted, per_minute)
    with closing(open_store(store)) as opened:
        opened.add_key(kept)
    typer.echo(text)


@key.command("list")
def list_keys(store: Store = "sqlite:///gate.db") -> None:
    """List the keys: id, agency, kind, roles, requests a minute, made, revoked. Tab-separated.

    Example: `forbear gate key list | cut -f1,2`
    """
    from forbear.doors.gate.store.opening import open_store

    with closing(open_store(store)) as opened:
        kept = opened.keys()
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

    with closing(open_store(store)) as opened:
        revoked = opened.revoke_key(key_id, int(time.time()))
    if not revoked:
        raise typer.BadParameter("no key has this id that was not revoked before; `forbear gate key list` lists them", param_hint="ID")
    typer.echo(f"revoked {key_id}")
