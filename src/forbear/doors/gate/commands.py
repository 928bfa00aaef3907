"""`forbear gate ...`: serve the gate, and keep its keys."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Annotated, Final

import typer

from forbear.doors import options
from forbear.doors.gate.api import ROLES, instant
from forbear.doors.options import Lang, Law, Rules, Store, example
from forbear.terms import AGENCY_KIND

_NORTH: Final = ("forbear gate key create --agency north \\", "  --agency-kind third-party-agency > north.key")
_URL: Final = "http://127.0.0.1:8707"

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Ask before a contact: allow, or deny with clause and time.

    A dialer, a text sender or an agent asks over HTTP, contacts only on an allow, and reports what came of it.
    """,
    epilog=example(*_NORTH, "forbear gate serve --law us --holds all"),
)
key = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Make, list and revoke the keys with which the gate is asked.

    A key speaks for one agency and has roles. Whoever has none is not answered.
    """,
    epilog=example(*_NORTH, "forbear gate key list"),
)
app.add_typer(key, name="key")


@app.command(epilog=example("forbear gate serve --law us --store sqlite:///gate.db --holds all"))
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
    """Serve the gate over HTTP until SIGTERM or Ctrl-C.

    In: questions, reports and facts over HTTP, each with a key that `forbear gate key create` made; `forbear gate openapi` describes them.

    Out: answers, each after it is on disk in the store. The first line says where it listens. When it is stopped, it first finishes what it
    accepted.

    Exit codes: 0 it was stopped; 1 the store failed, and nothing was answered that is not on disk; 2 the input or the call is wrong.
    """
    from forbear.doors.gate.http.serve import Serving, serve
    from forbear.doors.gate.service import Opening

    opening = Opening(
        store=store,
        law=options.choice(law, rules),
        mapping=mapping,
        holds="all" if holds == "all" else options.listed(holds),
        key_file=key_file,
        lease_s=options.seconds(lease, "--lease"),
        skew_s=options.seconds(skew, "--skew"),
    )
    every = max(1, options.seconds(checkpoint_every, "--checkpoint-every"))
    raise typer.Exit(serve(Serving(opening, host, port, processes, every, options.language(lang))))


@app.command(
    epilog=example(
        "python conformance/run.py --rules us.reg-f -- forbear gate conform",
        given="in a checkout of forbear",
    )
)
def conform() -> None:
    """Answer cases of the conformance suite by a gate of their own.

    In: cases on standard input, as conformance/suite.json has them. Out: an answer for each, on standard output: what the gate says of each
    contact. Each is asked with store and ledger, in a folder that is deleted; the clock is that of the case.
    """
    import sys

    from forbear.doors.gate.conform import answering
    from forbear.engines.suite.speech import heard, line
    from forbear.rulebook.load import load

    with answering(load()) as answer:
        for case in heard(sys.stdin.buffer, "standard input"):
            typer.echo(line(answer(case)))


@app.command(epilog=example("forbear gate openapi > gate.json"))
def openapi() -> None:
    """Print the OpenAPI 3.1 document of the gate's interface.

    Out: JSON, from which a client in any language can be made. No gate need be running.
    """
    import json

    from forbear.doors.gate.http.openapi import document

    typer.echo(json.dumps(document(), indent=2, ensure_ascii=False))


@app.command(
    epilog=example(
        "forbear ledger export --store sqlite:///gate.db --out out/ledger",
        "forbear gate coverage --ledger out/ledger --carrier out/example/contacts.csv",
        given="after `make demo`, about whose calls no gate was asked",
    )
)
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
    """Find calls that were carried and that the gate never allowed.

    In: the ledger as `forbear ledger export` wrote it, and the carrier's call records; --mapping says what their columns mean.

    Out: a line of counts, and with --out each call that went round the gate, as CSV.

    Exit codes: 0 every call was allowed; 1 some went round the gate; 2 the input or the call is wrong.
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


@app.command(
    epilog=example(
        *_NORTH,
        'export FORBEAR_GATE_KEY="$(cat north.key)"',
        f"forbear gate mcp --url {_URL}",
        given="beside a running `forbear gate serve`",
    )
)
def mcp(
    url: Annotated[str, typer.Option("--url", help="Where the gate listens.")] = _URL,
) -> None:
    """Give an AI agent the gate as MCP tools.

    In and out: MCP over standard input and output; it runs until its input ends. The tools are may_i_contact, report_outcome, check_message
    and explain_rule. The key comes from the environment, in FORBEAR_GATE_KEY, so that it stands in no list of processes.

    Exit codes: 0 its input ended; 2 there is no key.
    """
    import os

    from forbear.doors.gate.mcp_server import run

    secret = os.environ.get("FORBEAR_GATE_KEY", "")
    if not secret:
        raise typer.BadParameter("set it to a key that `forbear gate key create` printed", param_hint="FORBEAR_GATE_KEY")
    run(url, secret)


