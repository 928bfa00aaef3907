import csv
import datetime as dt
import gzip
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forbear.records import clock, history, mapping, quarantine
from forbear.records.errors import InputError
from forbear.terms import KIND

HEADER = [
    "contact_id",
    "occurred_at",
    "zone",
    "consumer",
    "channel",
    "direction",
    "party",
    "address",
    "outcome",
    "debt",
    "jurisdiction",
    "text",
]
ROWS = [
    [
        "c1",
        "2026-03-02 09:00",
        "Asia/Shanghai",
        "甲",
        "call",
        "outbound",
        "consumer",
        "139-0000-0001",
        "未接通",
        "1+2",
        "CN",
        "喂，你好\n请问",
    ],
    ["c2", "2026-03-02T09:00:00+08:00", "", "乙", "sms", "outbound", "", "+8613900000002", "delivered", "", "CN", '他说"好"，挂了'],
    ["", "1772413200", "?", "丙", "letter", "inbound", "attorney|family", "", "", "3", "US-MA", ""],
]


def parse(text):
    """A mapping."""
    return mapping.parse(text, Path("m.toml"))


def write(path, rows=ROWS, header=HEADER, encoding="utf-8", delimiter=","):
    """A table as CSV."""
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return path


def say(found):
    """The quarantine in short."""
    return [(row.line, row.column, row.value, row.reason) for row in found.quarantine]


def one(tmp_path, said="", **cells):
    """The entry of a table of one row, whose columns are these; or its quarantined row."""
    found = history.read([write(tmp_path / "t.csv", [list(cells.values())], list(cells))], mapping=parse(said))
    assert found.rows == 1
    return found.entries[0] if found.entries else found.quarantine[0]


@pytest.fixture
def expected(tmp_path):
    """The entries of the plain table."""
    return history.read([write(tmp_path / "plain.csv")]).entries


@pytest.mark.parametrize(
    "form", ["bom.csv", "gb.csv", "t.tsv", "t.csv.gz", "t.csv.zst", "t.jsonl", "t.jsonl.gz", "t.parquet", "t.parquet.zst"]
)
def test_one_table_in_every_format_gives_identical_entries(tmp_path, expected, form):
    """Ids, instants and fields do not depend on how the table was stored."""
    path = tmp_path / form
    if "jsonl" in form:
        text = "".join(json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) + "\n" for row in ROWS)
        path.write_bytes(gzip.compress(text.encode(), mtime=0) if form.endswith("gz") else text.encode())
    elif "parquet" in form:
        plain = tmp_path / "inner.parquet"
        pq.write_table(pa.table({name: [row[i] for row in ROWS] for i, name in enumerate(HEADER)}), plain)
        path.write_bytes(plain.read_bytes())
    else:
        encoding = {"bom.csv": "utf-8-sig", "gb.csv": "gb18030"}.get(form, "utf-8")
        write(path, encoding=encoding, delimiter="\t" if form == "t.tsv" else ",")
        if form.endswith(".gz"):
            path.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    if form.endswith(".zst"):
        data = path.read_bytes()
        with pa.CompressedOutputStream(str(path), "zstd") as out:
            out.write(data)
    found = history.read([path])
    assert found.entries == expected
    assert len(expected) == 3


def test_a_row_becomes_an_entry(expected):
    """Everything that the row says, and nothing that it does not."""
    entry = next(each for each in expected if each.entry_id == "c1")
    assert clock.say(entry.at, "Asia/Shanghai") == "2026-03-02 09:00:00"
    assert entry.fields["debt"] == ("1", "2")
    assert entry.one("address") == "+8613900000001"
    assert entry.one("person") == entry.one("consumer") == "甲"
    assert entry.text == "喂，你好\n请问"
    other = next(each for each in expected if each.one("consumer") == "丙")
    assert "person" not in other.fields
    assert "zone" not in other.fields
    assert other.fields["party"] == ("attorney", "family")


def test_the_order_of_rows_and_files_never_matters(tmp_path):
    """Ids and entries stay the same when rows are shuffled and spread over files, also where rows are alike or share an id."""
    rows = [*ROWS, ROWS[2], ["c1", *ROWS[1][1:]]]
    first = history.read([write(tmp_path / "all.csv", rows)])
    for seed in range(5):
        random.Random(seed).shuffle(rows)  # noqa: S311
        parts = [write(tmp_path / "b.csv", rows[:2]), write(tmp_path / "a.csv", rows[2:])]
        assert history.read(parts).entries == first.entries


