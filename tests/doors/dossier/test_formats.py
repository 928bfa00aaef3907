"""The whole way, from a file as its program writes it to a pack that stands, for each format that is read."""

import json
from pathlib import Path

import pytest
from exports_made import ALICE, call, ios_calls, ios_messages, put, read, sms, xml

from forbear.doors.dossier import case as cases
from forbear.doors.dossier import files, make, verify
from forbear.doors.dossier.propose import proposed, render

THREAT = "If you do not pay by Friday we will have you arrested."
AT = 1_772_978_400
"""Sunday, 8 March 2026, 10:00 in New York."""
STAMP = "2026-03-08 10:00:00"


def android(folder):
    """Calls and messages of SMS Backup & Restore."""
    rang = [call(date=str((AT + n * 60) * 1000), kind="3", duration="0") for n in range(3)]
    return [
        put(folder / "calls.xml", xml("calls", *rang)),
        put(folder / "sms.xml", xml("smses", sms(date=str(AT * 1000), body=THREAT))),
    ]


def iphone(folder):
    """Both databases; they count from 2001, messages in nanoseconds."""
    since = AT - 978_307_200
    return [
        ios_calls(folder / "calls", (ALICE, since, 0, 0, 0, "us")),
        ios_messages(folder / "messages", (THREAT, None, 1, since * 10**9, 0, 0, 0, 1)),
    ]


def wechat(folder):
    """All chats by WeChatMsg."""
    header = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"
    return [put(folder / "all.csv", f"{header}\n1,2,1,0,0,{AT},3,{THREAT},{STAMP},,Pat,Pat\n")]


def chatlog(folder):
    """A chat by chatlog: which end is the owner's shows in a chat of two."""
    rows = f"{STAMP},Pat,wxid_pat,Pat,wxid_pat,{THREAT}\n{STAMP},Me,wxid_me,Pat,wxid_pat,No.\n"
    return [put(folder / "chat.csv", "Time,SenderName,Sender,TalkerName,Talker,Content\n" + rows)]


def by_hand(folder):
    """A table with our columns."""
    return [put(folder / "table.csv", f"time,direction,channel,other,text\n{STAMP},incoming,sms,{ALICE},{THREAT}\n")]


def vcon(folder):
    """A vCon."""
    text = {"type": "text", "start": "2026-03-08T10:00:00-04:00", "parties": [0, 1], "originator": 0, "body": THREAT, "encoding": "none"}
    parties = [{"tel": ALICE, "role": "agent"}, {"tel": "+12025550145", "role": "customer"}]
    return [put(folder / "v.json", json.dumps({"vcon": "0.0.2", "uuid": "x", "created_at": STAMP, "parties": parties, "dialog": [text]}))]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("law", ["cn", "us"])
@pytest.mark.parametrize("made_by", [android, iphone, wechat, chatlog, by_hand, vcon])
def test_a_file_becomes_a_case_and_a_pack_that_stands(made_by, law, lang, tmp_path):
    """The threat is read, its sender proposed, the pack names it as a breach, and it is derived anew from the same files, alike."""
    paths = made_by(tmp_path)
    zone = "America/New_York"
    found = proposed(read(*paths), zone, lang)
    assert [each.number for each in found] in ([ALICE], ["wxid_pat"], ["Pat"])
    text = render(found, law, zone, lang).replace("confirmed = false", "confirmed = true")
    case = cases.parse(text, Path("case.toml"))
    export = read(*paths, region=case.dialling) if ALICE not in found[0].number else read(*paths)
    made = make.make(export, case, Path("case.toml"))
    assert THREAT in {one.contact.words for group in made.pack.breaches for one in group.incidents}
    folder = tmp_path / "pack"
    files.write(folder, text, case, made.evidence, made.derived, made.pack, ())
    stands = verify.verify(folder, export)
    assert stands.faults == ()
    assert stands.findings > 0