@key.command(
    epilog=example(
        "forbear gate key create --agency north --agency-kind third-party-agency \\",
        "  --roles decide,report,read --per-minute 600",
        "forbear gate key create --roles audit > auditor.key",
    )
)
def create(
    agency: Annotated[str, typer.Option("--agency", help="For whom its holder speaks: the id of an agency, or of the creditor.")] = "",
    agency_kind: Annotated[str, typer.Option("--agency-kind", help=", ".join(AGENCY_KIND), metavar="KIND")] = "",
    roles: Annotated[str, typer.Option("--roles", help=f"Joined by commas: {', '.join(ROLES)}.")] = "decide,report,read",
    per_minute: Annotated[int, typer.Option("--per-minute", help="Requests a minute and process; 0: no limit.", min=0)] = 0,
    store: Store = "sqlite:///gate.db",
) -> None:
    """Make a key and print it, once: only its hash is kept.

    Out: the key, to be sent as `Authorization: Bearer KEY`. Keep it as you keep passwords; nobody can print it again.

    What the roles may do: decide: ask, dry-run, plan, cancel. report: outcomes, facts, other contacts. read: one's own decisions. creditor:
    everything, for every agency. audit: see every decision, and make checkpoints.
    """
    from forbear.doors.gate.http.keys import make
    from forbear.doors.gate.store.opening import open_store

    wanted = options.listed(roles)
    if not wanted or (unknown := set(wanted) - set(ROLES)):
        what = f"no role {', '.join(map(repr, sorted(unknown)))}" if wanted else "no role is named"
        raise typer.BadParameter(f"{what}; write some of {', '.join(ROLES)}, joined by commas", param_hint="--roles")
    if set(wanted) != {"audit"} and not (agency.strip() and agency_kind):
        raise typer.BadParameter(
            "say for whom the key speaks, with --agency and --agency-kind; only an auditor's key needs neither", param_hint="--agency"
        )
    if agency_kind and agency_kind not in AGENCY_KIND:
        raise typer.BadParameter(f"no kind {agency_kind!r}; write one of {', '.join(AGENCY_KIND)}", param_hint="--agency-kind")
    text, kept = make(agency.strip(), agency_kind, wanted, per_minute)
    with closing(open_store(store)) as opened:
        opened.add_key(kept)
    typer.echo(text)


@key.command("list", epilog=example("forbear gate key list", "forbear gate key list | cut -f 1,2"))
def list_keys(store: Store = "sqlite:///gate.db") -> None:
    """List the keys, without their secrets.

    Out: tab-separated, one line a key: id, agency, kind of agency, roles, requests a minute (0: no limit), when it was made, when revoked.
    """
    from forbear.doors.gate.store.opening import open_store

    with closing(open_store(store)) as opened:
        kept = opened.keys()
    typer.echo("id\tagency\tagency_kind\troles\tper_minute\tcreated\trevoked")
    for each in kept:
        revoked = "" if each.revoked is None else instant(each.revoked)
        line = (each.id, each.agency, each.agency_kind, ",".join(each.roles), str(each.per_minute), instant(each.created), revoked)
        typer.echo("\t".join(line))


@key.command(epilog=example(*_NORTH, 'forbear gate key revoke "$(cut -d _ -f 2 north.key)"'))
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `forbear gate key list` shows it, without the secret.")],
    store: Store = "sqlite:///gate.db",
) -> None:
    """Revoke a key: within a second no running gate takes it.

    In: the key's id, which is the first column of `forbear gate key list`, and the middle of the key itself: fb_ID_SECRET.

    Exit codes: 0 revoked; 2 no such key, or it was revoked before.
    """
    from forbear.doors.gate.store.opening import open_store

    with closing(open_store(store)) as opened:
        revoked = opened.revoke_key(key_id, int(time.time()))
    if not revoked:
        raise typer.BadParameter("no key in force has this id; `forbear gate key list` lists all keys", param_hint="ID")
    typer.echo(f"revoked {key_id}")
