"""The columnar reader gives the entries that the row reader gives, of any table: plain, odd, broken, in any format."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import tempfile
import threading
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from forbear.records import history, ids, mapping, phones
from forbear.records.columns import derived as columns_derived
from forbear.records.columns import phones as columns_phones
from forbear.records.columns import read as columns_read
from forbear.records.columns import rows as columns_rows
from forbear.records.columns.block import join, of_arrow, of_entries, split, to_arrow
from forbear.records.columns.kinds import Numbers, Strings, Words
from forbear.records.columns.lines import Ids, lines
from forbear.records.columns.loops import PLUS
from forbear.records.columns.parts import Parts
from forbear.records.columns.texts import Vocabulary
from forbear.records.derived import Hear
from forbear.records.entries import Draft
from forbear.records.entry import Entry
from forbear.records.errors import InputError
from forbear.records.timelines import timelines


@pytest.fixture(autouse=True, scope="module")
def _few_rows_are_columns_too():
    """Small tables are read as columns here, although elsewhere that is not worth it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns_rows, "FEW_ROWS", 0)
        yield


MAPPINGS = (
    "",
    '[time]\nzone = "America/New_York"\n[given]\njurisdiction = "US"\nautomated = "person"\ndirection = "outbound"',
    'region = "CN"\nsource = "dialer"\n[readings]\nconversation_from_s = 30\nconsumer_is_address = true',
    '[given]\nzone = "Asia/Shanghai|Asia/Tokyo"\n[readings]\nconsumer_is_address = true',
    '[values.outcome]\n"未接通" = "no-answer|busy"\n"通了" = "conversation|answered"\n[given]\nagency = "X"\nzone = "Europe/London"',
)
CELLS = {
    "occurred_at": (
        "2026-03-02 09:00:00", "2026-03-02T09:00:00+08:00", "2026-03-29 01:30:00", "2026-10-25 01:30:00", "2026-03-02T09:00:00.250Z",
        "03/04/2026 10:00",
        "1772413200", "1772413200123", "2026/3/2 9:05", "2026-03-02", "2026-02-30 09:00:00", "", "2026年3月2日 下午3点05分",
        "2026-03-02 09:00:60", " 2026-03-02 09:00:01", "2026-03-02T23:59:59.999999-05:00", "46084.5",
        "Mon, 02 Mar 2026 09:00:00 +0000", "Mon, 02 Mar 2026 09:00:00 -0000",
    ),
    "known_at": ("", "", "?", "2026-03-03 09:00:00", "2026-03-01T00:00:00Z", "2026-03-05"),
    "consumer": ("A", "B7", "乙", "a b", "", "?", "*", "A|B", "unknown", "+8613900000001"),
    "kind": ("", "contact", "consent", "dispute", "cease-request", "assigned", "opt-in", "nonsense"),
    "channel": ("call", "call", "sms", "letter", "", "?", "call|sms", "电话"),
    "direction": ("outbound", "inbound", "", "呼出"),
    "party": ("consumer", "consumer", "spouse", "", "?", "attorney|family"),
    "person": ("", "", "A", "+8613900000001", "139-0000-0001", "?"),
    "address": ("+8613900000001", "139-0000-0001", "13900000001", "a@b.example", "", "+8601012345678", "617-555-0101", "?"),
    "from": ("+16175550101", "10086", "", "?", "617-555-0102|x9"),
    "to": ("+8613900000001", "", "139 0000 0003"),
    "outcome": ("no-answer", "conversation", "未接通", "通了", "no-answer|busy", "conversation|answered", "", "?"),
    "duration_s": ("", "0", "30", "1:02", "45秒", "12.50", "x"),
    "debt": ("1", "2", "1+2", "", "?", "9|8", "*"),
    "jurisdiction": ("CN", "US", "US-MA", "", "?", "usa", "CN|US"),
    "zone": ("Asia/Shanghai", "America/New_York", "Europe/London", "", "?", "Mars/Base", "Asia/Shanghai|Asia/Tokyo"),
    "tags": ("no-tags", "threat", "", "?", "threat+insult"),
    "agency": ("X", "Y", "", "?", "*"),
    "hours": ("", "mon-fri[18:00,24:00)", "daily[08:00,21:00]", "later"),
    "until": ("", "2026-12-31"),
    "text": ("", "喂，你好", "two\nlines"),
    "source": ("", "crm", " crm "),
    "contact_id": ("", "c1", "c2", " c3", "c4", "c5", "编号"),
    "fact_id": ("", "f1"),
}  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """A header and rows: most cells usual, some odd."""
    other = sorted(set(CELLS) - {"occurred_at", "consumer", "channel"})
    more = set(draw(st.lists(st.sampled_from(other), unique=True, max_size=12)))
    header = draw(st.permutations(sorted({"occurred_at", "consumer", "channel", *more, *(["kind"] if "fact_id" in more else [])})))
    usual = draw(st.integers(1, 6))
    cell = {name: st.one_of(*[st.sampled_from(CELLS[name][: max(usual, 2)])] * 5, st.sampled_from(CELLS[name])) for name in header}
    return header, [[draw(cell[name]) for name in header] for _ in range(draw(st.integers(1, 12)))]


