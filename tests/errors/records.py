"""What is wrong with files of contacts and facts, and with a mapping."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from errors.met import Met, command, raised

from forbear.records import mapping
from forbear.records.columns.read import Columns
from forbear.records.files import open_file
from forbear.records.history import Intake, read
from forbear.records.quarantine import REASONS, Quarantined
from forbear.records.tables import batches

SOURCES = ("records/",)
OPENING, MAPPING, ROWS = "Bringing a file of contacts or facts", "Writing a mapping", "Reading a row: what quarantine.csv says"
HEAD = "consumer,channel,occurred_at\n"
ROW = "A,call,2026-01-05T10:00:00Z\n"

FILES: tuple[tuple[str, str, bytes], ...] = (
    ("a format that we do not read", "calls.docx", b"calls"),
    ("nothing in the file", "calls.csv", b""),
    ("nothing but separators in the file", "calls.csv", b",,\n,,\n"),
    ("nothing in the file", "calls.jsonl", b""),
    ("a workbook under the name of a table", "calls.csv", b"PK\x03\x04 workbook"),
    ("another file under the name of a table", "calls.csv", b"%PDF-1.7"),
    ("JSON under the name of a table", "calls.csv", b'{"consumer": "A"}\n'),
    ("zero bytes in a text", "calls.csv", HEAD.encode() + b"A,\0call,\n"),
    ("a text in another encoding", "calls.csv", HEAD.encode() + b"A,caf\xe9\xff\n"),
    ("a damaged text", "calls.csv", HEAD.encode() + "电话联系电话联系电话联系".encode() + b"\xff\n"),
    ("a text cut off within a character", "calls.csv", HEAD.encode() + "电话联系".encode()[:-1]),
    ("a text cut off within quotes", "calls.csv", HEAD.encode() + b'A,call,"2026-01-05\n'),
    ("a quote that was never closed, before a very long rest", "calls.csv", HEAD.encode() + b'A,"' + b"x" * (17 << 20) + b'",1\n'),
    ("a column twice in the header", "calls.csv", b"consumer,channel,occurred_at,channel\nA,call,2026-01-05,sms\n"),
    ("a column that is needed is not there", "calls.csv", b"consumer,channel,called on\nA,call,2026-01-05\n"),
    ("JSON lines cut off", "calls.jsonl", b'{"consumer": "A", "channel'),
    ("no JSON object in the file", "calls.jsonl", b"[1]\n[2]\n"),
    ("a damaged gzip file", "calls.csv.gz", gzip.compress(HEAD.encode() * 50, mtime=0)[:-9]),
    ("a damaged zstd file", "calls.csv.zst", b"\x28\xb5\x2f\xfd damaged"),
    ("a damaged Parquet file", "calls.parquet", b"PAR1 damaged PAR1"),
)
MAPPINGS: tuple[tuple[str, bytes], ...] = (
    ("not UTF-8", "[columns]\n债务人 = 'consumer'\n".encode("gb18030")),
    ("not TOML", b"[columns]\nphone number = 'address'\n"),
    ("a column mapped twice", b"[columns]\nwho = 'consumer'\nwho = 'debt'\n"),
    ("`file` in place of `files`", b"file = 'calls.csv'\n"),
    ("a key that a mapping does not have", b"[columns]\nwho = 'consumer'\n[times]\nzone = 'Asia/Shanghai'\n"),
    ("a value of another kind", b"[readings]\nconversation_from_s = 'ten'\n"),
    ("a column that we do not have", b"[columns]\nwho = 'debtor'\n"),
    ("two columns that mean the same", b"[columns]\nwho = 'consumer'\nname = 'consumer'\n"),
    ("words for a column that is not mapped", b"[values.result]\nok = 'conversation'\n"),
    ("a word that we do not have", b"[columns]\nresult = 'outcome'\n[values.result]\nok = 'splendid'\n"),
    ("a constant that cannot be read", b"[given]\njurisdiction = 'America'\n"),
    ("a constant that differs from row to row", b"[given]\nconsumer = 'A'\n"),
    ("a kind of fact that we do not have", b"[holds]\ncrm = ['promise']\n"),
    ("a time zone that there is not", b"[time]\nzone = 'Beijing'\n"),
    ("a format of times that there is not", b"[time]\nformat = 'american'\n"),
    ("an hour that there is not", b"[time]\ncontact_date_at = 'noon'\n"),
)
LINES: tuple[tuple[str, str, str], ...] = (
    ("a row shorter than the header", "A,call", ""),
    ("a row longer than the header", "A,call,2026-01-05T10:00:00Z,,,,,,,,,,more", ""),
    ("nobody is named", "occurred_at=2026-01-05T10:00:00Z channel=call", ""),
    ("no channel", "consumer=A occurred_at=2026-01-05T10:00:00Z", ""),
    ("no time", "consumer=A channel=call", ""),
    ("two consumers in one row", "consumer=A|B channel=call occurred_at=2026-01-05T10:00:00Z", ""),
    ("a contact with everyone", "consumer=* channel=call occurred_at=2026-01-05T10:00:00Z", ""),
    ("several debts as a choice", "consumer=A channel=call debt=1|2 occurred_at=2026-01-05T10:00:00Z", ""),
    ("a word that we do not have", "consumer=A channel=pigeon occurred_at=2026-01-05T10:00:00Z", ""),
    ("a jurisdiction that is none", "consumer=A channel=call jurisdiction=America occurred_at=2026-01-05T10:00:00Z", ""),
    ("a time zone that is none", "consumer=A channel=call zone=Beijing occurred_at=2026-01-05T10:00:00Z", ""),
    ("a number that is none", "consumer=A channel=call duration_s=long occurred_at=2026-01-05T10:00:00Z", ""),
    ("hours that are none", "consumer=A kind=consent hours=evenings occurred_at=2026-01-05T10:00:00Z", ""),
    ("hours that are none", "consumer=A kind=consent hours=mon[18:99,19:00) occurred_at=2026-01-05T10:00:00Z", ""),
    ("hours that are none", "consumer=A kind=consent hours=someday[18:00,19:00) occurred_at=2026-01-05T10:00:00Z", ""),
    ("a date that is none", "consumer=A kind=consent until=soon occurred_at=2026-01-05T10:00:00Z", ""),
    ("a date that is none", "consumer=A kind=consent until=1767600000 occurred_at=2026-01-05T10:00:00Z", ""),
    ("a date that there is not", "consumer=A kind=consent until=2026-02-30 occurred_at=2026-01-05T10:00:00Z", ""),
    ("a time that is none", "consumer=A channel=call occurred_at=yesterday", ""),
    ("a time that is none", "consumer=A channel=call occurred_at=123", ""),
    ("a time that is none", "consumer=A channel=call occurred_at=5.1.26", "format = '%d/%m/%Y'"),
    ("a time that is none", "consumer=A channel=call occurred_at=noon", "format = 'unix-s'"),
    ("a time that is none", "consumer=A channel=call occurred_at=noon", "format = 'excel'"),
    ("a time that there is not", "consumer=A channel=call occurred_at=2026-02-30T10:00", ""),
    ("a time that there is not", "consumer=A channel=call occurred_at=20260230", ""),
    ("a time that there is not", "consumer=A channel=call occurred_at=Mon,~30~Feb~2026~10:00:00~+0000", ""),
    ("a time that there is not", "consumer=A channel=call occurred_at=2999-01-05T10:00:00Z", ""),
    ("a time that there is not", "consumer=A channel=call occurred_at=99999999999", "format = 'unix-s'"),
    ("a time that there is not", "consumer=A channel=call occurred_at=999999999", "format = 'excel'"),
    ("day and month cannot be told apart", "consumer=A channel=call zone=Asia/Shanghai occurred_at=03/04/2026T10:00", ""),
    ("a local time that the clocks skipped", "consumer=A channel=call zone=America/New_York occurred_at=2026-03-08T02:30", ""),
    ("a local time and no zone", "consumer=A channel=call occurred_at=2026-01-05T10:00", ""),
    ("a date and no zone", "consumer=A kind=consent occurred_at=2026-01-05", ""),
    ("a local time that several zones may mean", "consumer=A channel=call zone=Asia/Tokyo|Asia/Shanghai occurred_at=2026-01-05T10:00", ""),
    ("a contact with a date and no time of day", "consumer=A channel=call zone=Asia/Shanghai occurred_at=2026-01-05", ""),
)
"""(situation, the row as `column=value` (`~` for a space) or as it stands, what the mapping says under [time])."""
NEEDED = ("consumer", "channel", "occurred_at")


def met(folder: Path) -> Iterator[Met]:
    """Each of them."""
    yield Met(OPENING, "no such file", *command(folder, "audit", "calls.csv", "--law", "us", "--out", "report"))
    yield Met(OPENING, "no such file", *command(folder, "init", "calls.csv"))
    yield Met(OPENING, "a kind of fact that we do not have, in `--holds`", *_holds(folder))
    (folder / "scans").mkdir()
    (folder / "scans" / "letter.pdf").write_bytes(b"%PDF")
    yield Met(OPENING, "a folder that holds no table", *raised(lambda: read([folder / "scans"]), folder))
    yield Met(OPENING, "a folder under the name of a table", *raised(lambda: list(batches(_folder(folder / "calls.tsv"))), folder))
    for when, name, content in FILES:
        (folder / name).write_bytes(content)
        yield Met(OPENING, when, *raised(lambda name=name: read([folder / name]), folder))
        if when.startswith("a format"):
            yield Met(OPENING, when, *command(folder, "init", name))
        (folder / name).unlink()
    yield from _hidden(folder)
    yield Met(MAPPING, "no such file", *raised(lambda: mapping.load(folder / "calls.toml"), folder))
    for when, content in MAPPINGS:
        (folder / "calls.toml").write_bytes(content)
        yield Met(MAPPING, when, *raised(lambda: mapping.load(folder / "calls.toml"), folder))
    yield from _rows(folder)


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _holds(folder: Path) -> tuple[str, int]:
    (folder / "calls.csv").write_text(HEAD + ROW, encoding="utf-8")
    return command(folder, "audit", "calls.csv", "--law", "us", "--holds", "promise", "--out", "report")


def _hidden(folder: Path) -> Iterator[Met]:
    """What needs more than a bad file: a file that goes or changes, a file of which two parts disagree."""
    file = folder / "calls.parquet"
    pq.write_table(pa.table({name: ["A"] * 61 for name in ("consumer", "channel", "occurred_at")}), file)
    file.write_bytes(file.read_bytes().replace(b"\x16\x7a\x19", b"\x16\x7c\x19", 1))  # the footer's number of rows, 61
    yield Met(OPENING, "a Parquet file whose rows are not all there", *raised(lambda: list(Columns(Intake([file])).blocks()), folder))
    file.write_bytes(b"PAR1 damaged PAR1")
    yield Met(OPENING, "a damaged Parquet file", *raised(lambda: list(Columns(Intake([file])).blocks(threads=2)), folder))
    yield Met(OPENING, "no file at all", *raised(lambda: Columns(Intake([])), folder))
    yield Met(OPENING, "no file at all", *raised(lambda: read([]), folder))
    file = folder / "calls.csv"
    file.write_text(HEAD + ROW, encoding="utf-8")

    def grow(*_: int) -> None:
        with file.open("a", encoding="utf-8") as out:
            out.write(ROW)

    yield Met(OPENING, "a file that something still writes to", *raised(lambda: read([file], progress=grow), folder))
    file.unlink()
    yield Met(OPENING, "a file that is gone before it is read", *raised(lambda: open_file(file).__enter__(), folder))
    yield Met(OPENING, "a file that is gone before it is read", *raised(lambda: next(batches(file)), folder))


def _rows(folder: Path) -> Iterator[Met]:
    """Each row alone in a file of its own, as the file has it."""
    for when, line, time in LINES:
        row = _row(folder, line, mapping.parse(f"[time]\n{time}\n", Path("calls.toml")))
        yield Met(ROWS, when, REASONS[row.reason].en, zh=REASONS[row.reason].zh, kind=row.reason)
    (folder / "more.jsonl").write_text("[]\n" + '{"consumer": "A", "channel": "call", "occurred_at": 1767600000}\n', encoding="utf-8")
    (row,) = read([folder / "more.jsonl"]).quarantine
    yield Met(ROWS, "a line that is no JSON object", REASONS[row.reason].en, zh=REASONS[row.reason].zh, kind=row.reason)


def _row(folder: Path, line: str, said: mapping.Mapping) -> Quarantined:
    cells = dict.fromkeys(NEEDED, "") | dict(each.replace("~", " ").split("=") for each in line.split()) if "=" in line else {}
    with (folder / "row.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([list(cells), list(cells.values())] if cells else [NEEDED, line.split(",")])
    (found,) = read([folder / "row.csv"], mapping=said).quarantine
    return found
