"""The vocabulary: every closed word list, in English and Chinese.

The same words stand in rules, tags, files, messages and reports. Adding a word here is adding it to the language; a word that is not
here is an error wherever it is met. `FIELDS` says which list a field draws on, so that readers and rules refuse the same things.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal, NamedTuple

Language = Literal["en", "zh"]


class Word(NamedTuple):
    """One term as people of the field say it."""

    en: str
    zh: str

    def say(self, lang: Language) -> str:
        """The term in `lang`."""
        return self.zh if lang == "zh" else self.en


Words = Mapping[str, Word]

CHANNEL: Final[Words] = {
    "call": Word("call", "电话"),
    "voicemail": Word("voicemail", "语音信箱"),
    "sms": Word("text message", "短信"),
    "email": Word("email", "电子邮件"),
    "letter": Word("letter", "信函"),
    "visit": Word("visit", "上门走访"),
    "app-message": Word("app message", "应用内消息"),
    "social-message": Word("social-media message", "社交软件私信"),
    "group-chat": Word("group chat", "群聊"),
}
DIRECTION: Final[Words] = {
    "outbound": Word("by the collector", "主动联系"),
    "inbound": Word("by the other side", "对方来电来信"),
}
PARTY: Final[Words] = {
    "consumer": Word("consumer", "债务人"),
    "spouse": Word("spouse", "配偶"),
    "guarantor": Word("guarantor", "担保人"),
    "co-borrower": Word("co-borrower", "共同借款人"),
    "family": Word("family", "亲属"),
    "friend": Word("friend", "朋友"),
    "colleague": Word("colleague", "同事"),
    "employer": Word("employer", "用人单位"),
    "attorney": Word("attorney", "律师"),
    "other": Word("other third party", "其他第三人"),
}
OUTCOME: Final[Words] = {
    "conversation": Word("conversation", "通话"),
    "answered": Word("picked up, no talk known", "接起但未见通话"),
    "voicemail-left": Word("voicemail left", "留言"),
    "no-answer": Word("no answer", "未接"),
    "busy": Word("busy", "占线"),
    "rejected": Word("declined or blocked", "拒接或被拦截"),
    "not-in-service": Word("not in service", "空号停机"),
    "delivered": Word("delivered", "已送达"),
    "failed": Word("failed", "发送失败"),
    "pending": Word("outcome not reported", "结果未报"),
}
KIND: Final[Words] = {
    "consent": Word("consent", "同意"),
    "consent-revoked": Word("consent revoked", "撤回同意"),
    "cease-request": Word("cease request", "停止联系请求"),
    "stop-by-third-party": Word("a third party refuses contact", "第三人拒绝再被联系"),
    "asked-to-call-back": Word("asked to be called back", "要求回电"),
    "opt-out": Word("opt-out of a channel", "退订某渠道"),
    "opt-in": Word("opt-in to a channel", "重新接受某渠道"),
    "dispute": Word("dispute", "债务异议"),
    "verified": Word("debt verified", "异议已核实答复"),
    "attorney-named": Word("attorney named", "已告知律师代理"),
    "attorney-withdrawn": Word("attorney withdrawn", "律师代理终止"),
    "inconvenient-hours": Word("inconvenient hours named", "指定不便时段"),
    "inconvenient-hours-lifted": Word("inconvenient hours lifted", "取消不便时段"),
    "number-blocked": Word("number blocked", "号码被拉黑"),
    "number-registered": Word("number registered", "催收号码备案"),
    "staff-account-registered": Word("staff account registered", "员工账号备案"),
    "number-checked": Word("number checked", "号码核验"),
    "place-forbidden": Word("place forbidden", "禁止在某处联系"),
    "place-allowed": Word("place allowed", "允许在某处联系"),
    "validation-notice": Word("validation notice", "债务核实通知"),
    "notice": Word("notice", "通知"),
    "assigned": Word("debt assigned to an agency", "委托催收"),
    "recalled": Word("debt recalled", "收回委托"),
    "disbursed": Word("loan disbursed", "放款"),
    "due": Word("due", "到期"),
    "overdue": Word("overdue", "逾期"),
    "repaid": Word("repaid", "还款"),
    "extended": Word("loan extended", "展期"),
    "hardship": Word("hardship", "经济困难"),
    "bereavement": Word("bereavement", "亲属去世"),
    "insolvency": Word("insolvency", "破产"),
    "died": Word("the consumer has died", "债务人死亡"),
    "incapacitated": Word("the consumer lacks capacity", "债务人丧失或限制行为能力"),
}
PLACE: Final[Words] = {
    "home": Word("home", "住所"),
    "mobile": Word("mobile", "手机"),
    "work": Word("workplace", "单位"),
    "other": Word("other place", "其他地点"),
}
AUTOMATED: Final[Words] = {
    "person": Word("a person", "人工"),
    "prerecorded": Word("prerecorded", "预录语音"),
    "ai-voice": Word("AI voice", "智能语音"),
}
DEBT_KIND: Final[Words] = {
    "online-consumer": Word("online consumer loan", "网络个人消费贷款"),
    "card": Word("credit card", "信用卡"),
    "personal": Word("personal loan", "个人贷款"),
    "mortgage": Word("mortgage", "住房贷款"),
    "student": Word("student loan", "助学贷款"),
    "auto": Word("car loan", "汽车贷款"),
    "payday": Word("payday or cash loan", "现金贷"),
    "medical": Word("medical debt", "医疗欠费"),
    "other": Word("other debt", "其他债务"),
}
CREDITOR_KIND: Final[Words] = {
    "bank": Word("bank", "银行"),
    "consumer-finance": Word("consumer finance company", "消费金融公司"),
    "microloan": Word("microloan company", "小额贷款公司"),
    "auto-finance": Word("auto finance company", "汽车金融公司"),
    "private": Word("private lender", "民间出借人"),
    "other": Word("other creditor", "其他债权人"),
}
AGENCY_KIND: Final[Words] = {
    "creditor": Word("the creditor's own staff", "债权人自催"),
    "servicer": Word("servicer", "贷款服务机构"),
    "third-party-agency": Word("third-party agency", "第三方催收机构"),
    "debt-buyer": Word("debt buyer", "债权受让方"),
}
FORM: Final[Words] = {
    "written": Word("in writing", "书面"),
    "oral": Word("orally", "口头"),
    "click": Word("by click", "点击确认"),
}
SCOPE: Final[Words] = {
    "more-calls": Word("more calls", "更多呼叫"),
    "hours": Word("unusual hours", "非常规时段"),
    "channel": Word("a channel", "某一渠道"),
    "place": Word("a place", "某一地点"),
    "person": Word("a person", "某一人员"),
    "all": Word("everything", "全部"),
}
DECLARED_BY: Final[Words] = {
    "consumer": Word("the consumer", "债务人"),
    "creditor": Word("the creditor", "债权人"),
    "agency": Word("the agency", "催收机构"),
    "source-system": Word("the source system", "来源系统"),
}
CONDUCT: Final[Words] = {
    "frequency": Word("frequency", "频次"),
    "hours": Word("quiet hours", "禁呼时段"),
    "third-party": Word("third party", "联系第三人"),
    "disclosure": Word("disclosure", "泄露债务"),
    "insult": Word("insult", "侮辱"),
    "threat": Word("threat", "恐吓威胁"),
    "impersonation": Word("impersonation", "冒充身份"),
    "false-claim": Word("false claim", "虚假陈述"),
    "number-rotation": Word("number rotation", "换号"),
    "steering": Word("steering into credit", "诱导借贷"),
    "visit": Word("visit", "上门"),
    "ignored-stop": Word("ignored stop", "无视停止要求"),
    "data-misuse": Word("data misuse", "滥用个人信息"),
    "overcharge": Word("overcharge", "超额收费"),
    "identification": Word("identification", "表明身份"),
    "duty": Word("duty", "义务"),
}
CONTENT: Final[Words] = {
    "identifies-caller": Word("identifies the caller", "表明来电人"),
    "identifies-creditor": Word("identifies the creditor", "表明债权人"),
    "states-debt": Word("states the debt", "说明债务"),
    "offers-opt-out": Word("offers an opt-out", "提供退订方式"),
    "confirms-opt-out": Word("confirms an opt-out", "确认退订"),
    "asks-consent": Word("asks for consent", "征求同意"),
    "asks-location": Word("asks for location information", "询问查找信息"),
    "payment-link": Word("payment link", "还款链接"),
    "lender-link": Word("lender link", "借款链接"),
    "legal-notice": Word("legal notice", "法定通知"),
}
TAGS: Final[Words] = {**CONDUCT, **CONTENT}
TACTIC: Final[Words] = {
    "timed-dialling": Word("machine-timed dialling", "定时自动拨号"),
    "address-book": Word("working through the address book", "通讯录扩散"),
    "manufactured-permits": Word("manufactured permits", "人为制造联系他人的条件"),
    "alternating-tones": Word("rough and kind by turns", "软硬轮番"),
    "bridge-loan": Word("bridge loan", "借新还旧“过桥”"),
    "riding-the-cap": Word("riding the cap", "顶格催收"),
    "number-after-block": Word("a new number after a block", "被拉黑后换号"),
    "group-infiltration": Word("group infiltration", "潜入债务人群"),
    "number-rotation": Word("number rotation", "换号"),
    "cost-of-credit": Word("cost of credit", "综合融资成本"),
}
FORCE: Final[Words] = {
    "statute": Word("statute", "法律"),
    "regulation": Word("regulation", "监管规定"),
    "standard": Word("recommended standard", "推荐性标准"),
    "self-regulation": Word("self-regulation", "行业自律"),
    "policy": Word("policy", "内部政策"),
}
EFFECT: Final[Words] = {
    "prohibited": Word("prohibited", "禁止"),
    "presumed-violation": Word("presumed violation", "推定违规"),
    "duty": Word("duty", "应当履行"),
    "protection-lost": Word("protection lost", "丧失保护"),
    "advised-against": Word("advised against", "不宜"),
}
WARNS: Final = frozenset({"protection-lost", "advised-against"})
"""Effects that only warn: what is found is a departure; all others deny, and what is found is a breach."""
VERIFIED: Final[Words] = {
    "clause": Word("clause text read", "已读条文"),
    "secondary": Word("secondary source", "二手来源"),
    "memory": Word("from memory, not verified", "仅凭记忆，未核实"),
}
STATUS: Final[Words] = {
    "draft": Word("draft", "草案"),
    "stable": Word("stable", "稳定"),
    "repealed": Word("repealed", "已废止"),
}
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Verdict(StrEnum):
    """What a rule says of an entry. `departure` is a breach of a rule that only warns."""

    BREACH = "breach"
    DEPARTURE = "departure"
    UNCLEAR = "unclear"
    CLEAR = "clear"


VERDICT: Final[Words] = {
    "breach": Word("breach", "违规"),
    "departure": Word("departure", "偏离"),
    "unclear": Word("unclear", "待查"),
    "clear": Word("clear", "合规"),
}


class Field(NamedTuple):
    """A field of an entry: how its values look and what people call it.

    `shape`: "word" (one of `words`), "id" (free text that identifies), "number", "hours", "date".
    `many`: several values hold at once (`+`); every other field holds one, or is one of several candidates (`|`).
    """

    name: Word
    shape: Literal["word", "id", "number", "hours", "date"]
    words: Words = {}
    many: bool = False


def _word(en: str, zh: str, words: Words, *, many: bool = False) -> Field:
    return Field(Word(en, zh), "word", words, many)


def _id(en: str, zh: str, *, many: bool = False) -> Field:
    return Field(Word(en, zh), "id", many=many)


FIELDS: Final[Mapping[str, Field]] = {
    "kind": _word("kind of entry", "类别", {"contact": Word("contact", "联系"), **KIND}),
    "consumer": _id("consumer", "债务人"),
    "person": _id("person", "被联系人"),
    "party": _word("party", "对象身份", PARTY),
    "channel": _word("channel", "渠道", CHANNEL),
    "direction": _word("direction", "方向", DIRECTION),
    "outcome": _word("outcome", "结果", OUTCOME),
    "duration_s": Field(Word("duration in seconds", "时长（秒）"), "number"),
    "debt": _id("debt", "债务", many=True),
    "debt_kind": _word("kind of debt", "债务类型", DEBT_KIND),
    "creditor": _id("creditor", "债权人"),
    "creditor_kind": _word("kind of creditor", "债权人类型", CREDITOR_KIND),
    "agency": _id("agency", "催收机构"),
    "agency_kind": _word("kind of agency", "机构类型", AGENCY_KIND),
    "collector": _id("collector", "催收员"),
    "jurisdiction": _id("jurisdiction", "法域"),
    "zone": _id("time zone", "时区"),
    "place": _word("place", "地点", PLACE),
    "address": _id("address reached", "对方号码或地址"),
    "number": _id("collector's number", "催收方号码"),
    "tags": _word("tags", "标签", TAGS, many=True),
    "automated": _word("who speaks", "人工或自动", AUTOMATED),
    "collectors_present": Field(Word("collectors present", "在场催收人数"), "number"),
    "form": _word("form", "形式", FORM),
    "scope": _word("scope", "范围", SCOPE),
    "reason": _id("reason", "原因"),
    "declared_by": _word("declared by", "声明人", DECLARED_BY),
    "hours": Field(Word("hours named", "指定时段"), "hours"),
    "minutes_a_week": Field(Word("minutes a week named", "每周指定分钟数"), "number"),
    "until": Field(Word("until", "截止日"), "date"),
    "amount": Field(Word("amount", "金额"), "number"),
}
"""Every field that a rule may test or an entry may carry, in the order of the files we write."""

AFTER: Final = ("outcome", "duration_s")
"""Known only after the contact: the gate asks without them."""
