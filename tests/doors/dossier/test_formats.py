"""The whole way, from a file as its program writes it to a pack that stands, for each format that is read."""

import json
from pathlib import Path

import pytest
from exports_made import ALICE, backup, call, ios_calls, ios_messages, put, read, sms, workbook, xml
from telephones import proposed
from typer.testing import CliRunner

from forbear.doors.cli import app
from forbear.doors.dossier import case as cases
from forbear.doors.dossier import files, make, verify
from forbear.doors.dossier.propose import render
from forbear.doors.dossier.web.session import Session
from forbear.doors.dossier.web.written import Row

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


def iphone_folder(folder):
    """The folder of a backup as a computer keeps it, with a file that is not ours."""
    calls, messages = (path.read_bytes() for path in iphone(folder))
    files = {"Library/CallHistoryDB/CallHistory.storedata": calls, "Library/SMS/sms.db": messages, "Library/Notes/notes.sqlite": b"x"}
    return [backup(folder / "00008030-001A", files)]


def wechat(folder):
    """All chats by WeChatMsg."""
    header = "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"
    return [put(folder / "all.csv", f"{header}\n1,2,1,0,0,{AT},3,{THREAT},{STAMP},,Pat,Pat\n")]


MEMOTRACE = ("消息ID", "类型", "发送人", "时间", "内容", "备注", "昵称", "更多信息")


def memotrace(folder):
    """One chat by MemoTrace, as CSV: the file bears the name of the other end."""
    rows = [("1", "文本", "Pat", STAMP, THREAT, "Pat", "patty", ""), ("2", "文本", "Quinn", STAMP, "No.", "", "", "")]
    return [put(folder / "Pat.csv", "".join(",".join(row) + "\n" for row in (MEMOTRACE, *rows)))]


def memotrace_xlsx(folder):
    """The same as a workbook."""
    rows = [["1", "文本", "Pat", STAMP, THREAT, "Pat", "patty", ""], ["2", "文本", "我", STAMP, "No.", "", "", ""]]
    return [workbook(folder / "Pat.xlsx", [MEMOTRACE, *rows])]


def chatlog(folder):
    """A chat by chatlog: which end is the owner's shows in a chat of two."""
    rows = f"{STAMP},Pat,wxid_pat,Pat,wxid_pat,{THREAT}\n{STAMP},Me,wxid_me,Pat,wxid_pat,No.\n"
    return [put(folder / "chat.csv", "Time,SenderName,Sender,TalkerName,Talker,Content\n" + rows)]


def by_hand(folder):
    """A table with our columns."""
    return [put(folder / "table.csv", f"time,direction,channel,other,text\n{STAMP},incoming,sms,{ALICE},{THREAT}\n")]


def by_hand_xlsx(folder):
    """The same as a workbook."""
    rows = [("time", "direction", "channel", "other", "text"), (STAMP, "incoming", "sms", ALICE, THREAT)]
    return [workbook(folder / "table.xlsx", rows)]


def vcon(folder):
    """A vCon."""
    text = {"type": "text", "start": "2026-03-08T10:00:00-04:00", "parties": [0, 1], "originator": 0, "body": THREAT, "encoding": "none"}
    parties = [{"tel": ALICE, "role": "agent"}, {"tel": "+12025550145", "role": "customer"}]
    return [put(folder / "v.json", json.dumps({"vcon": "0.0.2", "uuid": "x", "created_at": STAMP, "parties": parties, "dialog": [text]}))]


ALL = [android, iphone, iphone_folder, wechat, memotrace, memotrace_xlsx, chatlog, by_hand, by_hand_xlsx, vcon]
COMPANY = {"name": "Hilltop", "kind": "debt-buyer", "creditor": "Bank", "creditor_kind": "bank", "debt_kind": "card"}


def run(*words):
    """What is printed by the command line, which has to end well."""
    result = CliRunner().invoke(app, ["dossier", *map(str, words)])
    assert result.exit_code == 0, result.output + str(result.exception)
    return result.output


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


@pytest.mark.parametrize("made_by", ALL)
def test_the_commands_lead_from_a_file_to_a_pack_that_stands(made_by, tmp_path):
    """As somebody types them: propose, confirm, make, verify."""
    paths, case, pack = made_by(tmp_path), tmp_path / "case.toml", tmp_path / "pack"
    run("propose", *paths, "--law", "us", "--zone", "America/New_York", "--out", case)
    case.write_text(case.read_text(encoding="utf-8").replace("confirmed = false", "confirmed = true"), encoding="utf-8")
    run(*paths, "--case", case, "--out", pack)
    assert THREAT in (pack / "dossier.html").read_text(encoding="utf-8")
    assert run("verify", pack, *paths).startswith("It stands: ")


