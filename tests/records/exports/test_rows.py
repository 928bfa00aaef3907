import csv
import datetime as dt
import io
import zipfile

import pytest
from exports_made import ALICE, BOB, put, read, workbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forbear.records import clock
from forbear.records.errors import InputError
from forbear.records.exports import wechat
from forbear.records.exports.reasons import Break
from forbear.records.exports.table import template

AT = 1735722000
ALL = ",".join(wechat.ALL)


HEADER = template()


def table(*rows, header=HEADER):
    """A CSV."""
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


def told(found):
    """What matters of chat messages."""
    return [(item.incoming, item.other, item.name, item.group, item.text) for item in found.items]


def test_the_template_in_both_languages(tmp_path):
    """The same rows under either header, with words of either language, are the same records."""
    en = table(("2025-01-01 04:00:00", "incoming", "call", "(202) 555-0123", "Pat", "no answer", "", ""))
    zh = table(("2025年1月1日 4:00", "来电", "电话", ALICE, "Pat", "未接", "", ""), header=template("zh"))
    found = read(put(tmp_path / "a", en), put(tmp_path / "b", zh))
    (item,) = found.items
    assert item[:10] == (AT + 3600 * 3 - 3 * 3600, "call", True, ALICE, "Pat", "", "no-answer", None, "", "line 2")
    assert (found.repeated, [source.format for source in found.sources]) == (1, ["table", "table"])


def test_rows_that_cannot_be_read_are_told_with_their_reason(tmp_path):
    """Each its own; the others are read."""
    rows = (
        ("2025-01-01", "in", "call", ALICE),
        ("03/04/2025 10:00", "in", "call", ALICE),
        ("2025-03-09 02:30", "in", "call", ALICE),
        ("soon", "in", "call", ALICE),
        ("2025-01-01 10:00", "inbound", "call", ALICE),
        ("2025-01-01 10:00", "in", "visit", ALICE),
        ("2025-01-01 10:00", "in"),
        ("2025-01-01 10:00", "in", "call", ALICE, "more"),
        ("2025-01-01 10:00", "in", "call", ALICE),
    )
    found = read(put(tmp_path / "t", table(*rows, header=template()[:4])))
    assert [why for _, why in found.sources[0].unread] == [
        *("date-only", "ambiguous-date", "impossible-time", "no-time", "unknown-word", "unknown-word", "row-too-short", "row-too-long")
    ]
    assert [item.place for item in found.items] == ["line 10"]


def test_an_unknown_header_says_what_would_be_understood(tmp_path):
    """The columns of the template in both languages are named."""
    with pytest.raises(InputError, match=r"time, direction, channel, other.*时间、方向、渠道、对方"):
        read(put(tmp_path / "t.csv", "when,who\n1,2\n"))


def test_a_table_that_ends_within_quotes_is_read_up_to_there(tmp_path):
    """The source says on which line the quote was opened."""
    text = table(*((f"2025-01-01 10:0{k}", "in", "sms", ALICE, "", "", "", f'say "{k}"\nand') for k in range(3)))
    found = read(put(tmp_path / "t.csv", text[:-6]))
    assert [item.place for item in found.items] == ["line 2", "line 4"]
    assert found.sources[0].broken == Break("line 6", "in-quotes")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_every_encoding_reads_alike(tmp_path, encoding):
    """And each gives the place and text of the same row."""
    text = table(("2025-01-01 10:00", "收到", "短信", ALICE, "", "", "", "您好，" * 9))
    (item,) = read(put(tmp_path / "t", text.encode(encoding))).items
    assert (item.text, item.place) == ("您好，" * 9, "line 2")


def test_bytes_that_are_no_text_spoil_one_row(tmp_path):
    """The others are read."""
    rows = [("2025-01-01 10:00", "in", "sms", ALICE, "", "", "", each) for each in ("fine", "caf#")]
    found = read(put(tmp_path / "t", table(*rows).encode().replace(b"#", b"\xff")))
    assert [item.text for item in found.items] == ["fine"]
    assert found.sources[0].unread == (("line 3", "damaged-text"),)


def test_a_workbook_is_read_as_the_table_it_shows(tmp_path):
    """Times that the spreadsheet keeps as numbers, numbers as numbers, texts as texts."""
    row = (dt.datetime(2025, 1, 1, 4, 0, 1), "incoming", "call", 12025550123, "Pat", "no-answer", 65, "")
    found = read(workbook(tmp_path / "t.bin", [template(), row]))
    (item,) = found.items
    assert (item.at, item.other, item.seconds, item.place) == (AT + 1, ALICE, 65, "row 2")


def test_workbooks_that_cannot_be_opened_are_named(tmp_path):
    """Cut off, under a password, or another archive."""
    whole = workbook(tmp_path / "t.xlsx", [template()]).read_bytes()
    with pytest.raises(InputError, match="cut off"):
        read(put(tmp_path / "cut", whole[:-40]))
    with pytest.raises(InputError, match="cut off or damaged"):
        read(put(tmp_path / "hurt", whole.replace(b"<sheetData>", b"<sheetDat&>")))
    locked = b"\xd0\xcf\x11\xe0" + b"x" * 600 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(InputError, match="protected by a password"):
        read(put(tmp_path / "locked", locked))
    with zipfile.ZipFile(tmp_path / "z", "w") as out:
        out.writestr("calls.xml", "<calls/>")
    plain = (tmp_path / "z").read_bytes()
    with pytest.raises(InputError, match="a zip archive"):
        read(tmp_path / "z")
    flag = plain.index(b"PK\x01\x02") + 8
    with pytest.raises(InputError, match="archive protected by a password"):
        read(put(tmp_path / "z2", plain[:flag] + b"\x01" + plain[flag + 1 :]))


