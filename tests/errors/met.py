"""An error as a user met it, and the ways to meet one: a call that raises, a command line that ends."""

from __future__ import annotations

import io
import os
import re
import runpy
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from traceback import extract_tb
from typing import NamedTuple
from unittest.mock import patch

from forbear.doors import cli
from forbear.doors.gate.api import Problem
from forbear.records.errors import UserError
from forbear.rulebook.load import shipped


class Met(NamedTuple):
    """One error."""

    doing: str
    """What the user was doing: a heading of the page."""
    when: str
    """The situation, in a few words."""
    said: str | Problem
    """What was read, word for word."""
    code: int | None = None
    """The exit code of a command that ended with it."""
    kind: str = ""
    """Its code, where it has one that stays."""
    zh: str = ""
    """The same in Chinese, where there is a Chinese text."""


def plain(text: str, folder: Path) -> str:
    """A text without what is this machine's, and without the usage of a command, which stands before its error."""
    text = text[max(text.find("Error: "), 0) :] if text.startswith("Usage: ") else text
    for place, name in ((str(folder.resolve()), ""), (str(folder), ""), (str(shipped()), "law")):
        text = text.replace(f"{place}/", f"{name}/" if name else "").replace(place, name or "folder")
    text = re.sub(r"; there is cn, .*", "; there is cn, us ...", text)  # a new jurisdiction changes no error
    return re.sub(r"\b[0-9a-f]{16}\b", "0123456789abcdef", text).strip()  # the name of a key that was just made


def raised(do: Callable[[], object], folder: Path) -> tuple[str, int | None]:
    """The text of what this raises, and the exit code of a command that ends with it; None: no command does."""
    try:
        do()
    except Exception as error:  # noqa: BLE001 (whatever it is: it goes on the page, and the page is read)
        _ours(error)
        return plain(str(error), folder), error.exit_code if isinstance(error, UserError) else None
    raise AssertionError("nothing was raised")


def _ours(error: Exception) -> None:
    """What comes from forbear, and not from a case that is written wrongly."""
    frames = [frame for each in (error, error.__cause__) if each for frame in extract_tb(each.__traceback__)]
    assert any("/src/forbear/" in frame.filename for frame in frames), repr(error)


def command(folder: Path, *words: str, out: bool = False, **environment: str) -> tuple[str, int]:
    """What `forbear WORDS` says on standard error (`out`: on standard output) and its exit code, run inside a folder."""
    shown, wrong, code, before = io.StringIO(), io.StringIO(), 0, Path.cwd()
    os.chdir(folder)
    try:
        with (
            patch.object(sys, "argv", ["forbear", *words]),
            patch.dict(os.environ, {"COLUMNS": "400", **environment}),
            redirect_stdout(shown),
            redirect_stderr(wrong),
        ):
            cli.main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        os.chdir(before)
    return plain((shown if out else wrong).getvalue(), folder), code


def script(folder: Path, name: str, *words: str) -> tuple[str, int]:
    """What `python conformance/NAME WORDS` prints, on either side, and its exit code."""
    shown, code, home = io.StringIO(), 0, str(Path(__file__).parents[2] / "conformance")
    with patch.object(sys, "argv", [name, *words]), patch.object(sys, "path", [home, *sys.path]):
        try:
            with redirect_stdout(shown), redirect_stderr(shown):
                runpy.run_path(f"{home}/{name}", run_name="__main__")
        except SystemExit as end:
            code = int(end.code or 0)
    return plain(shown.getvalue(), folder), code
