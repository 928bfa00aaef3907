"""The page of `forbear oversight`: one file, both languages, no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple, TypeVar

from jinja2 import Environment, StrictUndefined, Template

from forbear.findings import charts
from forbear.findings.charts import PALETTE, Bar
from forbear.findings.oversight import Rate, Shared, Trend
from forbear.terms import TACTIC, Language

_MOST: Final = 40
"""Lines of one picture."""
_WORDS: Final[dict[Language, dict[str, str]]] = {
    "en": {
        "title": "Oversight of agencies",
        "lede": "{n:,} outbound contacts. Rates are contacts per thousand; a dot is the rate drawn towards that of all, the more the fewer "
        "contacts there are; a ring is what was counted; a line is the 95 % interval. Names stand in their own order: this is no ranking.",
        "warnings": "Worth a look first",
        "none": "Nothing stands out beyond what chance makes.",
        "age": "{name}: breaches rise with days past due, by {slope:.1f} per thousand contacts in {unit} days "
        "(95 %: {low:.1f} to {high:.1f})",
        "time": "{name}: breaches rise over time, by {slope:.1f} per thousand contacts in {unit} days (95 %: {low:.1f} to {high:.1f})",
        "above": "{name}: {shrunk:.1f} breaches per thousand contacts (95 %: {low:.1f} to {high:.1f}); of all agencies {usual:.1f}",
        "shared": "debts that two agencies worked within a week: {n}",
        "rates": "Breaches by agency",
        "leads": "Contacts in a lead, by agency",
        "collectors": "Breaches by collector",
        "trend-age": "How breaches change with days past due",
        "trend-time": "How breaches change over time",
        "trend-note": "Agencies with fewer than 30 contacts or people are left out. Red: it rises by more than three standard errors.",
        "overlap": "Debts that two agencies worked within a week",
        "tactics": "Leads by tactic",
        "complaints": "Complaints",
        "axis": "contacts with a breach, per thousand",
        "axis-leads": "contacts in a lead, per thousand",
        "axis-trend": "more breaches per thousand contacts in {unit} days",
        "agency": "agency",
        "debt": "debt",
        "contacts": "contacts",
        "unknown": "agency not recorded",
        "note": "A lead is worth a look and never a breach. Nothing here is legal advice.",
        "more": "Drawn are the {n} with most contacts, of {of}.",
        "rest": "The first {n} of {of}.",
    },
    "zh": {
        "title": "机构监督",
        "lede": "共 {n:,} 次外呼联系。数值为每千次联系；实心点是向全体水平收缩后的比率，联系越少收缩越多；圆圈是原始计数；横线是 95% 区间。"
        "按名称排列，不是排名。",
        "warnings": "先看这些",
        "none": "没有超出偶然波动的情况。",
        "age": "{name}：逾期越久违规越多，每 {unit} 天每千次联系增加 {slope:.1f} 次（95% 区间 {low:.1f} 至 {high:.1f}）",
        "time": "{name}：违规随时间增多，每 {unit} 天每千次联系增加 {slope:.1f} 次（95% 区间 {low:.1f} 至 {high:.1f}）",
        "above": "{name}：每千次联系违规 {shrunk:.1f} 次（95% 区间 {low:.1f} 至 {high:.1f}），全体为 {usual:.1f} 次",
        "shared": "{n} 笔债务在一周内由两家机构同时催收",
        "rates": "各机构违规",
        "leads": "各机构涉及线索的联系",
        "collectors": "各催收员违规",
        "trend-age": "违规随逾期天数的变化",
        "trend-time": "违规随时间的变化",
        "trend-note": "联系或人数不足 30 的机构不列。红色：上升超过三倍标准误。",
        "overlap": "一周内由两家机构催收的债务",
        "tactics": "各类线索",
        "complaints": "投诉",
        "axis": "每千次联系中的违规次数",
        "axis-leads": "每千次联系中涉及线索的次数",
        "axis-trend": "每 {unit} 天每千次联系增加的违规次数",
        "agency": "机构",
        "debt": "债务",
        "contacts": "联系次数",
        "unknown": "未记录机构",
        "note": "线索只是值得查看，不是违规结论。本页不是法律意见。",
        "more": "共 {of} 项，画出联系最多的 {n} 项。",
        "rest": "共 {of} 项，列出前 {n} 项。",
    },
}


class Overseen(NamedTuple):
    """What there is to tell."""

    contacts: int
    agencies: Sequence[Rate]
    in_leads: Sequence[Rate]
    collectors: Sequence[Rate]
    by_time: Sequence[Trend]
    by_age: Sequence[Trend]
    shared: Sequence[Shared]
    leads: Mapping[tuple[str, str], int]
    """(agency, tactic) -> leads."""
    complaints: Mapping[str, int]

    def warnings(self, lang: Language) -> list[str]:
        """What to look at first, each with its interval."""
        words = _WORDS[lang]
        hits, contacts = sum(each.hits for each in self.agencies), sum(each.contacts for each in self.agencies)
        usual = 1000 * hits / contacts if contacts else 0.0
        said = [words["age"].format(**_named(each, words)) for each in self.by_age if each.warns]
        said += [words["time"].format(**_named(each, words)) for each in self.by_time if each.warns]
        said += [words["above"].format(**_named(each, words), usual=usual) for each in self.agencies if each.low > usual]
        if self.shared:
            said.append(words["shared"].format(n=len({each.debt for each in self.shared})))
        return said or [words["none"]]


def _named(each: Rate | Trend, words: Mapping[str, str]) -> dict[str, object]:
    return {**each._asdict(), "name": each.name or words["unknown"]}


Line = TypeVar("Line", Rate, Trend)


def _drawn(some: Sequence[Line]) -> list[Line]:
    """Those with most contacts, as many as a picture holds, in the order of their names."""
    return sorted(sorted(some, key=lambda each: -each.contacts)[:_MOST], key=lambda each: each.name)


def render(found: Overseen, lang: Language) -> str:
    """The page."""
    words = _WORDS[lang]

    def rates(some: Sequence[Rate], axis: str, name: str) -> str:
        usual = 1000 * sum(each.hits for each in some) / max(1, sum(each.contacts for each in some))
        bars = [Bar(each.name or words["unknown"], each.shrunk, each.low, each.high, each.raw, each.low > usual) for each in _drawn(some)]
        return charts.forest(bars, words[axis], words[name], lang, name, usual) if bars else ""

    def slopes(some: Sequence[Trend], name: str) -> str:
        bars = [Bar(each.name or words["unknown"], each.slope, each.low, each.high, None, each.warns) for each in _drawn(some)]
        return charts.forest(bars, words["axis-trend"].format(unit=some[0].unit), words[name], lang, name, 0.0) if bars else ""

    return _template().render(
        lang=lang,
        words=words,
        colours=PALETTE,
        found=found,
        most=_MOST,
        warnings=found.warnings(lang),
        pictures=[
            ("trend-age", slopes(found.by_age, "trend-age"), len(found.by_age)),
            ("trend-time", slopes(found.by_time, "trend-time"), len(found.by_time)),
            ("rates", rates(found.agencies, "axis", "rates"), len(found.agencies)),
            ("leads", rates(found.in_leads, "axis-leads", "leads"), len(found.in_leads)),
            ("collectors", rates(found.collectors, "axis", "collectors"), len(found.collectors)),
        ],
        tactics=[tactic for tactic in TACTIC if any(each == tactic for _, each in found.leads)],
        say=lambda tactic: TACTIC[tactic].say(lang),
    )


@cache
def _template() -> Template:
    text = files("forbear.doors.oversight").joinpath("page.html.j2").read_text("utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(text)
