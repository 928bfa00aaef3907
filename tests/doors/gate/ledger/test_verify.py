"""Nobody changes a ledger unseen."""

from __future__ import annotations

import json
import tempfile
from itertools import combinations
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as some

from forbear.doors.gate.ledger import ledger
from forbear.doors.gate.ledger.ledger import CHECKPOINTS, PUBLIC_KEY, RECORDS, Record
from forbear.doors.gate.ledger.signing import Signer
from forbear.doors.gate.ledger.verify import verify
from forbear.records.errors import InputError

EPOCHS = (("A", 1), ("A", 1), ("A", 2), ("A", 3), ("B", 1), ("B", 2), ("C", 1), ("C", 1), ("D", 2), ("D", 3))
"""(chain, epoch) of each entry. Epochs 1 and 2 have a checkpoint, 3 has none yet."""


def built(folder, signer, epochs=EPOCHS, closed=2, body="said"):
    """A ledger of these entries in a folder; its records with their hashes, by chain and seq."""
    made = {}
    for chain, epoch in epochs:
        seq = 1 + sum(other == chain for other, _ in made)
        before = made[chain, seq - 1][1] if seq > 1 else ledger.start(chain)
        record = Record(chain, seq, epoch, 1_790_000_000 + len(made), "allow", "key", {"what": body, "told": {"id": "decision"}})
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
    assert (found.key, found.own_key) == (signer.key_id, False)


def epoch_of(line):
    """The epoch of a line of the ledger."""
    return json.loads(line.rpartition(b"\t")[0])["epoch"]


def changed(file):
    """Every single-byte change, removal and insertion of the covered lines of a file, and every swap of two of its lines."""
    content = file.read_bytes()
    lines = content.splitlines(keepends=True)
    fixed = [file.name != RECORDS or epoch_of(line) <= 2 for line in lines]
    start = 0
    for line, is_fixed in zip(lines, fixed, strict=True):
        for place in range(start, start + len(line) if is_fixed else start):
            for other in (content[place] ^ 1, content[place] ^ 0x20, content[place] ^ 0x80):  # a neighbour, the other case, no text
                yield content[:place] + bytes([other]) + content[place + 1 :]
            yield content[:place] + content[place + 1 :]
            for more in (b"0", b" ", b"\n"):
                yield content[:place] + more + content[place:]
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


@pytest.mark.parametrize("name", [RECORDS, CHECKPOINTS, PUBLIC_KEY])
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


def test_an_entry_that_is_gone_is_told_by_the_one_after_it(tmp_path, made):
    """The second entry of a chain is missed by the third, whose hash follows from it as well."""
    file = tmp_path / "ledger" / RECORDS
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:1] + lines[2:]))
    assert faults(tmp_path)[:2] == [
        "ledger.jsonl:2: chain A, entry 3: an entry before it is missing, or stands twice",
        "ledger.jsonl:2: chain A, entry 3: its hash does not follow from what is before it and what it says",
    ]


@pytest.mark.parametrize(("name", "what"), [(RECORDS, "entry"), (CHECKPOINTS, "checkpoint")])
def test_a_line_that_cannot_be_read_is_told_with_its_place(tmp_path, made, name, what):
    """One that nobody can read, and a last one that is cut off."""
    file = tmp_path / "ledger" / name
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([b"x" + lines[0], *lines[1:]])[:-1])
    assert f"{name}:1: no {what} that a gate wrote" in faults(tmp_path)
    assert f"{name}: line {len(lines)} is cut off" in faults(tmp_path)


def test_a_line_without_its_hash_is_told(tmp_path, made):
    """An entry that no tab and no digits follow."""
    file = tmp_path / "ledger" / RECORDS
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], lines[2].rpartition(b"\t")[0] + b"\n", *lines[3:]]))
    assert "ledger.jsonl:3: no hash at its end" in faults(tmp_path)


def test_a_disk_that_fails_on_the_way_is_a_fault_and_no_crash(tmp_path, made, monkeypatch):
    """What was read till then is judged; the reason is told."""
    whole = ledger.lines

    def failing(file):
        for number, line in whole(file):
            if file.name == RECORDS and number > 2:
                raise OSError(5, "Input/output error")
            yield number, line

    monkeypatch.setattr(ledger, "lines", failing)
    found = verify(tmp_path / "ledger")
    assert "ledger.jsonl: cannot be read to its end (Input/output error)" in found.faults
    assert (found.entries, found.checkpoints) == (2, 2)


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
    said = "(3 chains grew by 5 entries, the ledger has 4 and 6)"
    assert f"checkpoints.jsonl:1: epoch 1: the ends of its chains are not those that were signed {said}" in faults(tmp_path)


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


