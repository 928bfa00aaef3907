import sqlite3

import pytest
from exports_made import ALICE, BOB, backup, ios_calls, ios_messages, keyed, put, read, typed

from forbear.records.errors import InputError
from forbear.records.exports.reasons import Break
from forbear.records.exports.typedstream import plain

SINCE = 978307200
AT = 1735722000 - SINCE


def test_calls_as_the_telephone_tells_them(tmp_path):
    """Address as text or bytes, a country of its own, seconds since 2001; an unanswered call that came in has no outcome."""
    path = ios_calls(
        tmp_path / "renamed",
        ("(202) 555-0123", AT + 0.6, 61.4, 0, 1, "us"),
        (BOB.encode(), AT + 1, 0, 0, 0, None),
        ("202 555 0145", AT + 2, 30, 1, 1, "US"),
        (None, AT + 3, None, 0, 0, None),
    )
    found = read(path, region="CN")
    assert [(item.at - SINCE - AT, item.other, item.incoming, item.outcome, item.seconds) for item in found.items] == [
        (0, ALICE, True, "answered", 61),
        (1, BOB, True, "", 0),
        (2, BOB, False, "", 30),
        (3, "", True, "", None),
    ]
    assert [item.place for item in found.items] == [f"ZCALLRECORD {k}" for k in range(1, 5)]
    assert (found.sources[0].format, found.sources[0].said, found.sources[0].held) == ("ios-calls", 4, 4)


def test_a_database_is_not_changed(tmp_path):
    """Its bytes are the same afterwards, and nothing appears beside it."""
    path = ios_calls(tmp_path / "c", (ALICE, AT, 1, 0, 1, None))
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_wrong_types_in_one_record_lose_no_other(tmp_path):
    """A time or duration that is none sends that record to `unread`."""
    path = ios_calls(tmp_path / "c", (ALICE, "noon", 1, 0, 1, None), (ALICE, AT, "long", 0, 1, None), (ALICE, AT, 1, 0, 1, None))
    found = read(path)
    assert len(found.items) == 1
    assert found.sources[0].unread == (("ZCALLRECORD 1", "no-time"), ("ZCALLRECORD 2", "bad-number"))


def test_messages_as_the_telephone_tells_them(tmp_path):
    """Seconds and nanoseconds; text in its column or packed in one of two ways; one to one and in a group; what was not said is told."""
    path = ios_messages(
        tmp_path / "m",
        ("hi", None, 1, AT, 0, 0, 0, 1),
        (None, typed("packed ✓"), 1, (AT + 1) * 10**9 + 5, 0, 0, 0, 1),
        (None, keyed("also packed"), 0, (AT + 2) * 10**9, 1, 22, 0, 1),
        ("all", None, 2, AT + 3, 0, 0, 0, 2),
        ("mine", None, 0, AT + 4, 1, 0, 0, 2),
        (None, b"\x04\x0bstreamtyped?", 1, AT + 5, 0, 0, 0, 1),
        (None, None, 1, AT + 6, 0, 0, 2, 2),
    )
    found = read(path)
    told = [(item.at - SINCE - AT, item.channel, item.incoming, item.other, item.group, item.outcome, item.text) for item in found.items]
    assert told == [
        (0, "sms", True, ALICE, "", "delivered", "hi"),
        (1, "sms", True, ALICE, "", "delivered", "packed ✓"),
        (2, "sms", False, ALICE, "", "failed", "also packed"),
        (3, "group-chat", True, BOB, "Family", "delivered", "all"),
        (4, "group-chat", False, "Family", "Family", "", "mine"),
    ]
    assert found.sources[0].unread == (("message 6", "text-unreadable"), ("message 7", "not-a-message"))


@pytest.mark.parametrize("text", ["", "a", "é" * 63, "长" * 50, "x" * 60_000])
def test_packed_texts_of_every_length(text):
    """The length of a typed stream stands in one byte, or in two."""
    assert plain(typed(text)) == plain(keyed(text)) == text


@pytest.mark.parametrize("cut", range(0, 90, 7))
def test_a_packed_text_that_is_cut_is_unreadable_and_no_fault(cut):
    """Whatever stands there, it is a text or None."""
    assert plain(typed("some words of a message")[:cut]) is None
    assert plain(keyed("some words of a message")[:cut]) is None


def test_changes_that_are_not_in_the_database_yet_are_told(tmp_path):
    """A write-ahead log beside it may hold more records, and is not read."""
    path = ios_calls(tmp_path / "c", (ALICE, AT, 1, 0, 1, None))
    put(tmp_path / "c-wal", b"x")
    found = read(path)
    assert found.sources[0].broken == Break("c-wal", "log-beside")
    assert len(found.items) == 1


def test_a_database_cut_off_gives_what_stands_before_the_cut(tmp_path):
    """Rows up to the missing page are read, and the source says after which it breaks."""
    path = ios_calls(tmp_path / "c", *((ALICE, AT + k, k, 0, 1, None) for k in range(2000)))
    put(path, path.read_bytes()[: path.stat().st_size * 2 // 3 // 4096 * 4096])
    found = read(path)
    assert 100 < len(found.items) < 2000
    assert found.sources[0].broken == Break(f"ZCALLRECORD {len(found.items)}", "damaged-after")


def test_a_backup_folder_is_read_by_its_list(tmp_path):
    """Calls and messages are found under their hashed names, also in a folder above."""
    calls = ios_calls(tmp_path / "c", (ALICE, AT, 1, 0, 1, None)).read_bytes()
    messages = ios_messages(tmp_path / "m", ("hi", None, 1, AT, 0, 0, 0, 1)).read_bytes()
    (tmp_path / "above").mkdir()
    files = {"Library/CallHistoryDB/CallHistory.storedata": calls, "Library/SMS/sms.db": messages, "Library/Other.db": b"x"}
    found = read(backup(tmp_path / "above" / "backup", files).parent)
    assert [source.format for source in found.sources] == ["ios-calls", "ios-messages"]
    assert len(found.items) == 2


@pytest.mark.parametrize("scrambled", [True, False])
def test_an_encrypted_backup_says_how_to_make_another(tmp_path, scrambled):
    """Both signs of it are seen: a list that is no database, and what Manifest.plist says."""
    folder = backup(tmp_path / "b", {"Library/SMS/sms.db": b"x"}, locked=not scrambled)
    if scrambled:
        put(folder / "Manifest.db", b"\x9a\x11" * 4096)
    with pytest.raises(InputError, match=r"encrypted.*take the tick"):
        read(folder)


def test_a_backup_without_calls_and_messages_says_so(tmp_path):
    """And one whose list is damaged."""
    with pytest.raises(InputError, match="neither calls nor messages"):
        read(backup(tmp_path / "b", {"Library/Other.db": b"x"}))
    put(tmp_path / "b" / "Manifest.db", b"SQLite format 3\0" + b"x" * 100)
    with pytest.raises(InputError, match="damaged"):
        read(tmp_path / "b")


def test_another_database_is_named_as_such(tmp_path):
    """A database of something else is refused; so is a damaged one."""
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE x (y)")
    base.close()
    with pytest.raises(InputError, match="neither of calls nor of messages"):
        read(path)
    with pytest.raises(InputError, match="damaged"):
        read(put(path, b"SQLite format 3\0" + b"x" * 200))
