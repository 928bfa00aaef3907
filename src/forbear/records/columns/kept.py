"""The parts of a run on disk, as any process finds them: written once by `keep`, read part by part."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from forbear.records.columns.block import Block, join, of_entries, pack, unpack
from forbear.records.columns.lines import Ids, Lines, lines
from forbear.records.columns.parts import Homes, Parts, Spill, taken

_ALL, _ABOUT, _HASHES = "everyone.arrow", "about.json", "hashes.npz"


class About(msgspec.Struct, frozen=True):
    """What is known of the parts as a whole."""

    rows: dict[int, int]
    """Part -> rows that were laid into it; parts without any are left out."""
    last: int | None
    """The last second at which anything became known."""
    shared: list[str]
    """Ids that several rows bring."""
    repeated: int
    """Rows told for everyone that say exactly what another such row says."""
    parts: int
    spills: list[tuple[str, list[tuple[int, int, int]]]]
    """Files, and where each part lies in them."""

    @property
    def total(self) -> int:
        """Rows of all parts; those that were moved count twice."""
        return sum(self.rows.values())


def keep(parts: Parts, folder: Path) -> About:
    """Writes all that is not yet on disk into the folder of the parts, and what is to be known of them."""
    parts.flush()
    everyone = join(parts.everyone)
    if len(everyone):
        (folder / _ALL).write_bytes(pack(everyone))
    np.savez(folder / _HASHES, looks=parts.looks_made, who=parts.homes.who, target=parts.homes.target)
    rows = {number: sum(spill.places[number][2] for spill in parts.spills) for number in range(parts.parts)}
    about = About(
        rows={number: count for number, count in rows.items() if count},
        last=parts.last,
        shared=parts.shared.to_pylist(),
        repeated=Ids(everyone, parts.shared, parts.taken).repeated,
        parts=parts.parts,
        spills=[(spill.path.name, spill.places) for spill in parts.spills],
    )
    (folder / _ABOUT).write_bytes(msgspec.json.encode(about))
    return about


class Kept:
    """Parts that were kept in a folder."""

    def __init__(self, folder: Path) -> None:
        about = msgspec.json.decode((folder / _ABOUT).read_bytes(), type=About)
        hashes = np.load(folder / _HASHES)
        self._looks = hashes["looks"]
        self._homes = Homes(about.parts, hashes["who"], hashes["target"])
        self._spills = [Spill(folder / name, places) for name, places in about.spills]
        self._shared = pa.array(about.shared, pa.string())
        everyone = folder / _ALL
        self._everyone: Block = unpack(everyone.read_bytes()) if everyone.exists() else of_entries([])

    def lines(self, number: int) -> Lines:
        """The timelines of one part."""
        lying = (spill.part(number) for spill in self._spills)
        block = self._homes.staying((block for block in lying if block is not None), number)
        return lines(block, self._everyone, self._shared, partial(taken, self._looks))
