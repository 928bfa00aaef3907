"""The steps, asked as a browser asks them, without one."""

import io
import re
import zipfile
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import pytest
from errors import exports, records
from exports_made import backup as made_backup
from exports_made import ios_messages
from telephones import COLLECTOR, FRIEND, OTHER
from typer.testing import CliRunner

from forbear.doors.cli import app
from forbear.doors.dossier import case as cases
from forbear.doors.dossier.web import checks, guard
from forbear.doors.dossier.web.session import STEPS, Session
from forbear.doors.dossier.web.told import told
from forbear.doors.dossier.words import words
from forbear.records import history
from forbear.records.errors import InputError
from forbear.records.exports import backup, table

PHONE = Path("examples/phone")
FILES = [("files", (name, (PHONE / name).read_bytes())) for name in ("calls.xml", "sms.xml")]
START = {"law": "us", "zone": "America/New_York", "do": "next"}
COMPANY = {
    "company.0.name": "Hilltop Recovery",
    "company.0.kind": "third-party-agency",
    "company.0.creditor": "First Example Bank",
    "company.0.creditor_kind": "bank",
    "company.0.debt_kind": "card",
}
NUMBERS = {"hand.0.number": "202-555-0111", "hand.1.number": "202-555-0122", "do": "next"} | COMPANY
TOLD = {
    "fact.0.kind": "cease-request",
    "fact.0.date": "2026-03-18",
    "fact.0.form": "written",
    "fact.0.to": "0",
    "fact.0.shown_by": "a copy of the letter and its receipt",
    "me.0.name": "Jane Roe",
    "me.0.number": "+1 202 555 0199",
    "me.0.never": "on",
    "me.0.confirmed": "on",
    "do": "next",
}


def walk(client, **changed):
    """All steps as far as they go; the last answer."""
    client.post("files", data=START, files=FILES)
    client.post("numbers", data=NUMBERS)
    return client.post("told", data=TOLD | changed)


def text(answer):
    """What is read on a page."""
    return unescape(re.sub(r"<[^>]+>", " ", answer.text))


def test_the_pages_make_the_case_of_the_command_line(client, session):
    """What is said on the pages is the case that somebody wrote by hand for the same telephone, and the pack is made of it."""
    answer = walk(client)
    assert answer.url.path.endswith("/result"), text(answer)
    by_hand, written = cases.load(PHONE / "case.toml"), cases.load(session.pack / "case.toml")
    assert written == by_hand
    assert session.made.pack.headline in text(answer)
    for group in session.made.pack.breaches:
        assert group.title in text(answer)
    whole = zipfile.ZipFile(io.BytesIO(client.get("get/dossier.zip").content))
    for name in ("dossier.pdf", "dossier.html"):
        got = client.get(f"get/{name}")
        assert got.headers["content-disposition"].startswith("attachment")
        assert got.content == (session.pack / name).read_bytes() == whole.read(f"dossier/{name}")


def test_steps_open_in_their_order(client, session):
    """Nobody comes to a step before what it rests on is there; a change takes back what rested on it."""
    for step in STEPS:
        assert client.get(step).url.path.endswith("/files")
        assert client.post(step, data={"do": "next"}).url.path.endswith("/files")
    assert client.get("get/dossier.pdf").status_code == 404
    walk(client)
    for step in STEPS:
        assert client.get(step).url.path.endswith(step)
    client.post("files", data=START | {"zone": "America/Chicago"})
    assert session.made is None
    assert client.get("get/dossier.zip").status_code == 404
    assert client.get("download").url.path.endswith("/told")


