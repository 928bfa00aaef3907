"""Bytes become a text, whatever was typed or saved; and what cannot be read is said, not guessed."""

from __future__ import annotations

import re
from typing import Final

from forbear.terms import Language, Word

UNCLEAR: Final = {
    "empty": Word("there is no text", "没有文字"),
    "damaged": Word("much of the text is damaged", "文字大量损坏"),
    "other-language": Word("most of it is neither Chinese nor English", "多数内容既非中文也非英文"),
}
"""Why nothing can be said of a text: finding nothing in it would prove nothing."""
_MOST_DAMAGED: Final = 0.05
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_LETTER: Final = re.compile(r"[^\W\d_]")
_OURS: Final = re.compile(r"[A-Za-zＡ-Ｚａ-ｚ\u3400-\u9fff]")


def decode(data: bytes) -> str:
    """A text from a file: UTF-8, UTF-16 with its mark, or GB18030; what is damaged becomes U+FFFD, in its place."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    whole = _undamaged(data)
    if whole is not None:
        return whole
    # Mixed: each line as what it is.
    lines = ((line, _undamaged(line)) for line in data.split(b"\n"))
    return "\n".join(line.decode("utf-8", "replace") if text is None else text for line, text in lines)


def _undamaged(data: bytes) -> str | None:
    """A text in one of our encodings; None if it is whole in none."""
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def unclear(text: str) -> str:
    """Why nothing can be said of a text: a word of `UNCLEAR`; empty if it can be read."""
    letters = len(_LETTER.findall(text))
    if not letters:
        return "empty"
    if text.count("\ufffd") > _MOST_DAMAGED * letters:
        return "damaged"
    return "other-language" if 2 * len(_OURS.findall(text)) < letters else ""


def why(reason: str, lang: Language) -> str:
    """A reason in words."""
    return UNCLEAR[reason].say(lang)
