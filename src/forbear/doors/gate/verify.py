"""Is an exported ledger whole? Every fault is told with its place; what a checkpoint held elsewhere fixes cannot be changed unseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from forbear.doors.gate import ledger
from forbear.doors.gate.api import Receipt
from forbear.doors.gate.ledger import CHECKPOINTS, PUBLIC_KEY, RECORDS, Checkpoint, Damaged, Heads, Record
from forbear.doors.gate.signing import Verifier
from forbear.records.files import InputError

_Kept = TypeVar("_Kept", Receipt, Checkpoint)


class Verdict(msgspec.Struct):
    """What was found."""

    faults: list[str]
    chains: int
    entries: int
    checkpoints: int
    uncovered: int
    """Entries after the last checkpoint: only receipts speak for them."""
    key: str
    """Id of the key by which signatures were judged."""
    own_key: bool
    """Whether that key came from the ledger itself, and so proves nothing against who wrote it."""


def verify(folder: Path, held: Sequence[Path] = (), receipts: Sequence[Path] = (), public: Path | None = None) -> Verdict:
    """Checks a ledger. `held`: checkpoints kept elsewhere; `receipts`: those of askers; `public`: the key, kept elsewhere.

    Raises `InputError` where one of these files, or the ledger's own, is not there or no such thing.
    """
    verifier = Verifier.load(public or folder / PUBLIC_KEY)
    for name in (RECORDS, CHECKPOINTS):
        if not (folder / name).is_file():
            raise InputError(str(folder / name), "is not there", "name the folder that forbear ledger export wrote")
    proofs = {(each.chain, each.seq): (each, path) for path in receipts for each in [_load(path, Receipt)]}
    faults: list[str] = []
    if public and (folder / PUBLIC_KEY).is_file() and (folder / PUBLIC_KEY).read_bytes() != verifier.public_pem:
        faults.append(f"{PUBLIC_KEY}: another key than the one kept elsewhere")
    walk = _Walk(verifier, proofs, faults)
    chains, entries = walk.records(folder / RECORDS)
    made = walk.checkpoints(folder / CHECKPOINTS)
    for path in held:
        kept = _load(path, Checkpoint)
        if made.get(kept.epoch) != path.read_bytes().rstrip(b"\n"):
            faults.append(f"{path.name}: the ledger has {'another' if kept.epoch in made else 'no'} checkpoint of epoch {kept.epoch}")
    for said, path in proofs.values():
        if not verifier.signed(ledger.signed(said), said.signature):
            faults.append(f"{path.name}: the signature is not that of the key")
        elif (said.chain, said.seq) not in walk.proven:
            faults.append(f"{path.name}: entry {said.seq} of chain {said.chain} is not in the ledger as it was signed")
    uncovered = sum(heads.entries for epoch, heads in walk.epochs.items() if epoch not in made)
    return Verdict(faults, chains, entries, len(made), uncovered, verifier.key_id, public is None)


class _Walk:
    """One way through the files."""

    def __init__(self, verifier: Verifier, proofs: dict[tuple[str, int], tuple[Receipt, Path]], faults: list[str]) -> None:
        self._verifier, self._proofs, self._faults = verifier, proofs, faults
        self.epochs: defaultdict[int, Heads] = defaultdict(Heads)
        self.proven: set[tuple[str, int]] = set()

    def records(self, file: Path) -> tuple[int, int]:
        """Walks all entries; how many chains and entries there are."""
        chains = entries = 0
        before: tuple[Record, bytes] | None = None
        grown = 0
        for number, record, body, head in self._entries(file):
            entries += 1
            place = f"{file.name}:{number}: chain {record.chain}, entry {record.seq}"
            follows = before is not None and before[0].chain == record.chain
            if not follows:
                self._grew(before, grown)
                chains, grown = chains + 1, 0
                if before is not None and record.chain.encode() < before[0].chain.encode():
                    self._faults.append(f"{place}: chains are not in their order")
            elif before and before[0].epoch != record.epoch:
                self._grew(before, grown)
                grown = 0
            grown += 1
            if record.seq != (before[0].seq + 1 if follows and before else 1):
                self._faults.append(f"{place}: an entry before it is missing, or stands twice")
            if follows and before and record.epoch < before[0].epoch:
                self._faults.append(f"{place}: epoch {record.epoch} comes after epoch {before[0].epoch}")
            if ledger.link(before[1] if follows and before else ledger.start(record.chain), body) != head:
                self._faults.append(f"{place}: its hash does not follow from what is before it and what it says")
            asked = self._proofs.get((record.chain, record.seq))
            if asked and asked[0].hash == head.hex() and asked[0].at == record.at:
                self.proven.add((record.chain, record.seq))
            before = (record, head)
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

    def _grew(self, last: tuple[Record, bytes] | None, entries: int) -> None:
        if last:
            self.epochs[last[0].epoch].add(last[0].chain, last[0].seq, last[1], entries)

    def checkpoints(self, file: Path) -> dict[int, bytes]:
        """Walks all checkpoints; epoch -> checkpoint."""
        made: dict[int, bytes] = {}
        before: bytes | None = None
        for number, line in self._lines(file):
            try:
                said = ledger.decode_checkpoint(line)
            except Damaged as error:
                self._faults.append(f"{file.name}:{number}: {error}")
                continue
            place, heads = f"{file.name}:{number}: epoch {said.epoch}", self.epochs.get(said.epoch, Heads())
            if said.epoch != len(made) + 1 or said.previous != ledger.after(before):
                self._faults.append(f"{place}: does not follow the checkpoint before it")
            if not self._verifier.signed(ledger.signed(said), said.signature):
                self._faults.append(f"{place}: the signature is not that of the key")
            if (said.heads, said.grew, said.entries) != (heads.digest, heads.grew, heads.entries):
                what = f"{said.grew} chains grew by {said.entries} entries, the ledger has {heads.grew} and {heads.entries}"
                self._faults.append(f"{place}: the ends of its chains are not those that were signed ({what})")
            made[said.epoch] = before = line
        if missing := sorted(epoch for epoch in self.epochs if epoch not in made and epoch < max(made, default=0)):
            self._faults.append(f"{file.name}: no checkpoint of epoch {missing[0]}")
        return made


def _load(file: Path, kind: type[_Kept]) -> _Kept:
    try:
        return msgspec.json.decode(file.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        what = kind.__name__.lower()
        raise InputError(str(file), f"holds no {what}", f"name the JSON of a {what} as the gate gave it") from error
