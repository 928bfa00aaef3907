"""Why a record of an export could not be read: codes, and what they say. Its place is told, never its words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from forbear.terms import Word

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
