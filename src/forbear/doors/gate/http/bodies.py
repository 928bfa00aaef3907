"""What a request says: its body as one of our types, or a refusal that repeats nothing of it."""

from __future__ import annotations

import asyncio
import difflib
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from forbear.doors.gate.api import Refused
from forbear.doors.gate.http.routes import LIMIT, ROUTES, Declined

Receive = Callable[[], Awaitable[dict[str, Any]]]
KEPT: Final = 200
"""Characters that an id or an idempotency key may have."""
_BODY_S: Final = 20
"""How long a body may take to come."""
_DECODERS: Final[dict[type, msgspec.json.Decoder[Any]]] = {
    route.request: msgspec.json.Decoder(route.request) for route in ROUTES if route.request
}
_PATH: Final = re.compile(r" - at `\$\.?([\w.\[\]]*)`$")
_NUL: Final = b"\\u0000"


def read(kind: type, body: bytes) -> Any:  # noqa: ANN401 (what `kind` says)
    """A body as the request that it is to be. Raises `Refused`, which repeats nothing of the body."""
    try:
        request = _DECODERS[kind].decode(body)
    except msgspec.ValidationError as error:
        raise _wrong(kind, str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        where = re.search(r"\(byte \d+\)$", str(error))
        raise Refused(
            "malformed-json", 400, "The body is not JSON", "send one JSON object in UTF-8", where[0].strip("()") if where else ""
        ) from None
    if _NUL in body:
        raise Refused("wrong-type", 422, "A text holds the character U+0000", "leave it out")
    return request


def _wrong(kind: type, said: str) -> Refused:
    """What msgspec says, without what the request said: the name of an unknown field is the request's."""
    fields = [field.name for field in msgspec.structs.fields(kind)]
    name = said.rpartition("field `")[2].partition("`")[0]
    if said.startswith("Object missing"):
        return Refused("missing-field", 422, "A field is missing", "send it", field=name)
    if "unknown field" in said:
        near = difflib.get_close_matches(name, fields, 1)
        return Refused(
            "unknown-field", 422, "There is no such field", f"perhaps {near[0]}" if near else "GET /openapi.json lists the fields"
        )
    where = _PATH.search(said)
    detail = said[: where.start()] if where else said
    detail = detail if detail.startswith("Expected `") or detail.endswith("out of range") else ""
    return Refused(
        "wrong-type",
        422,
        "A field has another type than it should",
        "see the field in GET /openapi.json",
        detail,
        where[1] if where else "",
    )


async def whole(receive: Receive, length: bytes | None) -> bytes:
    """The whole body. Raises `Refused` as soon as it is known to be too large, and reads no further."""
    if length is not None and int(length) > LIMIT:
        raise _too_large()
    body = b""
    try:
        async with asyncio.timeout(_BODY_S):
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refused("cut-off", 400, "The request was cut off", "send it again")
                body += message.get("body", b"")
                more = message.get("more_body", False)
                if len(body) > LIMIT:
                    raise _too_large()
    except TimeoutError:
        raise Declined("too-slow", 408, "The body did not come in time", "send it at once", [(b"connection", b"close")]) from None
    return body


def _too_large() -> Refused:
    # What is not read must not be taken for the next request.
    return Declined("body-too-large", 413, "The body is too large", f"send at most {LIMIT} bytes", [(b"connection", b"close")])


def idempotency(said: bytes | None) -> str:
    """The asker's own name for a request; empty: none. Raises `Refused`."""
    if said is None:
        return ""
    text = said.decode("latin-1")
    if not 0 < len(text) <= KEPT or not text.isascii() or not text.isprintable():
        raise Refused(
            "bad-idempotency-key", 400, "This is no idempotency key", "send 1 to 200 printable ASCII characters", field="Idempotency-Key"
        )
    return text
