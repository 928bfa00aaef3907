"""`forbear COMMAND --help` teaches by examples that work as they stand."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
import typer
from gate_server import Served
from mcp import ClientSession, StdioServerParameters, stdio_client
from typer.testing import CliRunner

from forbear.doors.cli import app

ROOT = Path(__file__).parents[2]
# The reader of a help has the `forbear` that is tested.
ENVIRONMENT = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
SERVES = re.compile(r"forbear (?:gate|dossier) (serve|mcp|--open)\b")
ENDS = {"gate coverage": 1, "rules diff": 1}
"""Examples that end otherwise than with 0: these find something, and their help says so."""


def walk(command, words=()):
    """The words of a command and of all below it."""
    yield " ".join(words)
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, (*words, name))


COMMANDS = list(walk(typer.main.get_command(app)))


def shown(command, columns=80):
    """A command's help where it is piped, on a terminal of so many columns."""
    result = CliRunner().invoke(app, [*command.split(), "--help"], env={"COLUMNS": str(columns)})
    assert result.exit_code == 0, result.output
    return result.output


def example(text):
    """The lines under "Example" at the end of a help."""
    found = re.search(r"\n  Example[^\n]*:\n((?:    [^\n]+\n)+)\Z", text)
    assert found, f"the help does not end with an example:\n{text}"
    return re.sub(r"^    ", "", found[1], flags=re.MULTILINE)


def test_every_command_is_found():
    """The walk goes into groups of groups."""
    assert {"", "audit", "gate serve", "gate key create", "ledger verify"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_ends_with_an_example_that_can_be_copied(command):
    """It shows the command itself; its lines fit 80 columns, and are the same on a wider terminal."""
    narrow, wide = shown(command), shown(command, 140)
    assert f"forbear {command}".strip() in example(narrow)
    assert example(narrow) == example(wide)
    assert max(map(len, narrow.splitlines())) <= 80


@pytest.mark.parametrize("command", COMMANDS)
def test_help_can_be_piped(command):
    """It is plain text: no frames, no colours, and no line of a list cut short."""
    text = shown(command)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert not re.search(r"\w\.\.\.$", text, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """What a newcomer has after `make demo` and a `forbear gate serve` that was stopped: the examples, the suite, a history, a store."""
    folder = tmp_path_factory.mktemp("newcomer")
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "conformance").symlink_to(ROOT / "conformance")
    subprocess.run([sys.executable, "examples/make_history.py", "--out", "out/example"], cwd=folder, check=True, capture_output=True)
    assert Served(folder).stop() == 0
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_the_example_works(command, before, tmp_path):
    """Its lines, copied as they stand, do what they should; what serves for ever is started, asked, and stopped."""
    folder = tmp_path / "newcomer"
    shutil.copytree(before, folder, symlinks=True)
    *first, last = example(shown(command)).replace("\\\n", " ").splitlines()
    if said := SERVES.match(last):
        {"serve": served, "mcp": spoken_with, "--open": opened}[said[1]]("\n".join(["set -e", *first, f"exec {last}"]), folder)
        return
    script = "\n".join(["set -e", *first, last])
    done = subprocess.run(["/bin/sh", "-c", script], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == ENDS.get(command, 0), done.stderr


def served(script, folder):
    """Starts a gate, on a port that is free, asks it whether it is ready, and stops it with Ctrl-C."""
    process = subprocess.Popen(["/bin/sh", "-c", f"{script} --port 0"], cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().removeprefix("listening on ").strip()
        assert httpx2.get(f"{url}/readyz", trust_env=False).json() == {"status": "ready"}
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.stdout.close()


def opened(script, folder):
    """Opens the page of a dossier, asks it for its first step, and ends it with Ctrl-C."""
    process = subprocess.Popen(["/bin/sh", "-c", script], cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        assert httpx2.get(f"{url}files", trust_env=False).status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.stdout.close()


def spoken_with(script, folder):
    """Starts the tools beside a gate that runs, lets an agent ask one of them, and ends."""
    gate = Served(folder)
    command = ["-c", script.replace("http://127.0.0.1:8707", gate.url)]
    tools = StdioServerParameters(command="/bin/sh", args=command, env=ENVIRONMENT, cwd=folder)

    async def session():
        async with stdio_client(tools) as (read, write), ClientSession(read, write) as agent:
            await agent.initialize()
            return await agent.call_tool("explain_rule", {"rule": "us.reg-f.call-frequency"})

    try:
        assert asyncio.run(session()).structured_content["rule"] == "us.reg-f.call-frequency"
    finally:
        gate.stop()
