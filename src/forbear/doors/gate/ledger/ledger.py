"""The ledger: what the gate did, in chains of hashes, so that nobody can change it unseen.

A *chain* holds the entries of one consumer. Each entry is canonical JSON, and its hash is SHA-256 over the hash before it and those bytes.
A *checkpoint* closes an epoch: it is signed, holds a digest of the ends of all chains that grew in the epoch, and the hash of the
checkpoint before it, so one checkpoint held elsewhere fixes everything up to its epoch. A *receipt* is signed when a contact is allowed: it
shows an entry that was cut off after the last checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from forbear.doors.gate.api import Receipt
from forbear.doors.gate.ledger.signing import Signer

RECORDS, CHECKPOINTS, PUBLIC_KEY = "ledger.jsonl", "checkpoints.jsonl", "public.pem"
_BEGINNING: Final = b"forbear ledger 1\n"
_RECEIPT: Final = b"forbear receipt 1\n"
_CHECKPOINT: Final = b"forbear checkpoint 1\n"

_Kind = TypeVar("_Kind")


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of a chain."""

    chain: str
    """The consumer's id; `*` for what was told for all."""
    seq: int
    """From 1 on."""
    epoch: int
    """The number of the checkpoint that covers it, from 1 on; it never falls along a chain."""
    at: int
    """Unix second, by the server's clock."""
    what: str
    """allow, deny, dry-run, plan, outcome, cancel, fact, contact."""
    by: str
    """Id of the API key."""
    body: dict[str, Any]


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The end of an epoch."""

    epoch: int
    at: int
    previous: str
    """Hash of the checkpoint before, in hexadecimal digits; of the first, of its beginning."""
    heads: str
    """SHA-256 over chain, seq and hash of the last entry of each chain that grew in the epoch, in the order of chains."""
    grew: int
    """How many chains grew."""
    entries: int
    """How many entries the epoch holds."""
    key: str
    """Id of the key that signed."""
    signature: str = ""


class Damaged(ValueError):
    """Bytes that no gate wrote."""


def encode(record: Record | Checkpoint) -> bytes:
    """The one way to write it."""
    return msgspec.json.encode(record)


def decode(written: bytes) -> Record:
    """The entry. Raises `Damaged` for anything but what `encode` gives."""
    return _decode(written, Record)


def decode_checkpoint(written: bytes) -> Checkpoint:
    """The checkpoint. Raises `Damaged` for anything but what `encode` gives."""
    return _decode(written, Checkpoint)


def _decode(written: bytes, kind: type[_Kind]) -> _Kind:
    try:
        found = msgspec.json.decode(written, type=kind)
        again = msgspec.json.encode(found)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(f"no {'entry' if kind is Record else 'checkpoint'} that a gate wrote") from error
    if again != written:
        raise Damaged("not written as a gate writes it")
    return found


def start(chain: str) -> bytes:
    """The hash before the first entry of a chain."""
    return sha256(_BEGINNING + chain.encode()).digest()


def link(previous: bytes, encoded: bytes) -> bytes:
    """The hash of an entry after another."""
    return sha256(previous + encoded).digest()


class Heads:
    """The ends of chains that grew in an epoch, taken one after another in the order of chains."""

    def __init__(self) -> None:
        self._digest, self.grew, self.entries = sha256(), 0, 0

    def add(self, chain: str, seq: int, head: bytes, entries: int) -> None:
        """One chain more, with how many entries it has in the epoch."""
        self._digest.update(msgspec.json.encode((chain, seq, head.hex())))
        self.grew += 1
        self.entries += entries

    @property
    def digest(self) -> str:
        """Of all so far."""
        return self._digest.hexdigest()


def checkpoint(epoch: int, at: int, before: bytes | None, heads: Iterable[tuple[str, int, bytes]], entries: int, signer: Signer) -> bytes:
    """Closes an epoch. `before`: the checkpoint before, as it was written; `heads`: sorted by chain."""
    found = Heads()
    for chain, seq, head in heads:
        found.add(chain, seq, head, 0)
    made = Checkpoint(epoch, at, after(before), found.digest, found.grew, entries, signer.key_id)
    return encode(msgspec.structs.replace(made, signature=signer.sign(signed(made)).hex()))


def after(before: bytes | None) -> str:
    """What the checkpoint after this one says of it."""
    return sha256(_CHECKPOINT if before is None else before).hexdigest()


def signed(said: Checkpoint | Receipt) -> bytes:
    """The bytes under the signature of a checkpoint or receipt."""
    sort = _CHECKPOINT if isinstance(said, Checkpoint) else _RECEIPT
    return sort + msgspec.json.encode(msgspec.structs.replace(said, signature=""))


def receipt(record: Record, head: bytes, decision: str, signer: Signer) -> Receipt:
    """Proof for the asker that the ledger holds an entry."""
    made = Receipt(record.chain, record.seq, head.hex(), record.at, decision, signer.key_id, "")
    return msgspec.structs.replace(made, signature=signer.sign(signed(made)).hex())


def write(folder: Path, records: Iterable[tuple[bytes, bytes]], checkpoints: Iterable[bytes], public_pem: bytes) -> int:
    """Writes a ledger into a folder: entries (bytes, hash) in the order of chain and seq, checkpoints by epoch. How many entries."""
    count = 0
    with (folder / RECORDS).open("wb") as out:
        for body, head in records:
            out.write(body + b"\t" + head.hex().encode() + b"\n")
            count += 1
    with (folder / CHECKPOINTS).open("wb") as out:
        out.writelines(each + b"\n" for each in checkpoints)
    (folder / PUBLIC_KEY).write_bytes(public_pem)
    return count


def lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """(number, content) of the lines of a file; a last line without its end is not one. Raises `Damaged` with its number."""
    with file.open("rb") as source:
        for number, line in enumerate(source, 1):
            if not line.endswith(b"\n"):
                raise Damaged(f"line {number} is cut off")
            yield number, line[:-1]


def split(line: bytes) -> tuple[bytes, bytes]:
    """Entry and hash of a line of `ledger.jsonl`. Raises `Damaged`."""
    body, _, digits = line.rpartition(b"\t")
    if len(digits) != 64 or set(digits) - set(b"0123456789abcdef"):
        raise Damaged("no hash at its end")
    return body, bytes.fromhex(digits.decode())