def test_what_a_telephone_holds_is_never_markup(client, session):
    """Names, numbers and file names are shown as they are."""
    evil = "<script>alert(1)</script>\"'><b>"
    sms = (PHONE / "sms.xml").read_bytes().replace(b"(Unknown)", b"&lt;script&gt;alert(1)&lt;/script&gt; bank")
    client.post("files", data=START, files=[("files", ("a<b>'.xml", sms))])
    assert session.found
    assert "<script>alert" in " ".join(reason for each in session.found for reason in each.reasons)
    client.post("numbers", data=NUMBERS | {"company.0.name": evil, "do": "keep"})
    for step in ("files", "numbers"):
        page = client.get(step).text
        assert "<script>a" not in page
        assert "<b>" not in page
    assert evil in unescape(client.get("numbers").text)
    client.post("numbers", data=NUMBERS | {"company.0.name": evil})
    page = client.post("told", data=TOLD | {"me.0.name": evil})
    assert page.url.path.endswith("/result")
    assert "<script>a" not in page.text + client.get("told").text


@pytest.mark.parametrize("name", ["../../escape.xml", "..\\..\\escape.xml", "/escape.xml", "\u202eescape.xml", "\U0001f4de" * 300 + ".xml"])
def test_a_file_stays_in_its_folder(client, session, name):
    """Whatever a browser calls it."""
    client.post("files", data=START, files=[("files", (name, FILES[0][1][1]))])
    ((kept, path),) = session.brought.items()
    assert kept.endswith(".xml")
    assert path.is_file()
    assert path.parent == session.pack.parent / "files"


def test_two_files_of_one_name_are_told_apart_or_refused(client, session):
    """Since it is by names that a case says whose telephone a file is of; the same file twice is the same file."""
    one, other = FILES[0][1][1], FILES[1][1][1]
    client.post("files", data={"do": "keep"}, files=[("files", ("a.xml", one))])
    assert client.post("files", data={"do": "keep"}, files=[("files", ("a.xml", one))]).status_code == 200
    answer = client.post("files", data={"do": "keep"}, files=[("files", ("a.xml", other))])
    assert answer.status_code == 422
    assert "Another file called a.xml is here already" in text(answer)
    assert session.brought["a.xml"].read_bytes() == one
    client.post("files", data={"do": "drop:a.xml"})
    assert session.brought == {}
    assert not list((session.pack.parent / "files").iterdir())


def test_too_much_is_refused_with_a_word(client, session, monkeypatch):
    """Before any of it is kept."""
    monkeypatch.setattr(guard, "MOST", 1000)
    answer = client.post("files", data=START, files=FILES)
    assert answer.status_code == 413
    assert "was not kept" in text(answer)
    assert session.brought == {}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_wrong_stands_beside_its_field_in_the_persons_language(client, session, lang):
    """And above, with a link to it; the field is marked for those who do not see it."""
    session.lang = lang
    answer = client.post("files", data=START, files=[("files", ("photo.jpg", b"\xff\xd8\xff"))])
    assert answer.status_code == 422
    assert ("photo.jpg: A picture" if lang == "en" else "photo.jpg：这是图片") in text(answer)
    assert '<a href="#files">' in answer.text
    assert re.search(r'<input type="file" id="files"[^>]*aria-describedby="files-wrong files-hint" aria-invalid="true"', answer.text)
    assert session.brought == {}


def test_everything_an_importer_says_has_its_chinese():
    """None of what is wrong with a file is told a Chinese reader in English."""
    met = []

    def raised(do, folder):
        try:
            do()
        except InputError as error:
            met.append(error)
        return "", None

    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(exports, "raised", raised)
        assert list(exports.met(Path(folder)))
    assert len(met) > 20
    unsaid = words("zh", "web")("wrong.other", what="")
    assert [f"{error.what}; {error.do}" for error in met if told(error, "zh").startswith(unsaid)] == []
    columns = "、".join(table.template("zh"))
    assert all(columns in told(error, "zh") for error in met if columns in str(error))