def last_written_anew(tmp_path, made, signer, record):
    """Puts another last entry, with its right hash, in place of D's second one, which no checkpoint covers; a receipt of what was there."""
    kept = receipt(tmp_path, made, signer, "D", 2).rename(tmp_path / "kept-receipt.json")
    head = ledger.link(made["D", 1][1], ledger.encode(record))
    file = tmp_path / "ledger" / RECORDS
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]) + ledger.encode(record) + b"\t" + head.hex().encode() + b"\n")
    made["D", 2] = (record, head)
    return kept


@pytest.mark.parametrize("first", [True, False])
def test_of_two_receipts_of_one_entry_each_counts(tmp_path, made, signer, first):
    """A tail that was written anew has receipts of its own; they do not hide the one of what was there before, in no order."""
    again = msgspec.structs.replace(made["D", 2][0], at=1_790_000_099)
    kept = last_written_anew(tmp_path, made, signer, again)
    assert faults(tmp_path) == []
    new = receipt(tmp_path, made, signer, "D", 2)
    expected = ["kept-receipt.json: entry 2 of chain D is not in the ledger as it was signed"]
    assert faults(tmp_path, [kept, new] if first else [new, kept]) == expected


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("deny", {"told": {"id": "decision"}}),
        ("allow", {"told": {"id": "of another"}}),
        ("allow", {"told": ["decision"]}),
        ("allow", {}),
    ],
)
def test_a_receipt_stands_for_its_own_decision(tmp_path, made, signer, what, body):
    """A receipt that the gate signed for an entry which is no allow, or that of another decision, is a fault."""
    last_written_anew(tmp_path, made, signer, Record("D", 2, 3, 1_790_000_009, what, "key", body))
    expected = ["receipt-D2.json: entry 2 of chain D is not in the ledger as it was signed"]
    assert faults(tmp_path, [receipt(tmp_path, made, signer, "D", 2)]) == expected


def test_a_checkpoint_may_be_kept_in_another_layout(tmp_path, made):
    """What counts is what it says: spaces and line ends are those of who kept it."""
    kept = tmp_path / "kept.json"
    kept.write_bytes(msgspec.json.format(kept.read_bytes()).replace(b"\n", b"\r\n"))
    assert faults(tmp_path) == []


def test_a_kept_checkpoint_that_was_changed_is_told(tmp_path, made):
    """Its signature says that it is the kept one which is wrong."""
    kept = tmp_path / "kept.json"
    kept.write_bytes(kept.read_bytes().replace(b'"entries":3', b'"entries":4'))
    assert "kept.json: the signature is not that of the key" in faults(tmp_path)


def test_a_cut_off_checkpoint_is_found_by_the_one_that_is_kept(tmp_path, made):
    """The last checkpoint, and all entries since the one before, are gone: only the kept one knows of them."""
    for name, epoch in ((CHECKPOINTS, lambda line: json.loads(line)["epoch"]), (RECORDS, epoch_of)):
        file = tmp_path / "ledger" / name
        file.write_bytes(b"".join(line for line in file.read_bytes().splitlines(keepends=True) if epoch(line) == 1))
    assert verify(tmp_path / "ledger", public=tmp_path / "kept.pem").faults == []
    assert faults(tmp_path) == ["kept.json: the ledger has no checkpoint of epoch 2"]


def rewritten(tmp_path, epochs, order=None):
    """A ledger with these entries, right hashes, and the old checkpoints; its lines in another order of chains if asked."""
    signer = Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    built(tmp_path / "other", signer, epochs, closed=0)
    lines = (tmp_path / "other" / RECORDS).read_bytes().splitlines(keepends=True)
    (tmp_path / "ledger" / RECORDS).write_bytes(b"".join(lines if order is None else sorted(lines, key=order)))
    return faults(tmp_path)


