"""Is an exported ledger whole? Every fault is told with its place; what a checkpoint held elsewhere fixes cannot be changed unseen.

What comes after the last checkpoint can be cut off or written anew unseen by all but those who hold a receipt of it. No fault shows what
an entry says: people look at faults who may not see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from forbear.doors.gate.api import Receipt
from forbear.doors.gate.ledger import ledger
from forbear.doors.gate.ledger.ledger import CHECKPOINTS, PUBLIC_KEY, RECORDS, Checkpoint, Damaged, Heads, Record
from forbear.doors.gate.ledger.signing import Verifier
from forbear.records.errors import InputError

_Kept = TypeVar("_Kept", Receipt, Checkpoint)


class Checked(msgspec.Struct):
    """What was found."""

    faults: list[str]
    chains: int
    entries: int
    checkpoints: int
    uncovered: int
    """Entries that no checkpoint covers, as after the last one: only receipts speak for them."""
    key: str
    """Id of the key by which signatures were judged."""
    own_key: bool
    """Whether that key came from the ledger itself, and so proves nothing against who wrote it."""


def verify(folder: Path, held: Sequence[Path] = (), receipts: Sequence[Path] = (), public: Path | None = None) -> Checked:
    """Checks a ledger. `held`: checkpoints kept elsewhere; `receipts`: those of askers; `public`: the key, kept elsewhere.

    Raises `InputError` where one of these files, or the ledger's own, is not there or no such thing.
    """
    verifier = Verifier.load(public or folder / PUBLIC_KEY)
    for name in (RECORDS, CHECKPOINTS):
        if not (folder / name).is_file():
            raise InputError(str(folder / name), "is not there", "name the folder that `forbear ledger export` wrote")
    kept, proofs = [(_load(path, Checkpoint), path) for path in held], [(_load(path, Receipt), path) for path in receipts]
    faults: list[str] = []
    if public and (folder / PUBLIC_KEY).is_file() and (folder / PUBLIC_KEY).read_bytes() != verifier.public_pem:
        faults.append(f"{PUBLIC_KEY}: another key than the one kept elsewhere")
    walk = _Walk(verifier, [said for said, _ in proofs], faults)
    chains, entries = walk.records(folder / RECORDS)
    made = walk.checkpoints(folder / CHECKPOINTS)
    for checkpoint, path in kept:
        if not verifier.signed(ledger.signed(checkpoint), checkpoint.signature):
            faults.append(f"{path.name}: the signature is not that of the key")
        if made.get(checkpoint.epoch) != ledger.encode(checkpoint):
            what = "another" if checkpoint.epoch in made else "no"
            faults.append(f"{path.name}: the ledger has {what} checkpoint of epoch {checkpoint.epoch}")
    for number, (said, path) in enumerate(proofs):
        if not verifier.signed(ledger.signed(said), said.signature):
            faults.append(f"{path.name}: the signature is not that of the key")
        elif number not in walk.proven:
            faults.append(f"{path.name}: entry {said.seq} of chain {_shown(said.chain)} is not in the ledger as it was signed")
    uncovered = sum(heads.entries for epoch, heads in walk.epochs.items() if epoch not in made)
    return Checked(faults, chains, entries, len(made), uncovered, verifier.key_id, public is None)


class _Walk:
    """One way through the files."""

    def __init__(self, verifier: Verifier, receipts: Sequence[Receipt], faults: list[str]) -> None:
        self._verifier, self._faults = verifier, faults
        self._asked: defaultdict[tuple[str, int], list[tuple[int, Receipt]]] = defaultdict(list)
        for number, said in enumerate(receipts):
            self._asked[said.chain, said.seq].append((number, said))
        self.epochs: defaultdict[int, Heads] = defaultdict(Heads)
        self.proven: set[int] = set()
        """Numbers of the receipts whose entry is there."""

    def records(self, file: Path) -> tuple[int, int]:
        """Walks all entries; how many chains and entries there are."""
        chains = entries = grown = 0
        before: tuple[Record, bytes] | None = None
        for number, record, body, head in self._entries(file):
            entries += 1
            follows = before if before and before[0].chain == record.chain else None
            if not follows:
                chains += 1
            if before and (not follows or follows[0].epoch != record.epoch):
                self._grew(before, grown)
                grown = 0
            grown += 1
            for fault in _misfits(record, body, head, follows, before):
                self._faults.append(f"{file.name}:{number}: chain {_shown(record.chain)}, entry {record.seq}: {fault}")
            # Several may speak of one entry, one true and one of another past: each counts.
            for receipt, said in self._asked.get((record.chain, record.seq), ()):
                if (said.hash, said.at, said.decision) == (head.hex(), record.at, _allowed(record)):
                    self.proven.add(receipt)
            before = (record, head)
        if before:
            self._grew(before, grown)
        return chains, entries

    def _entries(self, file: Path) -> Iterator[tuple[int, Record, bytes, bytes]]:
        for number, line in self._lines(file):
            try:
                body, head = ledger.split(line)
                yield number, ledger.decode(body), body, head
            except Damaged as error:
                self._faults.append(f"{file.name}:{number}: {error}")

    def _lines(self, file: Path) -> Iterator[tuple[int, bytes]]:
        try:
            yield from ledger.lines(file)
        except Damaged as error:
            self._faults.append(f"{file.name}: {error}")
        except OSError as error:
            self._faults.append(f"{file.name}: cannot be read to its end ({error.strerror})")

    def _grew(self, last: tuple[Record, bytes], entries: int) -> None:
        self.epochs[last[0].epoch].add(last[0].chain, last[0].seq, last[1], entries)

    def checkpoints(self, file: Path) -> dict[int, bytes]:
        """Walks all checkpoints; epoch -> checkpoint."""
        made: dict[int, bytes] = {}
        epoch, before = 0, None
        for number, line in self._lines(file):
            # After a line that is damaged, the next one alone does not follow, not all that come.
            due, previous = epoch + 1, ledger.after(before)
            epoch, before = due, line
            try:
                said = ledger.decode_checkpoint(line)
            except Damaged as error:
                self._faults.append(f"{file.name}:{number}: {error}")
                continue
            epoch = said.epoch
            place, heads = f"{file.name}:{number}: epoch {epoch}", self.epochs.get(epoch, Heads())
            if epoch != due or said.previous != previous:
                self._faults.append(f"{place}: does not follow the checkpoint before it")
            if not self._verifier.signed(ledger.signed(said), said.signature):
                self._faults.append(f"{place}: the signature is not that of the key")
            if (said.heads, said.grew, said.entries) != (heads.digest, heads.grew, heads.entries):
                what = f"{said.grew} chains grew by {said.entries} entries, the ledger has {heads.grew} and {heads.entries}"
                self._faults.append(f"{place}: the ends of its chains are not those that were signed ({what})")
            made[epoch] = line
        for missing in sorted(epoch for epoch in self.epochs if epoch not in made and epoch < max(made, default=1)):
            self._faults.append(f"{file.name}: no checkpoint of epoch {missing}")
        return made


def _misfits(
    record: Record, body: bytes, head: bytes, follows: tuple[Record, bytes] | None, before: tuple[Record, bytes] | None
) -> Iterator[str]:
    """What is wrong with where an entry stands. `follows`: the one before it in its chain; `before`: the one before it in the file."""
    if before and not follows and record.chain.encode() < before[0].chain.encode():
        yield "chains are not in their order"
    if record.seq != (follows[0].seq + 1 if follows else 1):
        yield "an entry before it is missing, or stands twice"
    if follows and record.epoch < follows[0].epoch:
        yield f"epoch {record.epoch} comes after epoch {follows[0].epoch}"
    if ledger.link(follows[1] if follows else ledger.start(record.chain), body) != head:
        yield "its hash does not follow from what is before it and what it says"


def _allowed(record: Record) -> object:
    """The id that the asker was told, if a contact was allowed. The body of what was forged can be anything."""
    told = record.body.get("told") if record.what == "allow" else None
    return told.get("id") if isinstance(told, dict) else None


def _shown(chain: str) -> str:
    """A chain's name. One that was forged can hold what makes a terminal hide faults, or show others."""
    return chain if chain.isprintable() else ascii(chain)


def _load(file: Path, kind: type[_Kept]) -> _Kept:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what = kind.__name__.lower()
        raise InputError(str(file), f"holds no {what}", f"name the JSON of a {what} as the gate gave it") from error
