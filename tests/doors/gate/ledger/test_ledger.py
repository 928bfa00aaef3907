"""What a ledger says can be read back, and in one way alone."""

from __future__ import annotations

import json
import tempfile
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from forbear.doors.gate.ledger import ledger
from forbear.doors.gate.ledger.ledger import CHECKPOINTS, PUBLIC_KEY, RECORDS, Damaged, Heads, Record
from forbear.doors.gate.ledger.signing import Signer

TEXTS = some.text(some.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**70), 2**70) | TEXTS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
NUMBERS = some.integers(1, 2**63)
RECORDED = some.builds(
    Record,
    chain=TEXTS,
    seq=NUMBERS,
    epoch=NUMBERS,
    at=NUMBERS,
    what=some.sampled_from(["allow", "deny", "dry-run", "plan", "outcome", "cancel", "fact", "contact"]),
    by=TEXTS,
    body=some.dictionaries(TEXTS, VALUES, max_size=3),
)
HONEST = ledger.encode(Record("A", 1, 2, 3, "allow", "key", {"said": ["é", 1]}))


@given(RECORDED)
def test_what_is_written_is_read_back(record):
    """Every entry reads back as itself, stands on one line without a tab, and is JSON that anyone can read."""
    written = ledger.encode(record)
    assert ledger.decode(written) == record
    assert not {b"\n", b"\t"} & {written[k : k + 1] for k in range(len(written))}
    assert json.loads(written) == msgspec.to_builtins(record)


@given(some.lists(RECORDED, max_size=4))
def test_a_written_folder_gives_its_entries_and_checkpoints_back(records):
    """The lines of the files are the bytes and hashes that were handed over, in their order."""
    handed = [(ledger.encode(record), sha256(record.chain.encode()).digest()) for record in records]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert ledger.write(folder, iter(handed), iter([b"one", b"two"]), b"key") == len(records)
        assert [ledger.split(line) for _, line in ledger.lines(folder / RECORDS)] == handed
        assert list(ledger.lines(folder / CHECKPOINTS)) == [(1, b"one"), (2, b"two")]
        assert (folder / PUBLIC_KEY).read_bytes() == b"key"


@pytest.mark.parametrize(
    "other",
    [
        HONEST + b" ",
        HONEST.replace(b":", b": ", 1),
        HONEST.replace("é".encode(), b"\\u00e9"),
        HONEST.replace(b'"seq":1', b'"seq":01'),
        HONEST.replace(b'"seq":1', b'"seq":1.0'),
        HONEST.replace(b'"seq":1', b'"seq":"1"'),
        HONEST.replace(b'"seq":1', b'"seq":true'),
        HONEST.replace(b'"seq":1', b'"seq":' + b"1" * 5000),
        HONEST.replace(b'"chain":"A","seq":1', b'"seq":1,"chain":"A"'),
        HONEST.replace(b'"said"', b'"said":1,"said"'),
        HONEST.replace(b"{", b'{"more":1,', 1),
        HONEST.replace(b'"seq":1,', b""),
        HONEST.replace("é".encode(), b"\xff"),
        HONEST.replace("é".encode(), b"\\ud800"),
        HONEST[:-1],
        HONEST.replace(b'["', b"[" * 100_000 + b'["'),
    ],
)
def test_there_is_one_way_to_write_an_entry(other):
    """Other spaces, escapes, orders, types, fields, or bytes that are no text: no entry."""
    assert other != HONEST
    with pytest.raises(Damaged):
        ledger.decode(other)


@given(some.binary(max_size=40) | some.integers(0, len(HONEST)).map(lambda end: HONEST[:end] + b"0" + HONEST[end:]))
def test_any_bytes_are_an_entry_or_damaged(content):
    """Never another error; and what is read as an entry is exactly how that entry is written."""
    for read in (ledger.decode, ledger.decode_checkpoint):
        try:
            found = read(content)
        except Damaged:
            continue
        assert ledger.encode(found) == content


def test_hashes_are_those_of_the_design():
    """SHA-256 by hand: a chain begins with its name, and each entry follows from the hash before it and its own bytes."""
    begin = sha256(b"forbear ledger 1\nconsumer \xc3\xa9").digest()
    assert ledger.start("consumer é") == begin
    assert ledger.link(begin, HONEST) == sha256(begin + HONEST).digest()


