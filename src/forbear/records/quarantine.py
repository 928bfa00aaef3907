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
        "not a time: write 2025-02-28 09:05+08:00, or say the format under [time] in the mapping",
        "无法识别的时间：请写成 2025-02-28 09:05+08:00，或在映射文件 [time] 中写明格式",
    ),
    "impossible-time": Word("no such date or time: correct it in the source", "不存在的日期或时间：请在源数据中更正"),
    "ambiguous-date": Word(
        'day or month first? say format = "day-first" or "month-first" under [time] in the mapping',
        '分不清日与月的先后：请在映射文件 [time] 中写 format = "day-first" 或 "month-first"',
    ),
    "no-such-time": Word(
        "local time skipped when the clocks went forward: correct it, or write the offset", "夏令时拨快时跳过的时刻：请更正，或写明时差"
    ),
    "no-zone": Word(
        'local time without a zone: add a zone column, or say zone = "..." under [time] in the mapping',
        '当地时间缺少时区：请增加 zone 列，或在映射文件 [time] 中写 zone = "..."',
    ),
    "several-zones": Word(
        "local time, and several zones could be meant: write the offset, or say under [time] whose clock it is",
        "当地时间对应多个可能的时区：请写明时差，或在 [time] 中说明以哪个时区的钟为准",
    ),
    "unknown-zone": Word("not an IANA time zone: write a name like Asia/Shanghai", "不是 IANA 时区名：请写成 Asia/Shanghai 这样的名称"),
    "date-only": Word(
        "a contact needs a time of day: add it, or say contact_date_at under [time] in the mapping",
        "联系记录须有具体时刻：请补全，或在映射文件 [time] 中写 contact_date_at",
    ),
    "bad-jurisdiction": Word(
        "not a jurisdiction: write CN, US or US-MA, or translate it under [values] in the mapping",
        "无法识别的法域：请写成 CN、US 或 US-MA，或在映射文件 [values] 中给出对应",
    ),
    "unknown-word": Word(
        "not one of our words: translate it under [values] in the mapping", "不在词表中：请在映射文件 [values] 中给出对应的词"
    ),
    "bad-number": Word("not a number of zero or more: correct it", "不是非负数字：请更正"),
    "bad-hours": Word("not hours: write mon-fri[18:00,24:00)", "无法识别的时段：请写成 mon-fri[18:00,24:00)"),
    "bad-date": Word("not a date: write 2025-02-28", "不是日期：请写成 2025-02-28"),
    "not-one": Word(
        "one value is needed here, not several or a choice: split the row or correct it", "此处只能有一个确定的值：请拆成多行，或更正"
    ),
    "choice-in-several": Word(
        "this column holds several values at once: join them with +, or leave it empty", "此列的多个值同时成立：请用 + 连接，拿不准就留空"
    ),
    "row-too-short": Word("fewer cells than the header: complete the row", "单元格少于表头：请补全该行"),
    "row-too-long": Word("more cells than the header: quote cells that hold the delimiter", "单元格多于表头：含分隔符的内容请加引号"),
    "bad-json": Word("not a JSON object: one object a line", "不是 JSON 对象：每行须为一个对象"),
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
