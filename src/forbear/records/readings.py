"""What was taken for so although the source says less: counted row by row, and printed in every report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple

from forbear.terms import Word

READINGS: Final[Mapping[str, Word]] = {
    "word": Word("{detail}: exact by our reading only", "{detail}：此对应仅为本工具的理解"),
    "conversation-from": Word(
        "calls that were or may have been picked up and lasted {detail} s or more were read as conversations",
        "可能接起且时长不少于 {detail} 秒的呼叫，视为通话",
    ),
    "nothing-said": Word(
        "calls that nobody answered were read as holding no words, so no tags", "无人接听的呼叫，视为未有言语，不带任何标签"
    ),
    "text-read": Word("messages and transcripts were read for tags", "消息与通话转写按字面识别标签"),
    "consumer-is-address": Word(
        "no consumer is named: each number or address was read as one consumer", "未列债务人：每个号码或地址视为一名债务人"
    ),
    "contact-date-at": Word(
        "contacts with a date and no time were placed at {detail} of that date", "只有日期而无时刻的联系记录，一律视为当日 {detail}"
    ),
    "fact-from-start": Word(
        "facts that restrict the collector, with a date and no time, count from the start of that date",
        "限制催收方的事实只有日期的，自当日开始时起算",
    ),
    "fact-from-end": Word(
        "facts that permit something to the collector, with a date and no time, count from the end of that date",
        "对催收方放宽的事实只有日期的，自当日结束时起算",
    ),
    "clock": Word("times without offset were read by the clock of {detail}", "未写时差的时间，按 {detail} 的当地时间理解"),
    "known-late": Word(
        "facts said to be known before they happened stand where they happened", "知悉时间早于发生时间的事实，按发生时间排列"
    ),
}
"""Code of a reading -> what it is; `{detail}` is a number, a zone or a word of the export, never a person's data."""


class Reading(NamedTuple):
    """One reading, and how many rows it decided."""

    code: str
    detail: str
    rows: int

    @property
    def word(self) -> Word:
        """The reading as a sentence."""
        text = READINGS[self.code]
        return Word(text.en.format(detail=self.detail), text.zh.format(detail=self.detail))


class Given(NamedTuple):
    """A constant of the mapping, and how many rows it spoke for."""

    field: str
    value: str
    rows: int


class Tally:
    """Counts readings and constants over the files of a run."""

    def __init__(self) -> None:
        self._readings: Counter[tuple[str, str]] = Counter()
        self._given: Counter[tuple[str, str]] = Counter()

    def read(self, code: str, detail: str = "", rows: int = 1) -> None:
        """Notes that a reading decided some rows."""
        if rows:
            self._readings[code, detail] += rows

    def give(self, field: str, value: str, rows: int) -> None:
        """Notes that a constant spoke for some rows."""
        self._given[field, value] += rows

    @property
    def readings(self) -> tuple[Reading, ...]:
        """All readings, in a fixed order."""
        return tuple(Reading(*key, rows) for key, rows in sorted(self._readings.items()))

    @property
    def givens(self) -> tuple[Given, ...]:
        """All constants, in a fixed order, also those that no row needed."""
        return tuple(Given(*key, rows) for key, rows in sorted(self._given.items()))
