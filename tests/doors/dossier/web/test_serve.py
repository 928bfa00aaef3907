"""Where the page is served, and that nothing stays."""

import signal
import socket
import stat
import threading
import webbrowser
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import uvicorn

from forbear.doors.dossier.web.serve import serve

CALLS = Path("examples/phone/calls.xml")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_nothing_stays_however_it_ends(served, how):
    """Ctrl-C, an order to end, a window that is closed: what was brought lay in a folder of its owner alone, and is gone."""
    address, private, process = served
    origin = address.rsplit("/", 2)[0]
    sent = {"files": ("calls.xml", CALLS.read_bytes())}
    answer = httpx2.post(f"{address}files", data={"do": "keep"}, files=sent, headers={"origin": origin}, trust_env=False)
    assert answer.status_code == 303
    (folder,) = private.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.rglob("*.xml")] == ["calls.xml"]
    process.send_signal(how)
    assert process.wait(20) == 0


def test_ctrl_c_ends_it_from_its_first_word_on(serving):
    """Also where it was started in the background, so that the shell told it to ignore Ctrl-C: nobody else would delete what it holds."""
    with serving(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)):
        pass


def test_only_this_machine_reaches_it(served):
    """It listens at one address, which no other machine has; another of this same machine is refused already."""
    address, _, _ = served
    port = urlsplit(address).port
    socket.create_connection(("127.0.0.1", port), 5).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), 5)


@pytest.mark.parametrize("browser", [True, False])
def test_the_browser_is_opened_unless_it_shall_not_be(monkeypatch, browser):
    """At the address that is said; it is new each time."""
    opened, said, called = [], [], threading.Event()
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: called.wait(5) if browser else None)
    monkeypatch.setattr(webbrowser, "open", lambda url: (opened.append(url), called.set()))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    for _ in range(2):
        called.clear()
        serve((), "en", said.append, browser=browser)
    assert opened == (said if browser else [])
    tokens = {urlsplit(url).path.strip("/") for url in said}
    assert len(tokens) == 2
    assert min(map(len, tokens)) >= 43