@pytest.mark.parametrize(("name", "content"), [each[1:] for each in records.FILES])
def test_what_is_wrong_with_a_lenders_record_has_its_chinese(tmp_path, name, content):
    """As told by the reader of tables: nothing of it is English."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        history.read([path])
    assert not told(error.value, "zh").startswith(words("zh", "web")("wrong.other", what=""))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"hand.0.number": "", "hand.1.number": ""}, "numbers"),
        ({"company.0.name": " "}, "company.0.name"),
        ({"company.0.kind": ""}, "company.0.kind"),
        ({"company.0.kind": "made-up"}, "company.0.kind"),
        ({"company.0.creditor": ""}, "company.0.creditor"),
        ({"company.1.name": "Nobody's"}, "company.1.name"),
    ],
)
def test_a_company_without_what_the_law_asks_is_not_let_through(client, changed, field):
    """Each lack alone is told where it is."""
    client.post("files", data=START, files=FILES)
    answer = client.post("numbers", data=NUMBERS | changed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert client.get("told").url.path.endswith("/numbers")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"me.0.confirmed": ""}, "me.0.confirmed"),
        ({"fact.0.kind": ""}, "fact.0.kind"),
        ({"fact.0.date": ""}, "fact.0.date"),
        ({"fact.0.date": "18 March"}, "fact.0.date"),
        ({"fact.0.time": "25:00"}, "fact.0.time"),
        ({"fact.0.date": "2026-03-08", "fact.0.time": "02:30"}, "fact.0.time"),
        ({"fact.0.kind": "opt-out"}, "fact.0.channel"),
        ({"fact.0.kind": "inconvenient-hours", "fact.0.from": "22:00"}, "fact.0.from"),
        ({"fact.0.to": "7"}, "fact.0.to"),
        ({"fact.0.person": "0"}, "fact.0.person"),
        ({"person.0.name": "mother"}, "person.0.party"),
    ],
)
def test_what_was_told_needs_a_day_and_the_word_that_it_is_so(client, session, changed, field):
    """No pack is made until it is mended, and what was written stays."""
    answer = walk(client, **changed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert session.made is None
    assert "a copy of the letter and its receipt" in answer.text


def test_rows_are_taken_out_and_what_pointed_at_them_follows(client, session):
    """A number of the third company is still the third company's when the second is gone."""
    client.post("files", data=START, files=FILES)
    more = {f"company.{n}.name": f"Company {n}" for n in (1, 2)}
    owners = {"hand.0.company": "1", "hand.1.company": "2"}
    client.post("numbers", data=NUMBERS | more | owners | {"do": "remove:company.1"})
    assert [row["name"] for row in session.draft["company"]] == ["Hilltop Recovery", "Company 2"]
    assert [row["company"] for row in session.draft["hand"]] == ["", "1"]
    client.post("numbers", data=NUMBERS | {"do": "add:hand"})
    assert len(session.draft["hand"]) == 3
    client.post("numbers", data={"number.0.number": session.found[0].number, "do": "all:number"})
    assert session.draft["number"][0]["yes"]


def test_another_language_loses_nothing(client, session):
    """What was written stays, proposals say their reasons anew, and a pack that is there is made again."""
    walk(client)
    english = session.made.pack.headline
    page = client.post("result", data={"lang": "zh"})
    assert page.url.path.endswith("/result")
    assert 'lang="zh-Hans"' in page.text
    assert session.made.pack.headline != english
    assert session.made.pack.headline in text(page)
    page = client.post("numbers", data=NUMBERS | {"company.0.name": "Half writ", "lang": "en", "do": "next"})
    assert page.url.path.endswith("/numbers")
    assert "Half writ" in page.text


@pytest.mark.parametrize(
    ("asks", "lang"), [("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"), ("en-US,en;q=0.9,zh;q=0.5", "en"), ("fr", "en"), ("", "en")]
)
def test_the_first_page_speaks_the_browsers_language(client, session, asks, lang):
    """Unless the command named one."""
    assert 'lang="en"' in client.get("files", headers={"accept-language": asks}).text
    session.settled = False
    assert f'<html lang="{lang}">' in client.get("files", headers={"accept-language": asks}).text


