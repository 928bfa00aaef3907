"""The text in `attributedBody` of an iPhone's messages: an NSAttributedString, archived in one of two ways."""

from __future__ import annotations

import plistlib
from xml.parsers.expat import ExpatError

_STREAM = b"\x04\x0bstreamtyped"
_BEGINS = b"\x84\x01+"
"""In a typed stream: a value follows of the type `+`, bytes with their length before them."""


def plain(body: bytes) -> str | None:
    """The text; None if it cannot be read."""
    try:
        return _typed(body) if body.startswith(_STREAM) else _keyed(body)
    except (ValueError, LookupError, TypeError, AttributeError, plistlib.InvalidFileException, ExpatError, OverflowError):
        return None


def _typed(body: bytes) -> str | None:
    string = body.find(b"NSString")
    begins = body.find(_BEGINS, string) if string >= 0 else -1
    if begins < 0:
        return None
    at = begins + len(_BEGINS)
    wide = {0x81: 2, 0x82: 4}.get(body[at], 0)
    length = int.from_bytes(body[at + 1 : at + 1 + wide], "little") if wide else body[at]
    first = at + 1 + wide
    return body[first : first + length].decode() if first + length <= len(body) else None


def _keyed(body: bytes) -> str | None:
    archive = plistlib.loads(body)
    objects = archive["$objects"]
    found = objects[archive["$top"]["root"].data]
    while isinstance(found, dict):  # NSAttributedString -> NSMutableString -> its text
        found = found["NSString"] if "NSString" in found else found["NS.string"]
        found = objects[found.data] if isinstance(found, plistlib.UID) else found
    return found if isinstance(found, str) else None
