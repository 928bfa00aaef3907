import csv
import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forbear.records import files
from forbear.records.errors import InputError
from forbear.records.tables import batches

TABLE = "a,b\n1,喂\n2,你好你好你好你好你好\n"


def rows(path, **more):
    """(line, cells) of every row of a file."""
    return [pair for batch in batches(path, **more) for pair in zip(batch.lines, map(tuple, batch.rows), strict=True)]


def pack_zst(path, data):
    """Writes a .zst file."""
    with pa.CompressedOutputStream(str(path), "zstd") as stream:
        stream.write(data)
    return path


def test_lines_are_true_also_with_quoted_newlines(tmp_path):
    """A row is named by the line on which it begins; blank lines count as lines and not as rows."""
    path = tmp_path / "t.csv"
    path.write_bytes(b'a,b\r\n1,"x\r\ny\nz"\r\n\r\n2,"q"\r\n3,w')
    assert rows(path) == [(2, ("1", "x\r\ny\nz")), (6, ("2", "q")), (7, ("3", "w"))]


def test_memory_stays_bounded(tmp_path):
    """Rows come in batches of the size asked for, and each says how much of the file is read."""
    path = tmp_path / "t.csv"
    path.write_text("a\n" + "1\n" * 25)
    found = list(batches(path, size=10))
    assert [len(batch.rows) for batch in found] == [10, 10, 5]
    assert found[-1].done == path.stat().st_size


