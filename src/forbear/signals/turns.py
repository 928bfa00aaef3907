"""Who said what in a transcript: lines that begin with a speaker, or a vCon file (draft-ietf-vcon-vcon-core), become turns.

Only what the collector says is judged; the consumer's own swearing is nobody's breach. A message that somebody is about to send is no
transcript, whatever it looks like: the gate does not come here.
"""

from __future__ import annotations

import re
from typing import Any, Final, Literal, NamedTuple

import msgspec

Speaker = Literal["collector", "consumer", "unknown"]

_COLLECTOR: Final = (
    "agent|collector|debt collector|representative|rep|caller|operator|advisor|associate|officer|bot|ivr",
    "坐席|客服|催收员|催收|催收人员|专员|工作人员|贷后|员工|机器人",
)
_CONSUMER: Final = ("customer|consumer|borrower|debtor|client|callee|user|me", "客户|用户|债务人|借款人|欠款人|持卡人|本人|我")
_SIDES: Final[tuple[tuple[Speaker, tuple[str, ...]], ...]] = (("collector", _COLLECTOR), ("consumer", _CONSUMER))
_WHO: Final = {name: side for side, lists in _SIDES for names in lists for name in names.split("|")}
_LINE: Final = re.compile(
    r"^[ \t]*(?:\[[^\]\n]{1,40}\][ \t]*|\d[\d:.\-/ T]{2,30}[ \t]+)?([^\W\d_][\w .\-()（）]{0,30}?)[ \t]*[:：]", re.MULTILINE
)
_SHARE: Final = 0.5
"""How many of the lines that hold anything begin with a speaker, at least, for a text to be a transcript."""


class Turn(NamedTuple):
    """What one speaker said: offsets into the text."""

    speaker: Speaker
    start: int
    end: int


def turns(text: str) -> list[Turn]:
    """The turns of a transcript, in the order of the text, also where they overlapped in time; empty where the text is none."""
    lines = list(_LINE.finditer(text))
    filled = len(re.findall(r"^[^\n]*\S", text, re.MULTILINE))
    who = {line[1]: _who(line[1]) for line in lines}
    known = set(who.values()) - {"unknown"}
    if not known or len(lines) < 2 or len(lines) < _SHARE * filled:
        return []
    # Where one side is known, whoever is not is the other; where both are, he is neither.
    other: Speaker = "unknown" if len(known) > 1 else "collector" if known == {"consumer"} else "consumer"
    ends = [line.start() for line in lines[1:]] + [len(text)]
    sides = (who[line[1]] if who[line[1]] != "unknown" else other for line in lines)
    return [Turn(speaker, line.end(), end) for speaker, line, end in zip(sides, lines, ends, strict=True)]


def _who(name: str) -> Speaker:
    said = name.strip().casefold()
    bare = re.sub(r"[\s\-_]*\d+$|[（(].*", "", said).strip()
    return _WHO.get(said) or _WHO.get(bare) or "unknown"


class _Party(msgspec.Struct):
    name: str = ""
    role: str = ""


class _Dialog(msgspec.Struct):
    type: str = ""
    parties: int | list[int] | None = None
    originator: int | None = None
    body: Any = None


class _Vcon(msgspec.Struct):
    vcon: str
    parties: list[_Party] = []
    dialog: list[_Dialog] = []
    analysis: list[dict[str, Any]] = []


class _Said(msgspec.Struct):
    speaker: str
    text: str


class _Turns(msgspec.Struct):
    turns: list[_Said]


def transcript(text: str) -> str | None:
    """A vCon or a list of turns as JSON, written as lines that begin with their speaker; None where the text is neither."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        vcon = msgspec.json.decode(text, type=_Vcon)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeError):
        try:
            said = msgspec.json.decode(text, type=_Turns).turns
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeError):
            return None
        return "\n".join(_line(each.speaker, each.text) for each in said)
    lines = []
    for dialog in vcon.dialog:
        if dialog.type == "text" and isinstance(dialog.body, str):
            speaks = dialog.originator if dialog.originator is not None else _first(dialog.parties)
            lines.append(_line(_party(vcon, speaks), dialog.body))
    for analysis in vcon.analysis:
        if analysis.get("type") == "transcript":
            lines += _spoken(vcon, analysis.get("body"))
    return "\n".join(lines)


def _spoken(vcon: _Vcon, body: Any) -> list[str]:  # noqa: ANN401 (as the file has it)
    """The turns of a transcript kept under `analysis`: text with speakers, or a list of objects that name party and text."""
    if isinstance(body, str):
        try:
            body = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeError):
            return str(body).splitlines()
    if isinstance(body, dict):
        body = body.get("turns") or body.get("segments") or body.get("transcript") or []
    if isinstance(body, str):
        return body.splitlines()
    lines = []
    for each in body if isinstance(body, list) else []:
        if isinstance(each, dict) and isinstance(said := each.get("text"), str):
            who = each.get("party", each.get("speaker", ""))
            lines.append(_line(_party(vcon, who) if isinstance(who, int) else str(who), said))
    return lines


def _party(vcon: _Vcon, at: int | None) -> str:
    if at is None or not 0 <= at < len(vcon.parties):
        return "unknown"
    party = vcon.parties[at]
    return party.role or party.name or "unknown"


def _first(parties: int | list[int] | None) -> int | None:
    return parties[0] if isinstance(parties, list) and parties else parties if isinstance(parties, int) else None


def _line(speaker: str, said: str) -> str:
    name = re.sub(r"[^\w .\-]", " ", speaker).strip() or "unknown"
    return f"{name}: {' '.join(said.split())}"
