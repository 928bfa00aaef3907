"""Ids of decisions: they grow with time, lead back to their timeline, and tell nobody which timeline that is or how long it is."""

from __future__ import annotations

import time
from hashlib import blake2b

from forbear.doors.gate.ledger.signing import Signer

_DIGITS = 16


class Ids:
    """Makes and reads ids. All processes of a gate share the signing key, and so read each other's."""

    def __init__(self, signer: Signer) -> None:
        # A signature of Ed25519 is always the same, so it is a secret that all who hold the key can make.
        self._secret = blake2b(signer.sign(b"forbear ids 1"), digest_size=32).digest()
        self._last = 0

    def make(self, line: int, after: str = "") -> str:
        """A new id of a contact or fact on a timeline, later in the order of text than `after`."""
        floor = int(after[:_DIGITS], 16) + 1 if _is_ours(after) else 0
        self._last = max(time.time_ns(), self._last + 1, floor)
        moment = f"{self._last:0{_DIGITS}x}"
        return f"{moment}-{line ^ self._mask(moment):0{_DIGITS}x}"

    def line(self, made: str) -> int | None:
        """The timeline of an id; None for what was never made here. An id that was guessed leads to some number, where it is not found."""
        if not _is_ours(made):
            return None
        return (int(made[_DIGITS + 1 :], 16) ^ self._mask(made[:_DIGITS])) & 0x7FFF_FFFF_FFFF_FFFF

    def _mask(self, moment: str) -> int:
        return int.from_bytes(blake2b(moment.encode(), key=self._secret, digest_size=8).digest(), "big") >> 1


def _is_ours(text: str) -> bool:
    return len(text) == 2 * _DIGITS + 1 and text[_DIGITS] == "-" and not set(text.replace("-", "", 1)) - set("0123456789abcdef")
