"""Each tutorial is followed to the letter, and shows what its reader will see.

A tutorial is run as it is read, in a fresh copy of what a reader has, by one shell from the first block to the last:
- `sh`: its lines are run. A block that begins with `forbear gate serve` is started, on any port that is free, and goes on running.
- `text`: what the block of `sh` before it printed. A line `...` stands for lines that were left out, ` ...` in a line for a part
  of it. `^C` stops the gate. What differs from run to run is taken as equal: `CHANGING`.
- `toml`, `python`: saved under the name that stands before the block; some `sh` uses it.
Only the installation is not repeated: `.venv` is there, and holds the forbear that is tested.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from documents import blocks

ROOT = Path(__file__).parents[1]
TUTORIALS = sorted((ROOT / "docs").glob("tutorial-*.md"))
HAS = ("Makefile", "pyproject.toml", "constraints", "conformance", "examples")
COMMANDS = {"python": "", "forbear": "-m forbear.doors.cli"}
CHANGING = re.compile(r"\bfb_\w{12}_\S+|(?=\w*\d)\b[\w/+-]{24,}=*|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|Etc/GMT[+-]\d+")
"""Keys, ids, hashes and signatures; instants in UTC; the zone in which it is noon."""
SERVE, PORT = "forbear gate serve", "http://127.0.0.1:8707"
DONE = "-- this block is done --"


@pytest.fixture
def folder(tmp_path):
    """What a reader has who copied the repository and whose installation is done."""
    for name in HAS:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, tmp_path / name)
    (tmp_path / "src").symlink_to(ROOT / "src")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name, module in COMMANDS.items():
        script = tmp_path / ".venv" / "bin" / name
        script.write_text(f'#!/bin/sh\nexec {sys.executable} {module} "$@"\n')
        script.chmod(0o755)
    for name in ("pyvenv.cfg", ".installed-run"):
        (tmp_path / ".venv" / name).touch()
    return tmp_path


class Reader:
    """Somebody who types what the page says."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.url = folder, PORT
        # `make` asks its children to behave as children; nobody reads a page inside of it.
        environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
        environment |= {"no_proxy": "127.0.0.1", "PYTHONWARNINGS": ""}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        self.shell = subprocess.Popen(["/bin/sh", "-e"], cwd=folder, env=environment, text=True, encoding="utf-8", **pipes)
        self.sends("gate=; trap 'kill $gate 2> /dev/null' EXIT")  # a shell that ends takes its gate along

    def types(self, text: str) -> str:
        """What the lines of a block print."""
        if text.startswith(SERVE):
            self.sends(f"{text.rstrip()} --port 0 2> gate.log & gate=$!")
            return self.reads(f"listening on {PORT}\n")
        self.sends(f"{text}\necho '{DONE}'" if "^C" not in text else f"kill -INT $gate; wait $gate; gate=; echo '^C'; echo '{DONE}'")
        return self.reads(f"{DONE}\n").removesuffix(f"{DONE}\n")

    def sends(self, text: str) -> None:
        """Hands lines to the shell."""
        print(text.replace(PORT, self.url), file=self.shell.stdin, flush=True)

    def reads(self, end: str) -> str:
        """Everything up to a line; the gate's port is told as the page tells it."""
        printed = ""
        while not printed.endswith(end):
            line = self.shell.stdout.readline()
            assert line, f"a command failed; before it, this was printed:\n{printed}"
            if said := re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)\n", line):
                self.url = said[1]
            printed += line.replace(self.url, PORT)
        return printed

    def leaves(self) -> None:
        """Closes the terminal."""
        self.shell.communicate()


def shows(shown: str, printed: str) -> bool:
    """Whether a block of `text` tells truly what was printed."""
    lines = [CHANGING.sub("#", line) for line in shown.rstrip("\n").split("\n")]
    pattern = ""
    for line in lines:
        if line.strip() == "...":
            pattern += "(?:.*\n)*?"
        else:
            pattern += ".*".join(map(re.escape, line.split(" ..."))) + "\n"
    return bool(re.fullmatch(pattern, CHANGING.sub("#", printed).rstrip("\n") + "\n"))


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_a_tutorial_does_what_it_says(page, folder):
    """Its commands work in their order, nothing else is needed, and each output that it shows is what they print."""
    text = page.read_text(encoding="utf-8")
    if "curl " in text and not shutil.which("curl"):
        pytest.skip("curl is not here")
    reader, printed, here = Reader(folder), "", folder
    try:
        for block in blocks(text):
            if block.language == "sh":
                printed = reader.types(block.text)
                here = folder / (re.findall(r"^cd (\S+)$", block.text, flags=re.MULTILINE) or [here.relative_to(folder)])[-1]
            elif block.language == "text":
                if block.text.startswith("^C"):
                    printed = reader.types(block.text)
                assert shows(block.text, printed), f"{page.name} shows:\n{block.text}\nbut this is printed:\n{printed}"
            elif block.language:
                assert block.file, f"{page.name} does not say where to save:\n{block.text}"
                (here / block.file).write_text(block.text, encoding="utf-8")
    finally:
        reader.leaves()


def test_there_is_a_tutorial_for_each_door():
    """One for the audit and one for the gate; both first pages lead to them."""
    assert [page.name for page in TUTORIALS] == ["tutorial-audit.md", "tutorial-gate.md"]
    for name in ("README.md", "README.zh.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert all(f"docs/{page.name}" in text for page in TUTORIALS)


@pytest.mark.parametrize(
    ("shown", "printed", "true"),
    [
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\nd\n", "a\nb\nc\n", False),
        ("a ...\n", "a long line\n", True),
        ("a ...\n", "a long line\nand another\n", False),
        ("until 2026-01-01T00:00:00Z\n", "until 2027-02-02T01:00:00Z\n", True),
        ("read 3\n", "read 4\n", False),
        ("", "a\n", False),
    ],
)
def test_a_false_output_would_be_seen(shown, printed, true):
    """Only what is marked as left out may be missing, and only what changes from run to run may differ."""
    assert shows(shown, printed) is true
