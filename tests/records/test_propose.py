import csv
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forbear.records import guess, history, mapping
from forbear.records.errors import InputError
from forbear.records.propose import propose

HEADER = ["客户编号", "呼叫时间", "联系方式", "呼叫结果", "通话时长", "被叫号码", "与本人关系", "心情"]
ROWS = [
    ["P1", "2025/2/28 9:05", "外呼", "未接通", "0", "139-0000-0001", "本人", "好"],
    ["P2", "2025/2/28 19:05", "外呼", "有效通话", "90", "13900000002", "表哥", "坏"],
]


def write(path, rows=ROWS, header=HEADER, encoding="utf-8"):
    """A table as CSV."""
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows([header, *rows])
    return path


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_chinese_export_is_understood(tmp_path, lang):
    """Columns and words become ours; what is not known is asked in a comment; what is proposed loads."""
    text = propose(write(tmp_path / "calls.csv", encoding="gb18030"), lang)
    found = mapping.parse(text, tmp_path / "m.toml")
    assert found.source == "calls"
    assert [found.column_of(each) for each in HEADER] == [
        "consumer",
        "occurred_at",
        "channel",
        "outcome",
        "duration_s",
        "address",
        "party",
        None,
    ]
    assert found.values["呼叫结果"] == {"未接通": "no-answer|busy|rejected|not-in-service", "有效通话": "conversation"}
    for asked in (
        '# "心情" = ""',
        '# "表哥" = "?"',
        '# zone = "Asia/Shanghai"',
        '# jurisdiction = "CN"',
        "# conversation_from_s",
        '# "calls" = []',
    ):
        assert asked in text
    assert ("您的列名" in text) is (lang == "zh")


def test_an_answered_proposal_reads_the_file(tmp_path):
    """Once the questions are answered every row becomes an entry, and our reading of 有效通话 is still told as ours."""
    path = write(tmp_path / "calls.csv")
    text = (
        propose(path)
        .replace('# zone = "Asia/Shanghai"    # NEEDED', 'zone = "Asia/Shanghai"    # NEEDED')
        .replace('# "表哥" = "?"', '"表哥" = "family"')
    )
    found = history.read([path], mapping=mapping.parse(text, tmp_path / "m.toml"))
    assert (len(found.entries), found.quarantine) == (2, [])
    assert "有效通话 = conversation" in [each.detail for each in found.readings]


def test_english_headers_and_our_own(tmp_path):
    """Upper case, spaces and underscores make no difference; our own names mean themselves first."""
    header = ["Call_Time", "Customer ID", "Disposition", "Phone Number", "channel", "outcome"]
    found = guess.columns(header, [()] * 6)
    assert {theirs: each.column for theirs, each in found.items()} == {
        "channel": "channel",
        "outcome": "outcome",
        "Call_Time": "occurred_at",
        "Customer ID": "consumer",
        "Phone Number": "address",
    }


def test_a_column_may_be_known_by_its_values():
    """A header that says nothing, over values that say everything."""
    header = ["c1", "c2", "c3", "c4", "c5"]
    cells = [("1772413200", "1772413300"), ("短信", "电话"), ("呼出", "呼入"), ("13900000001", "13900000002"), ("17", "x")]
    found = guess.columns(header, cells)
    assert {theirs: each.column for theirs, each in found.items()} == {
        "c1": "occurred_at",
        "c2": "channel",
        "c3": "direction",
        "c4": "address",
    }
    assert {each.by for each in found.values()} == {"values"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (["1772413200"], ("auto", False, False)),
        (["2026-03-02 09:00"], ("auto", True, False)),
        (["03/04/2026 9:00", "28/02/2026 9:00"], ("day-first", True, False)),
        (["03/04/2026 9:00", "02/28/2026 9:00"], ("month-first", True, False)),
        (["03/04/2026"], (None, True, True)),
    ],
)
def test_the_format_of_times_is_seen(said, expected):
    """One date that can be read in one way alone settles the others; where none does, it is asked."""
    assert guess.times(said) == expected


