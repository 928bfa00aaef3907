"""One key signs, its owner alone can read it, and a file that holds none is told."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

from forbear.doors.gate.ledger.signing import Signer, Verifier
from forbear.records.errors import InputError


def test_what_was_signed_is_told_from_all_else(tmp_path):
    """Another text, key or signature does not hold; the signature of the same bytes is always the same."""
    signer, other = Signer.load_or_create(tmp_path / "key"), Signer.load_or_create(tmp_path / "other")
    made = signer.sign(b"said")
    assert len(made) == 64
    assert made == signer.sign(b"said")
    assert signer.signed(b"said", made.hex())
    assert not signer.signed(b"Said", made.hex())
    assert not other.signed(b"said", made.hex())


def test_a_signature_is_written_in_one_way():
    """`fromhex` takes capitals and spaces; a signature that was changed in such a way is none."""
    signer = Signer(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    right = signer.sign(b"said").hex()
    for wrong in (right.upper(), right[:64] + " " + right[64:], right + "\n", right[:-2], right + "00", "", "é" * 128):
        assert not signer.signed(b"said", wrong)


def test_a_key_is_named_by_its_hash(tmp_path):
    """The id is the same for who signs and who verifies, and comes from the raw public key."""
    signer = Signer.load_or_create(tmp_path / "key")
    (tmp_path / "public.pem").write_bytes(signer.public_pem)
    raw = load_pem_public_key(signer.public_pem).public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert Verifier.load(tmp_path / "public.pem").key_id == signer.key_id == sha256(raw).hexdigest()[:16]


def test_the_key_stays_and_its_owner_alone_reads_it(tmp_path):
    """Loaded again it is the same, whatever the umask; nothing else is left in the folder."""
    before = os.umask(0)
    try:
        made = Signer.load_or_create(tmp_path / "gate.key")
    finally:
        os.umask(before)
    assert Signer.load_or_create(tmp_path / "gate.key").key_id == made.key_id
    assert (tmp_path / "gate.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["gate.key"]


def test_threads_that_make_the_key_at_once_get_the_same(tmp_path):
    """One of many that start together makes it; the others take that one, and leave nothing behind."""
    barrier = Barrier(8)

    def load(_):
        barrier.wait()
        return Signer.load_or_create(tmp_path / "gate.key").key_id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(load, range(8)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["gate.key"]


def test_processes_that_make_the_key_at_once_get_the_same(tmp_path):
    """Several processes wait for the same word, then all load: one key."""
    code = (
        "import sys; from pathlib import Path; from forbear.doors.gate.ledger.signing import Signer; print('ready', flush=True); "
        "sys.stdin.readline(); print(Signer.load_or_create(Path(sys.argv[1])).key_id)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "gate.key")]
    running = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [each.stdout.readline() for each in running] == ["ready\n"] * 4
    for each in running:
        each.stdin.write("\n")
        each.stdin.flush()
    assert len({each.communicate()[0] for each in running}) == 1
    assert all(each.returncode == 0 for each in running)


def test_a_key_that_another_made_meanwhile_is_kept(tmp_path, monkeypatch):
    """Between the look for the key and the making of it another process puts one there: that one counts."""
    file, other = tmp_path / "gate.key", Signer.load_or_create(tmp_path / "other.key")
    link = os.link

    def late(draft, name):
        file.write_bytes((tmp_path / "other.key").read_bytes())
        link(draft, name)

    monkeypatch.setattr(os, "link", late)
    assert Signer.load_or_create(file).key_id == other.key_id


def pem(key, password=None):
    """A private key in PEM."""
    hidden = BestAvailableEncryption(password) if password else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        pem(generate_private_key(SECP256R1())),
        pem(Ed25519PrivateKey.generate(), b"secret"),
        Signer(Ed25519PrivateKey.generate()).public_pem,
    ],
    ids=["empty", "no text", "another sort", "password", "public"],
)
def test_a_file_that_holds_no_signing_key_is_named_and_left_alone(tmp_path, content):
    """The error says the file and that it holds no key; nothing is written over it."""
    file = tmp_path / "gate.key"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"gate\.key: holds no"):
        Signer.load_or_create(file)
    assert file.read_bytes() == content


def test_a_file_that_cannot_be_read_or_made_is_named_with_the_reason(tmp_path):
    """A folder in its place, or no folder to put it in."""
    with pytest.raises(InputError, match="Is a directory"):
        Signer.load_or_create(tmp_path)
    with pytest.raises(InputError, match="No such file or directory"):
        Signer.load_or_create(tmp_path / "none" / "gate.key")


def test_a_failed_write_leaves_no_part_of_a_key(tmp_path, monkeypatch):
    """A disk that fails on the way: an error, and an empty folder."""

    def broken(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(InputError, match="No space left"):
        Signer.load_or_create(tmp_path / "gate.key")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("private", [False, True])
def test_a_damaged_key_is_an_input_error_or_another_key(tmp_path, private):
    """Each bit of the PEM file turned over: never a crash, whatever the library raises (an unknown algorithm is no ValueError)."""
    signer = Signer.load_or_create(tmp_path / "gate.key")
    honest = (tmp_path / "gate.key").read_bytes() if private else signer.public_pem
    load, refused = (Signer.load_or_create if private else Verifier.load), 0
    for place in range(len(honest)):
        for bit in range(8):
            (tmp_path / "damaged").write_bytes(honest[:place] + bytes([honest[place] ^ 1 << bit]) + honest[place + 1 :])
            try:
                load(tmp_path / "damaged")
            except InputError:
                refused += 1
    assert refused > len(honest)
