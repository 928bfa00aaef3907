"""WeChat, as three programs write it: WeChatMsg (all chats), MemoTrace (one chat), chatlog.

Each says in its own way which messages are the owner's; where a file does not, its messages are left unread (`side-unknown`), for a
message of the owner must never pass for one of the other side.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from forbear.records.exports.item import Item
from forbear.records.exports.reading import Reading, Unread, instant
from forbear.records.exports.rows import Row
from forbear.records.exports.rowwise import Cells, items, local, named, told

ALL: Final = (
    *("localId", "TalkerId", "Type", "SubType", "IsSender", "CreateTime", "Status", "StrContent", "StrTime"),
    *("Remark", "NickName", "Sender"),
)
CHAT: Final = ("消息ID", "类型", "发送人", "时间", "内容")
CHATLOG: Final = ("Time", "SenderName", "Sender", "TalkerName", "Talker", "Content")

_FROM_THE_END = 3
"""Older files of WeChatMsg have a column more in each row than in the header, before the last three."""
_ME: Final = "我"
_TEXT, _NOTICE = "1", "10000"
"""Of WeChat's numbers of kinds: a text, and a notice of the program."""
_NOTICES: Final = frozenset({"系统消息", "拍一拍", "撤回消息"})
_ROOM: Final = "@chatroom"
_COPY = re.compile(r"\s*\(\d+\)$")


def all_chats(reading: Reading) -> Iterator[Item]:
    """The file of all chats of WeChatMsg. Whoever speaks in a chat that does not bear his name speaks in a group."""
    groups = {cells["TalkerId"] for _, cells in told(reading, _aligned) if _in_group(cells)}
    yield from items(reading, _aligned, lambda row, cells: _of_all(reading, groups, row, cells))


def _aligned(header: list[str], cells: list[str]) -> Cells:
    if len(cells) == len(header) + 1:
        cells = [*cells[: len(header) - _FROM_THE_END], *cells[-_FROM_THE_END:]]
    return named(header, cells)


def _in_group(cells: Cells) -> bool:
    return cells["IsSender"] != "1" and cells["Sender"] not in ("", _ME, cells["Remark"], cells["NickName"])


def _of_all(reading: Reading, groups: set[str], row: Row, cells: Cells) -> Item:
    if cells["Type"] == _NOTICE:
        raise Unread("not-a-message")
    if cells["IsSender"] not in ("0", "1"):
        raise Unread("side-unknown")
    incoming, chat = cells["IsSender"] == "0", cells["Remark"] or cells["NickName"]
    group = chat if cells["TalkerId"] in groups else ""
    other, name = reading.people[cells["Sender"] if incoming and cells["Sender"] else chat, cells["NickName"] if not group else ""]
    return _item(row, instant(cells["CreateTime"]), incoming, other, name, group, cells["StrContent"] if cells["Type"] == _TEXT else "")


def one_chat(reading: Reading) -> Iterator[Item]:
    """The file of one chat of MemoTrace, which bears the name of the other end, as the program gives it."""
    called: dict[str, set[str]] = defaultdict(set)
    for _, cells in told(reading, named):
        called[cells["发送人"]].update({cells["发送人"], cells.get("备注", ""), cells.get("昵称", "")})
    chat = _COPY.sub("", reading.path.stem)
    other = next((sender for sender, names in called.items() if chat in names), None)
    mine = {_ME} if _ME in called else set(called) - {other} if other is not None and len(called) == 2 else None

    def item(row: Row, cells: Cells) -> Item:
        if cells["类型"] in _NOTICES:
            raise Unread("not-a-message")
        if mine is None:
            raise Unread("side-unknown")
        incoming = cells["发送人"] not in mine
        others = set(called) - mine
        group = chat if len(others) > 1 else ""
        end = cells["发送人"] if incoming else next(iter(others)) if len(others) == 1 else chat
        end, name = reading.people[end, cells.get("昵称", "") if incoming else ""]
        return _item(row, local(cells["时间"], reading.zone), incoming, end, name, group, cells["内容"])

    yield from items(reading, named, item)


def chatlog(reading: Reading) -> Iterator[Item]:
    """The file of chatlog. The owner is the one who speaks in a chat of two and is not the other end of it."""
    mine = {
        cells["Sender"]
        for _, cells in told(reading, named)
        if cells["SenderName"] == _ME or (cells["Sender"] != cells["Talker"] and not cells["Talker"].endswith(_ROOM))
    }

    def item(row: Row, cells: Cells) -> Item:
        room = cells["Talker"].endswith(_ROOM)
        if room and not mine:
            raise Unread("side-unknown")
        incoming = cells["Sender"] not in mine
        told = (cells["Sender"], cells["SenderName"]) if incoming else (cells["Talker"], cells["TalkerName"])
        other, name = reading.people[told]
        group = (cells["TalkerName"] or cells["Talker"]) if room else ""
        return _item(row, local(cells["Time"], reading.zone), incoming, other, name, group, cells["Content"])

    yield from items(reading, named, item)


def _item(row: Row, at: int, incoming: bool, other: str, name: str, group: str, text: str) -> Item:
    channel = "group-chat" if group else "social-message"
    outcome = "delivered" if incoming else ""
    return Item(at, channel, incoming, other, name, group, outcome, text=text, place=row.place)
