"""Errors that somebody can do something about. The command line prints one in a line and exits with 2; all others are faults of ours."""

from __future__ import annotations

from pathlib import Path


class UserError(Exception):
    """What a user can mend: its text says where, what is wrong, and what to do. It never shows what a row says."""

    exit_code = 2


class InputError(UserError):
    """An input cannot be used as it is: the file, or the option, and the line if one is known; what is wrong; what to do."""

    def __init__(self, path: Path | str, what: str, do: str, line: int | None = None) -> None:
        super().__init__(f"{path}{'' if line is None else f':{line}'}: {what}; {do}")
        self.path, self.what, self.do, self.line = str(path), what, do, line