def test_a_checkpoint_commits_to_every_head_and_to_the_one_before(tmp_path):
    """Another chain, number, hash, order or count of heads is another digest; the next checkpoint holds the hash of this one."""
    heads = [("A", 1, b"1" * 32), ("B", 12, b"2" * 32)]
    others = [
        heads[:1],
        heads[::-1],
        [("A", 2, b"1" * 32), heads[1]],
        [("C", 1, b"1" * 32), heads[1]],
        [("A", 1, b"3" * 32), heads[1]],
        [("A", 11, b"1" * 32), ("B", 2, b"2" * 32)],
    ]
    signer = Signer.load_or_create(tmp_path / "key")
    first = ledger.checkpoint(1, 100, None, heads, 5, signer)
    said = ledger.decode_checkpoint(first)
    assert (said.epoch, said.at, said.grew, said.entries, said.key) == (1, 100, 2, 5, signer.key_id)
    assert said.previous == sha256(b"forbear checkpoint 1\n").hexdigest()
    assert said.heads == sha256(b"".join(msgspec.json.encode((chain, seq, head.hex())) for chain, seq, head in heads)).hexdigest()
    for other in others:
        found = Heads()
        for chain, seq, head in other:
            found.add(chain, seq, head, 1)
        assert found.digest != said.heads
    assert ledger.decode_checkpoint(ledger.checkpoint(2, 200, first, [], 0, signer)).previous == sha256(first).hexdigest()


def test_every_field_of_a_checkpoint_and_receipt_is_signed(tmp_path):
    """A signature holds for one content alone, and that of a receipt for no checkpoint."""
    signer = Signer.load_or_create(tmp_path / "key")
    checkpoint = ledger.decode_checkpoint(ledger.checkpoint(1, 100, None, [("A", 1, b"1" * 32)], 1, signer))
    receipt = ledger.receipt(ledger.decode(HONEST), b"1" * 32, "decision", signer)
    for said in (checkpoint, receipt):
        assert signer.signed(ledger.signed(said), said.signature)
        for field in set(said.__struct_fields__) - {"signature"}:
            value = getattr(said, field)
            other = msgspec.structs.replace(said, **{field: value + 1 if isinstance(value, int) else value + "0"})
            assert not signer.signed(ledger.signed(other), said.signature), field
    assert not signer.signed(ledger.signed(checkpoint), receipt.signature)


def test_the_bytes_under_a_signature_are_those_of_the_design(tmp_path):
    """A line that says of what sort it is, so that no receipt can pass for a checkpoint; then the JSON, its signature left empty."""
    signer = Signer.load_or_create(tmp_path / "key")
    checkpoint = ledger.decode_checkpoint(ledger.checkpoint(1, 100, None, [("A", 1, b"1" * 32)], 1, signer))
    receipt = ledger.receipt(ledger.decode(HONEST), b"1" * 32, "decision", signer)
    for sort, said in ((b"forbear checkpoint 1\n", checkpoint), (b"forbear receipt 1\n", receipt)):
        unsigned = msgspec.json.encode(said).replace(said.signature.encode(), b"")
        assert unsigned.endswith(b'"signature":""}')
        assert ledger.signed(said) == sort + unsigned


def test_a_line_that_is_cut_off_or_has_no_hash_is_damaged(tmp_path):
    """What was read before stays read; the line is told by its number."""
    file = tmp_path / RECORDS
    file.write_bytes(b"one\ntwo")
    read = ledger.lines(file)
    assert next(read) == (1, b"one")
    with pytest.raises(Damaged, match="line 2 is cut off"):
        next(read)
    digits = b"0123456789abcdef" * 4
    assert ledger.split(b"a\tb\t" + digits) == (b"a\tb", bytes.fromhex(digits.decode()))
    for wrong in (
        b"",
        b"one",
        b"one\t",
        b"one\t" + digits[1:],
        b"one\t0" + digits,
        b"one\t" + digits.upper(),
        b"one\t" + digits[:-1] + b"g",
    ):
        with pytest.raises(Damaged, match="no hash at its end"):
            ledger.split(wrong)
