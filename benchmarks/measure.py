"""One command in a process of its own: how long it took, and how much memory it and its children held; and what machine this is.

Only the standard library is imported, so that what is measured starts from a small parent.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
_GB = 1 << 30
_PAUSE = 0.02


def number(text: str) -> int:
    """`5M`, `300k` or `1000` as a number."""
    factor = {"k": 1000, "m": 1_000_000}.get(text[-1:].lower(), 1)
    return int(float(text[:-1] if factor > 1 else text) * factor)


class Taken(NamedTuple):
    """What one run took. `failed` is empty, or the last line that the command said."""

    seconds: float
    peak_gb: float
    failed: str = ""


def run(command: Sequence[str], log: Path, patience: float = 1800, limit_gb: float = 14, env: Mapping[str, str] | None = None) -> Taken:
    """Runs a command to its end; wall time with all that starting it costs. It is stopped after `patience` seconds.

    `limit_gb`: it gets no more memory than this and has to fail by itself, so that nobody else's process is ended for it.
    """
    began = time.perf_counter()
    limited = ["sh", "-c", f'ulimit -d {int(limit_gb * _GB / 1024)}; exec "$@"', "sh", *command]
    with log.open("wb") as said:
        child = subprocess.Popen(
            limited, stdout=said, stderr=said, env={**os.environ, **(env or {})}, start_new_session=True, cwd=HERE.parent
        )
        try:
            status, peak = _watched(child.pid, began + patience)
        except BaseException:
            os.killpg(child.pid, signal.SIGKILL)  # whoever stops us stops what we started
            raise
        child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    lines = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    if child.returncode == -signal.SIGKILL and seconds >= patience:
        return Taken(seconds, peak / _GB, f"stopped after {patience:.0f} s")
    return Taken(seconds, peak / _GB, "" if child.returncode == 0 else (lines or ["it said nothing"])[-1][:200])


def _watched(pid: int, until: float) -> tuple[int, int]:
    """Exit status and peak memory in bytes of a process that we started; it is killed at `until`."""
    peak = looked = 0
    while True:
        ended, status, used = os.wait4(pid, os.WNOHANG)
        if ended:
            return status, max(peak, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
        if looked % 10 == 0:  # to look costs a little of what is measured
            peak = max(peak, _held(pid))
        looked += 1
        if time.perf_counter() > until:
            os.killpg(pid, signal.SIGKILL)
        time.sleep(_PAUSE)


def _held(session: int) -> int:
    """The most that the processes of a session held, each at its own peak: a Java beside its Python counts too. 0 where /proc is not."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status") if sys.platform == "linux" else ():
        try:
            if os.getsid(int(status.parent.name)) == session:
                found += next((int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM")), 0)
        except (OSError, ValueError):
            continue  # it ended while we looked
    return found


def machine() -> str:
    """The machine in one line, with nothing that names it."""
    model = platform.machine()
    memory = ""
    if sys.platform == "linux":
        said = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
        model = said[0] if said else model
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / _GB:.0f} GB of memory"
    return f"{model}, {os.cpu_count()} cores{memory}; {platform.system()}, Python {platform.python_version()}"


def versions(packages: Sequence[str]) -> str:
    """The releases that were measured; those that are not installed are left out."""
    found = []
    for name in packages:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return ", ".join(found)
