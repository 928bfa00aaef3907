import hashlib
import re
from pathlib import Path

import pytest
from exports_made import ALICE, BOB, call, put, read, sms, xml

from forbear.records.errors import InputError
from forbear.records.exports import export
from forbear.records.exports.reading import Reading
from forbear.records.exports.reasons import REASONS

AT = 1735722000


def test_several_files_become_one_in_the_order_of_time(tmp_path):
    """Each item names its file; what two files hold stands once, however its number is spelled, and is counted."""
    first = xml("smses", sms(date=str(AT + 5)), sms(date=str(AT), number="2025550145"), sms(date=str(AT + 5)))
    second = xml("calls", call(date=str(AT + 3)))
    third = xml("smses", sms(date=f"{AT + 5}000", number="+1 202 555 0123"), sms(date=str(AT + 5), body="else"))
    found = read(put(tmp_path / "1", first), put(tmp_path / "2", second), put(tmp_path / "3", third))
    assert [(item.at - AT, item.other, item.source) for item in found.items] == [(0, BOB, 0), (3, ALICE, 1), (5, ALICE, 0), (5, ALICE, 2)]
    assert found.repeated == 2
    assert [source.held for source in found.sources] == [3, 1, 2]
    assert [source.sha256 for source in found.sources] == [hashlib.sha256(each.encode()).hexdigest() for each in (first, second, third)]


def test_a_difference_in_anything_that_is_told_makes_two(tmp_path):
    """Second, other end, direction, text."""
    others = (sms(date=str(AT + 1)), sms(number="2025550145"), sms(kind="2"), sms(body="x"))
    found = read(put(tmp_path / "1", xml("smses", sms(), *others)))
    assert (len(found.items), found.repeated) == (5, 0)


def test_a_folder_is_walked_and_what_is_no_export_is_told(tmp_path):
    """Names say nothing; hidden files are left; one file given twice is read once."""
    (tmp_path / "deep").mkdir()
    inside = put(tmp_path / "deep" / "a.pdf", xml("calls", call()))
    picture = put(tmp_path / "a.xml", b"\x89PNG\r\n")
    put(tmp_path / ".hidden", b"x")
    found = read(tmp_path, inside)
    assert [source.path for source in found.sources] == [inside]
    assert found.skipped == ((picture, "a picture"),)


def test_only_what_is_wanted_is_kept(tmp_path):
    """The rest is seen, counted as held, and known by its names and its last instant."""
    text = xml("smses", sms(number="2025550145"), sms(date=str(AT + 9), name="Ann"), sms(date=str(AT + 5)))
    found = read(put(tmp_path / "1", text), only=lambda item: item.other == BOB)
    assert [item.other for item in found.items] == [BOB]
    assert found.sources[0].held == 3
    assert found.named == {(ALICE, "Ann")}
    assert found.until == AT + 9


def test_a_name_is_known_though_its_record_is_a_repeated_one(tmp_path):
    """An older backup may hold the same record from before the number had a name."""
    found = read(put(tmp_path / "1", xml("smses", sms())), put(tmp_path / "2", xml("smses", sms(name="Ann"))))
    assert [item.name for item in found.items] == [""]
    assert found.named == {(ALICE, "Ann")}


def test_without_a_record_there_is_no_last_instant(tmp_path):
    """An empty backup says nothing of any time."""
    assert read(put(tmp_path / "1", xml("smses"))).until is None


def test_what_is_not_kept_is_not_hashed(tmp_path, monkeypatch):
    """Nor what is there a second time."""
    hashed = []
    monkeypatch.setattr(Reading, "digest", lambda reading: hashed.append(reading.record) or "")
    text = xml("smses", sms(), sms(), sms(number="2025550145"))
    read(put(tmp_path / "1", text), only=lambda item: item.other == ALICE)
    assert hashed == [sms().encode()]


def test_progress_ends_at_the_whole(tmp_path):
    """It is told in bytes, never goes back, and ends at the size of all files."""
    text = xml("smses", *(sms(date=str(AT + k)) for k in range(9000)))
    told = []
    read(put(tmp_path / "1", text), put(tmp_path / "2", text), progress=lambda done, total: told.append((done, total)))
    assert len(told) > 4
    assert told == sorted(told)
    assert told[-1] == (2 * len(text.encode()),) * 2


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (b"\x00\x01\x02", "of a kind that we do not know"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"<html/>", "XML, but no backup"),
        (b"a,b\n1,2\n", "names none of the sets of columns"),
        (b"words", "names none of the sets of columns"),
    ],
)
def test_a_wrong_file_says_what_it_is(tmp_path, content, what):
    """Named outright, it is an error that says what to bring."""
    with pytest.raises(InputError, match=what):
        read(put(tmp_path / "f.xml", content))


def test_what_is_not_there_is_told(tmp_path):
    """A path, a folder without exports, a zone and a region that are none."""
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "none")
    with pytest.raises(InputError, match="no file that we read"):
        read(tmp_path)
    with pytest.raises(InputError, match="no IANA time zone"):
        read(tmp_path, zone="Boston")
    with pytest.raises(InputError, match="no region"):
        read(tmp_path, region="us")


def test_every_reason_is_said_in_both_languages():
    """Neither is empty, nor the other's."""
    assert all(word.en.isascii() and not word.zh.isascii() for word in REASONS.values())


def test_every_reason_is_given_and_every_one_given_is_said():
    """No code in the source lacks its text, and no text its code."""
    source = "".join(path.read_text("utf-8") for path in Path(export.__file__).parent.glob("*.py") if path.name != "reasons.py")
    assert {code for code in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', source) if code in REASONS} == set(REASONS)
    assert set(re.findall(r'(?:Unread\(|miss\([^,]+, )"([\w-]+)"', source)) <= set(REASONS)
