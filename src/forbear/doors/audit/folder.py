"""The folder of a run: results appear in it only when all are there, and what a broken run had finished is not done again."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from forbear.engines.local import Lost
from forbear.records.errors import InputError

UNFINISHED = ".unfinished"
RESULTS = (
    *("findings.csv", "findings.parquet", "proofs.jsonl", "verdicts.parquet", "leads.csv"),
    *("quarantine.csv", "summary.json", "report.html"),
    *("changes.csv", "changes.parquet", "whatif.html"),
)
"""All that a run may leave; what the last one did not make is no part of its results and goes."""
_MARK = "run.json"


class Work:
    """Where a run puts what it makes, until `publish`. A context manager: only what broke a run off from outside leaves anything behind."""

    def __init__(self, out: Path, identity: bytes) -> None:
        """`identity`: all that decides what the run makes. What another run left is thrown away."""
        self.out, self.folder = out, out / UNFINISHED
        mark = self.folder / _MARK
        self.resumed = mark.exists() and mark.read_bytes() == identity
        if not self.resumed:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            mark.write_bytes(identity)
        self.parts, self.found, self.results = (self._fresh(name, keep=name == "found") for name in ("parts", "found", "results"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not isinstance(error, KeyboardInterrupt | Lost | OSError):
            shutil.rmtree(self.folder, ignore_errors=True)

    def _fresh(self, name: str, *, keep: bool) -> Path:
        folder = self.folder / name
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        return folder

    def publish(self) -> None:
        """Puts the results in place of earlier ones."""
        for name in RESULTS:
            made = self.results / name
            if made.exists():
                made.replace(self.out / name)
            else:
                (self.out / name).unlink(missing_ok=True)


@contextlib.contextmanager
def told(out: Path) -> Iterator[None]:
    """A disk that is full, or a folder that cannot be written, is an error that says what to do."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise InputError(
                out, "the disk is full", "make room, or name another folder with --out; the same command goes on where it stopped"
            ) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            no_folder = error.errno in (errno.ENOTDIR, errno.EEXIST)
            what = "a file is in the way of this folder" if no_folder else f"cannot be written ({error.strerror})"
            raise InputError(out, what, "name another folder with --out") from error
        raise
