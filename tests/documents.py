"""How tests read a page in Markdown: its fenced blocks, in order."""

from __future__ import annotations

import re
from typing import NamedTuple

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)
_ENDINGS = {"python": "py", "toml": "toml"}


class Block(NamedTuple):
    """A fenced block."""

    language: str
    text: str
    file: str
    """Where its reader saves it: the last file named in backticks before it, with the ending of its language. Empty if there is none."""


def blocks(page: str) -> list[Block]:
    """The blocks of a page."""
    found, start = [], 0
    for fence in _FENCE.finditer(page):
        ending = _ENDINGS.get(fence[1], fence[1])
        named = re.findall(rf"`([\w./-]+\.{re.escape(ending)})`", page[start : fence.start()]) if ending else []
        found.append(Block(fence[1], fence[2], named[-1] if named else ""))
        start = fence.end()
    return found
