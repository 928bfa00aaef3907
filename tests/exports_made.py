"""Exports of invented people, as their programs would write them."""

import datetime as dt
import hashlib
import plistlib
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

from forbear.records.exports.export import read as read_export

ALICE, BOB = "+12025550123", "+12025550145"


def read(*paths, zone="America/New_York", region="US", **more):
    """The export of some files of somebody in New York."""
    return read_export(paths, zone=zone, region=region, **more)


def put(path: Path, content: str | bytes) -> Path:
    """A file with this in it."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def xml(root: str, *inside: str, count: int | None = None) -> str:
    """A backup of SMS Backup & Restore."""
    said = len(inside) if count is None else count
    return f"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<{root} count=\"{said}\">\n" + "\n".join(inside) + f"\n</{root}>"


def sms(number="2025550123", date="1735722000000", kind="1", body="hello", name="(Unknown)", status="-1"):
    """An SMS."""
    return (
        f'<sms protocol="0" address="{number}" date="{date}" type="{kind}" subject="null" body="{body}" '
        f'status="{status}" contact_name="{name}" />'
    )


def call(number="2025550123", date="1735722000000", kind="1", duration="12", name="(Unknown)"):
    """A call."""
    return f'<call number="{number}" duration="{duration}" date="{date}" type="{kind}" presentation="1" contact_name="{name}" />'


def database(path: Path, script: str, *rows: tuple[str, tuple]) -> Path:
    """An SQLite database: its tables, and rows by their INSERT."""
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(script)
        for insert, row in rows:
            base.execute(insert, row)
    return path


CALLS = """CREATE TABLE ZCALLRECORD (Z_PK INTEGER PRIMARY KEY, ZADDRESS, ZDATE, ZDURATION, ZORIGINATED, ZANSWERED, ZNAME,
ZISO_COUNTRY_CODE, ZUNIQUE_ID)"""
MESSAGES = """CREATE TABLE message (ROWID INTEGER PRIMARY KEY, guid, text, attributedBody, handle_id, date, is_from_me, service, error,
is_delivered, item_type); CREATE TABLE handle (ROWID INTEGER PRIMARY KEY, id);
CREATE TABLE chat (ROWID INTEGER PRIMARY KEY, style, chat_identifier, display_name);
CREATE TABLE chat_message_join (chat_id, message_id)"""
_CALL = "INSERT INTO ZCALLRECORD VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_MESSAGE = "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def ios_calls(path: Path, *rows: tuple) -> Path:
    """CallHistory.storedata: (address, date, duration, originated, answered, country)."""
    return database(path, CALLS, *((_CALL, (k, *row[:5], None, row[5], f"u{k}")) for k, row in enumerate(rows, 1)))


def ios_messages(path: Path, *rows: tuple) -> Path:
    """sms.db with chats 1 (Alice alone) and 2 (Alice and Bob): (text, body, handle, date, from me, error, item type, chat)."""
    told: list[tuple[str, tuple]] = [("INSERT INTO handle VALUES (?, ?)", each) for each in ((1, ALICE), (2, BOB))]
    told += [("INSERT INTO chat VALUES (?, ?, ?, ?)", each) for each in ((1, 45, ALICE, None), (2, 43, "chat77", "Family"))]
    for k, (text, body, handle, date, mine, error, item, chat) in enumerate(rows, 1):
        told.append((_MESSAGE, (k, f"g{k}", text, body, handle, date, mine, "SMS", error, 0, item)))
        told.append(("INSERT INTO chat_message_join VALUES (?, ?)", (chat, k)))
    return database(path, MESSAGES, *told)


def typed(text: str) -> bytes:
    """An attributed string as a typed stream."""
    said = text.encode()
    length = bytes([len(said)]) if len(said) < 0x80 else b"\x81" + len(said).to_bytes(2, "little")
    begin = b"\x04\x0bstreamtyped\x81\xe8\x03\x84\x01@\x84\x84\x84\x12NSAttributedString\x00\x84\x84\x08NSObject\x00\x85\x92"
    return begin + b"\x84\x84\x84\x08NSString\x01\x94\x84\x01+" + length + said + b"\x86\x84\x02iI\x01\x05"


def keyed(text: str) -> bytes:
    """An attributed string as a keyed archive."""
    objects = ["$null", {"NSString": plistlib.UID(2)}, {"NS.string": text}]
    return plistlib.dumps({"$top": {"root": plistlib.UID(1)}, "$objects": objects}, fmt=plistlib.FMT_BINARY)


def backup(folder: Path, files: dict[str, bytes], *, locked: bool = False) -> Path:
    """The folder of an iPhone backup, from the relative paths of HomeDomain."""
    folder.mkdir()
    rows = []
    for relative, content in files.items():
        name = hashlib.sha1(f"HomeDomain-{relative}".encode(), usedforsecurity=False).hexdigest()
        (folder / name[:2]).mkdir(exist_ok=True)
        put(folder / name[:2] / name, content)
        rows.append(("INSERT INTO Files VALUES (?, 'HomeDomain', ?)", (name, relative)))
    database(folder / "Manifest.db", "CREATE TABLE Files (fileID, domain, relativePath)", *rows)
    put(folder / "Manifest.plist", plistlib.dumps({"IsEncrypted": locked}))
    return folder


def workbook(path, rows):
    """A workbook with texts, numbers and times in its first sheet."""

    def cell(value):
        if isinstance(value, dt.datetime):
            days = (value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
            return f'<c s="1"><v>{days!r}</v></c>'
        if isinstance(value, int):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheet = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        f'<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as out:
        for name, text in parts.items():
            out.writestr(name, text)
    return path
