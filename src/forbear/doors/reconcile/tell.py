"""A reconciliation in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from forbear.doors.reconcile.tables import agencies
from forbear.leads.reconcile import Compared
from forbear.leads.reconcile.compare import SURE, Doubt
from forbear.leads.reconcile.sealed import Agreed
from forbear.terms import Language

_DOUBTS: Final[dict[Doubt, dict[Language, str]]] = {
    "empty": {
        "en": "one of the two logs holds no contact with this person; nothing can be compared",
        "zh": "其中一方的记录里没有与此人的联系，无从比对",
    },
    "no-common-time": {
        "en": "the two logs cover no common time; nothing can be compared",
        "zh": "两份记录的时间没有重叠，无从比对",
    },
    "no-offset": {
        "en": "nothing shows how far the two clocks lie apart, or the logs are not about the same contacts; nothing can be concluded",
        "zh": "无法确定两边时钟相差多少，或两份记录并非同一批联系，不能得出任何结论",
    },
    "no-common-numbers": {
        "en": "no number stands in both logs; only times tell, and no number can be tied to the lender by itself",
        "zh": "两份记录没有相同的号码，只能凭时间判断，单凭号码不能认定属于机构",
    },
}
_LEAD: Final[dict[Language, str]] = {
    "en": "An unmatched contact is a lead, not proof: a record may be missing by mistake, and a caller's number can be forged.",
    "zh": "未能对上的联系只是线索，不是证据：记录可能误漏，主叫号码也可能被伪造。",
}


def lines(found: Mapping[str, Compared], lang: Language) -> Iterator[str]:
    """What was found of each person and each agency."""
    for who, each in found.items():
        yield f"{who}：" if lang == "zh" else f"{who}:"
        yield from (f"  {line}" for line in _person(each, lang))
    if sum(bool(each.offsets) for each in found.values()) > 1:
        for agency, people, contacts, hidden, share, low, high in agencies(found):
            named = agency or ("未注明机构" if lang == "zh" else "agency not named")
            yield (
                f"{named}：{people} 人的 {contacts:g} 次联系中约有 {hidden:g} 次不在其记录里，"
                f"占 {share:.1%}（95% 区间 {low:.1%} 至 {high:.1%}）"
                if lang == "zh"
                else f"{named}: of about {contacts:g} contacts with {people} people its records lack about {hidden:g}: "
                f"{share:.1%} (95% interval {low:.1%} to {high:.1%})"
            )
    if any(each.hidden for each in found.values()):
        yield _LEAD[lang]


def _person(each: Compared, lang: Language) -> Iterator[str]:
    for held in each.offsets:
        apart, chance = _clock(held.seconds), f"{held.by_chance:.1f}"
        yield (
            f"本人时钟与机构时钟相差 {apart}：{held.agree} 次联系吻合，若属巧合约 {chance} 次"
            if lang == "zh"
            else f"the person's clock minus the lender's: {apart}; {held.agree} contacts agree, by chance it would be {chance}"
        )
    yield from (_DOUBTS[doubt][lang] for doubt in each.doubts)
    if not each.offsets:
        return
    sure = sum(one.probability >= SURE for one in each.hidden)
    rest = len(each.hidden) - sure
    if lang == "zh":
        yield f"对上 {len(each.matched)} 次；机构记录中没有的线索 {sure} 次，另有 {rest} 次难以断定"
        yield f"机构有记录而本人没有的 {len(each.unseen)} 次；与机构无关联的号码 {each.strangers} 次；机构记录未覆盖的 {each.outside} 次"
    else:
        yield f"matched {len(each.matched)}; leads to contacts that the lender's records do not hold: {sure}, and {rest} less sure"
        yield (
            f"in the lender's records alone {len(each.unseen)}; from numbers that nothing ties to the lender {each.strangers}; "
            f"outside the time that his records cover {each.outside}"
        )


def sealed(found: Agreed, lang: Language) -> Iterator[str]:
    """What the marks of two sealed logs show."""
    if found.zone is None:
        yield _DOUBTS["no-offset"][lang]
        return
    apart = _clock(found.zone * 900)
    matched, hidden, chance = len(found.matched), len(found.hidden), f"{found.by_chance:.2%}"
    if lang == "zh":
        yield f"时钟相差 {apart}；对上 {matched} 次；来自机构号码而机构记录中没有的线索 {hidden} 次；任一联系碰巧对上的可能约 {chance}"
        yield f"线索在本人记录中的序号（按时间从 1 起）：{'、'.join(str(n + 1) for n in found.hidden) or '无'}"
    else:
        yield (
            f"clocks differ by {apart}; matched {matched}; from the lender's numbers and not in his records {hidden}; "
            f"a contact would find a partner by chance at {chance}"
        )
        yield f"these are, in the order of the person's log from 1: {', '.join(str(n + 1) for n in found.hidden) or 'none'}"
    if found.hidden:
        yield _LEAD[lang]


def _clock(seconds: int) -> str:
    """+8:00:12."""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{'-' if seconds < 0 else '+'}{minutes // 60}:{minutes % 60:02}:{rest:02}"