def test_all_chats_of_wechatmsg(tmp_path):
    """A text, one of the owner, a picture, a group known by a speaker who does not bear its name, a notice."""
    rows = (
        f"1,7,1,0,0,{AT},,早上好,2025-01-01 17:00:00,Pat,patty,Pat",
        f"2,7,1,0,1,{AT + 1},,好,2025-01-01 17:00:01,Pat,patty,我",
        f"3,7,3,0,0,{AT + 2},,<xml/>,2025-01-01 17:00:02,Pat,patty,Pat",
        f"4,8,1,0,1,{AT + 3},,大家好,2025-01-01 17:00:03,,家人群,我",
        f"5,8,1,0,0,{AT + 4},,嗯,2025-01-01 17:00:04,,家人群,wxid_q",
        f"6,8,10000,0,0,{AT + 5},,撤回了一条消息,2025-01-01 17:00:05,,家人群,",
    )
    found = read(put(tmp_path / "m.csv", "\n".join((ALL, *rows))))
    assert told(found) == [
        (True, "Pat", "patty", "", "早上好"),
        (False, "Pat", "patty", "", "好"),
        (True, "Pat", "patty", "", ""),
        (False, "家人群", "", "家人群", "大家好"),
        (True, "wxid_q", "", "家人群", "嗯"),
    ]
    assert [item.channel for item in found.items] == ["social-message"] * 3 + ["group-chat"] * 2
    assert found.sources[0].unread == (("line 7", "not-a-message"),)


def test_older_files_of_wechatmsg_have_a_column_more(tmp_path):
    """It stands before the last three, and is left out."""
    row = f"1,7,1,0,0,{AT},,早上好,2025-01-01 17:00:00,123456789,Pat,patty,Pat"
    (item,) = read(put(tmp_path / "m.csv", f"{ALL}\n{row}\n")).items
    assert (item.at, item.other, item.name, item.text) == (AT, "Pat", "patty", "早上好")


CHAT = (
    "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息\n1,文本,Pat,2025-01-01 17:00:00,早,Pat,patty,\n2,文本,{},2025-01-01 17:01:00,好,,,\n"
)


@pytest.mark.parametrize(("name", "me"), [("x.csv", "我"), ("Pat.csv", "Quinn"), ("Pat (1).csv", "Quinn"), ("patty.csv", "Quinn")])
def test_one_chat_of_memotrace(tmp_path, name, me):
    """The owner is 我, or the one after whom the file is not named."""
    found = read(put(tmp_path / name, CHAT.format(me)), zone="Asia/Shanghai")
    assert [(item.incoming, item.other, item.text) for item in found.items] == [(True, "Pat", "早"), (False, "Pat", "好")]
    assert found.items[0].at == clock.settle(dt.datetime(2025, 1, 1, 17), "Asia/Shanghai")


def test_a_chat_that_does_not_say_who_is_who_is_left_unread(tmp_path):
    """No message of the owner may pass for one of the other side."""
    found = read(put(tmp_path / "chat.csv", CHAT.format("Quinn")))
    assert not found.items
    assert [why for _, why in found.sources[0].unread] == ["side-unknown"] * 2


LOG = ",".join(wechat.CHATLOG)


def test_chatlog(tmp_path):
    """Who the owner is follows from a chat of two, and holds for groups too; groups alone do not say it."""
    pair = "2025-01-01 17:00:00,Pat,wxid_p,Pat,wxid_p,早\n2025-01-01 17:01:00,Quinn,wxid_q,Pat,wxid_p,好\n"
    room = "2025-01-01 17:02:00,Quinn,wxid_q,家人,9@chatroom,大家好\n2025-01-01 17:03:00,Sam,wxid_s,家人,9@chatroom,嗯\n"
    found = read(put(tmp_path / "a", f"{LOG}\n{pair}{room}"), zone="Asia/Shanghai")
    assert told(found) == [
        (True, "wxid_p", "Pat", "", "早"),
        (False, "wxid_p", "Pat", "", "好"),
        (False, "9@chatroom", "家人", "家人", "大家好"),
        (True, "wxid_s", "Sam", "家人", "嗯"),
    ]
    assert found.sources[0].format == "chatlog"
    assert not read(put(tmp_path / "b", f"{LOG}\n{room}"), zone="Asia/Shanghai").items


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30).map(
    lambda text: text + "\n\"'," * (len(text) % 3)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.integers(10**8, 4 * 10**9), st.booleans(), st.sampled_from([ALICE, BOB]), TEXTS), max_size=20, unique=True))
def test_what_is_written_is_read(tmp_path, rows):
    """Random records come back in the order of time, each once, whatever stands in their text."""
    cells = [
        (dt.datetime.fromtimestamp(at, dt.UTC).isoformat(), "in" if way else "out", "sms", end, "", "", "", text)
        for at, way, end, text in rows
    ]
    found = read(put(tmp_path / "t.csv", table(*cells)))
    assert [(item.at, item.incoming, item.other, item.text) for item in found.items] == sorted(rows, key=lambda row: row[0])
    assert not found.sources[0].unread
