"""The invented contacts of the benchmark: repeatable, in order, and as difficult as they say."""

import datetime as dt

import duckdb
import pytest

from benchmarks import make_contacts, sample
from forbear.records.history import read
from forbear.records.mapping import PLAIN
from forbear.records.timelines import timelines

SIZE = 30_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with contacts and facts."""
    made = tmp_path_factory.mktemp("made")
    make_contacts.write(SIZE, made)
    return made


def one(folder, what, more=""):
    """One value of a query over the contacts."""
    return duckdb.sql(f"SELECT {what} FROM '{folder / 'contacts.parquet'}' {more}").fetchall()[0][0]


def test_the_same_size_and_seed_give_the_same_bytes(folder, tmp_path):
    """So that two runs, and two machines, measure the same thing."""
    make_contacts.write(SIZE, tmp_path)
    for name in ("contacts.parquet", "facts.parquet"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()
    make_contacts.write(SIZE, tmp_path, seed=2)
    assert (tmp_path / "contacts.parquet").read_bytes() != (folder / "contacts.parquet").read_bytes()


def test_as_many_as_asked_in_order_of_time(folder):
    """Every contact has an id of its own, and neither time nor id ever goes back."""
    assert one(folder, "count(DISTINCT contact_id)") == SIZE
    rows = duckdb.sql(f"SELECT epoch_ms(occurred_at) // 1000, contact_id FROM '{folder / 'contacts.parquet'}'").fetchall()
    assert rows == sorted(rows)
    days = [dt.datetime.fromtimestamp(second, dt.UTC).date() for second in (rows[0][0], rows[-1][0])]
    assert days == [make_contacts.FIRST_DAY, make_contacts.FIRST_DAY + dt.timedelta(make_contacts.DAYS - 1)]


def test_what_is_hard_in_real_files_is_there(folder):
    """A giant, ties, several clocks, holes, texts on a fifth, and debts of two consumers."""
    assert one(folder, "count(*)", "GROUP BY consumer ORDER BY 1 DESC LIMIT 1") >= make_contacts.giant(SIZE) - make_contacts.DAYS
    assert one(folder, "count(*)", "GROUP BY consumer, occurred_at ORDER BY 1 DESC LIMIT 1") > 1
    assert one(folder, "count(DISTINCT zone)") == len(make_contacts.PLACES)
    assert 0.15 < one(folder, "count(text) / count(*)") < 0.25
    assert one(folder, "count(DISTINCT consumer)", "GROUP BY debt ORDER BY 1 DESC LIMIT 1") == 2
    for name in ("party", "outcome", "place", "duration_s", "collector"):
        assert one(folder, f"count(*) - count({name})", "WHERE channel = 'call'") > 0


def test_forbear_reads_every_row_of_it(folder, tmp_path):
    """The files are in our own columns: nothing is ignored and nothing goes to the quarantine."""
    few = tmp_path / "contacts.parquet"
    assert sample.write(str(folder / "contacts.parquet"), 2000, str(few)) > 1000
    history = read([few], [folder / "facts.parquet"], PLAIN, "all", None)
    assert not history.quarantine
    assert len(history.entries) > 2000
    assert not any(file.ignored for file in history.files)


def test_a_sample_is_left_by_no_timeline(folder, tmp_path):
    """Whoever shares a debt with a consumer of the sample is in it with all contacts, and the giant is not."""
    few = tmp_path / "sample.parquet"
    sample.write(str(folder / "contacts.parquet"), 10_000, str(few))
    every = f"'{folder / 'contacts.parquet'}'"
    inside = f"debt IN (SELECT debt FROM '{few}') OR consumer IN (SELECT consumer FROM '{few}')"
    assert duckdb.sql(f"SELECT count(*) FROM {every} WHERE {inside}").fetchall() == duckdb.sql(f"SELECT count(*) FROM '{few}'").fetchall()
    lines = timelines(read([few], [], PLAIN, "all", None).entries)
    assert any(len(line.consumers) == 2 for line in lines)
    assert max(len(line.entries) for line in lines) < make_contacts.giant(SIZE) / 2


def test_sizes_are_read_as_people_write_them():
    """5M, 300k and 1000."""
    assert [make_contacts.number(text) for text in ("5M", "300k", "1000", "0.5m")] == [5_000_000, 300_000, 1000, 500_000]