def test_duplicate_ids_are_kept_and_flagged(tmp_path):
    """Two rows of one id are two entries with ids made from their content; rows exactly alike are told apart by a number."""
    found = history.read([write(tmp_path / "t.csv", [ROWS[0], ROWS[0], ["c1", *ROWS[1][1:]], ROWS[1]])])
    assert found.duplicate_ids == {"c1": 3}
    assert len({entry.entry_id for entry in found.entries}) == len(found.entries) == 4
    assert [each.removesuffix("-2") in {entry.entry_id for entry in found.entries} for each in found.repeated] == [True]
    assert {entry.brought_id for entry in found.entries} == {"c1", "c2"}
    assert "c2" in {entry.entry_id for entry in found.entries}


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"occurred_at": ""}, "occurred_at", "missing"),
        ({"consumer": "?"}, "consumer", "missing"),
        ({"channel": ""}, "channel", "missing"),
        ({"consumer": "A|B"}, "consumer", "not-one"),
        ({"consumer": "*"}, "consumer", "not-one"),
        ({"jurisdiction": "Massachusetts"}, "jurisdiction", "bad-jurisdiction"),
        ({"occurred_at": "2026-02-30 09:00"}, "occurred_at", "impossible-time"),
        ({"occurred_at": "soon"}, "occurred_at", "unreadable-time"),
        ({"occurred_at": "03/04/2026 09:00"}, "occurred_at", "ambiguous-date"),
        ({"occurred_at": "2026-03-08 02:30", "zone": "America/New_York"}, "occurred_at", "no-such-time"),
        ({"occurred_at": "2026-03-08 09:30", "zone": ""}, "occurred_at", "no-zone"),
        ({"occurred_at": "2026-03-08 09:30", "zone": "America/New_York|America/Denver"}, "occurred_at", "several-zones"),
        ({"occurred_at": "2026-03-08"}, "occurred_at", "date-only"),
        ({"zone": "Mars/Olympus"}, "zone", "unknown-zone"),
        ({"outcome": "没人理"}, "outcome", "unknown-word"),
        ({"duration_s": "-1"}, "duration_s", "bad-number"),
        ({"hours": "evenings"}, "hours", "bad-hours"),
        ({"until": "later"}, "until", "bad-date"),
        ({"debt": "1|2"}, "debt", "choice-in-several"),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_with_its_reason(tmp_path, cells, column, reason):
    """File, line, column, value and reason; nothing is dropped and nothing is guessed."""
    row = {"occurred_at": "2026-03-02 09:00", "zone": "UTC", "consumer": "A", "channel": "call"} | cells
    found = one(tmp_path, **row)
    assert isinstance(found, quarantine.Quarantined)
    assert (found.file, found.line, found.column, found.value, found.reason) == (str(tmp_path / "t.csv"), 2, column, row[column], reason)


def test_the_quarantine_names_the_columns_of_the_file(tmp_path):
    """A reader looks for the column that he knows, not for ours."""
    said = '[columns]\n"时间" = "occurred_at"\n[given]\nchannel = "call"\nzone = "UTC"\n'
    found = one(tmp_path, said, 时间="下周", consumer="A")
    assert (found.column, found.value) == ("时间", "下周")


def test_facts_are_known_by_their_columns_or_told(tmp_path):
    """A file with kinds is facts; `--facts` says it of any; what is needed and missing is an error that lists the columns."""
    facts = write(tmp_path / "f.csv", [["2026-03-02 09:00Z", "A", "dispute"]], ["occurred_at", "consumer", "kind"])
    assert history.read([facts]).files[0].table == "facts"
    assert history.read([], [facts]).entries[0].one("kind") == "dispute"
    contacts = write(tmp_path / "c.csv")
    with pytest.raises(InputError, match=r"no column says 'kind', which facts need; name it in a mapping .* contact_id, occurred_at"):
        history.read([], [contacts])
    assert [each.table for each in history.read([tmp_path], [facts]).files] == ["contacts", "facts"]


def test_the_header_is_told_where_it_is_short_or_double(tmp_path):
    """A needed column that nobody names, and a used column that stands twice, are errors of the file."""
    with pytest.raises(InputError, match="no column says 'channel', which contacts need"):
        history.read([write(tmp_path / "t.csv", [], ["occurred_at", "consumer"])])
    with pytest.raises(InputError, match="names 'consumer' twice"):
        history.read([write(tmp_path / "t.csv", [], ["occurred_at", "consumer", "channel", "consumer"])])


