"""vCon, one conversation as JSON (draft of the IETF): its parties, and in `dialog` each call or message with the moment it began.

The draft does not say which party is the owner of the telephone: a party whose `role` says so is taken, and without one nothing is.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Final

import msgspec

from forbear.records import instants
from forbear.records.errors import InputError
from forbear.records.exports.item import Item
from forbear.records.exports.reading import Reading, Unread, possible

_MOST: Final = 256 << 20
_OWNER: Final = frozenset({"customer", "consumer", "self", "owner"})
_OUTCOMES: Final = {"no-answer": "no-answer", "busy": "busy", "failed": "failed", "voicemail-no-message": "no-answer"}
"""`disposition` of a call that did not come about -> outcome; what another means, we do not know."""
_AGAIN = "export the conversation again, as an unsigned or signed vCon"


class Party(msgspec.Struct):
    """One who took part."""

    tel: str = ""
    mailto: str = ""
    sip: str = ""
    name: str = ""
    role: str = ""


class Dialog(msgspec.Struct):
    """A call or a message. Parties are positions."""

    type: str
    start: str = ""
    duration: float | None = None
    parties: int | list[int] = []
    originator: int | None = None
    disposition: str = ""
    body: str = ""
    encoding: str = ""
    mediatype: str = ""
    mimetype: str = ""


class _Whole(msgspec.Struct):
    vcon: str | None = None
    parties: list[Party] = []
    dialog: list[msgspec.Raw] = []
    payload: str = ""
    ciphertext: str = ""


def read(reading: Reading) -> Iterator[Item]:
    """The dialog of a vCon. A signature is not checked. Raises `InputError` for one that is encrypted, or is none."""
    told = _whole(reading)
    reading.said = len(told.dialog)
    owner = next((place for place, party in enumerate(told.parties) if party.role.casefold() in _OWNER), None)
    for number, raw in enumerate(told.dialog, 1):
        place = f"dialog {number}"
        reading.raw = bytes(raw)
        try:
            yield _item(reading, told.parties, owner, raw, place)
        except Unread as error:
            reading.miss(place, str(error))


def _whole(reading: Reading) -> _Whole:
    path = reading.path
    if path.stat().st_size > _MOST:
        raise InputError(path, f"the vCon is larger than {_MOST >> 20} MB", "export it without its recordings")
    try:
        told = msgspec.json.decode(path.read_bytes(), type=_Whole)
        if told.payload:
            told = msgspec.json.decode(base64.urlsafe_b64decode(told.payload + "=" * (-len(told.payload) % 4)), type=_Whole)
    except (ValueError, msgspec.MsgspecError) as error:
        raise InputError(path, "it begins as JSON, and is no whole vCon", _AGAIN) from error
    if told.ciphertext:
        raise InputError(path, "the vCon is encrypted", _AGAIN)
    if told.vcon is None:
        raise InputError(path, "JSON, but no vCon", _AGAIN)
    return told


def _item(reading: Reading, parties: list[Party], owner: int | None, raw: msgspec.Raw, place: str) -> Item:
    try:
        told = msgspec.json.decode(raw, type=Dialog)
    except msgspec.MsgspecError as error:
        raise Unread("unknown-type") from error
    if told.type not in ("recording", "text", "incomplete"):
        raise Unread("not-a-message")
    among = [told.parties] if isinstance(told.parties, int) else told.parties
    among = among or list(range(len(parties)))
    first = told.originator if told.originator is not None else among[0]
    others = [each for each in among if each != owner]
    if owner is None or not others or not all(0 <= each < len(parties) for each in (*among, first)):
        raise Unread("side-unknown")
    incoming = first != owner
    end = parties[first if incoming else others[0]]
    other, name = reading.people[end.tel.removeprefix("tel:") or end.mailto.removeprefix("mailto:") or end.sip, end.name]
    group = ", ".join(sorted(parties[each].name or parties[each].tel for each in others)) if len(others) > 1 else ""
    text = told.type == "text"
    return Item(
        at=_instant(told.start),
        channel=_channel(end, group=bool(group)) if text else "call",
        incoming=incoming,
        other=other,
        name=name,
        group=group if text else "",
        outcome=_OUTCOMES.get(told.disposition, ""),
        seconds=None if told.duration is None or text else round(told.duration),
        text=_body(told) if text else "",
        place=place,
    )


def _channel(end: Party, *, group: bool) -> str:
    if group:
        return "group-chat"
    return "sms" if end.tel else "email" if end.mailto else "social-message"


def _body(told: Dialog) -> str:
    if told.encoding != "base64url":
        return told.body
    try:
        return base64.urlsafe_b64decode(told.body + "=" * (-len(told.body) % 4)).decode()
    except ValueError as error:
        raise Unread("text-unreadable") from error


def _instant(text: str) -> int:
    try:
        shown = instants.read(text.strip())
    except (instants.BadTime, IndexError) as error:
        raise Unread("no-time") from error
    if shown.instant is None:
        raise Unread("no-time")
    return possible(shown.instant)
