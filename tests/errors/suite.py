"""What is told to somebody who tests a program by the conformance suite."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

from errors.met import Met, command, script

SOURCES = ("conformance/run.py", "conformance/told.py", "conformance/make.py", "doors/conform.py", "engines/suite/")
ASKING, ANSWERING = "Asking a program the cases of the suite", "Answering cases of the suite"
ONE = ("--only", "us.reg-f.call-frequency/2021-11-30/1")


def met(folder: Path) -> Iterator[Met]:
    """Each of them."""
    stray = "import json\nprint(json.dumps({'id': 'made up'}))\n"
    (folder / "stray.py").write_text(stray, encoding="utf-8")
    yield Met(ASKING, "neither a program nor a server is named", *script(folder, "run.py"))
    yield Met(ASKING, "no case is chosen", *script(folder, "run.py", "--rules", "xx", "--", "program"))
    yield Met(ASKING, "a folder without law", *script(folder, "run.py", "--law", str(folder / "nowhere"), *ONE, "--", "program"))
    yield Met(ASKING, "an answer to nothing", *script(folder, "run.py", *ONE, "--", sys.executable, str(folder / "stray.py")))
    yield Met(ANSWERING, "an engine that there is not", *command(folder, "conform", "--engine", "abacus"))
    with patch.object(sys, "stdin", TextIOWrapper(BytesIO(b'{"id": 1}\n'))):
        yield Met(ANSWERING, "a line that is no case", *command(folder, "conform", "--engine", "plain"))