def test_a_fact_with_a_date_alone_stands_against_the_collector(tmp_path):
    """What restricts him counts from the start of the date, what permits from its end, and which was done is kept for the finding."""
    rows = [["d", "dispute"], ["k", "consent"]]
    path = write(
        tmp_path / "f.csv",
        [["2026-03-02", "A", "Asia/Shanghai", *row] for row in rows],
        ["occurred_at", "consumer", "zone", "fact_id", "kind"],
    )
    found = history.read([path])
    at = {entry.entry_id: clock.say(entry.at, "Asia/Shanghai") for entry in found.entries}
    assert at == {"d": "2026-03-02 00:00:00", "k": "2026-03-02 23:59:59"}
    assert found.dated == {"d": "start", "k": "end"}
    assert [(each.code, each.rows) for each in found.readings] == [("fact-from-end", 1), ("fact-from-start", 1)]


def test_a_fact_learned_late_stands_where_it_was_known(tmp_path):
    """Its span runs from when it happened; one said to be known before it happened stands where it happened, and that is told."""
    rows = [["1", "200000000", "200000500"], ["2", "200000000", "100000000"], ["3", "200000000", "?"]]
    path = write(tmp_path / "f.csv", [["A", "dispute", *row] for row in rows], ["consumer", "kind", "fact_id", "occurred_at", "known_at"])
    found = history.read([path])
    assert {entry.entry_id: (entry.at, entry.known_at) for entry in found.entries} == {
        "1": (200000000, 200000500),
        "2": (200000000, 200000000),
        "3": (200000000, 200000000),
    }
    assert [each.code for each in found.readings] == ["known-late"]


def test_named_hours_are_counted(tmp_path):
    """`minutes_a_week` is computed from the hours, so that a rule can ask how much of a week they leave."""
    entry = one(tmp_path, occurred_at="1772413200", consumer="A", kind="inconvenient-hours", hours="mon-fri[18:00,24:00)")
    assert entry.one("minutes_a_week") == str(5 * 6 * 60)


def test_constants_speak_where_a_row_is_silent(tmp_path):
    """Not where it says unknown; each is counted; what is said of contacts is not said of facts."""
    said = '[given]\njurisdiction = "CN"\ndirection = "outbound"\nparty = "consumer"\n'
    rows = [["1772413200", "A", "call", "", "contact"], ["1772413200", "A", "call", "?", "contact"], ["1772413200", "A", "", "", "opt-out"]]
    found = history.read(
        [write(tmp_path / "t.csv", rows, ["occurred_at", "consumer", "channel", "direction", "kind"])], mapping=parse(said)
    )
    assert sorted((each.one("kind"), each.one("direction"), each.one("jurisdiction"), each.one("party")) for each in found.entries) == [
        ("contact", "", "CN", "consumer"),
        ("contact", "outbound", "CN", "consumer"),
        ("opt-out", "", "CN", ""),
    ]
    assert [(each.field, each.value, each.rows) for each in found.givens] == [
        ("direction", "outbound", 1),
        ("jurisdiction", "CN", 3),
        ("party", "consumer", 2),
    ]


@pytest.mark.parametrize(
    ("direction", "number", "address"),
    [("outbound", "1001", "+12025550123"), ("inbound", "+12025550123", "1001"), ("?", "1001|+12025550123", "1001|+12025550123")],
)
def test_from_and_to_become_number_and_address_by_direction(tmp_path, direction, number, address):
    """Where the direction is unknown each may be either, and both are said."""
    row = {"occurred_at": "1772413200", "consumer": "A", "channel": "call", "direction": direction, "from": "1001", "to": "2025550123"}
    entry = one(tmp_path, 'region = "US"', **row)
    assert (entry.one("number"), entry.one("address")) == (number, address)


def test_a_person_who_is_the_consumer_bears_one_name(tmp_path):
    """Where consumers are known by their numbers, the consumer called is the consumer; anybody else is brought to one spelling."""
    row = {"occurred_at": "1772413200", "consumer": "202-555-0123", "channel": "call", "jurisdiction": "US"}
    assert one(tmp_path, **row, person="202-555-0123").one("person") == "202-555-0123"
    assert one(tmp_path, **row, person="202-555-0124").one("person") == "+12025550124"


