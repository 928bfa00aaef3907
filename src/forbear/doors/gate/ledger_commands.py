"""`forbear ledger ...`: the gate's ledger, out of its store and held against what others keep."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from forbear.doors.options import Store, example

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="""Write the gate's ledger out, and prove that nobody changed it.

    Every decision, outcome and fact that a gate put down is an entry in a chain of hashes, under signed checkpoints.
    """,
    epilog=example(
        "forbear ledger export --store sqlite:///gate.db --out out/ledger",
        "forbear ledger verify out/ledger",
        given="after `forbear gate serve`",
    ),
)

Paths = list[Path] | None


@app.command(
    epilog=example(
        "forbear ledger export --store sqlite:///gate.db --out out/ledger",
        "forbear audit out/ledger/contacts.csv --facts out/ledger/facts.csv \\",
        "  --law us --holds all --out out/ledger-report",
        given="after `forbear gate serve`",
    )
)
def export(
    out: Annotated[Path, typer.Option("--out", help="An empty folder, or one to be made.")],
    store: Store = "sqlite:///gate.db",
) -> None:
    """Write the whole ledger into a folder.

    In: the store of a gate, which may be running.

    Out: ledger.jsonl, checkpoints.jsonl and public.pem for `forbear ledger verify`; contacts.csv and facts.csv for `forbear audit`;
    proofs.jsonl, the denials, for conformance/check.py. Entries since the last checkpoint are written too.
    """
    from forbear.doors.gate.ledger import export as door
    from forbear.doors.gate.store.opening import open_store

    if out.exists() and any(out.iterdir()):
        raise typer.BadParameter(f"{out} is not empty; name another folder", param_hint="--out")
    with closing(open_store(store)) as opened:
        counts = door.export(opened, out)
    typer.echo(f"entries {counts.entries}  contacts {counts.contacts}  facts {counts.facts}  proofs {counts.proofs}")


@app.command(
    epilog=example(
        "forbear ledger export --store sqlite:///gate.db --out out/ledger",
        "forbear ledger verify out/ledger",
        given="after `forbear gate serve`",
    )
)
def verify(
    folder: Annotated[Path, typer.Argument(help="As `forbear ledger export` wrote it.")],
    checkpoint: Annotated[Paths, typer.Option("--checkpoint", help="A checkpoint that was kept elsewhere; may be repeated.")] = None,
    receipt: Annotated[Paths, typer.Option("--receipt", help="The receipt of an allowed contact; may be repeated.")] = None,
    public_key: Annotated[Path | None, typer.Option("--public-key", help="The gate's public key, kept elsewhere.")] = None,
) -> None:
    """Find every changed, removed, reordered or inserted entry.

    In: the folder of `forbear ledger export`, and what others kept while the gate ran: checkpoints (POST /v1/checkpoints), the receipts
    that came with answers, the public key (GET /v1/public-key). Of what nobody keeps elsewhere, the whole could have been written anew.

    Out: each fault, with its entry, and a line of counts.

    Exit codes: 0 no fault; 1 a fault; 2 the input or the call is wrong.
    """
    from forbear.doors.gate.ledger.verify import verify as door

    found = door(folder, checkpoint or (), receipt or (), public_key)
    for fault in found.faults:
        typer.echo(fault)
    typer.echo(
        f"chains {found.chains}  entries {found.entries}  checkpoints {found.checkpoints}  after the last checkpoint {found.uncovered}  "
        f"faults {len(found.faults)}"
    )
    if found.own_key:
        typer.echo(
            f"signatures were judged by the ledger's own key {found.key}: keep the key elsewhere and name it with --public-key", err=True
        )
    if not checkpoint:
        typer.echo("no checkpoint kept elsewhere was named: a ledger written anew as a whole would not show", err=True)
    if found.faults:
        typer.echo(
            "the ledger is not as the gate wrote it: keep this copy, and hold it against an earlier one, or kept checkpoints", err=True
        )
        raise typer.Exit(1)
