"""What `forbear init FILE` writes: a mapping proposed from the header and the first rows, with open questions as comments.

It loads as it is; what it leaves open is a line that begins with `#`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from forbear.records import guess, mapping, values
from forbear.records.calllogs import ADDED
from forbear.records.schema import NEEDED, STANDING, name_of
from forbear.records.tables import Batch, batches
from forbear.terms import FIELDS, KIND, Language, Word

_TEXT: Final = {
    "head": Word(
        "Proposed from {file}. Lines that begin with # are questions: answer them, then delete the #.",
        "根据 {file} 拟出。以 # 开头的是待定项：填好后去掉 #。",
    ),
    "log": Word(
        "Recognised as a call log ({log}): its own columns need no line here.",
        "已识别为通话日志（{log}）：其自带的列无须在此对应。",
    ),
    "source": Word("The name of this source in reports, and under [holds]", "此来源的名称，用于报告和 [holds]"),
    "columns": Word("your column = our column", "您的列名 = 本工具的列名"),
    "by-values": Word("known by its values, not by its name: check", "依内容推断，而非列名：请核对"),
    "unused": Word("not used", "未使用"),
    "missing": Word("needed: which column says {name}?", "必填：哪一列是{name}？"),
    "values": Word(
        "what your column says = our words; a|b: one of them; ?: unknown", "您的取值 = 本工具的词；a|b 表示其中之一；? 表示未知"
    ),
    "which": Word("{rows} rows: which of {words}?", "{rows} 行：属于哪一个？{words}"),
    "rows": Word("{rows} rows", "{rows} 行"),
    "reading": Word("{rows} rows; exact only by our reading, which reports print", "{rows} 行；此对应仅为本工具的理解，报告中会注明"),
    "zone": Word("NEEDED: times without offset; whose clock do they show?", "必填：时间未写时差，以哪里的时间为准？"),
    "zone-of-row": Word(
        "times without offset are read in the zone of each row; another clock?", "未写时差的时间按各行的时区理解；若以别处时间为准请填写"
    ),
    "order": Word("NEEDED: 03/04/2025 is read in two ways; or month-first", "必填：03/04/2025 有两种读法；或写 month-first"),
    "dates": Word(
        "contacts with a date alone are quarantined unless a time of day is assumed", "只有日期的联系记录会进入隔离区，除非设定一个时刻"
    ),
    "given": Word(
        "constants that the file leaves out, true of every row; reports print them", "文件未列、但对每一行都成立的常量；报告中会列出"
    ),
    "readings": Word(
        "readings: what is taken for so although the file says less; reports print them", "理解口径：文件未明说而视为如此的；报告中会列出"
    ),
    "long": Word(
        "a call that was or may have been picked up and lasted so many seconds was a conversation", "可能接起且达到此秒数的呼叫，视为通话"
    ),
    "whose": Word("no column names the consumer: take each number for one consumer?", "没有债务人一列：是否把每个号码视为一名债务人？"),
    "holds": Word(
        "kinds of fact that a source would have brought, had they happened; what no source holds is silent, and absence proves nothing",
        "各来源完整保存的事实种类；任何来源都没有的种类视为沉默，未见不等于没有",
    ),
    "seen": Word("seen in this file; does it hold all of them?", "此文件中出现过的种类；是否都保存完整？"),
    "all-kinds": Word("any of: {kinds}", "可选：{kinds}"),
}
_EXAMPLE: Final = {
    "jurisdiction": "CN",
    "zone": "Asia/Shanghai",
    "channel": "call",
    "direction": "outbound",
    "party": "consumer",
    "agency": "Agency",
    "agency_kind": "third-party-agency",
    "creditor": "Creditor",
    "creditor_kind": "bank",
    "debt_kind": "card",
}


def propose(path: Path, lang: Language = "en", rows: int = 5000) -> str:
    """The text of a mapping for a file, from its header and first `rows` rows. Raises `InputError` for a file that cannot be read."""
    text = _Proposal(path, next(batches(path, size=rows)), lang).text()
    mapping.parse(text, path)
    return text


class _Proposal:
    def __init__(self, path: Path, batch: Batch, lang: Language) -> None:
        self.path, self.log, self.header, self.lang = path, batch.log, batch.header, lang
        cells: list[tuple[str, ...]] = list(zip(*batch.rows, strict=True)) if batch.rows else [()] * len(batch.header)
        self.cells = dict(zip(batch.header, cells, strict=True))
        self.guessed = {} if batch.log else guess.columns(batch.header, cells)
        self.known = {each.column: theirs for theirs, each in self.guessed.items()}
        if batch.log:
            self.known = {ours: theirs for theirs, ours in batch.log.mapping.columns.items()}
            self.known |= {name: name for name in ADDED} | dict.fromkeys(batch.log.mapping.given, "")
        self.source = path.name.split(".")[0]

    def text(self) -> str:
        """All sections."""
        lines = self._head()
        if not self.log:
            lines += [*self._columns(), *self._values()]
        return "\n".join([*lines, *self._time(), *self._given(), *self._readings(), *self._holds()]) + "\n"

    def _say(self, text: str, **what: object) -> str:
        return "# " + _TEXT[text].say(self.lang).format(**{name: str(each) for name, each in what.items()})

    def _seen(self, ours: str) -> Sequence[str]:
        return self.cells.get(self.known.get(ours, ""), ())

    def _head(self) -> list[str]:
        log = [self._say("log", log=self.log.id)] if self.log else []
        return [self._say("head", file=_quoted(self.path.name)), *log, "", self._say("source"), f"source = {_quoted(self.source)}", ""]

    def _columns(self) -> list[str]:
        lines = ["[columns]", self._say("columns")]
        for theirs in dict.fromkeys(self.header):
            found = self.guessed.get(theirs)
            if found is None:
                lines.append(f'# {_quoted(theirs)} = ""    {self._say("unused")}')
                continue
            note = self._say("by-values") if found.by == "values" else f"# {name_of(found.column).say(self.lang)}"
            lines.append(f"{_quoted(theirs)} = {_quoted(found.column)}    {note}")
        for name in NEEDED["facts" if "kind" in self.known else "contacts"]:
            if name not in self.known:
                lines.append(f'# "" = {_quoted(name)}    {self._say("missing", name=name_of(name).say(self.lang))}')
        return [*lines, ""]

    def _values(self) -> list[str]:
        lines: list[str] = []
        for theirs, found in self.guessed.items():
            if found.column not in FIELDS or FIELDS[found.column].shape != "word":
                continue
            said = guess.words(found.column, self.cells[theirs])
            if said:
                lines += [f"[values.{_quoted(theirs)}]", self._say("values"), *(self._value(found.column, each) for each in said), ""]
        return lines

    def _value(self, ours: str, said: guess.Said) -> str:
        if said.means is None:
            return f'# {_quoted(said.cell)} = "?"    {self._say("which", rows=said.rows, words=", ".join(FIELDS[ours].words))}'
        note = self._say("reading" if said.reading else "rows", rows=said.rows)
        return f"{_quoted(said.cell)} = {_quoted(said.means)}    {note}"

    def _time(self) -> list[str]:
        said = [cell.strip() for cell in self._seen("occurred_at") if cell.strip()]
        found = guess.times(said)
        lines = ["[time]"]
        if found.format is None:
            lines.append(f'# format = "day-first"    {self._say("order")}')
        elif found.format != "auto":
            lines.append(f"format = {_quoted(found.format)}")
        if found.local:
            lines.append(f'# zone = "Asia/Shanghai"    {self._say("zone-of-row" if "zone" in self.known else "zone")}')
        if found.dates and "kind" not in self.known:
            lines.append(f'# contact_date_at = "12:00"    {self._say("dates")}')
        return [*lines, ""]

    def _given(self) -> list[str]:
        facts = "kind" in self.known
        asked = [name for name in _EXAMPLE if name not in self.known and (name in STANDING or not facts)]
        lines = []
        for name in asked:
            words = ", ".join(FIELDS[name].words)
            lines.append(f"# {name} = {_quoted(_EXAMPLE[name])}" + (f"    # {words}" if words else ""))
        return ["[given]", self._say("given"), *lines, ""]

    def _readings(self) -> list[str]:
        lines = ["[readings]", self._say("readings")]
        if "duration_s" in self.known:
            lines.append(f"# conversation_from_s = 30    {self._say('long')}")
        if "consumer" not in self.known and not self.log:
            lines.append(f"# consumer_is_address = true    {self._say('whose')}")
        return [*lines, ""]

    def _holds(self) -> list[str]:
        column = values.column("kind")
        read = {kind for cell in self._seen("kind") if isinstance(found := column[cell], tuple) for kind in found}
        kinds = ", ".join(f'"{kind}"' for kind in KIND if kind in read)
        lines = ["[holds]", self._say("holds"), self._say("all-kinds", kinds=", ".join(KIND))]
        return [*lines, f"# {_quoted(self.source)} = [{kinds}]" + (f"    {self._say('seen')}" if kinds else "")]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
