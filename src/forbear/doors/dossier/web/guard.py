"""Who may ask the page: only a browser of this machine that was given its address, and no other page on its behalf."""

from __future__ import annotations

import secrets
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST: Final = 2 << 30
"""Bytes of one upload."""
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        *(f"{what} 'self'" for what in ("style-src", "script-src", "img-src", "connect-src", "form-action")),
        *("base-uri 'none'", "frame-ancestors 'none'"),
    )
)
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "cache-control": "no-store",
    # `no-referrer` would have browsers send `Origin: null`, which tells our own forms from nobody's; this sends none to others either.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Guard:
    """Stands before the application. What it lets through has the token taken off its path."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app, self._token, self._host = app, token.encode(), f"127.0.0.1:{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        first, _, rest = scope["path"].removeprefix("/").partition("/")
        if not self._may(Headers(scope=scope), scope["method"]) or not secrets.compare_digest(first.encode(), self._token):
            await PlainTextResponse("", 404)(scope, receive, sealed)
            return
        await self._app({**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}, receive, sealed)

    def _may(self, headers: Headers, method: str) -> bool:
        """Whether the browser asks this address by its number (a name could be anybody's), and whether a form is our own."""
        if headers.getlist("host") != [self._host]:
            return False
        return method in ("GET", "HEAD") or headers.getlist("origin") == [f"http://{self._host}"]
