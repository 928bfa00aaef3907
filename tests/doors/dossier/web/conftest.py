"""A session as a browser meets it: answered in this process, or served for a real one."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from starlette.testclient import TestClient

from forbear.doors.dossier.web.app import Pages
from forbear.doors.dossier.web.guard import Guard
from forbear.doors.dossier.web.session import Session

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
HOST = "http://127.0.0.1:8123"


@pytest.fixture
def session(tmp_path):
    """Nothing brought yet, in English."""
    folder = tmp_path / "session"
    folder.mkdir()
    return Session(folder, lang="en")


@pytest.fixture
def client(session):
    """Asks the pages behind their guard as their own forms do; paths are those behind the token."""
    guarded = Guard(Pages(session, lambda: setattr(session, "ended", True)).app(), "token", 8123)
    return TestClient(guarded, base_url=f"{HOST}/token", headers={"origin": HOST})


@pytest.fixture(scope="module")
def chromium():
    """A browser, started once a module: while it lives, no other test of this process can call `asyncio.run`."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser: {CHROMIUM} is not there (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def served(serving):
    """The page as a process of its own: its address, the folder under which it keeps what is private, the process."""
    with serving() as found:
        yield found


@pytest.fixture
def serving(tmp_path):
    """Starts `forbear dossier --open --no-browser` and ends it by Ctrl-C; `before` is done in the new process before it becomes forbear."""
    command = [sys.executable, "-m", "forbear.doors.cli", "dossier", "--open", "--no-browser"]
    private = tmp_path / "private"
    private.mkdir()
    environment = os.environ | {"TMPDIR": str(private), "PYTHONUNBUFFERED": "1"}

    @contextmanager
    def started(before=None):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, preexec_fn=before) as process:  # noqa: PLW1509
            try:
                assert process.stdout
                address = re.search(r"http://127\.0\.0\.1:\d+/\S+/", process.stdout.readline())
                assert address
                yield address[0], private, process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGINT)
                try:
                    assert process.wait(20) == 0
                finally:
                    process.kill()  # what does not end must not be waited for
        assert list(private.iterdir()) == [], "everything is deleted when it ends"

    return started
