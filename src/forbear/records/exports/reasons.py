"""Why a record or a part of an export could not be read: codes, and what they say. Its place is told, never its words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from forbear.terms import Language, Word, Words

REASONS: Final[Mapping[str, Word]] = {
    "no-time": Word("it has no time, or one that cannot be read", "没有时间，或时间无法识别"),
    "impossible-time": Word(
        "its time lies before 1970 or after 2200, or was never shown by a clock there",
        "时间不可能：早于 1970 年、晚于 2200 年，或当地不存在该时刻",
    ),
    "ambiguous-date": Word("day or month first? write the date like 2025-02-28", "日、月的先后不明：日期请写成 2025-02-28 的形式"),
    "date-only": Word("a date without a time of day: add it", "只有日期而没有时刻：请补全"),
    "bad-number": Word("a number is needed where something else stands", "应为数字之处不是数字"),
    "unknown-type": Word("the program that wrote it gives it a kind that we do not know", "导出程序标注的记录类型未知"),
    "unknown-word": Word("a word of the template is needed where another stands", "该列只能填写模板中的词"),
    "not-sent": Word("a draft: it was never sent", "草稿，从未发出"),
    "not-a-message": Word("a notice of the program itself: nobody said it", "程序自身的提示，并非任何人的消息"),
    "side-unknown": Word(
        "the file does not say which side is the owner of the telephone: bring an export that does",
        "文件未说明哪一方是机主：请改用能说明的导出方式",
    ),
    "text-unreadable": Word("a message whose text is packed in a way that we cannot read", "消息正文的封装格式无法解读"),
    "row-too-short": Word("fewer cells than the header has", "该行的单元格比表头少"),
    "row-too-long": Word("more cells than the header has", "该行的单元格比表头多"),
    "damaged-text": Word("its text is damaged", "文字已损坏"),
}
"""Reason code of `Source.unread` -> what it says."""
BREAKS: Final[Words] = {
    "cut-off": Word("it is cut off at {place}", "在{place}处被截断"),
    "damaged": Word("it is damaged at {place}, and was read up to there", "{place}处已损坏，只读到这里"),
    "in-quotes": Word("it ends within quotes that begin at {place}", "{place}处的引号没有结束"),
    "no-cells": Word("{place} cannot be split into cells, and it was read up to there", "{place}无法分成单元格，只读到这里"),
    "damaged-after": Word("the database is damaged after {place}", "数据库在{place}之后已损坏"),
    "damaged-first": Word("the database is damaged before its first record", "数据库在第一条记录之前就已损坏"),
    "log-beside": Word(
        "{place} beside it holds changes that are not in it yet: bring a backup, not a copy of a running telephone",
        "旁边的 {place} 中有尚未写入的改动：请用备份，不要直接复制正在使用的手机",
    ),
}
"""Code of `Break.why` -> what it says, with its place."""
_PLACES: Final[Words] = {
    "line": Word("line {n}", "第{n}行"),
    "row": Word("row {n}", "第{n}行"),
    "sms": Word("text message {n}", "第{n}条短信"),
    "mms": Word("multimedia message {n}", "第{n}条彩信"),
    "call": Word("call {n}", "第{n}条通话"),
    "message": Word("row {n} of messages", "信息表第{n}行"),
    "ZCALLRECORD": Word("row {n} of calls", "通话表第{n}行"),
    "dialog": Word("part {n} of the conversation", "对话第{n}段"),
}
"""First word of `Item.place` -> what to call it."""
_PLACE: Final = re.compile(r"(\w+) (\d+)")


class Break(NamedTuple):
    """Where a file ends before its end, and why."""

    place: str
    """As `Item.place` has it, or the name of a file beside it."""
    why: str
    """A code of `BREAKS`."""

    def say(self, lang: Language) -> str:
        """Both in words."""
        return BREAKS[self.why].say(lang).format(place=place(self.place, lang))


def place(text: str, lang: Language) -> str:
    """A place of a record as people say it; one of no known kind as it stands."""
    found = _PLACE.fullmatch(text)
    return _PLACES[found[1]].say(lang).format(n=found[2]) if found and found[1] in _PLACES else text