def _write(folder: Path, form: str, header: list[str], rows: list[list[str]]) -> Path:
    path = folder / f"t.{form}"
    if form == "csv":
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([header, *rows])
    elif form == "jsonl":
        path.write_text("".join(json.dumps(dict(zip(header, row, strict=True))) + "\n" for row in rows), "utf-8")
    else:
        columns = [pa.array([row[n] or None for row in rows], pa.string()) for n in range(len(header))]
        pq.write_table(pa.table([c.dictionary_encode() if n % 2 else c for n, c in enumerate(columns)], names=header), path)
    return path


ASKED = (None, (), ("direction", "outcome"), ("address", "agency"), ("tags", "zone", "person"), ("minutes_a_week", "until", "hours"))


def _hear(text: str, spoken: bool) -> frozenset[str] | None:
    """Stands for signals: a greeting says who calls; of a call only what holds a line break shows who speaks."""
    if spoken and "\n" not in text:
        return None
    return frozenset({"identifies-caller", "threat"}) if "你好" in text else frozenset()


def _both(
    paths: list[Path], said: str = "", parts: int = 3, budget: int = 0, asked: frozenset[str] | None = None, hear: Hear | None = None
) -> Parts:
    """Reads twice and compares all that is told: entries, then timelines with their order and ids, divided into parts on disk."""
    meant = mapping.parse(said, Path("m.toml"))
    intake = history.Intake(paths, mappings=[meant], asked=asked, hear=hear)
    rows = history.take_in(intake)
    columns = columns_read.Columns(intake)
    entries = [block.entry(row) for block in columns.blocks() for row in range(len(block))]
    assert ids.name([Draft(entry, "") for entry in entries]).entries == rows.entries
    with tempfile.TemporaryDirectory() as folder:
        divided = Parts(parts, Path(folder), budget)
        for block in columns_read.Columns(intake).blocks():
            divided.add(block)
        divided.close()
        everyone = join(divided.everyone) if divided.everyone else of_entries([])
        found = [lines(part, everyone, divided.shared, divided.taken) for part in divided if len(part)]
    told_all = Ids(everyone, divided.shared, divided.taken).repeated
    assert sum(each.ids.repeated for each in found) + told_all == len(rows.repeated)
    assert len(divided.shared) == len(rows.duplicate_ids)
    lines_ = [(each.names[t], each.entries(range(*each.start[t : t + 2]))) for each in found for t in range(len(each.names))]
    lines_.sort(key=lambda line: line[0])
    assert lines_ == [(line.consumers[0], list(line.entries)) for line in timelines(rows.entries)]
    told = columns.history()
    for name in ("quarantine", "coverage", "givens", "readings", "files", "unmet", "skipped"):
        assert getattr(told, name) == getattr(rows, name), name
    return divided


