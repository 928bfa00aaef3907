"""Nobody changes a ledger unseen."""

from __future__ import annotations

import json
from itertools import combinations

import msgspec
import pytest

from forbear.doors.gate import ledger
from forbear.doors.gate.ledger import CHECKPOINTS, PUBLIC_KEY, RECORDS, Record
from forbear.doors.gate.signing import Signer
from forbear.doors.gate.verify import verify
from forbear.records.files import InputError

EPOCHS = (("A", 1), ("A", 1), ("A", 2), ("A", 3), ("B", 1), ("B", 2), ("C", 1), ("C", 1), ("D", 2), ("D", 3))
"""(chain, epoch) of each entry. Epochs 1 and 2 have a checkpoint, 3 has none yet."""


def built(folder, signer, epochs=EPOCHS, closed=2, body="said"):
    """A ledger of these entries in a folder; its records with their hashes, by chain and seq."""
    made = {}
    for chain, epoch in epochs:
        seq = 1 + sum(other == chain for other, _ in made)
        before = made[chain, seq - 1][1] if seq > 1 else ledger.start(chain)
        record = Record(chain, seq, epoch, 1_790_000_000 + len(made), "allow", "key", {"what": body})
        made[chain, seq] = (record, ledger.link(before, ledger.encode(record)))
    checkpoints = []
    for epoch in range(1, closed + 1):
        inside = [(record, head) for record, head in made.values() if record.epoch == epoch]
        heads = {record.chain: (record.chain, record.seq, head) for record, head in inside}
        before = checkpoints[-1] if checkpoints else None
        checkpoints.append(ledger.checkpoint(epoch, 1_790_001_000 + epoch, before, heads.values(), len(inside), signer))
    folder.mkdir(exist_ok=True)
    ledger.write(folder, ((ledger.encode(record), head) for record, head in made.values()), checkpoints, signer.public_pem)
    return made


@pytest.fixture
def signer(tmp_path):
    """The gate's key."""
    return Signer.load_or_create(tmp_path / "gate.key")


@pytest.fixture
def made(tmp_path, signer):
    """The records of an honest ledger, of which the last checkpoint and the public key are held elsewhere too."""
    made = built(tmp_path / "ledger", signer)
    (tmp_path / "kept.json").write_bytes((tmp_path / "ledger" / CHECKPOINTS).read_bytes().splitlines()[-1])
    (tmp_path / "kept.pem").write_bytes(signer.public_pem)
    return made


def faults(tmp_path, receipts=()):
    """What the verifier finds, with what is held elsewhere."""
    return verify(tmp_path / "ledger", [tmp_path / "kept.json"], receipts, tmp_path / "kept.pem").faults


def receipt(tmp_path, made, signer, chain, seq):
    """The receipt of an entry, in a file."""
    record, head = made[chain, seq]
    path = tmp_path / f"receipt-{chain}{seq}.json"
    path.write_bytes(msgspec.json.encode(ledger.receipt(record, head, "decision", signer)))
    return path


def test_an_honest_ledger_has_no_faults(tmp_path, made, signer):
    """Everything is counted, and entries after the last checkpoint are said to be uncovered."""
    found = verify(tmp_path / "ledger", [tmp_path / "kept.json"], [receipt(tmp_path, made, signer, "D", 2)], tmp_path / "kept.pem")
    assert (found.faults, found.chains, found.entries, found.checkpoints, found.uncovered) == ([], 4, 10, 2, 2)


def covered(line):
    """Whether a line of the ledger is fixed by the checkpoint that is held."""
    return json.loads(line.rpartition(b"\t")[0])["epoch"] <= 2


def changed(file):
    """Every single-byte change, removal and insertion of the covered lines of a file, and every swap of two of its lines."""
    content = file.read_bytes()
    lines = content.splitlines(keepends=True)
    fixed = [file.name != RECORDS or covered(line) for line in lines]
    start = 0
    for line, is_fixed in zip(lines, fixed, strict=True):
        for place in range(start, start + len(line) if is_fixed else start):
            yield content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            yield content[:place] + content[place + 1 :]
            yield content[:place] + b"0" + content[place:]
            yield content[:place] + b"\n" + content[place:]
        start += len(line)
    for one, other in combinations(range(len(lines)), 2):
        if fixed[one] or fixed[other]:
            swapped = list(lines)
            swapped[one], swapped[other] = lines[other], lines[one]
            yield b"".join(swapped)
    for place, is_fixed in enumerate(fixed):
        if is_fixed:
            yield b"".join(lines[:place] + lines[place + 1 :])
            yield b"".join(lines[: place + 1] + lines[place:])


