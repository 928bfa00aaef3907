"""The gate's signature: Ed25519, by a key in a file that only the gate's operator can read."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from forbear.records.files import InputError


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
        except (OSError, ValueError) as error:
            raise InputError(str(file), "holds no public key", "name the public.pem that the gate gave out") from error
        if not isinstance(key, Ed25519PublicKey):
            raise InputError(str(file), "holds no Ed25519 key", "name the public.pem that the gate gave out")
        return cls(key)

    def signed(self, said: bytes, signature: str) -> bool:
        """Whether these bytes were signed with the key; the signature in hexadecimal digits."""
        try:
            self._key.verify(bytes.fromhex(signature), said)
        except (InvalidSignature, ValueError):
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
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            if not file.exists():
                _put_whole(file, made)
            key = load_pem_private_key(file.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise InputError(str(file), "cannot be used as the signing key", "name another file, or one in a folder that exists") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise InputError(str(file), "holds no Ed25519 key", "name another file; the gate makes one where there is none")
        return cls(key)

    def sign(self, said: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(said)


def _put_whole(file: Path, content: bytes) -> None:
    """Writes a file that others see whole or not at all; what is there already stays."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