@pytest.mark.parametrize("said", MAPPINGS)
@settings(max_examples=120)
@given(table=tables(), form=st.sampled_from(("csv", "jsonl", "parquet")), asked=st.sampled_from(ASKED), hear=st.sampled_from((None, _hear)))
def test_columns_say_what_rows_say(tmp_path_factory, said, table, form, asked, hear):
    """Entries, quarantine, constants and readings are the same, whatever the cells hold, whatever is asked for, whoever hears the texts."""
    _both([_write(tmp_path_factory.mktemp("t"), form, *table)], said, asked=None if asked is None else frozenset(asked), hear=hear)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_what_nobody_asks_for_is_not_read(tmp_path, form):
    """It is on no entry, spoils no row, and is told by file; what leads to what is asked for is read."""
    header = ["occurred_at", "consumer", "channel", "contact_id", "outcome", "tags", "text", "from", "to", "direction", "spare"]
    rows = [["1772413200", "A", "call", "x", "no-answer", "nonsense", "hello", "10086", "+8613900000001", "outbound", "1"]]
    path = _write(tmp_path, form, header, rows)
    _both([path], asked=frozenset({"outcome", "address"}))
    found = history.read([path], asked=frozenset({"outcome", "address"}))
    (entry,) = found.entries
    assert set(entry.fields) == {"consumer", "kind", "channel", "outcome", "address"}
    assert (entry.text, found.quarantine, found.files[0].unasked, found.files[0].ignored) == ("", [], ("tags", "text"), ("spare",))
    assert [bad.column for bad in history.read([path]).quarantine] == ["tags"]


def test_ids_that_are_made_are_made_of_the_text_too(tmp_path):
    """Where a file brings no ids, two rows that differ in their text alone are two."""
    rows = [["1772413200", "A", "call", "one"], ["1772413200", "A", "call", "two"]]
    path = _write(tmp_path, "csv", ["occurred_at", "consumer", "channel", "text"], rows)
    _both([path], asked=frozenset())
    assert not history.read([path], asked=frozenset()).repeated


def test_typed_columns_say_what_their_texts_say(tmp_path):
    """Timestamps with and without zone, integers, floats, dates, lists and large texts of Parquet are read alike, fast or slow."""
    n = 300
    at = [1772413200 + 3600 * k for k in range(n)]
    moments = [dt.datetime.fromtimestamp(each, dt.UTC) for each in at]
    bare = [each.replace(tzinfo=None) for each in moments]
    zones = pa.array(["Europe/London" if k % 3 else "America/New_York" for k in range(n)]).dictionary_encode()
    common = {
        "consumer": pa.array([f"k{k % 70}" if k % 11 else "?" for k in range(n)], pa.large_string()),
        "channel": pa.array(["call"] * n),
        "debt": pa.array([[str(k), "7"] if k % 5 else [] for k in range(n)], pa.list_(pa.string())),
        "duration_s": pa.array([None if k % 4 == 0 else k / 2 for k in range(n)], pa.float64()),
        "collectors_present": pa.array([k % 3 for k in range(n)], pa.int16()),
        "zone": zones,
    }
    times = (
        pa.array([*moments[:-1], None], pa.timestamp("us", "UTC")),
        pa.array(moments, pa.timestamp("ms", "America/New_York")),
        pa.array(bare, pa.timestamp("s")),
        pa.array(at, pa.int64()),
        pa.array([each * 1000 + 7 for each in at], pa.int64()),
        pa.array([each.date() for each in moments], pa.date32()),
    )
    for number, column in enumerate(times):
        path = tmp_path / f"t{number}.parquet"
        pq.write_table(pa.table({"occurred_at": column, **common}), path)
        _both([path])


def test_many_ids_are_read_alike(tmp_path):
    """Ids and numbers by the hundred, plain and odd, are the same where they pass unread; only odd rows are read one by one."""
    odd = ("A|B", "a+b", " x1 ", "unknown", "", "?", "編號9", "139-0000-0001", "+862012345678", "+8617911390000", "+4402079460000")
    ids_ = [odd[k % len(odd)] if k % 7 == 0 else f"+86139{k:08}" if k % 2 else f"id-{k}" for k in range(900)]
    names = ("consumer", "debt", "address", "person", "from", "contact_id", "collector")
    columns = {name: ids_[shift * 13 :] + ids_[: shift * 13] for shift, name in enumerate(names)}
    extra = {"occurred_at": "1772413200", "channel": "call", "jurisdiction": "CN", "direction": "inbound", "party": "consumer"}
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({**columns, **{name: [word] * 900 for name, word in extra.items()}}), path)
    _both([path])
    found = columns_read.Columns(history.Intake([path]))
    assert sum(map(len, found.blocks())) == 900 - len(found.history().quarantine)
    assert found.by_row < 250


