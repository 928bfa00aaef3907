"""Files that a browser brings, kept in a private folder: one of each name. Of the backup of an iPhone what we read of it is kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from forbear.doors.dossier.files import sha256
from forbear.doors.dossier.redact import clean
from forbear.records.errors import InputError
from forbear.records.exports import backup

_LONGEST: Final = 60
"""Characters of a file's name that are kept: its end, where the kind stands."""
_PARTS: Final = {where.rpartition("/")[2]: where for where in backup.PARTS}
"""Name of a file of a backup -> where in its folder it lies."""


class SameName(Exception):
    """Another file of this name, the argument, is here already."""


class Brought(dict[str, Path]):
    """Name -> file."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._backups, self._new = (folder.with_name(f"{folder.name}-{what}") for what in ("backups", "new"))
        for each in (self._folder, self._backups, self._new):
            each.mkdir(parents=True)

    def take(self, path: str, source: BinaryIO, check: Callable[[Path], object]) -> None:
        """Keeps a file; a part of a backup waits for `unpacked`. `path`: as the browser has it.

        Raises `SameName`, or what `check` raises of the file; then it is not kept.
        """
        *above, name = [_plain(each) for each in path.replace("\\", "/").split("/")]
        if above and above[-1] == name[:2]:
            above.pop()  # a backup sorts its files into folders by how their names begin
        part = _PARTS.get(name) if above else None
        to = self._backups / above[-1] / part if part else self._new / name
        to.parent.mkdir(parents=True, exist_ok=True)
        with to.open("wb") as out:
            shutil.copyfileobj(source, out)
        if part:
            return
        try:
            check(to)
            self._keep(name, to)
        finally:
            to.unlink(missing_ok=True)

    def unpacked(self) -> Iterator[InputError]:
        """Keeps calls and messages of the backups that were brought, and tells what is wrong with one that cannot be read."""
        for folder in sorted(self._backups.iterdir()):
            try:
                loose = {path: backup.PARTS[path.relative_to(folder).as_posix()] for path in folder.glob("*/*")}
                for path, name in (backup.databases(folder) if backup.is_backup(folder) else loose).items():
                    others = [each for each, kept in self.items() if sha256(kept) != sha256(path)]
                    self._keep(backup.untaken(name, others), path)
            except InputError as error:
                yield error
            shutil.rmtree(folder)

    def drop(self, name: str) -> bool:
        """Deletes a file. Whether there was one."""
        path = self.pop(name, None)
        if path:
            path.unlink()
        return bool(path)

    def _keep(self, name: str, path: Path) -> None:
        if name in self and sha256(self[name]) != sha256(path):
            raise SameName(name)
        self[name] = path.replace(self._folder / name)


def _plain(name: str) -> str:
    """A name that leads nowhere else and holds no sign that is not seen."""
    return clean(name)[-_LONGEST:].strip(". ") or "file"