@pytest.mark.parametrize("name", [RECORDS, CHECKPOINTS])
def test_every_small_change_is_found(tmp_path, made, name):
    """Each byte changed, removed or inserted, each pair of lines swapped, each line removed or doubled: always a fault."""
    file = tmp_path / "ledger" / name
    honest = file.read_bytes()
    unseen = []
    for content in changed(file):
        if content != honest:
            file.write_bytes(content)
            if not faults(tmp_path):
                unseen.append(content)
    assert unseen == []


def test_a_changed_entry_is_named(tmp_path, made):
    """The fault says file, line, chain and entry, and shows nothing of what the entry says."""
    file = tmp_path / "ledger" / RECORDS
    file.write_bytes(file.read_bytes().replace(b'"what":"said"', b'"what":"saId"', 1))
    (fault, *_) = faults(tmp_path)
    assert fault.startswith("ledger.jsonl:1: chain A, entry 1: its hash")
    assert "saId" not in str(faults(tmp_path))


@pytest.mark.parametrize("left_out", ["A", "B", "C"])
def test_a_chain_that_is_gone_is_found(tmp_path, made, left_out):
    """A consumer whose whole chain was taken out is missed by the checkpoints."""
    file = tmp_path / "ledger" / RECORDS
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(line for line in lines if json.loads(line.rpartition(b"\t")[0])["chain"] != left_out))
    assert any("the ends of its chains" in fault for fault in faults(tmp_path))


def test_a_chain_that_was_put_in_is_found(tmp_path, made, signer):
    """A forged chain with perfect hashes in an epoch that is closed is none that was signed."""
    record = Record("E", 1, 1, 1_790_000_000, "allow", "key", {})
    line = ledger.encode(record) + b"\t" + ledger.link(ledger.start("E"), ledger.encode(record)).hex().encode() + b"\n"
    file = tmp_path / "ledger" / RECORDS
    file.write_bytes(file.read_bytes() + line)
    assert any("epoch 1: the ends of its chains" in fault for fault in faults(tmp_path))


def test_a_history_written_anew_is_found(tmp_path, made, signer):
    """The operator himself, with the real key, cannot write another past than that of the checkpoint which others hold."""
    built(tmp_path / "ledger", signer, body="another past")
    assert faults(tmp_path) == ["kept.json: the ledger has another checkpoint of epoch 2"]


def test_a_ledger_signed_with_another_key_is_found(tmp_path, made):
    """A key that was made for the purpose is not the one that is held."""
    built(tmp_path / "ledger", Signer.load_or_create(tmp_path / "other.key"))
    assert any("another key" in fault for fault in faults(tmp_path))
    assert any("signature" in fault for fault in faults(tmp_path))


def test_without_a_key_held_elsewhere_the_verdict_says_so(tmp_path, made):
    """Judged by the key that lies in the ledger, nothing is proven against the one who wrote it."""
    assert verify(tmp_path / "ledger").own_key


def test_a_tail_that_was_cut_off_shows_by_a_receipt_alone(tmp_path, made, signer):
    """Entries after the last checkpoint can be cut off unseen, but not from the one who holds a receipt of one of them."""
    kept = receipt(tmp_path, made, signer, "D", 2)
    built(tmp_path / "ledger", signer, epochs=EPOCHS[:-1])
    assert faults(tmp_path) == []
    assert faults(tmp_path, [kept]) == ["receipt-D2.json: entry 2 of chain D is not in the ledger as it was signed"]


def test_a_forged_receipt_proves_nothing(tmp_path, made, signer):
    """A receipt with another signature is a fault of the receipt."""
    forger = Signer.load_or_create(tmp_path / "other.key")
    assert faults(tmp_path, [receipt(tmp_path, made, forger, "A", 1)]) == ["receipt-A1.json: the signature is not that of the key"]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}", b"[" * 100_000])
def test_files_that_are_none_are_named(tmp_path, made, content):
    """A checkpoint, receipt or key that is none is an input error with its file; a broken ledger is a fault, never a crash."""
    (tmp_path / "broken").write_bytes(content)
    for arguments in (([tmp_path / "broken"], []), ([], [tmp_path / "broken"])):
        with pytest.raises(InputError, match="broken"):
            verify(tmp_path / "ledger", *arguments)
    with pytest.raises(InputError, match="broken"):
        verify(tmp_path / "ledger", public=tmp_path / "broken")
    for name in (RECORDS, CHECKPOINTS):
        (tmp_path / "ledger" / name).write_bytes(content)
    assert faults(tmp_path)
    (tmp_path / "ledger" / PUBLIC_KEY).unlink()
    assert faults(tmp_path)


def test_two_processes_that_make_the_key_at_once_get_the_same(tmp_path, signer):
    """The key that is there stays, in a file that only its owner reads."""
    file = tmp_path / "gate.key"
    assert Signer.load_or_create(file).key_id == signer.key_id
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["gate.key"]