@settings(max_examples=300)
@given(st.from_regex(r"\A\+[0-9]{5,16}\Z"), st.sampled_from((None, "CN", "US", "GB")))
def test_numbers_taken_as_they_are_are_so(text, region):
    """What passes as E.164 unread is what the reader of numbers would have given back."""
    assume(columns_derived.spelled(pa.array([text]))[0].as_py())
    assert phones.e164(text, region) == text


@settings(max_examples=300)
@given(st.from_regex(r"\A[0-9]{8,17}\Z"), st.sampled_from(("CN", "US", "GB", "IN", "DE", "JP", "CA", "IT", "BR", "AR", "MX")))
def test_digits_taken_as_national_numbers_are_so(text, region):
    """What is spelled by length and region alone is what the reader of numbers would have given."""
    (found,) = columns_derived.in_region(pa.array([text]), region).to_pylist()
    assert found in (None, phones.e164(text, region))


@settings(max_examples=1500)
@given(
    st.from_regex(r"\A[1-9][0-9]{0,17}\Z"), st.sampled_from(("CN", "US", "GB", "IN", "DE", "JP", "CA", "IT", "BR", "AR", "MX", "SG", None))
)
def test_numbers_are_spelled_as_their_texts_are(text, region):
    """What length and first digits tell of a number is what the reader of numbers says of its text."""
    value = np.array([int(text)])
    found = columns_phones.spell(value, np.array([True]), np.array([0]), [region])
    assume(found is not None)  # too long for a number: read as a text
    assert Numbers(found).texts().to_pylist() == [phones.e164(text, region)]


@pytest.mark.parametrize("region", ["CN", "US", "GB", "IN", "DE", "SG"])
def test_numbers_with_any_beginning_are_spelled_alike(region):
    """The first three digits and the length decide much: all of them are tried."""
    values = np.array([lead * 10**more + 4567890123 % 10**more for lead in range(1, 1000, 3) for more in range(3, 12)])
    found = columns_phones.spell(values, np.ones(len(values), np.bool_), np.zeros(len(values), np.int64), [region])
    assert Numbers(found).texts().to_pylist() == [phones.e164(str(each), region) for each in values.tolist()]


def test_usual_numbers_pass_unread():
    """Mobile numbers in E.164 need no reader; a national prefix after the country code does."""
    passed = columns_derived.spelled(pa.array(["+8613900000001", "+16175550101", "+4402079460000", "13900000001", None]))
    assert passed.to_pylist() == [True, True, False, False, False]
    assert columns_derived.in_region(pa.array(["13900000001", "0139000000"]), "CN").to_pylist() == ["+8613900000001", None]


def test_two_files_a_folder_and_a_log_are_told_alike(tmp_path):
    """Counts by file, unmet columns and facts told apart are those of the row reader."""
    rows = [["1772413200", "A", "call", "x"], ["", "A", "call", "y"]]
    first = _write(tmp_path, "csv", ["occurred_at", "consumer", "channel", "contact_id"], rows)
    second = _write(tmp_path, "jsonl", ["occurred_at", "consumer", "kind", "spare"], [["2026-03-02", "A", "dispute", "z"]])
    (tmp_path / "notes.md").write_text("no table", "utf-8")
    _both([first, second, tmp_path], '[columns]\n"never" = "text"\n[time]\nzone = "Asia/Shanghai"')


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_change_nothing(tmp_path, threads):
    """Blocks come in the order of files and rows whoever makes them, and an error after all that was before it."""
    for n in range(5):
        _write(tmp_path, "csv", ["occurred_at", "consumer", "channel"], [["1772413200", f"{n}", "call"]]).rename(tmp_path / f"{n}.csv")
    found = columns_read.Columns(history.Intake([tmp_path]))
    assert [block.entry(0).fields["consumer"] for block in found.blocks(threads=threads)] == [(str(n),) for n in range(5)]
    (tmp_path / "3.csv").write_text("")
    blocks = columns_read.Columns(history.Intake([tmp_path])).blocks(threads=threads)
    assert [next(blocks).entry(0).fields["consumer"] for _ in range(3)] == [("0",), ("1",), ("2",)]
    with pytest.raises(InputError, match=r"3.csv: the file is empty"):
        next(blocks)


