"""Opens the page on this machine alone, and deletes everything when it ends."""

from __future__ import annotations

import secrets
import signal
import socket
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

import uvicorn

from forbear.doors.dossier.web.app import Pages
from forbear.doors.dossier.web.guard import Guard
from forbear.doors.dossier.web.session import Session
from forbear.terms import Language

_ENDS = ("SIGINT", "SIGTERM", "SIGHUP")
"""Signals after which nothing may stay. The first is Ctrl-C, which a shell may have told us to ignore; the last is that of a window that
is closed, and not on every system."""


def serve(given: Sequence[Path], lang: Language | None, say: Callable[[str], None], *, browser: bool) -> None:
    """Serves until Ctrl-C, or until the person ends it on the page. `say`: gets the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener, tempfile.TemporaryDirectory(prefix="forbear-") as folder:
        port, token = listener.getsockname()[1], secrets.token_urlsafe(32)

        def stop(*_: object) -> None:
            server.should_exit = True

        pages = Pages(Session(Path(folder), given, lang), stop)
        config = uvicorn.Config(
            Guard(pages.app(), token, port),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
        )
        server = uvicorn.Server(config)
        for number in (getattr(signal, name) for name in _ENDS if hasattr(signal, name)):
            signal.signal(number, stop)
        address = f"http://127.0.0.1:{port}/{token}/"
        say(address)
        if browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        # What a form brings waits in files until it is whole; they belong into the private folder, too.
        tempfile.tempdir = folder
        try:
            server.run(sockets=[listener])
        finally:
            tempfile.tempdir = None