def test_a_file_named_twice_is_read_once(tmp_path):
    """By its own name, by a roundabout one, by its folder, and among the facts."""
    facts = write(tmp_path / "f.csv", [["1772413200", "A", "dispute"]], ["occurred_at", "consumer", "kind"])
    (tmp_path / "in").mkdir()
    roundabout = tmp_path / "in" / ".." / "f.csv"
    assert len(history.read([facts, roundabout, tmp_path]).entries) == len(history.read([tmp_path], [roundabout]).entries) == 1


def test_a_long_call_is_a_conversation_where_the_mapping_says_so(tmp_path):
    """Only where it may have been one, only from the seconds said on; the report can print how many rows that decided."""
    rows = [["接通", "30"], ["接通", "29"], ["未接通", "30"], ["busy", "30"], ["接通", ""]]
    path = write(
        tmp_path / "t.csv",
        [["1772413200", "A", "call", *row] for row in rows],
        ["occurred_at", "consumer", "channel", "outcome", "duration_s"],
    )
    found = history.read([path], mapping=parse("[readings]\nconversation_from_s = 30\n"))
    assert sum(entry.fields["outcome"] == ("conversation",) for entry in found.entries) == 1
    reading = next(each for each in found.readings if each.code == "conversation-from")
    assert reading.word.en.startswith("calls that were or may have been picked up and lasted 30 s or more")
    assert "30 秒" in reading.word.zh
    assert reading.rows == 1


def test_every_reading_is_counted(tmp_path):
    """Our reading of a word, of whose clock it is, of an unnamed consumer, and of the hour of a date are each told with their rows."""
    said = '[time]\nzone = "Asia/Shanghai"\ncontact_date_at = "12:00"\n[readings]\nconsumer_is_address = true\n[given]\nchannel = "call"\n'
    path = write(tmp_path / "t.csv", [["2026-03-02", "1001", "有效通话"]] * 2, ["occurred_at", "address", "outcome"])
    found = history.read([path], mapping=parse(said))
    assert [(each.code, each.detail, each.rows) for each in found.readings] == [
        ("clock", "Asia/Shanghai", 2),
        ("consumer-is-address", "", 2),
        ("contact-date-at", "12:00", 2),
        ("word", "有效通话 = conversation", 2),
    ]
    assert clock.say(found.entries[0].at, "Asia/Shanghai") == "2026-03-02 12:00:00"


def test_sources_say_what_they_hold(tmp_path):
    """The mapping by source and date, the caller for all of them; nothing said is nothing held."""
    path = write(tmp_path / "t.csv")
    said = parse('[given]\nzone = "Asia/Shanghai"\n[holds]\ncrm = { kinds = ["consent"], since = 2026-01-01 }\n')
    covered = history.read([path], mapping=said, holds=["dispute"], records_until=dt.date(2026, 3, 31)).coverage
    new_year = clock.midnight(dt.date(2026, 1, 1).toordinal(), "Asia/Shanghai")
    assert covered.uncovered("consent", new_year) == new_year - 1
    assert covered.uncovered("dispute", 0) is None
    assert clock.say(covered.records_until, "Asia/Shanghai") == "2026-03-31 23:59:59"
    assert history.read([path]).coverage.silent_kinds(KIND) == sorted(KIND)
    assert history.read([path], holds="all").coverage.complete
    with pytest.raises(InputError, match="unknown kind of fact consents"):
        history.read([path], holds=["consents"])


def test_where_the_zone_is_unknown_a_source_covers_only_what_is_sure(tmp_path):
    """The records reach to the end of the date in the place where it ends first."""
    covered = history.read([write(tmp_path / "t.csv")], records_until=dt.date(2026, 3, 31)).coverage
    assert clock.say(covered.records_until, "Etc/GMT-14") == "2026-03-31 23:59:59"


def test_a_run_says_what_it_read(tmp_path):
    """Rows, entries and quarantined rows of each file, columns that meant nothing, files that are no tables, and how far it has come."""
    write(tmp_path / "a.csv", [[*ROWS[0], "x"], ["c9", "soon", *ROWS[0][2:], "x"]], [*HEADER, "mood"])
    write(tmp_path / "b.csv", [])
    (tmp_path / "readme.md").write_text("x")
    steps = []
    found = history.read([tmp_path], progress=lambda done, total: steps.append((done, total)))
    assert [each[2:] for each in found.files] == [(2, 1, 1, ("mood",), "", ()), (0, 0, 0, (), "", ())]
    assert found.skipped == (str(tmp_path / "readme.md"),)
    assert steps[-1][0] == steps[-1][1] == sum(path.stat().st_size for path in tmp_path.glob("*.csv"))


