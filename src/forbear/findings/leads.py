"""A lead as it is told, in a sentence and in a row of leads.csv: what was seen, how often lawful operators look like it, what that says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from forbear.findings import sheets
from forbear.leads.find import Lead
from forbear.terms import TACTIC, Language

_SEEN: Final[dict[str, dict[Language, str]]] = {
    "timed-dialling": {
        "en": "{equal} of {gaps} gaps between calls last {seconds} s, within 4 s; {hung_up} calls were hung up within 2 s, "
        "{at_once} rang at once",
        "zh": "相邻来电的 {gaps} 个间隔中有 {equal} 个约为 {seconds} 秒（相差不超过 4 秒）；{hung_up} 次接通后 2 秒内挂断，"
        "{at_once} 次多线同时振铃",
    },
    "address-book": {
        "en": "{people} third persons in three days, {hour} of them within an hour; the same words {same_words} times, "
        "told of the debt {told}, after they declined {after_refusal}",
        "zh": "三天内联系第三人 {people} 人，其中一小时内 {hour} 人；相同内容 {same_words} 次，告知债务 {told} 次，"
        "对方拒绝后再联系 {after_refusal} 次",
    },
    "manufactured-permits": {
        "en": "{episodes} times three dials within ten minutes that nobody could answer, and then somebody else was contacted, "
        "{next_day} times by the next day; {declared} consents that only the agency declares",
        "zh": "{episodes} 次在十分钟内连拨三次、无人接听，随后即联系他人，其中 {next_day} 次不晚于次日；"
        "另有 {declared} 项同意只有机构自称取得",
    },
    "alternating-tones": {
        "en": "rough and kind talks changed {turns} times between {collectors} collectors in {days} days; {rough} were rough",
        "zh": "{days} 天内由 {collectors} 名催收员软硬交替 {turns} 次，其中 {rough} 次言辞恶劣",
    },
    "bridge-loan": {
        "en": "told to borrow {steering} times, {links} links to a lender; within a week each: {elsewhere} loans elsewhere, "
        "{repaid} payments here, {again} new loans here",
        "zh": "{steering} 次被劝另借、{links} 次收到借款链接；其后一周内：在别处借款 {elsewhere} 笔，"
        "在此还款 {repaid} 次，在此再借 {again} 笔",
    },
    "riding-the-cap": {
        "en": "on {full} of {days} days with calls there were {a_day}, as if by plan; on {prompt} the first came at {hour}:{minute:02}, "
        "within three minutes",
        "zh": "有来电的 {days} 天中 {full} 天恰为 {a_day} 次；{prompt} 天的首次来电都在 {hour}:{minute:02} 起三分钟内",
    },
    "group-infiltration": {
        "en": "{messages} messages in groups from {accounts} accounts of the agency that had not said whose they are; in {persona} the "
        "writer claims to owe too, in {leave} people are told to leave or close the group; {silent} from accounts not registered",
        "zh": "该机构的 {accounts} 个账号未表明身份，在群内发言 {messages} 条；其中自称也是债务人 {persona} 条，"
        "劝人退群或散群 {leave} 条；未备案账号的发言 {silent} 条",
    },
    "number-after-block": {
        "en": "{blocked} times after a number was blocked, and {refused} times after a call was declined, a contact followed within a day "
        "from a number not seen before; {numbers} numbers in all",
        "zh": "号码被拉黑后 {blocked} 次、来电被拒接后 {refused} 次，一天之内改用此前从未出现的号码再联系；先后共用 {numbers} 个号码",
    },
    "number-rotation": {
        "en": "{new} began after {old} ended, and of the {of} people whom it calls {shared} are the same; "
        "with the nearest number in use at the same time it shares {colleagues}",
        "zh": "{old} 停用后 {new} 启用，联系的 {of} 人中有 {shared} 人与前者相同；与同期在用、最接近的号码相同的有 {colleagues} 人",
    },
    "cost-of-credit": {
        "en": "of debt {debt} {lent} were paid out, {deducted} of it kept or paid back at once, and {paid} paid later ({extensions} for "
        "extensions); if this is all that was paid out and paid, the all-in annual rate is {rate} % (XIRR), at least {least} % "
        "however it is counted, and whatever else is paid raises it; above the cap of {caps}",
        "zh": "债务 {debt} 放款 {lent}，其中当日扣收或收回 {deducted}，此后还款 {paid}（含展期费 {extensions}）；"
        "若放款、还款仅此各笔，综合年化成本为 {rate}%（XIRR），无论如何计息都不低于 {least}%，如另有还款只会更高；超过上限：{caps}",
    },
}
LEADS: Final[dict[Language, str]] = {
    "en": "Leads are patterns worth a look, never breaches. What is said of lawful operators is measured on invented portfolios.",
    "zh": "线索只是值得查看的规律，不是违规结论。合规机构出现同样情形的比例，是用虚构数据测得的。",
}


def sentence(lead: Lead, lang: Language) -> str:
    """What was seen, and how much it says."""
    seen = _SEEN[lead.tactic][lang].format(**lead.observed)
    if lead.ratio is None:  # computed, so nothing is measured that could be told
        return f"{TACTIC[lead.tactic].say(lang)}{'：' if lang == 'zh' else ': '}{seen}"
    if lang == "zh":
        rare = f"；合规机构中约每 {1 / lead.base_rate:,.0f} 条时间线有一条如此" if lead.base_rate else ""
        return f"{TACTIC[lead.tactic].zh}：{seen}{rare}；若确有其事，出现这种情形的可能是无其事时的 {_times(lead.ratio)} 倍"
    rare = f"; of lawful timelines 1 in {1 / lead.base_rate:,.0f} looks like this" if lead.base_rate else ""
    return f"{TACTIC[lead.tactic].en}: {seen}{rare}; {_times(lead.ratio)} times likelier if it is what it looks like"


def lines(lead: Lead, lang: Language) -> list[str]:
    """A lead, as it is printed."""
    who = lead.consumer or ("跨多人" if lang == "zh" else "across people")
    agency = lead.agency or ("机构不详" if lang == "zh" else "agency unknown")
    first, last = (datetime.fromtimestamp(each, UTC).date().isoformat() for each in (lead.since, lead.until))
    may = "可能涉及" if lang == "zh" else "may touch"
    touched = [f"  {may}: {', '.join(lead.clauses)}"] if lead.clauses else []
    return [f"{agency}  {who}  {first}..{last}  ({len(lead.entries)})", f"  {sentence(lead, lang)}", *touched]


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio < 1_000_000 else "1,000,000+"


def write(path: Path, leads: Iterable[Lead], lang: Language) -> None:
    """A table with one row a lead."""

    def row(lead: Lead) -> tuple[object, ...]:
        observed = msgspec.json.encode(lead.observed).decode()
        parts = ("+".join(lead.entries), "+".join(lead.clauses), sentence(lead, lang))
        return (*lead[:5], observed, lead.base_rate or "", "" if lead.ratio is None else f"{lead.ratio:.6g}", *parts)

    sheets.write(path, (*Lead._fields, "sentence"), map(row, leads), sheets.SHEETS)