def test_rows_of_the_wrong_width_are_kept_apart(tmp_path):
    """Too short and too long each have their reason; empty cells too many do no harm."""
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1\n1,2,3\n1,2,,\n")
    (batch,) = batches(path)
    assert [(each.line, each.reason) for each in batch.unread] == [(2, "row-too-short"), (3, "row-too-long")]
    assert batch.rows == [["1", "2"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_seen(tmp_path, delimiter):
    """A .csv of a spreadsheet may hold semicolons or tabs."""
    path = tmp_path / "t.csv"
    path.write_text(TABLE.replace(",", delimiter), "utf-8")
    assert rows(path)[0] == (2, ("1", "喂"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
def test_every_encoding_and_packing_reads_alike(tmp_path, encoding, packing):
    """UTF-8 with or without byte-order mark and GB18030, packed or not."""
    data = TABLE.encode(encoding)
    path = tmp_path / f"t.csv{packing}"
    if packing == ".zst":
        pack_zst(path, data)
    else:
        path.write_bytes(gzip.compress(data, mtime=0) if packing else data)
    (batch,) = batches(path)
    assert (batch.header, batch.lines, batch.rows) == (("a", "b"), [2, 3], [["1", "喂"], ["2", "你好" * 5]])


def test_json_lines_say_what_cells_would(tmp_path):
    """Numbers, lists, nothing and truth become what a CSV would show; a line that is no object is kept apart with its number."""
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": 1001.0, "b": ["x", "y"]}\n\n[1]\n{"c": null, "a": true}\n{oops}\n')
    (batch,) = batches(path)
    assert batch.header == ("a", "b", "c")
    assert batch.rows == [["1001", "x\x1fy", ""], ["true", "", ""]]
    assert batch.lines == [1, 4]
    assert [(each.line, each.reason) for each in batch.unread] == [(3, "bad-json"), (5, "bad-json")]


@pytest.mark.parametrize("packed", [False, True])
def test_parquet_rows_are_numbered(tmp_path, packed):
    """Parquet has no lines: the number of the row stands for it. Instants keep their offset, whole floats lose their point."""
    table = pa.table(
        {
            "at": pa.array([0, 60_000_000], pa.timestamp("us", tz="Asia/Shanghai")),
            "id": [1001.0, None],
            "debt": [["1", "2"], None],
        }
    )
    path = tmp_path / "t.parquet"
    pq.write_table(table, path)
    if packed:
        path = pack_zst(tmp_path / "t.parquet.zst", path.read_bytes())
    assert rows(path, size=1) == [(1, ("1970-01-01 08:00:00+08:00", "1001", "1\x1f2")), (2, ("1970-01-01 08:01:00+08:00", "", ""))]


def _parquet():
    out = io.BytesIO()
    pq.write_table(pa.table({"a": list(range(1000))}), out)
    return out.getvalue()


LONG = ("a,b\n" + "".join(f"{n},{n * n}\n" for n in range(20000))).encode()
PACKED = gzip.compress(LONG, mtime=0)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("none.csv", None, "there is no such file"),
        ("empty.csv", b"", "the file is empty"),
        ("empty.csv", b"\xef\xbb\xbf\n\n", "the file is empty"),
        ("empty.csv.gz", gzip.compress(b"", mtime=0), "the file is empty"),
        ("empty.jsonl", b"\n", "the file is empty"),
        ("empty.parquet", b"", "the file is empty"),
        ("cut.csv", b'a,b\n1,"x\n2,y\n', "ends within quotes"),
        ("cut.csv", b'a,b\n1,"x\n', "ends within quotes"),
        ("cut.csv", "a,b\n1,喂".encode()[:-1], "ends in the middle of a character"),
        ("cut.csv.gz", PACKED[:-9], "gzip file is cut off"),
        (
            "damaged.csv.gz",
            PACKED[:200] + b"\xff" * 20 + PACKED[220:],
            "gzip file is cut off or damaged",
        ),
        ("cut.jsonl", b'{"a": 1}\n{"a": 2', "last line is cut off"),
        ("cut.parquet", _parquet()[:-30], "Parquet file is cut off"),
        ("cut.parquet.gz", gzip.compress(_parquet(), mtime=0)[:-9], "gzip file is cut off"),
        ("workbook.csv", b"PK\x03\x04 and more", "is a zip archive or an Excel workbook; save it as CSV"),
        ("parquet.csv", _parquet(), "named .csv but is Parquet"),
        ("gzip.csv", PACKED, "named .csv but is gzip"),
        ("text.csv.gz", LONG, "named .gz but is text"),
        ("text.csv.zst", LONG, "named .zst but is text"),
        ("text.parquet", LONG, "named .parquet but is text"),
        ("parquet.csv.gz", gzip.compress(_parquet(), mtime=0), "named .csv but is Parquet"),
        ("json.csv", b'{"a": 1}\n', "what is in it is no table"),
        ("page.csv", b"<html>\n", "what is in it is no table"),
        ("wide.csv", "a,b\n".encode("utf-16"), "UTF-16 text; save it as CSV"),
        ("binary.csv", b"a,b\n\0\0\n", "not text"),
        ("latin.csv", b"a,b\nJos\xe9,1\n", "neither UTF-8 nor GB18030"),
        ("damaged.csv", "a,b\n你好你好你好你好你好,1\n".encode() + b"\xe4\xff,2\n", "its text (UTF-8) is damaged here"),
        ("table.xlsx", b"PK\x03\x04", "no format that we read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",  # packed bytes hold the time of packing
)
def test_a_bad_file_is_told_clearly(tmp_path, name, data, says):
    """Missing, empty, cut off, damaged, or not what its name says: one type of error, with the file and what to do."""
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError) as error:
        rows(path)
    assert says in str(error.value)
    assert str(path) in str(error.value)
    assert "; " in str(error.value)


def test_a_zst_file_cut_off_is_told(tmp_path):
    """As for gzip."""
    path = pack_zst(tmp_path / "t.csv.zst", LONG)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(InputError, match="zstd file is cut off"):
        rows(path)


def test_the_line_of_damage_is_told(tmp_path):
    """An open quote is named where it opens, a bad character where it stands."""
    path = tmp_path / "t.csv"
    path.write_bytes(b'a,b\n1,x\n2,"y\n3,z\n')
    with pytest.raises(InputError, match=r"t\.csv:3: the file ends within quotes"):
        rows(path)
    path.write_bytes(b"a,b\n1,2\nJos\xe9,1\n")
    with pytest.raises(InputError, match=r"t\.csv:3: its text is neither"):
        rows(path)


def test_a_folder_is_read_in_the_order_of_names_and_the_rest_is_told(tmp_path):
    """Files that are no tables are listed, hidden ones are nobody's, and a folder without any table is an error."""
    for name in ("b.csv", "a.jsonl.gz", "notes.docx", ".hidden.csv"):
        (tmp_path / name).write_text("x")
    found = files.find([tmp_path, tmp_path / "b.csv"])
    assert [path.name for path in found.files] == ["a.jsonl.gz", "b.csv"]
    assert [path.name for path in found.skipped] == ["notes.docx"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no file that we read"):
        files.find([tmp_path / "empty"])
    with pytest.raises(InputError, match="there is no such file"):
        files.find([tmp_path / "gone"])


_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=8)


@given(st.lists(st.lists(_TEXTS, min_size=3, max_size=3), max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_any_table_comes_back_as_it_was_written(tmp_path_factory, table, end):
    """Whatever the cells hold: quotes, delimiters, new lines, any script."""
    path = tmp_path_factory.mktemp("any") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *table])
    assert [list(row) for _, row in rows(path)] == table


@given(st.lists(st.dictionaries(_TEXTS, _TEXTS, max_size=3), min_size=1, max_size=8))
def test_any_json_lines_come_back(tmp_path_factory, table):
    """One row an object, each key a column."""
    path = tmp_path_factory.mktemp("any") / "t.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table), "utf-8")
    (batch,) = batches(path)
    back = [dict(zip(batch.header, row, strict=True)) for row in batch.rows]
    assert back == [{key: row.get(key, "") for key in batch.header} for row in table]