def test_whoever_stops_early_leaves_no_thread_behind(tmp_path):
    """A generator that is closed ends the threads that worked for it."""
    for n in range(9):
        _write(tmp_path, "csv", ["occurred_at", "consumer", "channel"], [["1772413200", f"{n}", "call"]]).rename(tmp_path / f"{n}.csv")
    before = threading.active_count()
    blocks = columns_read.Columns(history.Intake([tmp_path])).blocks(threads=3)
    next(blocks)
    blocks.close()
    assert threading.active_count() == before


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, form):
    """By both readers, with what to do."""
    path = _write(tmp_path, form, ["occurred_at", "consumer", "channel"], [["1772413200", "A", "call"]])
    with pytest.raises(InputError, match="changed while it was read; wait"):
        history.read([path], progress=lambda done, total: os.utime(path, (1, 1)))
    blocks = columns_read.Columns(history.Intake([path])).blocks()
    next(blocks)
    os.utime(path, (2, 2))
    with pytest.raises(InputError, match="changed while it was read; wait"):
        next(blocks)


IDS = (
    ["1", "2", "300"], ["007", "7"], ["1e5", "100000"], ["+8613900000001", "8613900000001"], ["12345678901234567890", "1"],
    ["1", "A", "2"], ["0", "00"], ["-5", "5"], ["999999999999999999", "1000000000000000000"], ["+1", "1", "+01"],
)  # fmt: skip


@pytest.mark.parametrize("said", IDS)
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_ids_are_the_texts_that_they_were(tmp_path, form, said):
    """Whether they are carried as numbers or as texts, alone or mixed, in one file or several: no two become one, and none two."""
    header = ["occurred_at", "consumer", "channel", "debt", "contact_id", "agency"]
    for n, text in enumerate(said):
        _write(tmp_path, form, header, [["1772413200", text, "call", text, text, text]]).rename(tmp_path / f"{n}.{form}")
    _write(tmp_path, form, header, [[f"177241320{n}", text, "call", f"9{text}", "", text] for n, text in enumerate(said)])
    _both([tmp_path])
    _both([tmp_path], budget=1 << 30, asked=frozenset({"agency"}))


@pytest.mark.parametrize("texts", [["1", None, "20"], ["+1", "1", None], ["007", "a", None], [None, None], ["", "a"]])
def test_a_block_is_itself_again_after_arrow(texts):
    """Whatever its columns are carried as; and the hash of a text is the same in each."""
    entries = [
        Entry(entry_id="", at=n, known_at=n, fields={"kind": ("contact",)} | ({} if text is None else {"x": split(text)}))
        for n, text in enumerate(texts)
    ]
    block = of_entries(entries)
    again = of_arrow(to_arrow(block))
    assert [again.entry(n) for n in range(len(texts))] == entries
    ways = [Strings(pa.array(["1", "+1", "007"])), Words(np.arange(3), words := Vocabulary())]
    words.codes(["1", "+1", "007"])
    assert ways[0].hashes().tolist() == ways[1].hashes().tolist()
    assert Numbers(np.array([1, PLUS + 1])).hashes().tolist() == ways[0].hashes().tolist()[:2]


def test_consumers_who_share_debts_lie_together(tmp_path):
    """Also through others, through several debts in one cell, on disk and in memory, however many parts there are."""
    header = ["occurred_at", "consumer", "channel", "debt", "contact_id"]
    rows = [[f"{1772413200 + n % 7}", f"{n}", "call", f"{n // 3}+x{n % 5}" if n % 50 == 0 else f"{n // 2}", f"{n}"] for n in range(1500)]
    path = _write(tmp_path, "parquet", header, rows)
    for budget in (0, 1 << 30):
        for parts in (1, 2, 17):
            _both([path], parts=parts, budget=budget)


def test_very_small_files_are_read_row_by_row(tmp_path, monkeypatch):
    """With the same result, and together with large ones."""
    monkeypatch.setattr(columns_rows, "FEW_ROWS", 32)
    header = ["occurred_at", "consumer", "channel", "contact_id", "outcome"]
    for n in range(4):
        rows = [["1772413200", f"{k % 7}" if n else f"c{k}", "call", f"{n}{k:03}", "busy"] for k in range(10 + 40 * (n % 2))]
        _write(tmp_path, "csv", header, rows).rename(tmp_path / f"{n}.csv")
    _both([tmp_path])
