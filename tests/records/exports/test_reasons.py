"""Where and why an export could not be read is said in the reader's language, of every place that an importer names."""

import re

import pytest
from exports_made import ALICE, backup, call, ios_calls, ios_messages, put, read, sms, xml

from forbear.doors.dossier.build import fault
from forbear.doors.dossier.words import words
from forbear.records.exports.reasons import BREAKS, REASONS, Break, place

LATIN = re.compile(r"[A-Za-z]{3,}")
AT = 700_000_000


def telephones(folder):
    """A file of each importer that names places of its own."""
    (folder / "c").mkdir()
    yield put(folder / "calls.xml", xml("calls", call()))
    yield put(folder / "sms.xml", xml("smses", sms()))
    yield put(folder / "table.csv", f"time,direction,channel,other\n2026-03-08 10:00,in,call,{ALICE}\n")
    yield ios_calls(folder / "ios-calls", (ALICE, AT, 1, 0, 1, "us"))
    messages = ios_messages(folder / "messages", ("hi", None, 1, AT, 0, 0, 0, 1)).read_bytes()
    yield backup(folder / "backup", {"Library/SMS/sms.db": messages})


def test_every_place_has_its_words(tmp_path):
    """No place of a record that an importer gives is told a Chinese reader in English."""
    for path in telephones(tmp_path):
        for item in read(path).items:
            assert not LATIN.search(place(item.place, "zh")), item.place
            assert item.place.split()[1] in place(item.place, "en")


@pytest.mark.parametrize("why", BREAKS)
def test_every_break_is_said_with_its_place(why):
    """In both languages; the name of a file stays as it is."""
    assert "12" in Break("line 12", why).say("en") or why == "damaged-first"
    assert not LATIN.search(Break("line 12", why).say("zh"))


def test_what_of_a_file_could_not_be_read_is_said_in_chinese(tmp_path):
    """Its break, and the reasons of single records, each once."""
    whole = xml("smses", sms(), sms(kind="3"), sms(kind="3"), sms(date="soon"), sms())
    (source,) = read(put(tmp_path / "b.xml", whole[: whole.rindex("<sms") + 9])).sources
    said = fault(source, words("zh"))
    assert said == f"文件不完整：在第7行处被截断。3条记录无法读取：{REASONS['not-sent'].zh}；{REASONS['no-time'].zh}。文件自称有5条。"
    assert "3 records could not be read: a draft: it was never sent; it has no time" in fault(source, words("en"))
