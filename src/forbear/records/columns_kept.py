"""The parts of a run on disk, as any process finds them: written once by `keep`, read part by part."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from forbear.records.columns import Block, join, of_entries
from forbear.records.columns_lines import Lines, lines
from forbear.records.columns_parts import Parts, pack, taken, unpack

_ALL, _ABOUT, _LOOKS = "everyone.arrow", "about.json", "looks.npy"


class About(msgspec.Struct, frozen=True):
    """What is known of the parts as a whole."""

    rows: dict[int, int]
    """Part -> rows; parts without any are left out."""
    last: int | None
    """The last second at which anything became known."""
    duplicates: int
    """Ids that several rows bring."""
    shared: list[str]
    """Those ids."""

    @property
    def total(self) -> int:
        """Rows of all parts."""
        return sum(self.rows.values())


def keep(parts: Parts, folder: Path) -> About:
    """Writes all parts into a folder."""
    rows = {}
    for number in range(parts.parts):
        block = parts.part(number)
        if len(block):
            rows[number] = len(block)
            _write(block, folder / f"part-{number}.arrow")
    if parts.everyone:
        _write(join(parts.everyone), folder / _ALL)
    np.save(folder / _LOOKS, parts.looks_made)
    about = About(rows, parts.last, parts.duplicates, parts.shared.to_pylist())
    (folder / _ABOUT).write_bytes(msgspec.json.encode(about))
    return about


class Kept:
    """Parts that were kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.about = msgspec.json.decode((folder / _ABOUT).read_bytes(), type=About)
        self._looks = np.load(folder / _LOOKS)
        everyone = folder / _ALL
        self._everyone: Block = _read(everyone) if everyone.exists() else of_entries([])

    def lines(self, number: int) -> Lines:
        """The timelines of one part."""
        block = _read(self._folder / f"part-{number}.arrow")
        return lines(block, self._everyone, pa.array(self.about.shared, pa.string()), partial(taken, self._looks))


def _write(block: Block, path: Path) -> None:
    with path.open("wb") as out:
        out.write(pack(block))


def _read(path: Path) -> Block:
    with pa.memory_map(str(path)) as source:
        return unpack(source.read_buffer())