def test_several_mappings_each_take_the_files_they_name(tmp_path):
    """A dialer's log and a list of facts in one run."""
    write(tmp_path / "log.csv", [["1772413200", "A"]], ["when", "who"])
    write(tmp_path / "facts.csv", [["1772413200", "A", "dispute"]], ["occurred_at", "consumer", "kind"])
    said = parse('files = ["log*"]\nsource = "dialer"\n[columns]\nwhen = "occurred_at"\nwho = "consumer"\n[given]\nchannel = "call"\n')
    assert [(each.one("kind"), each.source) for each in history.read([tmp_path], mapping=[said]).entries] == [
        ("contact", "dialer"),
        ("dispute", ""),
    ]


def test_a_mapped_column_that_no_file_has_is_told(tmp_path):
    """A slip in the mapping would otherwise leave a field unknown in silence; one file of several is enough to have it."""
    write(tmp_path / "a.csv")
    write(tmp_path / "b.csv", [], [*HEADER, "坐席"])
    said = parse('[columns]\n"坐席" = "collector"\n"机构名" = "agency"\n')
    assert history.read([tmp_path], mapping=said).unmet == ("机构名",)


def test_no_error_shows_a_value(tmp_path):
    """Values may be personal: they stand in quarantine.csv alone."""
    path = tmp_path / "t.csv"
    path.write_bytes(b'occurred_at,consumer,channel\nsecret-time,secret-name,"call\n')
    with pytest.raises(InputError) as error:
        history.read([path])
    assert "secret" not in str(error.value)
    found = history.read([write(path, [["secret", "A", "call"]], ["occurred_at", "consumer", "channel"])])
    assert quarantine.counts(found.quarantine) == [("unreadable-time", "occurred_at", 1)]


_CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6),
    st.sampled_from(
        ["", "?", "A", "call", "1772413200", "2026-03-02", "dispute", "contact", "a|b", "1+2", "outbound", "*", "UTC", "未接通"]
    ),
)
_NAMES = ["occurred_at", "consumer", "channel", "kind", "debt", "zone", "from", "to", "direction", "hours", "fact_id", "known_at", "未知列"]


@given(st.lists(st.lists(_CELLS, max_size=len(_NAMES) + 1), max_size=12), st.booleans())
def test_nothing_is_lost(tmp_path_factory, table, facts):
    """Rows read = entries + rows in quarantine, whatever the cells hold and however many there are; each is named by its own line."""
    path = tmp_path_factory.mktemp("any") / "t.csv"
    names = _NAMES if facts else [name for name in _NAMES if name not in ("kind", "fact_id")]
    rows = [row for row in table if row]
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([names, *rows])
    found = history.read([path])
    assert found.rows == len(rows) == len(found.entries) + len(found.quarantine)
    assert len({entry.entry_id for entry in found.entries}) == len(found.entries)
    assert len({row.line for row in found.quarantine}) == len(found.quarantine)
    assert all(row.reason in quarantine.REASONS for row in found.quarantine)
    assert all(entry.known_at >= entry.at and all(entry.fields.values()) for entry in found.entries)


def test_the_quarantine_file_holds_everything(tmp_path):
    """File, line, column, value, reason, and what to do about it in either language."""
    found = history.read([write(tmp_path / "t.csv", [["c1", "下\n周", *ROWS[0][2:]], *ROWS])])
    assert say(found) == [(2, "occurred_at", "下\n周", "unreadable-time")]
    for lang, hint in (("en", "not a time"), ("zh", "无法识别的时间")):
        quarantine.write(tmp_path / "quarantine.csv", found.quarantine, lang)
        with (tmp_path / "quarantine.csv").open(encoding="utf-8-sig", newline="") as back:
            (row,) = csv.DictReader(back)
        assert row.pop("what_to_do").startswith(hint)
        assert row == {
            "file": str(tmp_path / "t.csv"),
            "line": "2",
            "column": "occurred_at",
            "value": "下\n周",
            "reason": "unreadable-time",
        }
