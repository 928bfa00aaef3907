"""What is wrong with a ledger, its keys and what was kept of it, and with the carrier's files that are held against it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from errors.met import Met, command, raised
from gate_house import House

from forbear.doors.gate.ledger import ledger
from forbear.doors.gate.ledger.ledger import CHECKPOINTS, PUBLIC_KEY, RECORDS
from forbear.doors.gate.ledger.signing import Signer

SOURCES = ("doors/gate/ledger", "doors/gate/coverage.py")
WRITING, VERIFYING, FOUND, SIGNING, CARRIER = (
    "Writing a ledger out",
    "Naming what is to be verified",
    "What `forbear ledger verify` finds",
    "Naming the gate's signing key",
    "Holding the carrier's records against a ledger",
)
Lines = list[bytes]


def _entry(line: bytes, **other: object) -> bytes:
    """A line of the ledger that says something else, and keeps its hash."""
    body, _, digits = line.rpartition(b"\t")
    return msgspec.json.encode(json.loads(body) | other) + b"\t" + digits


def _checkpoint(line: bytes, **other: object) -> bytes:
    return msgspec.json.encode(json.loads(line) | other)


ENTRIES: tuple[tuple[str, Callable[[Lines], Lines]], ...] = (
    ("an entry that was changed", lambda all_: [_entry(all_[0], at=1), *all_[1:]]),
    ("an entry that was taken out", lambda all_: [all_[0], *all_[2:]]),
    ("chains that were put in another order", lambda all_: [all_[-1], *all_[:-1]]),
    (
        "an entry that was moved to an earlier epoch",
        lambda all_: [all_[0], _entry(all_[0], seq=2, epoch=0)],
    ),
    ("a line that is no entry", lambda all_: [b"{}" + all_[0][-65:], *all_[1:]]),
    ("an entry that is written in another way", lambda all_: [b" " + all_[0], *all_[1:]]),
    ("a line without its hash", lambda all_: [all_[0][:-1], *all_[1:]]),
)
MADE: tuple[tuple[str, Callable[[Lines], Lines]], ...] = (
    ("a line that is no checkpoint", lambda all_: [b"{}", *all_[1:]]),
    ("a checkpoint that was taken out", lambda all_: all_[1:]),
    ("a checkpoint that was changed", lambda all_: [_checkpoint(all_[0], at=1), *all_[1:]]),
    ("a checkpoint of other entries", lambda all_: [_checkpoint(all_[0], entries=7), *all_[1:]]),
)


def met(folder: Path) -> Iterator[Met]:
    """Each of them."""
    house = House(f"sqlite:///{folder}/gate.db", folder)
    answers = [house.ask(name, debt=name) for name in ("A", "B")]
    for name in ("A", "B"):
        house.ask(name, debt=name)
        house.gate.checkpoint()
    house.ask("C", debt="C")
    house.close()
    export = ("ledger", "export", "--store", "sqlite:///gate.db", "--out", "ledger")
    assert command(folder, *export)[1] == 0
    yield Met(WRITING, "a folder that is not empty", *command(folder, *export))
    (folder / "file").write_bytes(b"")
    yield Met(WRITING, "a file in place of a folder", *command(folder, *export[:-1], "file"))
    receipt = answers[0].receipt
    assert receipt is not None
    yield from _named(folder)
    yield from _found(folder, msgspec.json.encode(receipt))
    yield from _signing(folder)
    yield from _carrier(folder)


def _named(folder: Path) -> Iterator[Met]:
    verify = ("ledger", "verify", "ledger")
    yield Met(VERIFYING, "no key and no checkpoint that was kept elsewhere: no error, but said each time", *command(folder, *verify))
    yield Met(VERIFYING, "a folder that is no ledger", *command(folder, "ledger", "verify", "nowhere"))
    (folder / "half").mkdir()
    (folder / "half" / PUBLIC_KEY).write_bytes((folder / "ledger" / PUBLIC_KEY).read_bytes())
    yield Met(VERIFYING, "a folder that holds a part of a ledger", *command(folder, "ledger", "verify", "half"))
    (folder / "rsa.pem").write_bytes(
        generate_private_key(65537, 2048).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    yield Met(VERIFYING, "a public key that is none", *command(folder, *verify, "--public-key", "file"))
    yield Met(VERIFYING, "a public key of another kind", *command(folder, *verify, "--public-key", "rsa.pem"))
    yield Met(VERIFYING, "a checkpoint that is none", *command(folder, *verify, "--checkpoint", "file"))
    yield Met(VERIFYING, "a receipt that is none", *command(folder, *verify, "--receipt", "file"))


def _found(folder: Path, receipt: bytes) -> Iterator[Met]:
    honest = folder / "ledger"
    records, made = ((honest / name).read_bytes().splitlines() for name in (RECORDS, CHECKPOINTS))
    for name, lines, cases in ((RECORDS, records, ENTRIES), (CHECKPOINTS, made, MADE)):
        for when, change in cases:
            (honest / name).write_bytes(b"".join(line + b"\n" for line in change(lines)))
            yield from _faults(folder, when)
        said, code = command(folder, "ledger", "verify", "ledger")
        yield Met(FOUND, "any of these, on standard error", said.splitlines()[-1], code)
        (honest / name).write_bytes(b"".join(line + b"\n" for line in lines)[:-1])
        yield from _faults(folder, "a last line that is cut off")
        (honest / name).write_bytes(b"".join(line + b"\n" for line in lines))
    with patch.object(ledger, "lines", side_effect=OSError(5, "Input/output error")):
        yield from _faults(folder, "a disk that fails")
    Signer.load_or_create(folder / "other.key")
    (folder / "other.pem").write_bytes(Signer.load_or_create(folder / "other.key").public_pem)
    yield from _faults(folder, "a ledger under another key", "--public-key", "other.pem")
    for name, content, when in (
        ("kept.json", made[0], ""),
        ("kept.json", _checkpoint(made[0], at=1), "a kept checkpoint that was changed, or a ledger that was"),
        ("kept.json", _checkpoint(made[0], epoch=9), "a kept checkpoint of an epoch that the ledger does not have"),
        ("receipt.json", _checkpoint(receipt, at=1), "a receipt that was changed"),
    ):
        (folder / name).write_bytes(content)
        yield from _faults(folder, when, "--checkpoint" if name == "kept.json" else "--receipt", name)
    (folder / "receipt.json").write_bytes(receipt)
    (honest / RECORDS).write_bytes(b"".join(line + b"\n" for line in records if b'"chain":"A"' not in line))
    yield from _faults(folder, "a receipt of an entry that was taken out", "--receipt", "receipt.json")


def _faults(folder: Path, when: str, *options: str) -> Iterator[Met]:
    """Every fault that is found; exit code 1 if there is one."""
    said, code = command(folder, "ledger", "verify", "ledger", *options, out=True)
    faults = said.splitlines()[:-1]
    assert bool(faults) == bool(when) == bool(code), (when, said)
    yield from (Met(FOUND, when, fault, code) for fault in faults)


def _signing(folder: Path) -> Iterator[Met]:
    private = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "rsa.key").write_bytes(private)
    for when, name in (
        ("a folder that there is not", "nowhere/gate.key"),
        ("a file that is no key", "file"),
        ("a key of another kind", "rsa.key"),
    ):
        yield Met(SIGNING, when, *raised(lambda name=name: Signer.load_or_create(folder / name), folder))


def _carrier(folder: Path) -> Iterator[Met]:
    header = "occurred_at,consumer,channel,direction,address\n"
    (folder / "cdr.csv").write_text(f"{header}2026-09-21T20:00:00Z,A,call,outbound,+12025550123\n", encoding="utf-8")
    coverage = ("gate", "coverage", "--carrier", "cdr.csv", "--ledger")
    yield Met(CARRIER, "a ledger that there is not", *command(folder, *coverage, "nowhere"))
    yield Met(CARRIER, "a place that cannot be written", *command(folder, *coverage, "ledger", "--out", "nowhere/round.csv"))
