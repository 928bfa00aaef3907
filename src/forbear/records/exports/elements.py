"""An XML file of records, one element after another: memory holds some of them, and never the tree.

Emoji written as two references to halves of UTF-16 (`&#55357;&#56832;`), and references to characters that XML does not have, are what
Android backups hold and no XML parser takes; they are mended before the parser sees them, byte for byte of the same length, so that
every place in the file stays where it is and digests are those of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from xml.parsers import expat

from forbear.records.errors import InputError
from forbear.records.exports.reading import Reading
from forbear.records.exports.reasons import Break

Attributes = dict[str, str]
Element = tuple[str, Attributes, list[tuple[str, Attributes]], int, int]
"""Name, attributes, what lies inside it however deep, and where in `Reading.window` its bytes begin and end."""

_CHUNK = 1 << 16
_LONGEST: Final = 64 << 20
"""Bytes of a tag from which it is handed on in pieces after all: no backup has one, and a damaged file may seem to."""
_HALF = rb"(?:5[5-7]\d{3}|[xX][dD][89a-fA-F][0-9a-fA-F]{2});"
_ILL: Final = re.compile(rb"&#(?:%s(?:&#%s)*|\d;|[12]\d;|3[01];|[xX]1?[0-9a-fA-F];)" % (_HALF, _HALF))
"""Halves of UTF-16, as many as follow one another, or a control character. Begins with bytes that are found fast."""
_WHITE = (9, 10, 13)


def elements(  # noqa: C901 (the handlers of one parser share what they know)
    reading: Reading, root: Callable[[str, Attributes], None]
) -> Iterator[Element]:
    """The elements right under the root, in the order of the file. `root` is called with the root's name and attributes.

    Where the file ends before its end, or breaks, `reading.broken` says where. Raises `InputError` for a file with entities of its own.
    """
    parser = expat.ParserCreate()
    found: list[Element] = []
    """As `Element`, with where it begins and ends in the window."""
    inside: list[tuple[str, Attributes]] = []
    attributes: Attributes = {}
    window, base = b"", 0
    """Bytes of the file that the parser has been given and that are not done with, and where they begin."""
    depth = first = last = 0
    keep = found.append

    def start(name: str, has: Attributes) -> None:
        nonlocal depth, first, attributes, inside
        if depth == 1:
            depth, first, attributes = 2, parser.CurrentByteIndex, has
            return
        depth += 1
        if depth == 1:
            root(name, has)
        else:
            if depth == 3 and not inside:
                inside = []  # a list of its own, for the empty one is that of all elements without any
            inside.append((name, has))

    def end(name: str) -> None:
        nonlocal depth, inside, last
        depth -= 1
        if depth == 1:
            last = parser.CurrentByteIndex - base
            if inside or window[last - 2 : last] != b"/>":
                last = window.index(b">", last) + 1  # the end tag begins where the parser says that the element ends
            keep((name, attributes, inside, first - base, last))
            if inside:
                inside = []

    def refuse(*_: object) -> None:
        raise InputError(
            reading.path,
            "the XML declares entities or a document type of its own, which no telephone writes",
            "make the backup again with the app itself",
            parser.CurrentLineNumber,
        )

    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = start, end, refuse
    with reading.path.open("rb") as file:
        for raw, fed in _chunks(file.read):
            window += raw
            try:
                parser.Parse(fed, not raw)
            except expat.ExpatError as error:
                reading.broken = Break(f"line {error.lineno}", "damaged" if raw else "cut-off")
            reading.window = window
            for reading.element in found:
                yield reading.element
            reading.window, reading.element = b"", None  # a video is not held while more is parsed
            found.clear()
            if reading.broken:
                return
            reading.done += len(raw)
            done = first - base if depth > 1 else last
            window, base, last = window[done:], base + done, max(0, last - done)


def _chunks(read: Callable[[int], bytes]) -> Iterator[tuple[bytes, bytes]]:
    """The file in pieces, each as it is and as the parser gets it; an empty one at the end. No reference is cut in two.

    A piece ends with a tag, since the parser begins a tag anew with each piece of it: a video in a message would cost its length squared.
    """
    held = b""
    while chunk := read(max(_CHUNK, len(held))):
        chunk = held + chunk
        cut = chunk.rfind(b">") + 1 or (len(chunk) if len(chunk) > _LONGEST else 0)
        held, chunk = chunk[cut:], chunk[:cut]
        if chunk:
            yield chunk, _ILL.sub(_mended, chunk) if b"&#" in chunk else chunk
    if held:
        yield held, _ILL.sub(_mended, held)
    yield b"", b""


def _mended(found: re.Match[bytes]) -> bytes:
    """Halves of UTF-16 as the character that they make, or as U+FFFD; another ill reference as a space. As long as it was."""
    halves = [(int(each[1:], 16) if each[:1] in b"xX" else int(each), len(each) + 3) for each in found[0][2:-1].split(b";&#")]
    if halves[0][0] < 32:
        return found[0] if halves[0][0] in _WHITE else b"&#%0*d;" % (halves[0][1] - 3, 32 if halves[0][1] > 4 else 9)
    said, place = b"", 0
    while place < len(halves):
        half, length = halves[place]
        if 0xD800 <= half < 0xDC00 and place + 1 < len(halves) and 0xDC00 <= halves[place + 1][0] < 0xE000:
            low, more = halves[place + 1]
            said += b"&#%0*d;" % (length + more - 3, 0x10000 + ((half - 0xD800) << 10) + low - 0xDC00)
            place += 2
        else:
            said += b"&#%0*d;" % (length - 3, half if not 0xD800 <= half < 0xE000 else 0xFFFD)
            place += 1
    return said