def test_facts_are_asked_what_the_source_holds(tmp_path):
    """The kinds seen are proposed, as a question: seeing some disputes does not prove that all are here."""
    path = write(tmp_path / "crm.csv", [["1772413200", "A", "债务异议"], ["1772413200", "A", "Cease"]], ["occurred_at", "consumer", "kind"])
    assert '# "crm" = ["cease-request", "dispute"]' in propose(path)


def test_needed_columns_that_nobody_names_are_asked(tmp_path):
    """And whether each number is one consumer."""
    text = propose(write(tmp_path / "t.csv", [["x"]], ["foo"]))
    assert '# "" = "consumer"' in text
    assert "# consumer_is_address = true" in text


def test_a_call_log_needs_only_its_constants(tmp_path):
    """It is recognised, so that only what a switch cannot know is asked."""
    row = ",0,1002,default,2020/2/10 22:41,,2020/2/10 22:41,2,0,NO_USER_RESPONSE,f1542038-4c15-11ea-97ca-9dd79410affb,,,,\n"
    path = tmp_path / "Master.csv.gz"
    path.write_bytes(gzip.compress(row.encode(), mtime=0))
    text = propose(path)
    assert "freeswitch-cdr-csv" in text
    assert "[columns]" not in text
    assert '# zone = "Asia/Shanghai"    # NEEDED' in text


def test_a_bad_file_is_told(tmp_path):
    """As by every reader."""
    with pytest.raises(InputError, match="there is no such file"):
        propose(tmp_path / "none.csv")


_CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(st.lists(st.lists(_CELLS, min_size=4, max_size=4), max_size=5), st.lists(_CELLS, min_size=3, max_size=3))
def test_any_proposal_loads(tmp_path_factory, rows, header):
    """Whatever header and cells hold: quotes, brackets, control characters."""
    path = tmp_path_factory.mktemp("any") / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerows([[*header, "outcome"], *rows])
    assert isinstance(mapping.parse(propose(path), path), mapping.Mapping)


def test_what_a_telephone_service_says_is_read_and_made_no_more_exact(tmp_path):
    """A line that was picked up is no conversation yet, a call taken back may have rung, and an id is no telephone number."""
    header = ["Call Sid", "From", "To", "Status", "Start Time", "Duration", "Direction", "Answered By", "Price"]
    us, them = "+12025550190", "+12025550101"
    rows = [
        ["CA1", us, them, "completed", "Tue, 03 Feb 2026 14:05:11 +0000", "129", "outbound-api", "human", "-0.013"],
        ["CA2", "client:alice", them, "no-answer", "Tue, 03 Feb 2026 14:09:00 +0000", "0", "outbound-dial", "", ""],
        ["CA3", us, them, "canceled", "Tue, 03 Feb 2026 15:00:00 +0000", "0", "outbound-api", "", ""],
        ["CA4", them, us, "completed", "Tue, 03 Feb 2026 16:00:00 +0000", "180", "inbound", "", "-0.008"],
    ]
    path = write(tmp_path / "calls.csv", rows, header)
    text = propose(path)
    assert '# "Answered By" = ""' in text
    text = text.replace("[given]", '[given]\nchannel = "call"\njurisdiction = "US"').replace("# consumer_is_address", "consumer_is_address")
    found = history.read([path], mapping=mapping.parse(text, tmp_path / "m.toml"))
    assert found.quarantine == []
    told = [[each.one(name) for name in ("outcome", "direction", "number", "address", "duration_s")] for each in found.entries]
    picked_up = "conversation|answered|voicemail-left"
    assert told == [
        [picked_up, "outbound", us, them, "129"],
        ["no-answer", "outbound", "client:alice", them, "0"],
        ["no-answer|failed", "outbound", us, them, "0"],
        [picked_up, "inbound", us, them, "180"],
    ]
    assert [each.entry_id for each in found.entries] == ["CA1", "CA2", "CA3", "CA4"]
    assert found.entries[0].at == 1770127511
