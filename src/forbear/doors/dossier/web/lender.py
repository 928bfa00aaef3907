"""The lender's own record of contacts, as a browser brings it, and mappings that say what its columns mean."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from forbear.doors.dossier.web.brought import Brought
from forbear.records import history, mapping
from forbear.records.history import History

_MAPPING: Final = ".toml"


class Log(Brought):
    """Files and mappings by name."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.history: History | None = None
        """What the files hold; None until they are read."""

    @property
    def files(self) -> list[Path]:
        """The files without mappings."""
        return [path for path in self.values() if path.suffix.lower() != _MAPPING]

    @property
    def ready(self) -> bool:
        """Whether nothing is left to be read."""
        return self.history is not None or not self.files

    def take(self, path: str, source: BinaryIO, check: Callable[[Path], object]) -> None:
        """As `Brought.take`; what was read before counts no more."""
        super().take(path, source, check)
        self.history = None

    def drop(self, name: str) -> bool:
        """As `Brought.drop`; what was read before counts no more."""
        self.history = None
        return super().drop(name)

    def read(self, progress: Callable[[int, int], None]) -> None:
        """Reads the files as `--lender-log` and `--mapping` do. Raises `InputError`."""
        if not self.ready:
            maps = [mapping.load(path) for path in self.values() if path not in self.files] or [mapping.PLAIN]
            self.history = history.read(self.files, mapping=maps, progress=progress)