def test_files_of_the_command_line_stay_where_they_are(tmp_path):
    """They are read with the others, not copied."""
    session = Session(tmp_path, [PHONE / "calls.xml", PHONE / "sms.xml"], "en")
    session.begin("us", "America/New_York")
    assert session.read() == []
    assert {each.number for each in session.found} == {COLLECTOR, OTHER}
    assert FRIEND not in {each.number for each in session.found}
    assert list((tmp_path / "files").iterdir()) == []
    (tmp_path / "other").mkdir()
    missing = Session(tmp_path / "other", [tmp_path / "none.xml"], "zh")
    missing.begin("us", "America/New_York")
    assert missing.read() == [checks.Wrong("files", "none.xml：找不到这个文件。请检查路径。")]


def test_another_persons_telephone_is_that_persons(client, session):
    """Files of a person, hours and who refused reach the case."""
    said = {
        "person.0.party": "family",
        "person.0.file.1": "sms.xml",
        "person.1.party": "family",
        "fact.0.kind": "stop-by-third-party",
        "fact.0.person": "1",
        "fact.1.kind": "inconvenient-hours",
        "fact.1.date": "2026-03-01",
        "fact.1.time": "09:30",
        "fact.1.from": "22:00",
        "fact.1.until": "08:00",
    }
    assert walk(client, **said).url.path.endswith("/result")
    case = msgspec.to_builtins(cases.load(session.pack / "case.toml"))
    assert [(each["name"], each["files"]) for each in case["person"]] == [("family", ["sms.xml"]), ("family 2", [])]
    assert case["fact"][0]["person"] == "family 2"
    assert case["fact"][1]["hours"] == "daily[22:00,24:00)[00:00,08:00)"
    assert case["fact"][1]["at"] == "2026-03-01T09:30:00"


def test_how_far_reading_is_can_be_asked(client, session):
    """While a large backup is read, in the person's language."""
    session.done = 0.5
    assert client.get("progress").text == "Reading: 50 per cent."
    session.lang = "zh"
    assert client.get("progress").text == "正在读取，已完成50%。"


LOG = "occurred_at,consumer,number,channel,direction\n" + "".join(
    f"2026-03-09T{hour:02}:05:00-04:00,c1,{COLLECTOR},call,outbound\n" for hour in range(9, 17)
)
MAPPED = '[columns]\nwhen = "occurred_at"\n'


def test_the_lenders_record_is_laid_beside_as_by_the_command(client, session, tmp_path):
    """The page makes what `make --lender-log` makes; who verifies without the log is told of it."""
    files_too = [*FILES, ("log", ("log.csv", LOG.encode()))]
    page = client.post("files", data=START, files=files_too)
    assert "8 rows of the lender's record are read" in text(page)
    client.post("numbers", data=NUMBERS)
    page = client.post("told", data=TOLD)
    lead = next(each for each in session.made.pack.leads if each.startswith("Beside the lender's log"))
    assert lead in text(page)
    assert "need the lender's record too" in text(client.get("download"))
    log, out = tmp_path / "log.csv", tmp_path / "out"
    log.write_text(LOG, encoding="utf-8")
    phone = [PHONE / "calls.xml", PHONE / "sms.xml"]
    make = ["dossier", *phone, "--case", session.pack / "case.toml", "--lender-log", log, "--out", out]
    assert CliRunner().invoke(app, [*map(str, make)]).exit_code == 0
    for name in ("manifest.json", "dossier.html"):
        assert (out / name).read_bytes() == (session.pack / name).read_bytes()
    client.post("files", data=START | {"do": "drop-log:log.csv"})
    assert session.log == {}
    client.post("told", data=TOLD)
    assert not any("lender's log" in each for each in session.made.pack.leads)


def test_a_lenders_record_with_columns_of_its_own_needs_a_mapping(client, session):
    """What is wrong stands at its field, which is unfolded; with the mapping it is read."""
    theirs = LOG.replace("occurred_at", "when").encode()
    page = client.post("files", data=START, files=[*FILES, ("log", ("log.csv", theirs))])
    assert page.status_code == 422
    assert "No column says 'occurred_at'" in text(page)
    assert '<details id="lender" open>' in page.text
    assert client.get("numbers").url.path.endswith("/files"), "nothing is made beside a log that nobody could read"
    client.post("files", data=START, files=[("log", ("m.toml", MAPPED.encode()))])
    assert session.log.history.rows == 8
    assert [path.name for path in session.log.files] == ["log.csv"]


