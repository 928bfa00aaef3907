"""Android, *SMS Backup & Restore*: calls and messages in XML, as the app writes them.

A call that came in and was picked up is `answered`: whether anybody talked is not told. Of a call that went out nothing is told but how
long it lasted. Of a message that was sent, `status` tells what became of it, where the telephone asked for that.
"""

from __future__ import annotations

from collections.abc import Iterator

from forbear.records.exports.elements import Attributes, elements
from forbear.records.exports.item import Item
from forbear.records.exports.reading import NOTHING, Reading, Unread, instant, whole

ROOTS = ("calls", "smses")

_CALLS = {
    "1": ("call", True, "answered"),
    "2": ("call", False, ""),
    "3": ("call", True, "no-answer"),
    "4": ("voicemail", True, "voicemail-left"),
    "5": ("call", True, "rejected"),
    "6": ("call", True, "rejected"),
    "7": ("call", True, "answered"),
}
"""`type` of a call -> channel, incoming, outcome. 6: blocked; 7: picked up on another device."""
_BOXES = {"1": (True, "delivered"), "2": (False, ""), "4": (False, "pending"), "5": (False, "failed"), "6": (False, "pending")}
"""`type` of an SMS and `msg_box` of an MMS -> incoming, outcome. 3 is a draft."""
_STATUS = {"0": "delivered", "32": "pending", "64": "failed"}
_FROM = "137"
"""`type` of the address that an MMS came from."""


def read(reading: Reading) -> Iterator[Item]:
    """The records of a backup of calls, or of messages."""

    def root(_: str, has: Attributes) -> None:
        count = has.get("count", "")
        reading.said = int(count) if count.isascii() and count.isdigit() else None

    make = tuple.__new__  # an Item is a tuple: millions of them are made, and this is the shortest way
    people = reading.people
    for number, (name, has, inner, _, _) in enumerate(elements(reading, root), 1):
        try:
            if name == "sms":
                box = has["type"]
                incoming, outcome = _BOXES[box]
                if box == "2":
                    outcome = _STATUS.get(has.get("status", ""), "")
                other, known = people[has["address"], has.get("contact_name", "")]
                at, text = instant(has["date"]), has["body"]
                if text == "null":
                    text = ""
                yield make(Item, (at, "sms", incoming, other, known, "", outcome, None, text, f"sms {number}", "", 0))
            elif name == "call":
                channel, incoming, outcome = _CALLS[has["type"]]
                other, known = people[has["number"], has.get("contact_name", "")]
                at, seconds = instant(has["date"]), whole(has["duration"])
                yield make(Item, (at, channel, incoming, other, known, "", outcome, seconds, "", f"call {number}", "", 0))
            elif name == "mms":
                yield _mms(reading, has, inner, f"mms {number}")
            else:
                reading.miss(f"{name} {number}", "unknown-type")
        except Unread as error:
            reading.miss(f"{name} {number}", str(error))
        except KeyError:
            kind = has.get("msg_box" if name == "mms" else "type")
            reading.miss(f"{name} {number}", "not-sent" if kind == "3" and name != "call" else "unknown-type")


def _mms(reading: Reading, has: Attributes, inner: list[tuple[str, Attributes]], place: str) -> Item:
    """A multimedia message: its plain text, without pictures. One to or from several people was said in a group."""
    incoming, outcome = _BOXES[has["msg_box"]]
    people = reading.people
    among = [each for each in has["address"].split("~") if each not in NOTHING]
    senders = [part["address"] for name, part in inner if name == "addr" and part.get("type") == _FROM and "address" in part]
    source = next((each for each in senders if each not in NOTHING and each != "insert-address-token"), "") if incoming else ""
    known = has.get("contact_name", "") if len(among) < 2 else ""
    group = ", ".join(sorted(people[each, ""][0] for each in among)) if len(among) > 1 else ""
    other, name = people[source or (among[0] if len(among) == 1 else ""), known]
    parts = [part.get("text", "") for name, part in inner if name == "part" and part.get("ct") == "text/plain"]
    subject = has.get("sub", "")
    said = [each for each in (subject, *parts) if each not in ("", "null")]
    if has["msg_box"] == "2":
        outcome = ""
    return Item(
        at=instant(has["date"]),
        channel="group-chat" if group else "sms",
        incoming=incoming,
        other=other or ("" if incoming else group),
        name=name,
        group=group,
        outcome=outcome,
        text="\n".join(said),
        place=place,
    )
