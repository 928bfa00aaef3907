"""Rows that cannot be read: kept whole, with file, line, column, value and reason, so that nothing is lost and everything can be mended.

A value may be personal, so it is written to `quarantine.csv` and nowhere else: no message, log or report shows it.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from forbear.terms import Language, Word

REASONS: Final[Mapping[str, Word]] = {
    "missing": Word("needed, but empty: fill it in, or name its column in the mapping", "必填项为空：请补全，或在映射文件中指明对应的列"),
    "unreadable-time": Word(
        "not a time: write it like 2025-02-28 09:05+08:00, or say the format under [time] in the mapping",
        "无法识别的时间：请写成 2025-02-28 09:05+08:00，或在映射文件 [time] 中写明格式",
    ),
    "impossible-time": Word("no such date or time: correct it in the source", "不存在的日期或时间：请在源数据中更正"),
    "ambiguous-date": Word(
        'day or month first? say format = "day-first" or "month-first" under [time] in the mapping',
        '日、月的先后不明：请在映射文件 [time] 中写 format = "day-first" 或 "month-first"',
    ),
    "no-such-time": Word(
        "local time skipped when the clocks went forward: correct it, or write the offset",
        "因夏令时拨快而不存在的时刻：请更正，或写明与 UTC 的时差（如 -05:00）",
    ),
    "no-zone": Word(
        'local time without a zone: add a zone column, or say zone = "..." under [time] in the mapping',
        '只写了当地时间，没有时区：请增加 zone 列，或在映射文件 [time] 中写 zone = "..."',
    ),
    "several-zones": Word(
        "local time, and several zones could be meant: write the offset, or say under [time] whose clock it is",
        "只写了当地时间，而可能的时区不止一个：请写明与 UTC 的时差，或在映射文件 [time] 中写明以哪个时区为准",
    ),
    "unknown-zone": Word("not an IANA time zone: write a name like Asia/Shanghai", "不是 IANA 时区名：请写成 Asia/Shanghai 这样的名称"),
    "date-only": Word(
        "a date alone, and a contact needs a time of day: add it, or say contact_date_at under [time] in the mapping",
        "只有日期而没有时刻，联系记录须有具体时刻：请补全，或在映射文件 [time] 中填写 contact_date_at",
    ),
    "bad-jurisdiction": Word(
        "not a jurisdiction: write CN, US or US-MA, or translate it under [values] in the mapping",
        "无法识别的法域：请写成 CN、US 或 US-MA，或在映射文件 [values] 中给出对应",
    ),
    "unknown-word": Word(
        "not one of our words: translate it under [values] in the mapping", "不在词表中：请在映射文件 [values] 中给出对应的词"
    ),
    "bad-number": Word("not a number of zero or more: correct it", "须为不小于 0 的数字：请更正"),
    "bad-hours": Word(
        "not hours as we read them: write them like mon-fri[18:00,24:00)", "无法识别的时段：请写成 mon-fri[18:00,24:00) 这样的形式"
    ),
    "bad-date": Word("not a date: write it like 2025-02-28", "无法识别的日期：请写成 2025-02-28 这样的形式"),
    "not-one": Word(
        "one value is needed here, not several or a choice: split the row or correct it", "此处只能有一个确定的值：请拆成多行，或更正"
    ),
    "choice-in-several": Word(
        "this column holds several values at once: join them with +, or leave it empty",
        "此列的多个值同时成立：请用 + 连接，无法确定时请留空",
    ),
    "row-too-short": Word("fewer cells than the header has: complete the row", "该行的单元格比表头少：请补全"),
    "row-too-long": Word(
        "more cells than the header has: put quotes round cells that hold the delimiter",
        "该行的单元格比表头多：内容中含有分隔符的，请加引号",
    ),
    "bad-json": Word("not a JSON object: write one object a line", "不是 JSON 对象：每行请写一个 JSON 对象"),
}
"""Reason code -> what is wrong and what to do."""


class Quarantined(NamedTuple):
    """A row that was read and could not become an entry."""

    file: str
    line: int
    """The line on which the row begins, from 1; for Parquet the number of the row, from 1."""
    column: str
    """The column as the file names it; empty where the whole row is meant."""
    value: str
    reason: str
    """A key of `REASONS`."""


def counts(rows: Iterable[Quarantined]) -> list[tuple[str, str, int]]:
    """(reason, column, how many), the most frequent first: what to print, since it shows no value."""
    found = Counter((row.reason, row.column) for row in rows)
    return [(reason, column, n) for (reason, column), n in sorted(found.items(), key=lambda item: (-item[1], item[0]))]


def write(path: Path, rows: Iterable[Quarantined], lang: Language = "en") -> None:
    """Writes `quarantine.csv`: UTF-8 with a byte-order mark, for spreadsheets. `reason` is the code, `what_to_do` its text."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow((*Quarantined._fields, "what_to_do"))
        writer.writerows((*row, REASONS[row.reason].say(lang)) for row in rows)