def test_an_epoch_that_goes_backwards_is_found(tmp_path, made):
    """With right hashes."""
    assert "ledger.jsonl:2: chain A, entry 2: epoch 1 comes after epoch 2" in rewritten(tmp_path, [("A", 2), ("A", 1)])


@pytest.mark.parametrize("epoch", [0, -1])
def test_an_epoch_before_the_first_is_found(tmp_path, made, epoch):
    """No checkpoint can cover it, though nothing else is wrong."""
    assert f"checkpoints.jsonl: no checkpoint of epoch {epoch}" in rewritten(tmp_path, [*EPOCHS, ("E", epoch)])


def test_chains_in_another_order_are_found(tmp_path, made):
    """Each chain is whole, but they are not sorted."""
    found = rewritten(tmp_path, EPOCHS, order=lambda line: -json.loads(line.rpartition(b"\t")[0])["chain"].encode()[0])
    assert "ledger.jsonl:3: chain C, entry 1: chains are not in their order" in found


def test_one_damaged_checkpoint_is_not_told_of_all_that_follow(tmp_path, signer):
    """The line that is damaged, the one after it, whose hash of it is another, and its entries; not the rest."""
    built(tmp_path / "ledger", signer, [("A", epoch) for epoch in range(1, 9)], closed=8)
    file = tmp_path / "ledger" / CHECKPOINTS
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:2], b"x" + lines[2], *lines[3:]]))
    assert verify(tmp_path / "ledger").faults == [
        "checkpoints.jsonl:3: no checkpoint that a gate wrote",
        "checkpoints.jsonl:4: epoch 4: does not follow the checkpoint before it",
        "checkpoints.jsonl: no checkpoint of epoch 3",
    ]


def test_a_forged_name_cannot_write_on_the_terminal(tmp_path, made):
    """A chain's name with line ends and escapes is shown as what it is, on one line."""
    found = rewritten(tmp_path, [("A\x1b[2K\nall is well", 2), ("A\x1b[2K\nall is well", 1)])
    assert any(r"chain 'A\x1b[2K\nall is well', entry 2" in fault for fault in found)
    assert all(fault.isprintable() for fault in found)


@given(some.lists(some.tuples(some.sampled_from(["A", "B", "É", "*", "a\tb"]), some.integers(1, 4)), max_size=12), some.integers(0, 4))
def test_no_honest_ledger_has_faults(entries, closed):
    """Whatever chains grow in whatever epochs, also epochs in which nothing happens, and none that is closed."""
    signer = Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    with tempfile.TemporaryDirectory() as name:
        built(Path(name), signer, sorted(entries), closed)
        found = verify(Path(name))
    assert (found.faults, found.entries, found.checkpoints) == ([], len(entries), closed)
    assert found.uncovered == sum(epoch > closed for _, epoch in entries)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}", b"[" * 100_000, b'{"more":' + b"[" * 100_000])
def test_files_that_are_none_are_named(tmp_path, made, content):
    """A checkpoint, receipt or key that is none is an input error with its file; a broken ledger is a fault, never a crash."""
    (tmp_path / "broken").write_bytes(content)
    for what, arguments in (("checkpoint", ([tmp_path / "broken"], [])), ("receipt", ([], [tmp_path / "broken"]))):
        with pytest.raises(InputError, match=f"broken: holds no {what}; name the JSON of a {what}"):
            verify(tmp_path / "ledger", *arguments)
    with pytest.raises(InputError, match="broken"):
        verify(tmp_path / "ledger", public=tmp_path / "broken")
    for name in (RECORDS, CHECKPOINTS):
        (tmp_path / "ledger" / name).write_bytes(content)
    assert faults(tmp_path)
    (tmp_path / "ledger" / PUBLIC_KEY).unlink()
    assert faults(tmp_path)


@pytest.mark.parametrize("name", [RECORDS, CHECKPOINTS, PUBLIC_KEY])
def test_a_file_of_the_ledger_that_is_not_there_is_named(tmp_path, made, name):
    """Without it nothing can be judged; the public key may come from elsewhere instead."""
    (tmp_path / "ledger" / name).unlink()
    with pytest.raises(InputError, match=f"ledger/{name}: (is not there; name the folder|cannot be read)"):
        verify(tmp_path / "ledger")
    if name == PUBLIC_KEY:
        assert faults(tmp_path) == []