@pytest.mark.parametrize("made_by", ALL)
def test_the_pages_lead_from_dropped_files_to_the_same_pack(made_by, tmp_path):
    """Each file is brought under its name, a folder as a browser brings it; whoever has the files can verify the pack by the command."""
    paths, private = made_by(tmp_path), tmp_path / "private"
    private.mkdir()
    session = Session(private, lang="en")
    for path in paths:
        for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if each.is_file():
                with each.open("rb") as source:
                    wrong = session.take(each.relative_to(tmp_path).as_posix(), source)
                    assert wrong is None or each.parent.parent == path, wrong  # what is not ours in a folder is told
    assert session.unpack() == []
    session.begin("us", "America/New_York")
    assert session.read() == []
    numbers = [Row(number=each.number, yes="on") for each in session.found]
    session.keep({"number": numbers, "company": [Row(COMPANY)]}, ("number", "company"))
    assert session.name() == []
    session.keep({"me": [Row(confirmed="on")]}, ("me",))
    assert session.make() == []
    assert THREAT in {one.contact.words for group in session.made.pack.breaches for one in group.incidents}
    assert run("verify", session.pack, *paths).startswith("It stands: ")


@pytest.mark.parametrize(
    ("made_by", "begins"),
    [
        (android, ["9c5a4ce7aadb634c", "807c37b7dd97348f", "e02a75a71d013215", "a18613962cd977fe"]),
        (iphone, ["3fedf610f8727744", "af986fc1844dbfcb"]),
        (iphone_folder, ["3fedf610f8727744", "af986fc1844dbfcb"]),
        (wechat, ["387f09b287cf9781"]),
        (memotrace, ["67981347c0d1e5e9", "eedb285cabeefb9c"]),
        (memotrace_xlsx, ["1ce78dccb20e6728", "77a2672087651c45"]),
        (chatlog, ["ced4f7803895317d", "fe56312b04bcf1fb"]),
        (by_hand, ["002be8f6cf3d3adc"]),
        (by_hand_xlsx, ["259420752abd0bcc"]),
        (vcon, ["f18337dd3c6da2c4"]),
    ],
)
def test_digests_stay_what_they_are(made_by, begins, tmp_path):
    """Packs that were made long ago name records by them, in whatever format the telephone gave them."""
    assert [item.digest[:16] for item in read(*made_by(tmp_path)).items] == begins


def crowded(folder):
    """A telephone of which one record in a hundred is a collector's: in texts stand names of others; some records are in two files."""
    said = ("We told Samuel Poe and Ann (202-555-0133) what you owe, you thief.", THREAT)
    names = ("Samuel Poe", "Ann", "(Unknown)")
    friends = [sms(f"20255501{n % 40 + 50}", str((AT + n * 60) * 1000), body=f"dinner {n}", name=names[n % 3]) for n in range(990)]
    theirs = [sms(date=str((AT + n * 7200) * 1000), body=said[n % 2]) for n in range(10)]
    more = [*friends[700:], *theirs[5:], sms("2025550190", str((AT + 999_999) * 1000), name="Uncle")]
    return [put(folder / "1.xml", xml("smses", *friends, *theirs)), put(folder / "2.xml", xml("smses", *more))]


def confirmed(*numbers):
    """A case of these numbers."""
    told = "".join(f'[[debt.collector]]\nname = "Agency {n}"\nkind = "debt-buyer"\nnumbers = ["{n}"]\n' for n in numbers)
    debt = '[[debt]]\ncreditor = "Bank"\ncreditor_kind = "bank"\nkind = "card"\n'
    return f'confirmed = true\nlaw = "us"\nzone = "America/New_York"\n{debt}{told}'


def test_a_pack_is_the_same_whether_other_peoples_records_are_kept_or_not(tmp_path):
    """Byte for byte, with marks for their names and the day of the last record; and the command keeps the collector's alone."""
    paths, case, pack, whole = crowded(tmp_path), tmp_path / "case.toml", tmp_path / "pack", tmp_path / "whole"
    case.write_text(text := confirmed(ALICE), encoding="utf-8")
    run(*paths, "--case", case, "--out", pack)
    said, all_of_it = cases.load(case), read(*paths)
    made = make.make(all_of_it, said, case)
    files.write(whole, text, said, made.evidence, made.derived, made.pack, ())
    assert {each.name: each.read_bytes() for each in pack.iterdir()} == {each.name: each.read_bytes() for each in whole.iterdir()}
    assert "We told [name 1] and [name 2] ([number 3])" in (pack / "dossier.html").read_text(encoding="utf-8")
    assert len(all_of_it.items) == 1001
    assert len(read(*paths, only=cases.wanted(said)).items) == 10


def test_a_record_of_the_pack_is_found_though_the_case_has_lost_its_number(tmp_path):
    """To verify, what stands where the pack had its records is kept too: all is told that would be told from the whole telephone."""
    paths, case, pack = crowded(tmp_path), tmp_path / "case.toml", tmp_path / "pack"
    case.write_text(confirmed(ALICE, "+12025550150"), encoding="utf-8")
    run(*paths, "--case", case, "--out", pack)
    (pack / files.CASE).write_text(confirmed("+12025550150"), encoding="utf-8")
    told = verify.verify(pack, read(*paths, only=verify.wanted(*verify.opened(pack))))
    assert told == verify.verify(pack, read(*paths))
    assert told.faults
    assert not any("is not in the sources" in each for each in told.faults)
