"""The gate's signature: Ed25519, by a key in a file that only the gate's operator can read."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InternalError, InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from forbear.records.errors import InputError

_SIGNATURE: Final = re.compile("[0-9a-f]{128}")
_NO_KEY: Final = (ValueError, TypeError, UnsupportedAlgorithm, InternalError)
"""What `cryptography` raises for damaged keys; a key under a password is a TypeError."""


class Verifier:
    """Tells whether a signature is that of one key."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        self.key_id = sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]
        """The first digits of the key's hash: its name."""
        self.public_pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @classmethod
    def load(cls, file: Path) -> Verifier:
        """The public key in a PEM file. Raises `InputError`."""
        try:
            key = load_pem_public_key(file.read_bytes())
        except OSError as error:
            raise InputError(str(file), f"cannot be read ({error.strerror})", "name the public.pem that the gate gave out") from error
        except _NO_KEY as error:
            raise InputError(str(file), "holds no public key", "name the public.pem that the gate gave out") from error
        if not isinstance(key, Ed25519PublicKey):
            raise InputError(str(file), "holds no Ed25519 key", "name the public.pem that the gate gave out")
        return cls(key)

    def signed(self, said: bytes, signature: str) -> bool:
        """Whether these bytes were signed with the key; the signature in 128 small hexadecimal digits, for `fromhex` takes more ways."""
        if not _SIGNATURE.fullmatch(signature):
            return False
        try:
            self._key.verify(bytes.fromhex(signature), said)
        except InvalidSignature:
            return False
        return True


class Signer(Verifier):
    """Signs as well. The signature of the same bytes is always the same."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        super().__init__(key.public_key())
        self._private = key

    @classmethod
    def load_or_create(cls, file: Path) -> Signer:
        """The key in a PEM file, made where there is none. Of two processes that make it at once both get the same.

        Raises `InputError`.
        """
        try:
            if not file.exists():
                _put_whole(file, Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            content = file.read_bytes()
        except OSError as error:
            what = f"the signing key cannot be read or made here ({error.strerror})"
            raise InputError(str(file), what, "name a file that the gate may read, in a folder that exists") from error
        try:
            key = load_pem_private_key(content, password=None)
        except _NO_KEY as error:
            what = "holds no signing key that can be used (PEM, without a password)"
            raise InputError(str(file), what, "name another file; the gate makes one where there is none") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise InputError(str(file), "holds no Ed25519 key", "name another file; the gate makes one where there is none")
        return cls(key)

    def sign(self, said: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(said)


def _put_whole(file: Path, content: bytes) -> None:
    """Writes a file that its owner alone may read, and others see whole or not at all; what is there already stays."""
    number, draft = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
    try:
        with os.fdopen(number, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
    finally:
        Path(draft).unlink()
    # What the key signs outlives a power cut, so its name must.
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