def test_other_people_are_shown_only_where_it_is_asked(client, session):
    """Off unless ticked; then the result and the last page say to whom such a pack may go."""
    said, number = {"stated.0.words": "They rang 202-555-0144."}, "202-555-0144"
    walk(client, **said)
    assert session.made.pack.redacted
    assert number not in (session.pack / "dossier.html").read_text(encoding="utf-8")
    page = walk(client, **said, **{"me.0.unredacted": "on"})
    assert not session.made.pack.redacted
    assert "only to the police or to your own lawyer" in text(page)
    assert "Numbers and names of other people are replaced by marks" not in text(client.get("download"))
    assert number in (session.pack / "dossier.html").read_text(encoding="utf-8")


def test_the_result_shows_the_picture_of_the_pack(client, session):
    """The same that stands in the pack."""
    page = walk(client).text
    assert session.picture.startswith("<svg ")
    assert session.picture in page
    assert session.picture in (session.pack / "dossier.html").read_text(encoding="utf-8")


def test_what_happened_without_a_record_is_stated_apart(client, session):
    """As written, in the case and the pack; nothing is counted by it. Without words an entry is not let through."""
    bare = walk(client)
    said = {"stated.0.words": "They rang my employer.\r\nTwice.", "stated.0.when": "early in May", "stated.0.channel": "call"}
    page = walk(client, **said)
    assert session.made.pack.headline in text(bare)
    (told_,) = cases.load(session.pack / "case.toml").told
    assert told_.words.split() == ["They", "rang", "my", "employer.", "Twice."]
    assert (told_.at, told_.channel) == ("early in May", "call")
    assert "They rang my employer." in text(page)
    page = walk(client, **(said | {"stated.0.words": " "}))
    assert page.status_code == 422
    assert 'href="#stated.0.words"' in page.text


def part(folder, name, content):
    """A file of a folder, as a browser sends it."""
    return "files", (f"{folder}/{name}", content)


def brought(folder, above="0000-AB"):
    """The parts of a backup that the page takes."""
    return [part(above, name.rpartition("/")[2], (folder / name).read_bytes()) for name in backup.PARTS if (folder / name).exists()]


def test_a_backup_of_an_iphone_is_brought_as_its_folder(client, session, tmp_path):
    """Calls and messages are taken out of it under the names that they have on the telephone; two telephones are told apart."""
    for n, words_ in enumerate(("You deadbeat", "Pay up, thief")):
        messages = ios_messages(tmp_path / f"m{n}", (words_, None, 1, 700_000_000, 0, 0, 0, 1)).read_bytes()
        folder = made_backup(tmp_path / f"b{n}", {"Library/SMS/sms.db": messages})
        client.post("files", data=START | {"do": "keep"}, files=brought(folder, f"0000-A{n}"))
        client.post("files", data=START | {"do": "keep"}, files=brought(folder, f"0000-A{n}"))
    assert list(session.brought) == ["sms.db", "sms-2.db"]
    assert client.post("files", data=START).url.path.endswith("/numbers")
    assert {text for met in session.census.values() for text in met.said} == {"You deadbeat", "Pay up, thief"}


def test_an_encrypted_backup_is_told_at_once(client, session, tmp_path):
    """In the person's language, with what to do; nothing of it stays."""
    session.lang = "zh"
    folder = made_backup(tmp_path / "b", {"Library/SMS/sms.db": b"x"}, locked=True)
    page = client.post("files", data=START, files=brought(folder))
    assert page.status_code == 422
    assert "0000-AB：备份已加密" in text(page)
    assert session.brought == {}
    assert not any(path.is_file() for path in session.pack.parent.rglob("*"))
